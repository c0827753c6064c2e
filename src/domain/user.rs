//! Followers and tags as the cache knows them.

use super::audience::Stale;
use super::id::{OpenId, TagId};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

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
    /// One of whom nothing but the openid is known.
    pub fn stranger(openid: OpenId) -> Self {
        Self {
            openid,
            nickname: String::new(),
            remark: String::new(),
            subscribed: true,
            blacklisted: false,
            subscribe_time: None,
            tags: Vec::new(),
        }
    }

    /// The best human label there is: remark, then nickname; empty if there is neither.
    pub fn label(&self) -> &str {
        if self.remark.is_empty() { &self.nickname } else { &self.remark }
    }
}

/// How far what is known of an account's followers goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserStanding {
    /// Whether all openids of the sync under way, or of the last one, are in.
    pub listed: bool,
    /// Who follows, as far as is known.
    pub followers: u64,
    /// Those of them whose details were ever fetched.
    pub detailed: u64,
    /// When all openids were in the last time.
    pub listed_at: Option<Timestamp>,
}

/// A user as a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub user: User,
    /// What files of the audience say of them, by column.
    pub columns: BTreeMap<String, String>,
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
    /// Only who stands so to the account.
    pub who: Who,
    /// Only who never got anything from this account, as far as this ledger knows.
    pub never_sent: bool,
    /// What comes first.
    pub order: UserOrder,
}

impl UserFilter {
    /// Whether everyone is shown, or everyone with a tag, the newest first: then nobody has to be looked for.
    pub fn is_plain(&self) -> bool {
        self.search.is_empty() && self.who == Who::Everyone && !self.never_sent && self.order == UserOrder::Newest
    }
}

/// How users stand to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Who {
    /// In any way.
    #[default]
    Everyone,
    /// They follow.
    Following,
    /// They did.
    Left,
    /// They are on the blacklist.
    Blocked,
}

/// What comes first in a list of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserOrder {
    /// Who followed last.
    #[default]
    Newest,
    /// By remark, else nickname; who has neither comes at the end.
    Name,
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

impl Listed {
    /// Whether it is older than so many hours, or not whole.
    pub fn stale(self, now: Timestamp, hours: u64) -> Option<Stale> {
        let Some(at) = self.at else { return Some(Stale::Never) };
        let limit = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3600).min(i64::MAX / 3600));
        if now.duration_since(at) > limit { Some(Stale::Since(at)) } else { (!self.whole).then_some(Stale::CutOff(at)) }
    }
}
