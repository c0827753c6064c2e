use crate::domain::message::Message;
use crate::domain::payload::Payload;
use crate::domain::template::Template;

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
    },
    /// The message, or the field under the cursor, changed (from the compose pane).
    Edited {
        /// As it stands now; none if there is no template.
        draft: Option<Draft>,
    },
}

/// A message being written.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The template that is filled in.
    pub template: Template,
    /// What would be sent.
    pub message: Message,
    /// The key under the cursor, to be marked in the preview.
    pub key: Option<String>,
}
