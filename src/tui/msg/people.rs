use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::{Tag, User};
use crate::manage::tags::Uses;

/// What became of changes to tags, remarks and the blacklist.
#[derive(Debug, Clone, PartialEq)]
pub enum PeopleMsg {
    /// WeChat took it.
    Changed {
        /// Of which account.
        account: AccountId,
        /// What is different now.
        change: Change,
        /// For whom it was not made.
        rest: Rest,
    },
    /// What a tag is used for is known: it may be asked whether to delete it.
    TagUses {
        /// Of which account.
        account: AccountId,
        /// Which.
        tag: Tag,
        /// Drafts, kept audiences and users.
        uses: Uses,
    },
    /// WeChat did not take it.
    Refused {
        /// Why, for people.
        text: String,
    },
    /// Those who followed last are known.
    Newest {
        /// Of which account.
        account: AccountId,
        /// The newest first.
        users: Vec<User>,
    },
}

/// For whom a change for many was not made, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rest {
    /// Left out since they no longer follow.
    pub left: u64,
    /// Left out since they have as many tags as a user can have.
    pub full: u64,
    /// How many WeChat refused, and why, for people.
    pub refused: Vec<(u64, String)>,
    /// Those of them who were refused with others, and not each alone.
    pub undivided: u64,
    /// How many were not tried, and why it stopped, for people.
    pub stopped: Option<(u64, String)>,
}

/// What is different now.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// There is a new tag.
    TagMade(Tag),
    /// A tag has another name.
    TagRenamed(Tag),
    /// A tag is gone.
    TagDeleted(Tag),
    /// These have a tag, or have it no longer.
    Tagged {
        /// Which.
        tag: Tag,
        /// Who.
        openids: Vec<OpenId>,
        /// Whether they have it.
        has: bool,
    },
    /// A user is called something.
    Remarked {
        /// Who.
        openid: OpenId,
        /// What.
        remark: String,
    },
    /// A user is known to follow no longer.
    Gone {
        /// Who.
        openid: OpenId,
    },
    /// These are blocked, or no longer.
    Blocked {
        /// Who.
        openids: Vec<OpenId>,
        /// Whether they are.
        blocked: bool,
    },
}
