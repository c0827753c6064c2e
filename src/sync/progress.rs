//! How far a sync has come. The sync counts, whoever shows it reads.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a step has to go on before its rate says anything.
const EARLY: Duration = Duration::from_millis(800);

/// What is being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Not begun.
    Waiting,
    /// Templates.
    Templates,
    /// Tags.
    Tags,
    /// Openids of the followers.
    Openids,
    /// Their details.
    Details,
    /// Who has which tag.
    Members,
    /// Who is blocked.
    Blacklist,
}

const STEPS: [Step; 7] =
    [Step::Waiting, Step::Templates, Step::Tags, Step::Openids, Step::Details, Step::Members, Step::Blacklist];

impl Step {
    /// Name of its text in the language tables, under `sync`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Templates => "templates",
            Self::Tags => "tags",
            Self::Openids => "openids",
            Self::Details => "details",
            Self::Members => "members",
            Self::Blacklist => "blacklist",
        }
    }
}

/// Counters of one sync.
#[derive(Debug, Default)]
pub struct SyncProgress {
    step: AtomicU8,
    /// Those of an earlier sync, in this step.
    skipped: AtomicU64,
    done: AtomicU64,
    total: AtomicU64,
    requests: AtomicU64,
    entered: Mutex<Option<Instant>>,
}

/// A snapshot of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncView {
    /// What is being fetched.
    pub step: Step,
    /// How many of this step are in.
    pub done: u64,
    /// Those of them that an earlier sync brought.
    pub skipped: u64,
    /// How many there will be; 0 while unknown.
    pub total: u64,
    /// Calls made so far.
    pub requests: u64,
    /// How long this step goes on.
    pub took: Duration,
}

impl SyncView {
    /// How many come in a second; nothing as long as that says little.
    pub fn rate(&self) -> Option<f64> {
        let came = self.done.saturating_sub(self.skipped);
        (self.took >= EARLY && came > 0).then(|| came as f64 / self.took.as_secs_f64())
    }

    /// How long this step will still go on, at this rate.
    pub fn left(&self) -> Option<Duration> {
        let missing = self.total.checked_sub(self.done).filter(|missing| *missing > 0)?;
        Duration::try_from_secs_f64(missing as f64 / self.rate()?).ok()
    }
}

impl SyncProgress {
    /// Begins a step, its counters at zero.
    pub fn enter(&self, step: Step) {
        let place = STEPS.iter().position(|known| *known == step).unwrap_or(0);
        self.done.store(0, Relaxed);
        self.skipped.store(0, Relaxed);
        self.total.store(0, Relaxed);
        self.step.store(place as u8, Relaxed);
        *self.entered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// More of this step came in.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Relaxed);
    }

    /// So many of this step are in from an earlier sync.
    pub fn skip(&self, count: u64) {
        self.skipped.store(count, Relaxed);
        self.done.store(count, Relaxed);
    }

    /// How many there will be.
    pub fn expect(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// One more call.
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    /// What to show.
    pub fn view(&self) -> SyncView {
        SyncView {
            step: STEPS.get(usize::from(self.step.load(Relaxed))).copied().unwrap_or(Step::Waiting),
            done: self.done.load(Relaxed),
            skipped: self.skipped.load(Relaxed),
            total: self.total.load(Relaxed),
            requests: self.requests.load(Relaxed),
            took: self.entered.lock().unwrap_or_else(PoisonError::into_inner).map_or(Duration::ZERO, |entered| entered.elapsed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_told_once_it_says_something() {
        let view = |done, total, millis| SyncView {
            step: Step::Details,
            done,
            skipped: 0,
            total,
            requests: 0,
            took: Duration::from_millis(millis),
        };
        assert_eq!(view(100, 1000, 100).rate(), None);
        assert_eq!(view(0, 1000, 5000).left(), None);
        assert_eq!(view(200, 1000, 2000).rate(), Some(100.0));
        assert_eq!(view(200, 1000, 2000).left(), Some(Duration::from_secs(8)));
        assert_eq!(view(200, 0, 2000).left(), None, "nobody knows");
        assert_eq!(view(1000, 1000, 2000).left(), None);
        let resumed = SyncView { skipped: 150, ..view(200, 1000, 2000) };
        assert_eq!(resumed.rate(), Some(25.0), "what an earlier sync brought was not this fast");
    }
}
