use super::SendOrder;
use crate::domain::audience::Audience;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::template::Template;
use crate::tui::msg::Generation;

/// About the message being written.
#[derive(Debug, Clone, PartialEq)]
pub enum ComposeEffect {
    /// Find out which values a template's fields are known to take; answered with `ComposeMsg::KnownLoaded`.
    LoadKnown {
        /// Whose.
        account: AccountId,
        /// Which template.
        template: Box<Template>,
    },
    /// Find another recipient to see the message with the eyes of; answered with `ComposeMsg::Stepped`.
    StepRecipient {
        /// For the answer.
        generation: Generation,
        /// What would be sent, and to whom.
        order: Box<SendOrder>,
        /// Whose eyes they are now.
        from: OpenId,
        /// Which way.
        step: Step,
    },
    /// Find out what the audience's files say of this recipient; answered with `ComposeMsg::Stepped`.
    LookWith {
        /// For the answer.
        generation: Generation,
        /// Of which account.
        account: AccountId,
        /// Whose files.
        audience: Audience,
        /// Who.
        openid: OpenId,
    },
}

/// Which recipient comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The one after; after the last the first again.
    Next,
    /// The one before; before the first the last again.
    Previous,
    /// The next one of whose message there is something to say.
    NextFlawed,
}
