//! What is said of jobs and deliveries in a word or a line.

use crate::domain::account::PaceLimits;
use crate::domain::delivery::{Delivery, State};
use crate::domain::job::{Call, Job, JobState, StopReason};
use crate::domain::lang::Lang;
use crate::domain::template::Template;
use crate::text::explain::{self, FieldSeen};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::DeliveryFilter;
use crate::tui::msg::Hold;
use crate::tui::theme::Role;

/// The state in a word.
pub fn state_word(state: State, ctx: &Context) -> &'static str {
    match state {
        State::Queued => ctx.say("state.queued"),
        State::Sending => ctx.say("state.sending"),
        State::Accepted => ctx.say("state.accepted"),
        State::Failed => ctx.say("state.failed"),
        State::Unknown => ctx.say("state.unknown"),
        State::Skipped => ctx.say("state.skipped"),
    }
}

/// How the state of a delivery is drawn.
pub fn delivery_role(delivery: &Delivery) -> Role {
    match delivery.state {
        // WeChat took it, and yet it did not arrive.
        State::Accepted if delivery.is_refused_in_review() => Role::Error,
        State::Queued | State::Skipped => Role::Dim,
        State::Sending => Role::Busy,
        State::Accepted => Role::Ok,
        State::Failed => Role::Error,
        State::Unknown => Role::Warning,
    }
}

/// Where a job stands, in a word.
pub fn job_state_word(state: JobState, ctx: &Context) -> &'static str {
    match state {
        JobState::Running => ctx.say("job.running"),
        JobState::Paused => ctx.say("job.paused"),
        JobState::Done => ctx.say("job.done"),
        JobState::Cancelled => ctx.say("job.cancelled"),
    }
}

/// The same as a sign, for lists.
pub fn job_sign(state: JobState) -> &'static str {
    match state {
        JobState::Running => "»",
        JobState::Paused => "!",
        JobState::Done => "✓",
        JobState::Cancelled => "✗",
    }
}

/// How it is drawn.
pub fn job_role(state: JobState) -> Role {
    match state {
        JobState::Running => Role::Busy,
        JobState::Paused => Role::Warning,
        JobState::Done => Role::Ok,
        JobState::Cancelled => Role::Dim,
    }
}

/// To whom a job sends; a retry names the job it retries.
pub fn audience_of(job: &Job, ctx: &Context) -> String {
    let words = job.audience.as_str();
    match (job.retry_of, words.rsplit_once(':'), words.split_once("users:")) {
        (Some(of), Some((_, state)), _) => {
            let word = state.parse().map_or(state, |state| state_word(state, ctx));
            ctx.say_with("history.retry", &[("state", word), ("id", &of.to_string())])
        }
        (None, _, Some(("", count))) => ctx.say_with("audience.users", &[("count", count)]),
        _ if words == "all" => ctx.say("audience.all").to_owned(),
        _ => words.to_owned(),
    }
}

/// Which deliveries are listed, in a few words.
pub fn filter_words(filter: DeliveryFilter, ctx: &Context) -> String {
    match filter {
        DeliveryFilter::Problems => ctx.say("send.filter_problems").to_owned(),
        DeliveryFilter::All => ctx.say("send.filter_all").to_owned(),
        DeliveryFilter::Only(state) => state_word(state, ctx).to_owned(),
        DeliveryFilter::Code(code) => ctx.say_with("send.filter_code", &[("errcode", &code.to_string())]),
    }
}

/// How fast a job goes.
pub fn pace_words(pace: PaceLimits, ctx: &Context) -> String {
    let in_flight = pace.concurrency.to_string();
    if pace.rate.is_unlimited() {
        return ctx.say_with("send.pace_unlimited", &[("in_flight", &in_flight)]);
    }
    ctx.say_with("send.pace", &[("rate", &number::per_second(pace.rate.0, ctx.settings.lang)), ("in_flight", &in_flight)])
}

/// That a job goes slower than asked.
pub fn slowed_words(now: PaceLimits, asked: PaceLimits, ctx: &Context) -> String {
    let rates = [now, asked].map(|pace| number::per_second(pace.rate.0, ctx.settings.lang));
    let [now_rate, asked_rate] = rates.each_ref().map(String::as_str);
    let texts = [now.concurrency.to_string(), asked.concurrency.to_string()];
    let [in_flight, of] = texts.each_ref().map(String::as_str);
    let args = [("now", now_rate), ("asked", asked_rate), ("in_flight", in_flight), ("of", of)];
    let key = if asked.rate.is_unlimited() { "send.slowed_in_flight" } else { "send.slowed_both" };
    ctx.say_with(key, &args)
}

