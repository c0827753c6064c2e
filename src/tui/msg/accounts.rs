use crate::domain::account::Account;
use crate::domain::id::AccountId;
use jiff::Timestamp;

/// What happened to the accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountsMsg {
    /// All accounts were read; `active` is the one used last.
    Loaded {
        /// By name.
        accounts: Vec<Account>,
        /// Which one to open.
        active: Option<AccountId>,
    },
    /// An account was stored.
    Added {
        /// Its number.
        id: AccountId,
    },
    /// It was not stored.
    AddRefused {
        /// Why, for people.
        text: String,
    },
    /// The operator turned to an account (from the accounts pane).
    Chosen {
        /// Which.
        account: Account,
    },
    /// Something was learnt about the token of an account.
    TokenKnown {
        /// Whose.
        account: AccountId,
        /// How long it is good; none if there is none yet.
        until: Option<Timestamp>,
    },
}
