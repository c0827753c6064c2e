use crate::domain::payload::{self, Payload, PayloadError};
use crate::tui::context::Context;

/// What there is to say of a text as a body.
#[derive(Debug)]
pub enum Checked {
    /// There is no text yet.
    Empty,
    /// It is a body.
    Body(Box<Payload>),
    /// It is none.
    Wrong(Box<PayloadError>),
}

/// Whether a text by itself reads as a body.
pub fn is_body(text: &str) -> bool {
    Checked::of(text).payload().is_some()
}

impl Checked {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::Empty;
        }
        match payload::read(text) {
            Ok(payload) => Self::Body(Box::new(payload)),
            Err(error) => Self::Wrong(Box::new(error)),
        }
    }

    /// The body that it is.
    pub fn payload(&self) -> Option<&Payload> {
        match self {
            Self::Body(payload) => Some(payload),
            _ => None,
        }
    }

    /// Whether nothing had to be put right.
    pub fn is_clean(&self) -> bool {
        self.payload().is_some_and(|payload| payload.notes.is_empty())
    }

    /// Line and column of what is wrong, from 1, in characters.
    pub fn place(&self) -> Option<(usize, usize)> {
        match self {
            Self::Wrong(error) => error.place(),
            _ => None,
        }
    }

    /// What is wrong, in a sentence.
    pub fn error(&self, ctx: &Context) -> Option<String> {
        match self {
            Self::Wrong(error) => Some(ctx.texts().payload_error(error)),
            _ => None,
        }
    }

    /// What was put right.
    pub fn notes(&self, ctx: &Context) -> Vec<String> {
        let notes = self.payload().map_or(&[][..], |payload| &payload.notes);
        notes.iter().map(|note| ctx.texts().payload_note(note)).collect()
    }
}
