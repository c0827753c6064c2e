//! What the window says to somebody who looks elsewhere: its title, and a call when a job comes to its end.

use super::app::App;
use super::effect::SystemEffect;
use super::keys::Action;
use super::msg::Level;
use super::out::Out;
use crate::config::Notify;
use crate::domain::job::{Job, JobState, StopReason};
use crate::text::number;

impl App {
    /// What the title of the window is to be: the account, and how far the job on the screen is.
    pub fn window_title(&self) -> String {
        let mut parts = vec!["muban".to_owned()];
        parts.extend(self.accounts.active().map(|account| account.name.clone()));
        if let Some(job) = self.send.job().filter(|job| matches!(job.state, JobState::Running | JobState::Paused)) {
            let counts = job.counts;
            let settled = counts.total.saturating_sub(counts.queued());
            let percent = (u128::from(settled) * 100).checked_div(u128::from(counts.total)).unwrap_or(100).to_string();
            let key = if job.state == JobState::Running { "attention.running" } else { "attention.paused" };
            parts.push(self.ctx.say_with(key, &[("id", &job.id.to_string()), ("percent", &percent)]));
        }
        parts.join(" · ")
    }

    /// A job came to its end, or to a halt that is nobody's doing here.
    pub(super) fn call_back(&self, job: &Job, out: &mut Out) {
        let how = match self.ctx.settings.notify {
            Some(how) => how,
            None if self.in_front => Notify::None,
            None => Notify::Bell,
        };
        let own_doing = matches!(job.reason, Some(StopReason::Operator | StopReason::Cancelled | StopReason::Interrupted));
        let key = match job.state {
            JobState::Done => "attention.done",
            JobState::Paused if !own_doing => "attention.stopped",
            _ => return,
        };
        if how != Notify::None {
            let counts = job.counts;
            let [accepted, total] = [counts.accepted, counts.total].map(number::thousands);
            let args = [("id", job.id.to_string()), ("title", job.title.clone()), ("accepted", accepted), ("total", total)];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            out.ask(SystemEffect::Call { how, text: self.ctx.say_with(key, &args) });
        }
    }

    /// A job of this process is done: what became of it opens by itself, unless somebody is writing or has something else open.
    pub(super) fn sum_up(&mut self, job: &Job, out: &mut Out) {
        if job.state != JobState::Done || !self.send.works_on(job) {
            return;
        }
        if self.layers.is_empty() && self.begun.is_empty() && !self.is_typing() {
            return self.send.open_summary(job, out);
        }
        let [accepted, total] = [job.counts.accepted, job.counts.total].map(number::thousands);
        let args = [("id", job.id.to_string()), ("accepted", accepted), ("total", total), ("key", self.ctx.key(Action::Summary))];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.say(Level::Info, self.ctx.say_with("summary.is_done", &args));
    }
}
