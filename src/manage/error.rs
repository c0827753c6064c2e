use crate::domain::people::{RemarkError, TagError};
use crate::session::SessionError;
use crate::store::StoreError;
use thiserror::Error;

/// Why a tag or a remark was not changed.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// A rule of tags stands against it; nothing was asked of WeChat.
    #[error("a rule of tags: {}", .0.key())]
    Tag(TagError),
    /// A rule of remarks does.
    #[error("a rule of remarks: {}", .0.key())]
    Remark(RemarkError),
    /// WeChat or the network did not take it, or the files failed.
    #[error(transparent)]
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
