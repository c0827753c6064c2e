mod view;

use super::Then;
use crate::domain::job::Job;
use crate::store::CodeCount;
use crate::tui::input::{Code, Key};
use crate::tui::keys::{Action, Place};
use crate::tui::msg::{Msg, SendMsg, SystemMsg};
use crate::tui::out::Out;

/// How a job went, on one page: what became of its messages, how fast, what went wrong most, and what to do next.
#[derive(Debug)]
pub struct Summary {
    job: Job,
    /// What the account is called.
    account: String,
    /// None until they were counted.
    codes: Option<Vec<CodeCount>>,
    /// The speed over the whole run, as far as it was seen.
    course: Vec<f64>,
    best: Option<f64>,
}

impl Summary {
    /// Of a job that has ended. Where something went wrong, it waits for the codes to be counted.
    pub fn new(job: Job, account: String) -> Self {
        let mut summary = Self { job, account, codes: None, course: Vec::new(), best: None };
        if !summary.has_problems() {
            summary.codes = Some(Vec::new());
        }
        summary
    }

    /// With its speed over the whole run, and the best of it.
    pub fn with_course(self, course: Vec<f64>, best: Option<f64>) -> Self {
        Self { course, best, ..self }
    }

    /// Whether any of it is anything but accepted.
    pub fn has_problems(&self) -> bool {
        let counts = self.job.counts;
        counts.failed + counts.unknown + counts.skipped > 0
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if matches!(key.code, Code::Enter | Code::Esc | Code::Char('i')) || key.code == Code::Char('c') && key.ctrl {
            return Then::Close;
        }
        let offer = self.offers().find(|(letter, _, _)| key.typed() == Some(*letter));
        let Some((_, action, _)) = offer else { return Then::Stay };
        // It is the send pane that knows how, and the job has to be the one it shows.
        out.tell(SendMsg::JobChosen { job: self.job.id });
        out.tell(SystemMsg::Picked { place: Place::Send, action });
        Then::Close
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Send(SendMsg::ErrorsCounted { job, codes }) = msg
            && *job == self.job.id
        {
            self.codes = Some(codes.clone());
        }
        Then::Stay
    }

    /// What can be done about it: its letter, the action, and the name of its sentence.
    fn offers(&self) -> impl Iterator<Item = (char, Action, &'static str)> {
        let counts = self.job.counts;
        let all = [
            (counts.failed > 0, ('r', Action::RetryFailed, "keys.retry_failed")),
            (counts.unknown > 0, ('u', Action::RetryUnknown, "keys.retry_unknown")),
            (self.has_problems(), ('e', Action::Errors, "keys.errors")),
            (true, ('w', Action::Save, "keys.save")),
        ];
        all.into_iter().filter_map(|(can, offer)| can.then_some(offer))
    }
}
