use crate::domain::id::AccountId;

/// About syncing.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncEffect {
    /// Fetch templates, tags and users.
    StartSync {
        /// Of which account.
        account: AccountId,
    },
    /// Fetch the openids of all followers, and more of whoever is new only.
    FindNewcomers {
        /// Of which account.
        account: AccountId,
    },
    /// Stop fetching; what was fetched stays.
    CancelSync {
        /// Of which account.
        account: AccountId,
    },
}
