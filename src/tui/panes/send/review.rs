//! What became of messages that WeChat held for review, as it is told.

use crate::dispatch::Review;
use crate::domain::id::JobId;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::layers::{Layer, Notice};
use crate::tui::msg::Level;

/// So many of those who did not get it are named; the rows show all of them.
const NAMED: usize = 5;

/// How many were held, and who did not get it; or why that could not be looked up.
pub fn told(job: JobId, found: &Result<Review, String>, ctx: &Context) -> Layer {
    let (level, text) = match found {
        Ok(review) if review.held == 0 => (Level::Info, ctx.say("cli.none_held").to_owned()),
        Ok(review) if review.blocked.is_empty() => (Level::Info, held(review, ctx)),
        Ok(review) => (Level::Warning, format!("{}\n\n{}", held(review, ctx), refused(review, ctx))),
        Err(text) => (Level::Error, text.clone()),
    };
    Layer::Notice(Notice::new(level, text).titled(ctx.say_with("review.title", &[("id", &job.to_string())])))
}

fn held(review: &Review, ctx: &Context) -> String {
    let (held, refused) = (number::thousands(review.held), number::thousands(review.blocked.len() as u64));
    ctx.say_with("cli.held", &[("held", &held), ("refused", &refused)])
}

/// The first of those who did not get it.
fn refused(review: &Review, ctx: &Context) -> String {
    let mut lines: Vec<String> = review.blocked.iter().take(NAMED).map(|one| one.openid.to_string()).collect();
    let more = review.blocked.len().saturating_sub(NAMED) as u64;
    if more > 0 {
        lines.push(ctx.say_with("cli.more_findings", &[("count", &number::thousands(more))]));
    }
    lines.join("\n")
}
