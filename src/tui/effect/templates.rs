use crate::domain::id::{AccountId, TemplateId};
use crate::manage::industry::Pair;

/// Changing the account's templates and industries at WeChat.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatesEffect {
    /// Take one from the library; answered with `TemplatesMsg::Added` or `AddRefused`.
    Add {
        /// For whom.
        account: AccountId,
        /// Its number in the library.
        short_id: String,
        /// Names of its keywords, in the order they shall have.
        keywords: Vec<String>,
    },
    /// Look for unfinished jobs that need one; answered with `TemplatesMsg::JobsFound`.
    FindJobs {
        /// Whose.
        account: AccountId,
        /// Which template.
        template: TemplateId,
    },
    /// Delete one for good; answered with `TemplatesMsg::Deleted` or `Refused`.
    Delete {
        /// Whose.
        account: AccountId,
        /// Which.
        template: TemplateId,
        /// What it is called, for the answer.
        title: String,
    },
    /// Read the list anew and say what became of one; answered with `TemplatesMsg::Refreshed` or `Refused`.
    Refresh {
        /// Whose.
        account: AccountId,
        /// Which.
        template: TemplateId,
        /// What it is called, for the answer.
        title: String,
    },
    /// Ask for the account's industries; answered with `TemplatesMsg::IndustriesLoaded`.
    LoadIndustries {
        /// Whose.
        account: AccountId,
    },
    /// Work out what setting them would delete; answered with `TemplatesMsg::Weighed`.
    WeighIndustries {
        /// Whose.
        account: AccountId,
        /// Which they shall be.
        pair: Pair,
    },
    /// Set both; answered with `TemplatesMsg::IndustriesSet` or `Refused`.
    SetIndustries {
        /// Whose.
        account: AccountId,
        /// Which they shall be.
        pair: Pair,
    },
    /// Call one so from now on; with no name, by its title only. Answered with `TemplatesMsg::Aliased` or `AliasRefused`.
    SetAlias {
        /// Whose.
        account: AccountId,
        /// Which.
        template: TemplateId,
        /// Its name as it was typed.
        alias: Option<String>,
    },
}
