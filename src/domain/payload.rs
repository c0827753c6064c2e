//! Reading a raw send body that a person wrote or found (`wechat-api.md §5.1, §14`). What is meant beyond doubt is put right and
//! told in notes; the rest is refused in one sentence with its place.

mod body;
mod error;
mod find;
mod json;
mod names;
mod note;
mod shell;

pub use error::{Expected, Fault, PayloadError, Syntax};
pub use note::Note;

use super::id::OpenId;
use super::message::Message;
use note::Notes;

/// What a raw body says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The recipient it names, if any.
    pub to: Option<OpenId>,
    /// The message without its recipient.
    pub message: Message,
    /// What was put right, or left out because it has no effect.
    pub notes: Vec<Note>,
}

/// Reads a send body, alone or within whatever it was found in.
pub fn read(text: &str) -> Result<Payload, PayloadError> {
    let mut notes = Notes::default();
    let read = find::body(text, &mut notes).and_then(|found| body::read(found.body, found.to, &mut notes));
    let (to, message) = read.map_err(|wrong| wrong.told(text))?;
    Ok(Payload { to, message, notes: notes.into_vec() })
}

#[cfg(test)]
mod tests;
