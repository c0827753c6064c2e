use super::Generation;
use crate::domain::alias::Aliases;
use crate::domain::id::AccountId;
use crate::domain::template::Template;
use crate::domain::user::{Tag, User, UserKey, UserOrder, Who};

/// What was read for the lists.
#[derive(Debug, Clone, PartialEq)]
pub enum ListsMsg {
    /// All templates of an account.
    TemplatesLoaded {
        /// Of the request.
        generation: Generation,
        /// As WeChat orders them.
        templates: Vec<Template>,
        /// What the operator calls them.
        aliases: Aliases,
    },
    /// All tags of an account.
    TagsLoaded {
        /// Of the request.
        generation: Generation,
        /// By id.
        tags: Vec<Tag>,
    },
    /// One window of users.
    UsersLoaded {
        /// Of the request.
        generation: Generation,
        /// The rows.
        page: UsersPage,
    },
    /// All users that a filter lets through were counted.
    UsersCounted {
        /// Of the request for the first rows.
        generation: Generation,
        /// How many.
        total: u64,
    },
    /// Other users shall be shown, or in another order (from the filter).
    UsersFiltered {
        /// Who stands how.
        who: Who,
        /// Only who never got anything.
        never_sent: bool,
        /// What comes first.
        order: UserOrder,
    },
    /// The list shall be shown from somewhere on.
    JumpWanted {
        /// From where.
        to: Jump,
    },
    /// A user was looked for by the beginning of the openid.
    UserFound {
        /// Of which account.
        account: AccountId,
        /// Where; nowhere if there is none.
        key: Option<UserKey>,
    },
    /// There is none such.
    NobodyThere,
    /// Something could not be read.
    LoadFailed {
        /// Why, for people.
        text: String,
    },
}

/// Rows in the order of the list (newest followers first), whatever the direction they were asked in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UsersPage {
    /// The rows.
    pub rows: Vec<UserRow>,
    /// Whether there are more rows in the direction asked for.
    pub more: bool,
}

/// A user with its place in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRow {
    /// Where it stands.
    pub key: UserKey,
    /// Who it is.
    pub user: User,
}

/// A place in the list of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Jump {
    /// Who followed last before this time, in milliseconds since 1970.
    Before(i64),
    /// Whose openid begins so.
    Openid(String),
}