/// What nothing gets past, and when it is tried again.
pub fn hold_words(hold: &Hold, ctx: &Context) -> String {
    match &hold.why {
        StopReason::Refused { errcode: 45011, .. } => {
            ctx.say_with("send.hold_minute", &[("time", &number::clock(hold.until, &ctx.settings.zone))])
        }
        StopReason::Refused { errcode, .. } => {
            let meaning = explain::explain(*errcode, "", Some(Call::Send.path()), ctx.settings.lang).meaning;
            ctx.say_with("send.hold_refused", &[("errcode", &errcode.to_string()), ("meaning", &meaning)])
        }
        StopReason::Network { detail } => ctx.say_with("send.hold_network", &[("detail", &ctx.texts().recorded(detail))]),
        other => stop_words(other, ctx),
    }
}

/// Why a job stopped, in a sentence.
pub fn stop_words(reason: &StopReason, ctx: &Context) -> String {
    let lang = ctx.settings.lang;
    match reason {
        StopReason::Operator => ctx.say("stop.operator").to_owned(),
        StopReason::Cancelled => ctx.say("stop.cancelled").to_owned(),
        StopReason::Interrupted => ctx.say("stop.interrupted").to_owned(),
        StopReason::Refused { errcode, errmsg, call } => format!("{errcode}: {}", explained(*errcode, errmsg, *call, lang)),
        StopReason::SameFailure { errcode, times, errmsg } => {
            let (code, times) = (errcode.to_string(), times.to_string());
            let text = ctx.say_with("stop.same_failure", &[("errcode", &code), ("times", &times)]);
            format!("{text}: {}", explained(*errcode, errmsg, Call::Send, lang))
        }
        StopReason::Network { detail } => ctx.say_with("stop.network", &[("detail", &ctx.texts().recorded(detail))]),
        StopReason::Secret { detail } => ctx.say_with("stop.secret", &[("detail", &ctx.texts().recorded(detail))]),
        StopReason::Store { detail } => ctx.say_with("stop.store", &[("detail", &ctx.texts().recorded(detail))]),
    }
}

/// What happened to a delivery and what to do, in one line. `job` is its job, by which the field of a refusal is told.
pub fn meaning(delivery: &Delivery, job: Option<(&Job, Option<&Template>)>, ctx: &Context) -> String {
    match (delivery.errcode, &delivery.errmsg) {
        (Some(0) | None, None) => String::new(),
        (None, Some(errmsg)) => ctx.texts().recorded(errmsg),
        (Some(0), Some(_)) => String::new(),
        (Some(_), _) => told(delivery, job, ctx).map(|(meaning, remedy)| join(&meaning, &remedy)).unwrap_or_default(),
    }
}

/// What a delivery's code means and what to do; nothing where there is no code.
pub fn told(delivery: &Delivery, job: Option<(&Job, Option<&Template>)>, ctx: &Context) -> Option<(String, String)> {
    let code = delivery.errcode.filter(|code| *code != 0)?;
    if delivery.is_refused_in_review() {
        return Some((ctx.say("review.refused").to_owned(), String::new()));
    }
    let errmsg = delivery.errmsg.as_deref().unwrap_or_default();
    let message = job.map(|(job, _)| job.message_to(&delivery.openid, delivery.params.as_ref()));
    let fields = job.and_then(|(_, template)| template).map(Template::fields).unwrap_or_default();
    let seen = |key: &str| FieldSeen {
        label: fields.iter().find(|field| field.key == key).map(|field| field.label.as_str()),
        value: message.as_ref().and_then(|message| message.value(key)),
    };
    let told = explain::explain_of(code, errmsg, Some(Call::Send.path()), seen, ctx.settings.lang);
    Some((told.meaning.into_owned(), told.remedy.into_owned()))
}

/// What a code means and what to do, in one line.
pub fn explained(code: i64, errmsg: &str, call: Call, lang: Lang) -> String {
    let explanation = explain::explain(code, errmsg, Some(call.path()), lang);
    join(&explanation.meaning, &explanation.remedy)
}

fn join(meaning: &str, remedy: &str) -> String {
    if remedy.is_empty() { meaning.to_owned() } else { format!("{meaning} → {remedy}") }
}
