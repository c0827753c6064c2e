//! The plan: outcome of a request and history of its row → what happens next. No I/O, no clock of its own.

use super::delivery::{IN_REVIEW, State};
use super::errcode::{self, Class};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// No retry of an ambiguous row starts later than this after its first request: WeChat's own window of ten minutes
/// (`wechat-api.md §5.3`) must surely still hold when the request arrives.
pub const AMBIGUOUS_WINDOW: SignedDuration = SignedDuration::from_mins(8);

/// When a row refused for "too frequently" (43117) is tried once more.
pub const FREQUENCY_PAUSE: Duration = Duration::from_mins(5);

/// When a row refused for its template (40037, which also comes intermittently) is tried once more.
pub const TEMPLATE_PAUSE: Duration = Duration::from_secs(5);

/// How one request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// WeChat answered; 0 is a yes.
    Answered {
        /// The code.
        errcode: i64,
    },
    /// The connection never came about: nothing left this machine.
    NotSent,
    /// The request was refused before anyone read it (HTTP 412).
    Rejected,
    /// It may or may not have arrived: timeout, reset, HTTP 5xx, unreadable reply.
    Ambiguous,
}

/// What is known of a row when a request for it has ended. `attempts` does not count that request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct History {
    /// Requests that counted.
    pub attempts: u32,
    /// Whether any of them may have arrived unnoticed.
    pub ambiguous: bool,
    /// When the first request was about to leave, by the ledger.
    pub first_sent_at: Timestamp,
    /// The code that the row got last, for those that are tried just once more.
    pub last_errcode: Option<i64>,
}

/// What happens next with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It has come to its end.
    Settle(State),
    /// Queued again; the request counted. Starts not before this has passed.
    Retry(Duration),
    /// Queued again as if the request had not been; what has to happen first is said.
    Back(Obstacle),
}

/// What stands in the way of more than this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// The token was refused.
    Token,
    /// The minute's quota is spent: wait for the next minute, and slower.
    Minute,
    /// The template was refused: hold everything, try this row again after [`TEMPLATE_PAUSE`].
    Template,
    /// No other row of this job, or of this account, will fare better.
    Stop,
    /// The host was not reached.
    Network,
}

/// A decided row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What happens next.
    pub next: Next,
    /// The row's history after this request.
    pub attempts: u32,
    /// Whether any request so far may have arrived unnoticed.
    pub ambiguous: bool,
}

/// Decides what follows from one outcome. `max_attempts` is at least 1.
pub fn decide(outcome: &Outcome, row: History, max_attempts: u32, now: Timestamp) -> Decision {
    let ambiguous = row.ambiguous || *outcome == Outcome::Ambiguous;
    let counted = row.attempts + 1;
    let next = match outcome {
        Outcome::Ambiguous => retry_or(State::Unknown, Tried { ambiguous, counted, max_attempts, history: row }, now),
        Outcome::NotSent => Next::Back(Obstacle::Network),
        Outcome::Rejected => Next::Back(Obstacle::Stop),
        Outcome::Answered { errcode } => answered(*errcode, Tried { ambiguous, counted, max_attempts, history: row }, now),
    };
    let attempts = if matches!(next, Next::Back(_)) { row.attempts } else { counted };
    Decision { next, attempts, ambiguous }
}

/// Whether a queued row may be sent at this moment. An ambiguous one may not when its window is over, or when the clock went
/// backwards and nobody can tell: it ends as unknown.
pub fn may_send(ambiguous: bool, first_sent_at: Option<Timestamp>, now: Timestamp) -> bool {
    match first_sent_at {
        Some(first) if ambiguous => {
            let since = now.duration_since(first);
            !since.is_negative() && since <= AMBIGUOUS_WINDOW
        }
        _ => true,
    }
}

/// What becomes of a row found `sending` after its process died: its request may have arrived.
pub fn resolve_interrupted(row: History, max_attempts: u32, now: Timestamp) -> Decision {
    decide(&Outcome::Ambiguous, row, max_attempts, now)
}

#[derive(Clone, Copy)]
struct Tried {
    ambiguous: bool,
    counted: u32,
    max_attempts: u32,
    history: History,
}

fn answered(errcode: i64, row: Tried, now: Timestamp) -> Next {
    match errcode {
        // In review: WeChat sends it by itself if it passes.
        0 | IN_REVIEW => Next::Settle(State::Accepted),
        // "Duplicate in 60 seconds": after an unclear attempt it means that the first one arrived.
        40241 => Next::Settle(if row.ambiguous { State::Accepted } else { State::Skipped }),
        43117 if row.history.last_errcode == Some(43117) => Next::Settle(no(row.ambiguous)),
        43117 => Next::Retry(FREQUENCY_PAUSE),
        40037 if row.history.last_errcode == Some(40037) => Next::Back(Obstacle::Stop),
        40037 => Next::Back(Obstacle::Template),
        _ => match errcode::class_of(errcode) {
            Class::Ok => Next::Settle(State::Accepted),
            Class::RefreshToken => Next::Back(Obstacle::Token),
            Class::WaitQuota => Next::Back(Obstacle::Minute),
            Class::StopJob | Class::StopAccount => Next::Back(Obstacle::Stop),
            Class::FailRecipient => Next::Settle(no(row.ambiguous)),
            Class::Retry => retry_or(no(row.ambiguous), row, now),
        },
    }
}

/// A definite no is final only if no earlier request may have arrived.
fn no(ambiguous: bool) -> State {
    if ambiguous { State::Unknown } else { State::Failed }
}

fn retry_or(end: State, row: Tried, now: Timestamp) -> Next {
    if row.counted >= row.max_attempts || !may_send(row.ambiguous, Some(row.history.first_sent_at), now) {
        Next::Settle(end)
    } else {
        Next::Retry(backoff(row.counted))
    }
}

/// 1 s, 2 s, 4 s … up to 30 s; the caller adds jitter.
pub fn backoff(attempt: u32) -> Duration {
    Duration::from_secs(1 << attempt.saturating_sub(1).min(5)).min(Duration::from_secs(30))
}

#[cfg(test)]
mod tests;
