use crate::domain::account::Account;
use crate::domain::id::AccountId;
use jiff::Timestamp;

/// What can be done about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountHelp {
    /// Check it step by step.
    Check,
    /// Look at its host, AppID and AppSecret.
    Edit,
    /// Set its daily counters back.
    ClearQuota,
}

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
    /// One was changed.
    Changed {
        /// Which.
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
    /// Something is to be done about an account, from elsewhere than its pane.
    Wanted {
        /// Which.
        account: AccountId,
        /// What.
        what: AccountHelp,
    },
    /// Something was learnt about the token of an account.
    TokenKnown {
        /// Whose.
        account: AccountId,
        /// How long it is good; none if there is none yet.
        until: Option<Timestamp>,
    },
}
