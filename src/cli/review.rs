//! `job review`: what became of messages that WeChat held for review.

use super::context::{Context, print, print_json, say};
use super::failure::{Done, Exit};
use crate::dispatch::{self, Blocked};
use crate::domain::job::Job;
use crate::session::Session;
use crate::store::Store;
use crate::text::number::thousands;
use serde_json::{Value, json};

/// Asks, and tells who did not get the message.
pub async fn review(context: &Context, session: &Session, store: &Store, job: &Job) -> Done {
    let review = dispatch::review(session, store, job).await?;
    if context.json {
        let blocked: Vec<Value> = review.blocked.iter().map(row).collect();
        print_json(&json!({ "job": job.id, "held": review.held, "blocked": blocked }));
        return Ok(Exit::Fine);
    }
    let (held, refused) = (thousands(review.held), thousands(review.blocked.len() as u64));
    let key = if review.held == 0 { "cli.none_held" } else { "cli.held" };
    say(&context.texts().say_with(key, &[("held", &held), ("refused", &refused)]));
    for one in &review.blocked {
        print(&format!("{}  {}  {}", one.openid, one.sent_at, one.title));
    }
    Ok(Exit::Fine)
}

fn row(one: &Blocked) -> Value {
    json!({ "row": one.row, "openid": one.openid, "sent_at": one.sent_at.to_string(), "title": one.title })
}
