//! What is asked and told when a job stops, or is found stopped.

use crate::dispatch::{self, Reason};
use crate::domain::job::{Call, Job, JobState, StopReason};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::SendEffect;
use crate::tui::helps::{Trouble, offers};
use crate::tui::keys::Action;
use crate::tui::layers::{Choice, Layer, Notice, Question};
use crate::tui::msg::Level;

/// A job of this process came to a halt: what the operator has to decide, or to know. Nothing, if it is their own doing.
pub fn at_stop(job: &Job, ctx: &Context) -> Option<Layer> {
    let why = job.reason.as_ref().filter(|_| job.state == JobState::Paused)?;
    match why {
        StopReason::Operator | StopReason::Cancelled | StopReason::Interrupted => None,
        StopReason::SameFailure { errcode, times, .. } => Some(ask(job, *errcode, *times, ctx)),
        StopReason::Refused { .. } | StopReason::Network { .. } | StopReason::Secret { .. } | StopReason::Store { .. } => {
            Some(stopped(job, why, ctx))
        }
    }
}

/// Jobs that were cut off wait for a word: the newest is offered, and where the others are is said.
pub fn offer_to_resume(jobs: &[Job], ctx: &Context) -> Option<Layer> {
    let cut_off = |job: &&Job| job.state == JobState::Paused && job.reason == Some(StopReason::Interrupted);
    let mut found = jobs.iter().filter(cut_off);
    let job = found.next()?;
    let (id, count, others) = (job.id.to_string(), number::thousands(job.counts.queued()), found.count() as u64);
    let mut text = ctx.say_with("send.resume_question", &[("id", &id), ("title", &job.title), ("count", &count)]);
    if others > 0 {
        let (count, key) = (number::thousands(others), ctx.key(Action::History));
        text = format!("{text}\n\n{}", ctx.say_with("send.resume_others", &[("count", &count), ("key", &key)]));
    }
    Some(Layer::Question(Question::new(text, SendEffect::ResumeJob { job: job.id })))
}

/// The same refusal for one recipient after the other: whether that is as expected, only a person can know.
fn ask(job: &Job, errcode: i64, times: u32, ctx: &Context) -> Layer {
    let reason = job.reason.as_ref().map(|why| dispatch::reason(why, ctx.settings.lang));
    let (meaning, remedy) = reason.map(|reason| (reason.meaning, reason.remedy)).unwrap_or_default();
    let (code, times) = (errcode.to_string(), times.to_string());
    let count = number::thousands(job.counts.queued());
    let args = [("errcode", code.as_str()), ("times", &times), ("meaning", &meaning), ("remedy", &remedy), ("count", &count)];
    let go_on = ctx.say_with("halt.go_on", &[("errcode", &code)]);
    let choice = Choice::new(title(job, ctx), ctx.say_with("halt.same_failure", &args), ctx.say("halt.hint"))
        .or('l', ctx.say("halt.leave"), None)
        .or('g', go_on, Some(SendEffect::ResumeJob { job: job.id }.into()));
    Layer::Choice(choice)
}

/// What stopped it, with what helps on one key each.
fn stopped(job: &Job, why: &StopReason, ctx: &Context) -> Layer {
    let (errcode, errmsg, call) = match why {
        StopReason::Refused { errcode, errmsg, call } => (Some(*errcode), errmsg.as_str(), call.path()),
        _ => (None, "", Call::Send.path()),
    };
    let offers = match why {
        StopReason::Store { .. } => Vec::new(),
        _ => offers(Trouble { job, row: None, errcode, errmsg, call }, ctx),
    };
    if offers.is_empty() {
        return Layer::Notice(Notice::new(Level::Warning, told(job, why, ctx)).titled(title(job, ctx)));
    }
    let choice = Choice::new(title(job, ctx), told(job, why, ctx), ctx.say("halt.hint")).or('l', ctx.say("halt.leave"), None);
    let with_keys = offers.into_iter().zip('1'..='9');
    Layer::Choice(with_keys.fold(choice, |choice, (offer, key)| choice.or_does(key, offer.text, offer.out)))
}

/// What stopped it, what to do, and everything that helps in doing it.
fn told(job: &Job, why: &StopReason, ctx: &Context) -> String {
    let Reason { errcode, meaning, remedy, errmsg, ip, .. } = dispatch::reason(why, ctx.settings.lang);
    let code = errcode.map(|code| format!("{code}: ")).unwrap_or_default();
    let mut text = format!("{code}{meaning}\n\n{remedy}");
    let mut add = |line: String| {
        text.push_str("\n\n");
        text.push_str(&line);
    };
    if let Some(ip) = ip {
        add(ctx.say_with("halt.ip", &[("ip", &ip)]));
    }
    if let Some(at) = why.passes_at(job.finished_at.unwrap_or(job.created_at)) {
        let time = number::day_and_clock(at, &ctx.settings.zone);
        add(ctx.say_with("halt.may_go_on", &[("time", &time), ("key", &ctx.key(Action::Pause))]));
    }
    if !errmsg.is_empty() {
        let key = if errcode.is_some() { "halt.errmsg" } else { "halt.detail" };
        add(ctx.say_with(key, &[("text", &errmsg)]));
    }
    text
}

fn title(job: &Job, ctx: &Context) -> String {
    ctx.say_with("halt.title", &[("id", &job.id.to_string()), ("title", &job.title)])
}
