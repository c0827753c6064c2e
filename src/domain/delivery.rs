//! One recipient's row of a job, and the states it goes through (`design`: queued → sending → accepted, failed or unknown).

use super::id::{JobId, OpenId, RowNo};
use super::placeholders::Params;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not sent yet, or waiting to be tried again.
    Queued,
    /// About to be sent or on its way; durable before the first byte leaves.
    Sending,
    /// WeChat took it.
    Accepted,
    /// A definite no for this recipient.
    Failed,
    /// The request may or may not have arrived.
    Unknown,
    /// Not sent: cancelled, or refused as a repeat.
    Skipped,
}

impl State {
    /// Every state, in the order of the screen's filters.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Sending, Self::Accepted, Self::Failed, Self::Unknown, Self::Skipped];

    /// As the ledger numbers it; these numbers are on disk and never change.
    pub fn code(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Sending => 1,
            Self::Accepted => 2,
            Self::Failed => 3,
            Self::Unknown => 4,
            Self::Skipped => 5,
        }
    }

    /// Back from the ledger's number.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// As the command line writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
        }
    }

    /// Whether nothing more will happen to it in this job.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Sending)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| format!("`{text}` is not a state; there are {}", known()))
    }
}

/// One row of the ledger as the screen and the export show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The job it belongs to.
    pub job: JobId,
    /// Its place in the job.
    pub row: RowNo,
    /// The recipient.
    pub openid: OpenId,
    /// Where it stands.
    pub state: State,
    /// Requests that counted.
    pub attempts: u32,
    /// Whether any request may have arrived without our knowing.
    pub ambiguous: bool,
    /// The last errcode; none if WeChat never answered.
    pub errcode: Option<i64>,
    /// The last errmsg, or what went wrong on the way.
    pub errmsg: Option<String>,
    /// WeChat's number of the accepted message; up to 64 bits.
    pub msgid: Option<u64>,
    /// When this row last changed; none if it was never touched.
    pub updated_at: Option<Timestamp>,
    /// What placeholders stand for; none if the message is the same for everyone.
    pub params: Option<Params>,
}

/// The code of a message that WeChat took into a content review: it is accepted, and may still never arrive
/// (`wechat-api.md §4.8`).
pub const IN_REVIEW: i64 = 40252;

/// How the words of a row begin whose message the review refused.
pub const REFUSED_IN_REVIEW: &str = "refused in review, not delivered";

impl Delivery {
    /// Whether WeChat took the message and its review was later found to have refused it.
    pub fn is_refused_in_review(&self) -> bool {
        self.errcode == Some(IN_REVIEW) && self.errmsg.as_deref().is_some_and(|errmsg| errmsg.starts_with(REFUSED_IN_REVIEW))
    }
}

/// How many deliveries stand where. `queued` includes those waiting to be tried again and those on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
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
}

impl Counts {
    /// What is still to be done.
    pub fn queued(&self) -> u64 {
        self.total.saturating_sub(self.settled())
    }

    /// What has come to its end.
    pub fn settled(&self) -> u64 {
        self.accepted + self.failed + self.unknown + self.skipped
    }

    /// Counts one more row that came to its end.
    pub fn settle(&mut self, state: State) {
        match state {
            State::Accepted => self.accepted += 1,
            State::Failed => self.failed += 1,
            State::Unknown => self.unknown += 1,
            State::Skipped => self.skipped += 1,
            State::Queued | State::Sending => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_stable_numbers_and_names() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(state));
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!(State::ALL.map(State::code), [0, 1, 2, 3, 4, 5]);
        assert!("sent".parse::<State>().unwrap_err().contains("accepted"));
    }

    #[test]
    fn the_counts_always_add_up() {
        let mut counts = Counts { total: 4, ..Counts::default() };
        for state in [State::Accepted, State::Failed, State::Queued] {
            counts.settle(state);
        }
        assert_eq!((counts.settled(), counts.queued()), (2, 2));
    }
}
