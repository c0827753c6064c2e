//! `sync`.

use super::args::{SyncArgs, SyncWhat};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::progress::{Stand, watched};
use super::voice::insist;
use crate::domain::account::Account;
use crate::domain::errcode;
use crate::store::Store;
use crate::sync::{Cut, Details, SyncError, SyncPlan, SyncProgress, SyncReport, SyncView};
use crate::text::number;
use serde_json::{Map, Value, json};
use std::time::Instant;

/// Fetches what was named, or everything.
pub async fn run(context: &Context, args: &SyncArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let session = context.session(&store, &account).await?;
    let progress = SyncProgress::default();
    let started = Instant::now();
    let work = crate::sync::run(&session, &store, plan(context, args), &progress);
    let report = match watched(context, "manners.sync_interrupted", || stand(context, progress.view()), work).await? {
        Ok(report) => report,
        Err(error) => return Err(stopped(context, &store, &account, error).await),
    };
    let (seconds, requests) = (started.elapsed().as_secs_f64(), progress.view().requests);
    if context.json {
        print_json(&document(context, &report, seconds, requests));
    } else {
        tell(context, &report, seconds, requests);
    }
    if let Some(cut) = report.cut {
        insist(&cut_line(context, cut));
    }
    Ok(if report.cut.is_some() { Exit::Stopped } else { Exit::Fine })
}

/// Why it stopped, and what is there all the same.
async fn stopped(context: &Context, store: &Store, account: &Account, error: SyncError) -> Failure {
    let mut failure = Failure::from(error);
    let standing = store.user_standing(account.id).await.unwrap_or_default();
    let kept = context.texts().user_standing(&standing);
    if !kept.is_empty() {
        failure.message = format!("{}\n{kept}", failure.message.text(context.texts())).into();
    }
    failure
}

fn plan(context: &Context, args: &SyncArgs) -> SyncPlan {
    let wants = |what| args.what.is_empty() || args.what.contains(&what);
    let details = match (args.full, args.no_details) {
        (true, _) => Details::Everyone,
        (false, false) if context.settings.sync_details => Details::New,
        (false, _) => Details::Nobody,
    };
    SyncPlan {
        templates: wants(SyncWhat::Templates),
        tags: wants(SyncWhat::Tags),
        users: wants(SyncWhat::Users),
        details,
        concurrency: args.concurrency as usize,
    }
}

fn stand(context: &Context, view: SyncView) -> Stand {
    let key = format!("cli.sync_{}", view.step.key());
    Stand {
        part: context.texts().say(&key).to_owned(),
        done: view.done,
        total: view.total,
        rate: view.rate(),
        left: view.left(),
        notes: Vec::new(),
    }
}

fn document(context: &Context, report: &SyncReport, seconds: f64, requests: u64) -> Value {
    let mut document = Map::new();
    if let Some(t) = report.templates {
        document.insert("templates".into(), json!({ "total": t.total, "added": t.added, "removed": t.removed }));
    }
    if let Some(total) = report.tags {
        document.insert("tags".into(), json!({ "total": total }));
    }
    if let Some(u) = report.users {
        let users = json!({ "total": u.total, "subscribed": u.subscribed, "added": u.added, "returned": u.returned, "unsubscribed": u.unsubscribed });
        document.insert("users".into(), users);
    }
    document.insert("seconds".into(), json!((seconds * 1000.0).round() / 1000.0));
    document.insert("requests".into(), json!(requests));
    if let Some(cut) = report.cut {
        let explanation = errcode::explain(cut.errcode, context.lang);
        let stopped = json!({
            "step": cut.step.key(), "done": cut.done, "total": cut.total, "errcode": cut.errcode, "meaning": explanation.meaning,
        });
        document.insert("stopped".into(), stopped);
    }
    Value::Object(document)
}

fn tell(context: &Context, report: &SyncReport, seconds: f64, requests: u64) {
    let texts = context.texts();
    if let Some(t) = report.templates {
        let [total, added, removed] = [t.total, t.added, t.removed].map(number::thousands);
        say(&texts.say_with("cli.synced_templates", &[("total", &total), ("added", &added), ("removed", &removed)]));
    }
    if let Some(total) = report.tags {
        say(&texts.say_with("cli.synced_tags", &[("total", &number::thousands(total))]));
    }
    if let Some(u) = report.users {
        let [subscribed, added, returned, left] = [u.subscribed, u.added, u.returned, u.unsubscribed].map(number::thousands);
        let args = [("subscribed", subscribed.as_str()), ("added", &added), ("returned", &returned), ("left", &left)];
        say(&texts.say_with("cli.synced_users", &args));
    }
    let args = [("seconds", format!("{seconds:.1}")), ("requests", number::thousands(requests))];
    say(&texts.say_with("sync.took", &[("seconds", &args[0].1), ("requests", &args[1].1)]));
}

/// What can be used, and how it goes on.
fn cut_line(context: &Context, cut: Cut) -> String {
    let [done, total] = [cut.done, cut.total].map(number::thousands);
    let key = format!("sync_cut.{}", cut.step.key());
    let errcode = cut.errcode.to_string();
    context.texts().say_with(&key, &[("done", &done), ("total", &total), ("errcode", &errcode)])
}
