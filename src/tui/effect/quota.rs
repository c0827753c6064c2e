use crate::domain::id::AccountId;
use crate::manage::quota::ClearForm;

/// About the day's allowance.
#[derive(Debug, Clone, PartialEq)]
pub enum QuotaEffect {
    /// Ask WeChat what is left of it for sending; answered with `QuotaMsg::Seen` or `LookFailed`.
    Look {
        /// Whose.
        account: AccountId,
    },
    /// Set all daily counters back; answered with `QuotaMsg::Cleared` or `ClearRefused`.
    Clear {
        /// Whose.
        account: AccountId,
        /// How it is asked for.
        form: ClearForm,
    },
}
