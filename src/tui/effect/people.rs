use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::Tag;

/// Changing tags, remarks and the blacklist at WeChat; answered with `PeopleMsg::Changed` or `Refused`.
#[derive(Debug, Clone, PartialEq)]
pub enum PeopleEffect {
    /// Make a tag.
    MakeTag {
        /// For whom.
        account: AccountId,
        /// What it is called.
        name: String,
    },
    /// Give a tag another name.
    RenameTag {
        /// Whose.
        account: AccountId,
        /// Which.
        tag: Tag,
        /// What it is called from now on.
        name: String,
    },
    /// Look up what a tag is used for; answered with `PeopleMsg::TagUses`.
    FindUses {
        /// Whose.
        account: AccountId,
        /// Which.
        tag: Tag,
    },
    /// Delete a tag.
    DeleteTag {
        /// Whose.
        account: AccountId,
        /// Which.
        tag: Tag,
    },
    /// Give a tag to users, or take it from them.
    SetTag {
        /// Whose.
        account: AccountId,
        /// Which.
        tag: Tag,
        /// Whom.
        openids: Vec<OpenId>,
        /// Whether they have it then.
        has: bool,
    },
    /// Call a user something.
    Remark {
        /// Whose.
        account: AccountId,
        /// Whom.
        openid: OpenId,
        /// What; nothing takes away what is there.
        remark: String,
    },
    /// Put users on the blacklist, or take them off.
    Block {
        /// Whose.
        account: AccountId,
        /// Whom.
        openids: Vec<OpenId>,
        /// Whether they are on it then.
        blocked: bool,
    },
    /// Note that a user follows no longer, as a send was told; asks nobody.
    MarkGone {
        /// Whose follower.
        account: AccountId,
        /// Who.
        openid: OpenId,
    },
    /// Look for those who followed last; answered with `PeopleMsg::Newest`.
    FindNewest {
        /// Of which account.
        account: AccountId,
    },
}
