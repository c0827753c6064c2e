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
    /// Fetch the openids of whoever is new, and more of them.
    FindNewcomers {
        /// Of which account.
        account: AccountId,
        /// Where to look.
        look: Look,
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
}
