//! `sync`.

use super::args::{SyncArgs, SyncWhat};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use crate::domain::account::Account;
use crate::store::Store;
use crate::sync::{Details, SyncError, SyncPlan, SyncProgress, SyncReport};
use crate::text::number::{duration, thousands};
use serde_json::{Map, Value, json};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line of progress is drawn anew.
const REDRAWN_EVERY: Duration = Duration::from_millis(200);

/// Fetches what was named, or everything.
pub async fn run(context: &Context, args: &SyncArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let session = context.session(&store, &account).await?;
    let wants = |what| args.what.is_empty() || args.what.contains(&what);
    let plan = SyncPlan {
        templates: wants(SyncWhat::Templates),
        tags: wants(SyncWhat::Tags),
        users: wants(SyncWhat::Users),
        details: details(context, args),
        concurrency: args.concurrency as usize,
    };
    let progress = SyncProgress::default();
    let started = Instant::now();
    let work = crate::sync::run(&session, &store, plan, &progress);
    let report = match with_line(context, &progress, work).await {
        Ok(report) => report,
        Err(error) => return Err(stopped(context, &store, &account, error).await),
    };
    let (seconds, requests) = (started.elapsed().as_secs_f64(), progress.view().requests);
    if context.json {
        print_json(&document(&report, seconds, requests));
    } else {
        tell(context, &report, seconds);
    }
    Ok(Exit::Fine)
}

/// Why it stopped, and what is there all the same.
async fn stopped(context: &Context, store: &Store, account: &Account, error: SyncError) -> Failure {
    let mut failure = Failure::from(error);
    let standing = store.user_standing(account.id).await.unwrap_or_default();
    let kept = context.texts().user_standing(&standing);
    if !kept.is_empty() {
        failure.message = format!("{}\n{kept}", failure.message);
    }
    failure
}

fn details(context: &Context, args: &SyncArgs) -> Details {
    match (args.no_details, args.full, context.settings.sync_details) {
        (true, ..) => Details::Nobody,
        (_, true, _) => Details::Everyone,
        (.., true) => Details::New,
        (.., false) => Details::Nobody,
    }
}

/// Draws a line of progress on a terminal while the work goes on.
async fn with_line<T>(context: &Context, progress: &SyncProgress, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let mut stderr = std::io::stderr();
    if !stderr.is_terminal() {
        return work.await;
    }
    let mut tick = tokio::time::interval(REDRAWN_EVERY);
    loop {
        tokio::select! {
            done = &mut work => {
                let _ = write!(stderr, "\r\x1b[K");
                return done;
            }
            _ = tick.tick() => {
                let view = progress.view();
                let key = format!("cli.sync_{}", view.step.key());
                let total = if view.total > 0 { format!("/{}", thousands(view.total)) } else { String::new() };
                let rate = view.rate().map(|rate| format!(" · {}/s", thousands(rate as u64))).unwrap_or_default();
                let left = view.left().map(|left| format!(" · {}", duration(left, context.lang))).unwrap_or_default();
                let _ = write!(stderr, "\r\x1b[K{} {}{total}{rate}{left}", context.texts().say(&key), thousands(view.done));
                let _ = stderr.flush();
            }
        }
    }
}

fn document(report: &SyncReport, seconds: f64, requests: u64) -> Value {
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
    Value::Object(document)
}

fn tell(context: &Context, report: &SyncReport, seconds: f64) {
    let texts = context.texts();
    if let Some(t) = report.templates {
        let [total, added, removed] = [t.total, t.added, t.removed].map(|n| n.to_string());
        say(&texts.say_with("cli.synced_templates", &[("total", &total), ("added", &added), ("removed", &removed)]));
    }
    if let Some(total) = report.tags {
        say(&texts.say_with("cli.synced_tags", &[("total", &total.to_string())]));
    }
    if let Some(u) = report.users {
        let [subscribed, added, returned, left] = [u.subscribed, u.added, u.returned, u.unsubscribed].map(|n| n.to_string());
        let args = [("subscribed", subscribed.as_str()), ("added", &added), ("returned", &returned), ("left", &left)];
        say(&texts.say_with("cli.synced_users", &args));
    }
    say(&texts.say_with("cli.took", &[("seconds", &format!("{seconds:.1}"))]));
}
