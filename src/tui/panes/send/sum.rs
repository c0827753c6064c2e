//! How a job went, once it has come to its end.

use super::Send;
use crate::domain::job::{Job, JobState};
use crate::tui::context::Context;
use crate::tui::effect::SendEffect;
use crate::tui::layers::{Layer, Notice, Summary};
use crate::tui::msg::Level;
use crate::tui::out::Out;

impl Send {
    /// Whether this process works on a job of the account on the screen.
    pub fn works_on(&self, job: &Job) -> bool {
        self.jobs.are_of(job.account) && self.jobs.is_ours(job.id)
    }

    /// Opens the summary of a job; what it ended with is counted meanwhile.
    pub fn open_summary(&self, job: &Job, out: &mut Out) {
        let summary = Summary::new(job.clone(), self.account.clone());
        let summary = match self.speeds.of(job.id) {
            Some(course) => summary.with_course(course.whole().to_vec(), course.best()),
            None => summary,
        };
        if summary.has_problems() {
            out.ask(SendEffect::CountErrors { job: job.id });
        }
        out.open(Layer::Summary(Box::new(summary)));
    }

    /// The same, if it has ended.
    pub(super) fn sum_up(&self, job: &Job, ctx: &Context, out: &mut Out) {
        if matches!(job.state, JobState::Done | JobState::Cancelled) {
            return self.open_summary(job, out);
        }
        let text = ctx.say_with("summary.not_ended", &[("id", &job.id.to_string())]);
        out.open(Layer::Notice(Notice::new(Level::Info, text)));
    }
}
