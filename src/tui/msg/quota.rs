use crate::domain::account::QuotaSeen;
use crate::domain::id::AccountId;

/// What happened to the day's allowance.
#[derive(Debug, Clone, PartialEq)]
pub enum QuotaMsg {
    /// WeChat told what is left for sending.
    Seen {
        /// Whose.
        account: AccountId,
        /// What it told.
        quota: QuotaSeen,
    },
    /// It could not be asked.
    LookFailed {
        /// Whose.
        account: AccountId,
        /// Why, for people.
        text: String,
    },
    /// All daily counters were set back.
    Cleared {
        /// Name of the account.
        name: String,
        /// What is left for sending now, or why that could not be asked.
        left: Result<QuotaSeen, String>,
    },
    /// They were not.
    ClearRefused {
        /// Why, for people.
        text: String,
        /// WeChat's code, if it gave one, with the path of the call that it answered.
        code: Option<(i64, &'static str)>,
    },
}
