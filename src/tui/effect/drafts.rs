use crate::domain::draft::Draft;
use crate::domain::id::{AccountId, DraftId};

/// About drafts.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftsEffect {
    /// Read those of an account; answered with `DraftsMsg::Loaded`.
    LoadDrafts {
        /// Whose.
        account: AccountId,
    },
    /// Keep a draft as it stands now. Of many in succession the last is written, within a second.
    SaveDraft {
        /// Whose.
        account: AccountId,
        /// The draft.
        draft: Box<Draft>,
    },
    /// Delete a draft; saving it brings it back.
    DeleteDraft {
        /// Which.
        draft: DraftId,
    },
}
