use super::Generation;
use crate::domain::draft::Spot;
use crate::domain::id::{OpenId, TemplateId};
use crate::domain::message::Message;
use crate::domain::payload::Payload;
use crate::domain::seen::Known;
use crate::domain::template::Template;
use crate::domain::user::{Recipient, User};
use crate::tui::effect::Step;

/// What happened to the message being written.
#[derive(Debug, Clone, PartialEq)]
pub enum ComposeMsg {
    /// A template was chosen (from the templates pane).
    TemplateChosen {
        /// Which.
        template: Template,
    },
    /// A body was written or came from elsewhere, and shall be what the form holds (from the JSON editor).
    BodyTaken {
        /// What it says.
        payload: Box<Payload>,
        /// Whether it is a message of its own, and not a change of the one in the form.
        fresh: bool,
    },
    /// A place in the form was chosen, to be written in (from the findings).
    Jumped {
        /// Which.
        spot: Spot,
    },
    /// The message, or the field under the cursor, changed (from the compose pane).
    Edited {
        /// As it stands now; none if there is no template.
        shown: Option<Box<Shown>>,
    },
    /// It was found out which values a template's fields are known to take.
    KnownLoaded {
        /// Of which template.
        template: TemplateId,
        /// The values, and the names of placeholders.
        known: Known,
    },
    /// Another recipient was looked for.
    Stepped {
        /// Of the request.
        generation: Generation,
        /// Which way.
        step: Step,
        /// Who it is; nobody if there is no other.
        recipient: Option<Recipient>,
    },
}

/// A message as the preview shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The template that is filled in.
    pub template: Template,
    /// What would be sent to the recipient.
    pub message: Message,
    /// Who that is; nobody if nobody is known.
    pub to: Option<User>,
    /// Whether WeChat would refuse it.
    pub refused: bool,
    /// The key under the cursor, to be marked in the preview.
    pub key: Option<String>,
}

impl Shown {
    /// The request body; where nobody is known, `OPENID` stands for the recipient.
    pub fn body(&self) -> String {
        let to = self.to.as_ref().map_or_else(|| OpenId::trusted("OPENID"), |user| user.openid.clone());
        self.message.body(&to)
    }
}
