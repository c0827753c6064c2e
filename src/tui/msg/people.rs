use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::{Tag, User};

/// What became of changes to tags, remarks and the blacklist.
#[derive(Debug, Clone, PartialEq)]
pub enum PeopleMsg {
    /// WeChat took it.
    Changed {
        /// Of which account.
        account: AccountId,
        /// What is different now.
        change: Change,
        /// How many WeChat refused, and why.
        refused: Option<(u64, String)>,
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
    /// These are blocked, or no longer.
    Blocked {
        /// Who.
        openids: Vec<OpenId>,
        /// Whether they are.
        blocked: bool,
    },
}
