use crate::domain::people::{RemarkError, TagError};
use crate::domain::told::{Sentence, Told};
use crate::session::SessionError;
use crate::store::StoreError;
use crate::text::told::in_english;
use thiserror::Error;

/// Why a tag or a remark was not changed.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// A rule of tags stands against it; nothing was asked of WeChat.
    Tag(TagError),
    /// A rule of remarks does.
    Remark(RemarkError),
    /// WeChat or the network did not take it, or the files failed.
    Session(#[from] SessionError),
}

impl From<TagError> for ChangeError {
    fn from(error: TagError) -> Self {
        Self::Tag(error)
    }
}

impl From<RemarkError> for ChangeError {
    fn from(error: RemarkError) -> Self {
        Self::Remark(error)
    }
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

impl Told for ChangeError {
    fn told(&self) -> Sentence {
        match self {
            Self::Tag(rule) => rule.told(),
            Self::Remark(rule) => rule.told(),
            Self::Session(error) => error.told(),
        }
    }
}

in_english!(ChangeError);
