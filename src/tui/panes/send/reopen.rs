//! What was in view of the jobs, noted and taken up again.

use super::Send;
use crate::config::LastView;
use crate::domain::delivery::State;
use crate::domain::id::JobId;
use crate::tui::effect::DeliveryFilter;
use crate::tui::out::Out;

impl Send {
    /// Notes it. The newest job is no job in particular: by the next time there may be a newer one.
    pub fn note_view(&self, view: &mut LastView) {
        view.job = self.job().filter(|_| self.jobs.place().0 > 1).map(|job| job.id.0);
        view.recipients = name_of(self.rows.filter);
    }

    /// Takes it up again.
    pub(super) fn reopen(&mut self, view: &LastView, out: &mut Out) {
        self.reopened = filter_of(&view.recipients);
        if let Some(job) = view.job {
            self.jobs.choose(JobId(job), out);
        }
    }
}

fn name_of(filter: DeliveryFilter) -> String {
    match filter {
        DeliveryFilter::Problems => String::new(),
        DeliveryFilter::All => "all".to_owned(),
        DeliveryFilter::Only(state) => state.to_string(),
        DeliveryFilter::Code(code) => code.to_string(),
    }
}

fn filter_of(name: &str) -> Option<DeliveryFilter> {
    let state = || name.parse::<State>().ok().map(DeliveryFilter::Only);
    match name {
        "" => None,
        "all" => Some(DeliveryFilter::All),
        _ => name.parse().ok().map(DeliveryFilter::Code).or_else(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_comes_back() {
        let states = State::ALL.map(DeliveryFilter::Only);
        for filter in states.into_iter().chain([DeliveryFilter::All, DeliveryFilter::Code(-1), DeliveryFilter::Code(43004)]) {
            assert_eq!(filter_of(&name_of(filter)), Some(filter));
        }
        assert_eq!(filter_of(&name_of(DeliveryFilter::default())), None);
        assert_eq!(filter_of("nonsense"), None);
    }
}
