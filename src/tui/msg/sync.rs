use crate::domain::id::AccountId;
use crate::domain::user::{Listed, UserStanding};
use crate::sync::Cut;
use std::time::Duration;

/// What happened to a sync.
#[derive(Debug, Clone, PartialEq)]
pub enum SyncMsg {
    /// It began.
    Started {
        /// Of which account.
        account: AccountId,
    },
    /// It got further.
    Advanced {
        /// Of which account.
        account: AccountId,
        /// What is being fetched.
        part: SyncPart,
        /// How much is done.
        done: u64,
        /// Of how much, where known.
        total: Option<u64>,
        /// How many a second.
        rate: Option<u64>,
        /// How long it still takes.
        left: Option<Duration>,
    },
    /// All of it went well.
    Finished {
        /// Of which account.
        account: AccountId,
        /// What there is now.
        summary: SyncSummary,
    },
    /// It was stopped by the operator; what was fetched stays.
    Cancelled {
        /// Of which account.
        account: AccountId,
    },
    /// It ended badly.
    Failed {
        /// Of which account.
        account: AccountId,
        /// Why, for people.
        text: String,
        /// What is there all the same.
        standing: UserStanding,
    },
    /// How old the list of followers is became known.
    Listed {
        /// Of which account.
        account: AccountId,
        /// How old.
        listed: Listed,
    },
}

/// What is being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncPart {
    /// Templates.
    Templates,
    /// Tags.
    Tags,
    /// The list of followers.
    Users,
    /// Their remarks and times.
    Details,
    /// Who has which tag.
    Members,
    /// Who is blocked.
    Blacklist,
}

/// What there is after a sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SyncSummary {
    /// Templates.
    pub templates: u64,
    /// Tags.
    pub tags: u64,
    /// Followers.
    pub users: u64,
    /// Who came since the last sync.
    pub added: u64,
    /// Who left since the last sync.
    pub unsubscribed: u64,
    /// Calls that it took.
    pub requests: u64,
    /// Of a look for newcomers alone: how many came.
    pub came: Option<u64>,
    /// Where the day's allowance of a call ended, if it did.
    pub cut: Option<Cut>,
}
