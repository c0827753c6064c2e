use crate::audience::Choices;
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
    /// Count each of these, the beginnings of an audience being put together; those that were asked for before are not wanted
    /// any more. Answered with `AudienceMsg::StepCounted`.
    CountSteps {
        /// Of which account.
        account: AccountId,
        /// Whom, the shortest first.
        steps: Vec<Audience>,
    },
    /// Look for the sets that an audience can be put together of; answered with `AudienceMsg::SetsLoaded`.
    LoadSets {
        /// Whose.
        account: AccountId,
    },
    /// Read a file of recipients; answered with `AudienceMsg::FileRead` or `FileFailed`, and on the way with `FileReading`.
    ReadFile {
        /// For the answer.
        generation: Generation,
        /// Of which account.
        account: AccountId,
        /// As it was typed.
        path: String,
        /// How it is to be read.
        choices: Choices,
    },
    /// Stop reading it.
    StopReading,
    /// Keep an audience by name, in the place of another of this name.
    Keep {
        /// Of which account.
        account: AccountId,
        /// What it is called.
        name: String,
        /// Whom.
        audience: Audience,
    },
    /// Forget one.
    Forget {
        /// Of which account.
        account: AccountId,
        /// What it is called.
        name: String,
    },
}
