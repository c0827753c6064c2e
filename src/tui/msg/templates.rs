use crate::domain::alias::AliasError;
use crate::domain::id::{AccountId, JobId, TemplateId};
use crate::manage::industry::Pair;
use crate::manage::templates::Fate;
use crate::wechat::Industries;

/// What happened to the account's templates and industries at WeChat. `listed` tells whether the list could be read after it,
/// and is an error for people if not: the change stands all the same.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatesMsg {
    /// One was taken from the library.
    Added {
        /// For whom.
        account: AccountId,
        /// Its id.
        id: TemplateId,
        /// Its title; none while the list does not have it.
        title: Option<String>,
        /// Whether the cache has the list after it.
        listed: Result<(), String>,
    },
    /// None was added.
    AddRefused {
        /// For whom.
        account: AccountId,
        /// Why.
        refusal: Refusal,
    },
    /// The unfinished jobs that need one are known.
    JobsFound {
        /// Which template.
        template: TemplateId,
        /// Newest first.
        jobs: Vec<JobId>,
    },
    /// One was deleted.
    Deleted {
        /// Whose.
        account: AccountId,
        /// What it was called.
        title: String,
        /// Whether the cache has the list after it.
        listed: Result<(), String>,
    },
    /// The list was read anew.
    Refreshed {
        /// Whose.
        account: AccountId,
        /// What the one asked for is called.
        title: String,
        /// What became of it.
        fate: Fate,
    },
    /// The industries were told, or not.
    IndustriesLoaded {
        /// Whose.
        account: AccountId,
        /// In the server's words.
        told: Result<Industries, Refusal>,
    },
    /// What setting these would do is known, or could not be worked out.
    Weighed {
        /// Whose.
        account: AccountId,
        /// The new ones.
        pair: Pair,
        /// What it would do.
        weighed: Result<Weighed, Refusal>,
    },
    /// Both were set.
    IndustriesSet {
        /// Whose.
        account: AccountId,
        /// To these.
        pair: Pair,
        /// Whether the cache has the list after it.
        listed: Result<(), String>,
    },
    /// One is called otherwise from now on.
    Aliased {
        /// Whose.
        account: AccountId,
        /// Which.
        template: TemplateId,
        /// As it is kept; none: by its title only.
        alias: Option<String>,
    },
    /// It is called as it was.
    AliasRefused {
        /// Whose.
        account: AccountId,
        /// Which.
        template: TemplateId,
        /// Why.
        error: AliasError,
    },
    /// Something else was not done.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

/// What a change of industries would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weighed {
    /// Nothing: the account has just these.
    Already,
    /// Templates with these titles would be deleted.
    Loses(Vec<String>),
}

/// Why WeChat did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// For people.
    pub text: String,
    /// WeChat's code, if it gave one, with the path of the call that it answered.
    pub code: Option<(i64, &'static str)>,
    /// Whether it may have been done all the same: no answer came that tells.
    pub unsure: bool,
}
