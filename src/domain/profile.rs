//! All that is known of one user.

use super::id::TagId;
use super::user::User;
use jiff::Timestamp;

/// All that the cache has of one user (`wechat-api.md §9.2`), and what the operator calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What lists show.
    pub user: User,
    /// The name that was imported, which is then the nickname as well.
    pub name: Option<String>,
    /// Their tags, by name; empty where no list of tags has it.
    pub tags: Vec<(TagId, String)>,
    /// Id across the accounts of one Open Platform account.
    pub unionid: Option<String>,
    /// Such as `zh_CN`; empty where WeChat does not tell.
    pub language: String,
    /// How they came, as WeChat writes it; empty until it is known.
    pub scene: String,
    /// When WeChat told the most of it.
    pub read: Read,
}

/// When the details of a user were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Never: only the openid is known.
    Never,
    /// In the last walk over the followers, which found them all at this time; none while it is under way.
    LastSync(Option<Timestamp>),
    /// Before it.
    Earlier,
    /// Just now, of this one alone.
    Now(Timestamp),
}

impl Read {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::LastSync(_) => "last_sync",
            Self::Earlier => "earlier",
            Self::Now(_) => "now",
        }
    }

    /// When, where that is known.
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::LastSync(at) => at,
            Self::Now(at) => Some(at),
            Self::Never | Self::Earlier => None,
        }
    }
}
