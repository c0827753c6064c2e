use crate::domain::audience::Audience;
use crate::domain::id::AccountId;
use crate::tui::msg::Generation;

/// About who gets it.
#[derive(Debug, Clone, PartialEq)]
pub enum AudienceEffect {
    /// Count it and find its first recipient.
    CountAudience {
        /// For the answer.
        generation: Generation,
        /// Of which account.
        account: AccountId,
        /// Whom.
        audience: Audience,
    },
}
