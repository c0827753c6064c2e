//! An Official Account as this store knows it.

use super::api_base::ApiBase;
use super::id::{AccountId, AppId, OpenId};
use super::told::{Sentence, Told};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// An account and how to call it. The secret itself is not here: see [`SecretSource`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number in this store.
    pub id: AccountId,
    /// What the operator calls it; unique in the store.
    pub name: String,
    /// The AppID; unique in the store.
    pub appid: AppId,
    /// Where the AppSecret comes from.
    pub secret: SecretSource,
    /// Host of the API.
    pub api_base: ApiBase,
    /// Which token endpoint is used.
    pub token: TokenSource,
    /// How fast it may be called for sending.
    pub pace: PaceLimits,
    /// When the last sync of anything ended well.
    pub last_synced_at: Option<Timestamp>,
    /// Whom a test send goes to.
    pub test_openids: Vec<OpenId>,
    /// The day's allowance for sending, as WeChat last told it.
    pub quota: Option<QuotaSeen>,
}

/// The day's counter of one call, as WeChat told it: for showing, since it lags, and calls were refused long before it ran out
/// (`wechat-api.md §3`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaSeen {
    /// Calls a day.
    pub limit: u64,
    /// Calls made that day.
    pub used: u64,
    /// When WeChat told it.
    pub at: Timestamp,
}

impl QuotaSeen {
    /// Calls left that day.
    pub fn remain(self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// Whether it was told on the day of `now`. The day begins at 00:00 UTC+8, which WeChat has not confirmed (`wechat-api.md §17`).
    pub fn is_of_day(self, now: Timestamp) -> bool {
        let day = |time: Timestamp| jiff::tz::offset(8).to_datetime(time).date();
        day(self.at) == day(now)
    }
}

/// An account that is about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What the operator calls it.
    pub name: String,
    /// The AppID.
    pub appid: AppId,
    /// Where the AppSecret comes from.
    pub secret: SecretSource,
    /// Host of the API.
    pub api_base: ApiBase,
    /// Which token endpoint is used.
    pub token: TokenSource,
    /// How fast it may be called for sending.
    pub pace: PaceLimits,
}

/// Where an AppSecret comes from. Only [`SecretSource::Vault`] has it on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "lowercase")]
pub enum SecretSource {
    /// Typed in by hand or piped in; kept in the vault.
    Vault,
    /// An environment variable, read at each start.
    Env(String),
    /// A command that prints it, run at each start (a password manager).
    Command(String),
}

impl SecretSource {
    /// Whether a command is run for it.
    pub fn is_command(&self) -> bool {
        matches!(self, Self::Command(_))
    }
}

/// Which token endpoint is used (`wechat-api.md §2`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenSource {
    /// `/cgi-bin/stable_token` in normal mode: never kicks out another program's token.
    #[default]
    Stable,
    /// `/cgi-bin/token`: each fetch replaces the token of every other program.
    Legacy,
}

impl TokenSource {
    /// As the command line and the store write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Legacy => "legacy",
        }
    }
}

impl FromStr for TokenSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "stable" => Ok(Self::Stable),
            "legacy" => Ok(Self::Legacy),
            other => Err(format!("`{other}` is not a token source: use `stable` or `legacy`")),
        }
    }
}

/// Requests a second; 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub u32);

/// Why a text is not a rate.
#[derive(Debug, Error, PartialEq, Eq)]
pub struct RateError(String);

impl Told for RateError {
    fn told(&self) -> Sentence {
        Sentence::of("error.rate", "shape").with("text", &self.0)
    }
}

impl Rate {
    /// No limit but the number in flight.
    pub const UNLIMITED: Self = Self(0);

    /// Whether anything is limited.
    pub fn is_unlimited(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim().trim_end_matches("/s").trim_end_matches("/秒");
        number.parse().ok().filter(|n| *n <= 1_000_000).map(Self).ok_or_else(|| RateError(text.into()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

/// How fast an account may be called for sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaceLimits {
    /// Requests a second.
    pub rate: Rate,
    /// Requests in flight, 1 to 1024.
    pub concurrency: u32,
}

impl PaceLimits {
    /// Most requests in flight that may be asked for.
    pub const MAX_CONCURRENCY: u32 = 1024;
}

impl Default for PaceLimits {
    /// 50 a second and 20 in flight (`wechat-api.md §5.4`).
    fn default() -> Self {
        Self { rate: Rate(50), concurrency: 20 }
    }
}

/// Longest account name, in characters: it has to fit the header of an 80-column screen.
pub const MAX_NAME_CHARS: usize = 40;

/// Why a text is not an account name.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Nothing but blanks.
    Empty,
    /// Too long for the screen.
    TooLong(usize),
    /// Control characters would break the screen.
    Control,
}

impl Told for NameError {
    fn told(&self) -> Sentence {
        match self {
            Self::Empty => Sentence::of("error.name", "empty"),
            Self::TooLong(chars) => Sentence::of("error.name", "too_long").with("most", MAX_NAME_CHARS).with("chars", chars),
            Self::Control => Sentence::of("error.name", "control"),
        }
    }
}

/// Checks a name typed by a person; blanks around it are dropped.
pub fn parse_name(text: &str) -> Result<String, NameError> {
    let name = text.trim();
    let chars = name.chars().count();
    if name.is_empty() {
        Err(NameError::Empty)
    } else if chars > MAX_NAME_CHARS {
        Err(NameError::TooLong(chars))
    } else if name.chars().any(char::is_control) {
        Err(NameError::Control)
    } else {
        Ok(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_with_and_without_their_unit() {
        assert_eq!("50".parse(), Ok(Rate(50)));
        assert_eq!(" 200/s ".parse(), Ok(Rate(200)));
        assert!("0".parse::<Rate>().unwrap().is_unlimited());
        for bad in ["", "-1", "fast", "50/m", "9999999999"] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_day_of_a_quota_begins_at_midnight_in_beijing() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let seen = QuotaSeen { limit: 10, used: 3, at: time("2026-11-23T15:59:59Z") };
        assert!(seen.is_of_day(time("2026-11-22T16:00:00Z")) && seen.is_of_day(seen.at));
        assert!(!seen.is_of_day(time("2026-11-23T16:00:00Z")) && !seen.is_of_day(time("2026-11-22T15:59:59Z")));
    }

    #[test]
    fn names_are_short_and_clean() {
        assert_eq!(parse_name(" Acme 服务号 ").unwrap(), "Acme 服务号");
        assert_eq!(parse_name("  "), Err(NameError::Empty));
        assert_eq!(parse_name("a\nb"), Err(NameError::Control));
        assert_eq!(parse_name(&"长".repeat(41)), Err(NameError::TooLong(41)));
    }
}
