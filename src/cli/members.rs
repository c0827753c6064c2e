//! A change for many users: tags and the blacklist.

use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::progress::{Line, Stand, until_asked_to_end};
use crate::domain::audience::{Excluded, Exclusion};
use crate::domain::id::OpenId;
use crate::manage::members::{Change, Members, Report};
use crate::session::Session;
use crate::store::Store;
use crate::text::number::thousands;
use crate::wechat::{ApiFailure, CallError};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Openids of those who were refused that a line names.
const NAMED: usize = 5;

/// Who is to be changed.
#[derive(Debug, Default)]
pub struct Whom {
    /// Each once.
    pub openids: Vec<OpenId>,
    /// Whom an audience names in vain.
    pub excluded: Excluded,
}

/// What is told of a change.
pub struct Told<'a> {
    /// What the document is about, if not users alone.
    pub head: Map<String, Value>,
    /// Name of the number of those who were changed.
    pub key: &'static str,
    /// The sentence for people, with its `{count}` to be put in.
    pub sentence: &'static str,
    /// `{name}` of the sentence.
    pub name: &'a str,
}

/// Makes a change, and tells for whom it was made, for whom it was not and why, and why it ended early if it did.
pub async fn change(context: &Context, store: &Store, session: &Session, change: Change, whom: Whom, told: Told<'_>) -> Done {
    let Whom { openids, mut excluded } = whom;
    let all = openids.len() as u64;
    let mut members = Members::new(session, store, change);
    let (begun, mut line) = (Instant::now(), Line::new(context));
    let part = context.texts().say("manners.users");
    let mut look = |report: &Report, _: &[OpenId]| line.show(|| Stand::since(part, (report.seen(), all), 0, begun.elapsed()));
    let whole = until_asked_to_end(members.change(openids, &mut look)).await?.is_some();
    drop(line);
    let report = members.end();
    excluded.add(Exclusion::Unsubscribed, report.left);
    say(&context.texts().say_with(told.sentence, &[("name", told.name), ("count", &thousands(report.done))]));
    tell_rest(context, &report, &excluded, change.path());
    if context.json {
        print_json(&document(&report, &excluded, told));
    }
    let untried = thousands(all.saturating_sub(report.seen()));
    let not_all = report.not_done() > 0;
    match report.stopped {
        Some(error) => {
            let failure = Failure::explained(context.lang, error, change.path());
            let text = failure.message.text(context.texts());
            let args = [("count", untried.as_str()), ("text", &text)];
            Err(Failure { message: context.texts().say_with("tag.stopped", &args).into(), ..failure })
        }
        None if !whole => {
            let args = [("count", untried.as_str()), ("text", context.texts().say("manners.interrupted"))];
            Err(Failure { exit: Exit::Interrupted, message: context.texts().say_with("tag.stopped", &args).into() })
        }
        None if not_all => Ok(Exit::NotAll),
        None => Ok(Exit::Fine),
    }
}

fn tell_rest(context: &Context, report: &Report, excluded: &Excluded, path: &'static str) {
    let texts = context.texts();
    let left_out = texts.left_out(excluded, report.full);
    if !left_out.is_empty() {
        say(&left_out);
    }
    for failed in &report.failed {
        let text = explained(context, failed.failure.clone(), path);
        let names: Vec<&str> = failed.openids.iter().map(OpenId::as_str).take(NAMED).collect();
        let more = if failed.openids.len() > NAMED { ", …" } else { "" };
        let (count, openids) = (thousands(failed.openids.len() as u64), names.join(", ") + more);
        say(&texts.say_with("tag.refused", &[("count", &count), ("openids", &openids), ("text", &text)]));
    }
    if report.undivided > 0 {
        say(&texts.say_with("tag.undivided", &[("count", &thousands(report.undivided))]));
    }
}

fn explained(context: &Context, failure: ApiFailure, path: &'static str) -> String {
    Failure::explained(context.lang, CallError::Api(failure).into(), path).message.text(context.texts())
}

fn document(report: &Report, excluded: &Excluded, told: Told<'_>) -> Value {
    let failed = report.failed.iter();
    let failed: Vec<Value> =
        failed.map(|failed| json!({ "errcode": failed.failure.errcode, "openids": failed.openids })).collect();
    let mut left_out = json!(excluded);
    if let Some(left_out) = left_out.as_object_mut() {
        left_out.insert("full".to_owned(), json!(report.full));
    }
    let mut document = told.head;
    document.insert(told.key.to_owned(), json!(report.done));
    document.insert("left_out".to_owned(), left_out);
    document.insert("failed".to_owned(), json!(failed));
    document.insert("undivided".to_owned(), json!(report.undivided));
    document.insert("complete".to_owned(), json!(report.stopped.is_none()));
    Value::Object(document)
}
