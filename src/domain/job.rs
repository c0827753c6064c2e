//! One confirmed send.

use super::account::{PaceLimits, TokenSource};
use super::audience::{Audience, Excluded};
use super::delivery::Counts;
use super::id::{AccountId, JobId, OpenId, RowNo};
use super::message::Message;
use super::placeholders::{Params, Personal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A job as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number in this store.
    pub id: JobId,
    /// Makes its `client_msg_id`s unlike those of any other store.
    pub nonce: Nonce,
    /// The account it sends from.
    pub account: AccountId,
    /// The message, frozen at confirmation.
    pub message: Message,
    /// Title of the template, as it was then.
    pub title: String,
    /// The audience in words.
    pub audience: String,
    /// The audience as an expression; none in a retry.
    pub terms: Option<Audience>,
    /// Who was left out at confirmation.
    pub excluded: Excluded,
    /// Pace it was confirmed with.
    pub pace: PaceLimits,
    /// Most requests for one row, 1 to 10.
    pub attempts: u32,
    /// Where it stands.
    pub state: JobState,
    /// Why it is paused, or stopped before its end.
    pub reason: Option<StopReason>,
    /// The job whose failed or unknown rows it sends again.
    pub retry_of: Option<JobId>,
    /// How many rows stand where.
    pub counts: Counts,
    /// When it was confirmed.
    pub created_at: Timestamp,
    /// When it last ran to an end, a pause or a cancellation.
    pub finished_at: Option<Timestamp>,
    /// Milliseconds it has been running, over all its runs.
    pub running_ms: u64,
}

impl Job {
    /// The message as one recipient gets it: `params` is what was frozen for them.
    pub fn message_to(&self, openid: &OpenId, params: Option<&Params>) -> Message {
        let Some(params) = params else { return self.message.clone() };
        let personal = Personal::read(&self.message);
        let rendered = personal.and_then(|personal| personal.render(&params.with_openid(openid)).ok());
        rendered.unwrap_or_else(|| self.message.clone())
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// A process works on it, or did until it was killed.
    Running,
    /// Stopped, to be resumed.
    Paused,
    /// Every row came to its end.
    Done,
    /// Stopped for good by the operator.
    Cancelled,
}

impl JobState {
    /// As the ledger and the command line write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Back from the ledger.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Paused, Self::Done, Self::Cancelled].into_iter().find(|state| state.as_str() == text)
    }
}

/// Why a job stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StopReason {
    /// The operator paused it.
    Operator,
    /// The operator cancelled it.
    Cancelled,
    /// The process was asked to end.
    Interrupted,
    /// WeChat answered with a code that no other row will escape.
    Refused {
        /// The code.
        errcode: i64,
        /// WeChat's words.
        errmsg: String,
        /// Which call it was: the same code means another thing on another call.
        #[serde(default)]
        call: Call,
    },
    /// The same code came for many rows in succession.
    SameFailure {
        /// The code.
        errcode: i64,
        /// WeChat's words.
        errmsg: String,
        /// How many in succession.
        times: u32,
    },
    /// The host could not be reached.
    Network {
        /// What happened, without anything secret.
        detail: String,
    },
    /// The AppSecret could not be had (variable not set, command failed).
    Secret {
        /// What happened, without anything secret.
        detail: String,
    },
    /// The ledger could not be written.
    Store {
        /// What happened.
        detail: String,
    },
}

/// A call that a run makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Sending to one recipient.
    #[default]
    Send,
    /// Fetching a token that kicks out no other.
    StableToken,
    /// Fetching a token that replaces the one before.
    LegacyToken,
}

impl Call {
    /// Its path, as codes are explained by it.
    pub fn path(self) -> &'static str {
        match self {
            Self::Send => "/cgi-bin/message/template/send",
            Self::StableToken => "/cgi-bin/stable_token",
            Self::LegacyToken => "/cgi-bin/token",
        }
    }
}

impl From<TokenSource> for Call {
    fn from(source: TokenSource) -> Self {
        match source {
            TokenSource::Stable => Self::StableToken,
            TokenSource::Legacy => Self::LegacyToken,
        }
    }
}

impl StopReason {
    /// When a stop at `stopped` should have passed by itself. The day's quota (45009) begins anew at 00:00 UTC+8, which is expected
    /// and not confirmed by WeChat (`wechat-api.md §12`).
    pub fn passes_at(&self, stopped: Timestamp) -> Option<Timestamp> {
        const DAY: i64 = 86_400;
        const BEIJING: i64 = 8 * 3600;
        match self {
            Self::Refused { errcode: 45009, .. } => {
                let days = (stopped.as_second() + BEIJING).div_euclid(DAY) + 1;
                Timestamp::from_second(days * DAY - BEIJING).ok()
            }
            _ => None,
        }
    }
}

/// 64 random bits of a job. With the row they make the `client_msg_id` (`wechat-api.md §5.3`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub u64);

impl Nonce {
    /// The same for every request of a row, and at most 32 characters of `[A-Za-z0-9_-]`.
    pub fn client_msg_id(self, row: RowNo) -> String {
        format!("mb{:016x}-{:x}", self.0, row.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_msg_id_is_short_and_plain_whatever_the_row() {
        let id = Nonce(u64::MAX).client_msg_id(RowNo(i64::from(u32::MAX)));
        assert!(id.len() <= 32, "{id}");
        assert!(id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        assert_ne!(Nonce(1).client_msg_id(RowNo(1)), Nonce(1).client_msg_id(RowNo(2)));
        assert_ne!(Nonce(1).client_msg_id(RowNo(1)), Nonce(2).client_msg_id(RowNo(1)));
    }

    #[test]
    fn a_spent_day_passes_at_midnight_in_beijing() {
        let spent = StopReason::Refused { errcode: 45009, errmsg: "reach max api daily quota limit".into(), call: Call::Send };
        for (stopped, passes) in [
            ("2026-11-23T06:30:00Z", "2026-11-23T16:00:00Z"),
            ("2026-11-23T15:59:59Z", "2026-11-23T16:00:00Z"),
            ("2026-11-23T16:00:00Z", "2026-11-24T16:00:00Z"),
        ] {
            assert_eq!(spent.passes_at(stopped.parse().unwrap()), Some(passes.parse().unwrap()), "{stopped}");
        }
        let wrong_ip = StopReason::Refused { errcode: 40164, errmsg: String::new(), call: Call::Send };
        assert_eq!(wrong_ip.passes_at(Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn states_and_reasons_survive_the_ledger() {
        for state in [JobState::Running, JobState::Paused, JobState::Done, JobState::Cancelled] {
            assert_eq!(JobState::parse(state.as_str()), Some(state));
        }
        let reason = StopReason::Refused { errcode: 40164, errmsg: "invalid ip".into(), call: Call::StableToken };
        assert_eq!(serde_json::from_str::<StopReason>(&serde_json::to_string(&reason).unwrap()).unwrap(), reason);
    }
}
