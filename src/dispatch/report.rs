//! What a job came to, as the command line prints it and the screen sums it up (the JSON is a contract).

use crate::domain::audience::Excluded;
use crate::domain::delivery::Delivery;
use crate::domain::errcode;
use crate::domain::id::JobId;
use crate::domain::job::{Call, Job, StopReason};
use crate::domain::lang::Lang;
use crate::domain::reply::ErrmsgParts;
use crate::store::{Store, StoreResult};
use crate::text::explain;
use crate::text::lang::Texts;
use crate::wechat::SEND_PATH;
use serde::Serialize;

/// The outcome of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Its number.
    pub job: Option<JobId>,
    /// Rows in the ledger.
    pub total: u64,
    /// Taken by WeChat.
    pub accepted: u64,
    /// Refused for good.
    pub failed: u64,
    /// May or may not have arrived.
    pub unknown: u64,
    /// Not sent.
    pub skipped: u64,
    /// Still to be done.
    pub queued: u64,
    /// Who was left out at confirmation.
    pub excluded: Excluded,
    /// How long it ran.
    pub seconds: f64,
    /// Rows settled a second.
    pub rate: f64,
    /// `running`, `paused`, `done`, `cancelled` or `dry_run`.
    pub state: String,
    /// Why it stopped.
    pub reason: Option<Reason>,
    /// The codes that rows ended with, the most frequent first.
    pub errors: Vec<ErrorCount>,
}

/// Why a job stopped, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// WeChat's code, if it gave one.
    pub errcode: Option<i64>,
    /// What the sender does about it.
    pub class: &'static str,
    /// What it means.
    pub meaning: String,
    /// What to do.
    pub remedy: String,
    /// WeChat's words, or what happened on the way.
    pub errmsg: String,
    /// WeChat's number of the call.
    pub rid: Option<String>,
    /// The address to allow, of 40164.
    pub ip: Option<String>,
    /// The field at fault, of 47003.
    pub field: Option<String>,
}

/// How often a code came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorCount {
    /// The code.
    pub errcode: i64,
    /// How many rows ended with it.
    pub count: u64,
    /// What it means.
    pub meaning: String,
}

/// Sums up a job from the ledger.
pub async fn summary(store: &Store, job: &Job, lang: Lang) -> StoreResult<Summary> {
    let errors = store.error_counts(job.id).await?.into_iter().map(|found| ErrorCount {
        errcode: found.errcode,
        count: found.count,
        meaning: errcode::explain_on(found.errcode, Call::Send.path(), lang).meaning.into_owned(),
    });
    let seconds = job.running_ms as f64 / 1000.0;
    let counts = job.counts;
    Ok(Summary {
        job: Some(job.id),
        total: counts.total,
        accepted: counts.accepted,
        failed: counts.failed,
        unknown: counts.unknown,
        skipped: counts.skipped,
        queued: counts.queued(),
        excluded: job.excluded,
        seconds,
        rate: if seconds > 0.0 { (counts.settled() as f64 / seconds * 10.0).round() / 10.0 } else { 0.0 },
        state: job.state.as_str().to_owned(),
        reason: job.reason.as_ref().map(|why| reason(why, lang)),
        errors: errors.collect(),
    })
}

/// What a row ended with and what to do about it; nothing for one that went well, or that WeChat never answered.
pub fn explanation(delivery: &Delivery, lang: Lang) -> Option<String> {
    let code = delivery.errcode.filter(|code| *code != 0)?;
    if delivery.is_refused_in_review() {
        return Some(Texts::of(lang).say("review.refused").to_owned());
    }
    let errmsg = delivery.errmsg.as_deref().unwrap_or_default();
    let explained = explain::explain(code, errmsg, Some(SEND_PATH), lang);
    Some(format!("{} {}", explained.meaning, explained.remedy))
}

/// Explains why a job stopped.
pub fn reason(why: &StopReason, lang: Lang) -> Reason {
    match why {
        StopReason::Refused { errcode, errmsg, call } => refused(*errcode, errmsg, *call, lang),
        StopReason::SameFailure { errcode, errmsg, .. } => refused(*errcode, errmsg, Call::Send, lang),
        StopReason::Operator => own("operator", "", lang),
        StopReason::Cancelled => own("cancelled", "", lang),
        StopReason::Interrupted => own("interrupted", "", lang),
        StopReason::Network { detail } => own("network", detail, lang),
        StopReason::Secret { detail } => own("secret", detail, lang),
        StopReason::Store { detail } => own("store", detail, lang),
    }
}

fn refused(code: i64, errmsg: &str, call: Call, lang: Lang) -> Reason {
    let explanation = explain::explain(code, errmsg, Some(call.path()), lang);
    let parts = ErrmsgParts::read(errmsg);
    Reason {
        errcode: Some(code),
        class: explanation.class.as_str(),
        meaning: explanation.meaning.into_owned(),
        remedy: explanation.remedy.into_owned(),
        errmsg: errmsg.to_owned(),
        rid: parts.rid.map(ToString::to_string),
        ip: parts.ip.map(ToString::to_string),
        field: parts.field.map(|fault| fault.key.to_string()),
    }
}

/// A reason that WeChat has no code for; its class is its name.
fn own(class: &'static str, detail: &str, lang: Lang) -> Reason {
    let texts = Texts::of(lang);
    Reason {
        errcode: None,
        class,
        meaning: texts.say(&format!("reason.{class}")).to_owned(),
        remedy: texts.say(&format!("reason.{class}_remedy")).to_owned(),
        errmsg: texts.recorded(detail),
        rid: None,
        ip: None,
        field: None,
    }
}
