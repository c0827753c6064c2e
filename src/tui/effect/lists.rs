use crate::domain::id::AccountId;
use crate::domain::user::{PageAt, UserFilter, UserKey};
use crate::tui::msg::Generation;

/// Reading the lists: load …
#[derive(Debug, Clone, PartialEq)]
pub enum ListsEffect {
    /// All templates of an account.
    Templates {
        /// For the answer.
        generation: Generation,
        /// Whose.
        account: AccountId,
    },
    /// All tags of an account.
    Tags {
        /// For the answer.
        generation: Generation,
        /// Whose.
        account: AccountId,
    },
    /// One window of users.
    Users {
        /// For the answer.
        generation: Generation,
        /// Whose.
        account: AccountId,
        /// Which users.
        filter: UserFilter,
        /// Which window of them.
        at: PageAt<UserKey>,
        /// At most so many rows.
        count: u32,
        /// Whether all of them are to be counted, too.
        counted: bool,
    },
    /// Make searching quick, since somebody is about to search.
    WarmUsers {
        /// Whose.
        account: AccountId,
    },
    /// Find the first user whose openid begins so; answered with `ListsMsg::UserFound`.
    FindUser {
        /// Whose.
        account: AccountId,
        /// How it begins.
        prefix: String,
    },
}
