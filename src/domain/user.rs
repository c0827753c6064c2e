//! Followers and tags as the cache knows them.

use super::id::{OpenId, TagId};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// One who follows the account, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The id within the account.
    pub openid: OpenId,
    /// Empty for nearly everyone since 2021 (`wechat-api.md §9.2`).
    pub nickname: String,
    /// The operator's own note, in most accounts the only human label.
    pub remark: String,
    /// Whether the last full sync saw this user.
    pub subscribed: bool,
    /// Whether the account has blocked this user.
    pub blacklisted: bool,
    /// When this user last followed the account.
    pub subscribe_time: Option<Timestamp>,
    /// Tags this user has.
    pub tags: Vec<TagId>,
}

impl User {
    /// The best human label there is: remark, then nickname; empty if there is neither.
    pub fn label(&self) -> &str {
        if self.remark.is_empty() { &self.nickname } else { &self.remark }
    }
}

/// A tag of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its number at WeChat.
    pub id: TagId,
    /// What the operator calls it.
    pub name: String,
    /// How many users have it by WeChat's count, which lags (`wechat-api.md §10`).
    pub count: u64,
}

/// Which users a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    /// Part of the openid, remark or nickname; empty for everyone.
    pub search: String,
    /// Only who has this tag.
    pub tag: Option<TagId>,
}

/// Place of a user in the list, newest follower first. Lists are paged by it, never by offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserKey {
    /// Milliseconds since 1970; 0 where unknown.
    pub subscribe_time: i64,
    /// Row in the cache.
    pub id: i64,
}

/// Which page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageAt<K> {
    /// The first rows.
    First,
    /// The rows that follow this one.
    After(K),
    /// The rows that come right before this one, in list order.
    Before(K),
    /// The last rows, in list order.
    Last,
}

/// How old what is known of an account's followers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// When the list of followers was whole last; nothing before the first time.
    pub at: Option<Timestamp>,
    /// Whether the last sync came to its end, with tags and blacklist.
    pub whole: bool,
}

/// Why the list of followers should be synced before it is sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// It was never whole: some followers may be missing.
    Never,
    /// It is of then: some may have left since, and others have come.
    Since(Timestamp),
    /// It is of then, and the last sync did not come to its end: tags and blacklist may be older.
    CutOff(Timestamp),
}

impl Listed {
    /// Whether it is too old to be relied on, or not whole.
    pub fn stale(self, now: Timestamp, after: Duration) -> Option<Stale> {
        let Some(at) = self.at else { return Some(Stale::Never) };
        let age = now.duration_since(at);
        if age > SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX) {
            Some(Stale::Since(at))
        } else {
            (!self.whole).then_some(Stale::CutOff(at))
        }
    }
}
