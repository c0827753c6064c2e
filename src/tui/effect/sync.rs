use crate::domain::id::AccountId;
use crate::sync::Look;

/// About syncing.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncEffect {
    /// Fetch templates, tags and users.
    StartSync {
        /// Of which account.
        account: AccountId,
    },
    /// Stop fetching; what was fetched stays.
    CancelSync {
        /// Of which account.
        account: AccountId,
    },
    /// Tell how old the list of followers is.
    LoadListed {
        /// Of which account.
        account: AccountId,
    },
    /// Read the newest followers from the store.
    LoadNewest {
        /// Of which account.
        account: AccountId,
        /// How many.
        count: u32,
    },
    /// Ask WeChat who followed lately.
    LookForNewcomers {
        /// Of which account.
        account: AccountId,
        /// Where to look.
        look: Look,
    },
}
