use crate::domain::id::{AccountId, OpenId};
use crate::domain::message::Message;
use crate::domain::template::Template;

/// About test sends: to one's own openids.
#[derive(Debug, Clone, PartialEq)]
pub enum TestSendEffect {
    /// Find out who they are and how many of them can be sent to; answered with `TestSendMsg::LookedUp`.
    LookUp {
        /// Of which account.
        account: AccountId,
        /// Whom.
        openids: Vec<OpenId>,
    },
    /// Send to them now, as a job of its own, and remember them; answered with `TestSendMsg::Begun` or `Refused`.
    Start {
        /// From which account.
        account: AccountId,
        /// What.
        message: Message,
        /// The template that it fills in.
        template: Box<Template>,
        /// To whom.
        openids: Vec<OpenId>,
    },
}
