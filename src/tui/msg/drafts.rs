use crate::domain::draft::Draft;
use crate::domain::id::{AccountId, DraftId};
use crate::domain::job::Job;

/// What happened to drafts.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftsMsg {
    /// Those of an account were read.
    Loaded {
        /// Whose.
        account: AccountId,
        /// The one changed last first.
        drafts: Vec<Draft>,
    },
    /// One could not be written.
    NotSaved {
        /// Why, for people.
        text: String,
    },
    /// One was taken up again as the operator had left it, in this pane (from the compose pane).
    Reopened {
        /// Number of the pane; 0 if it is not known.
        pane: u8,
    },
    /// They are others now (from the compose pane).
    Changed {
        /// The one changed last first.
        drafts: Vec<Draft>,
        /// The one in the form.
        open: Option<DraftId>,
    },
    /// One was chosen to go on with (from the list of drafts).
    Picked {
        /// Which.
        draft: DraftId,
    },
    /// A new message is wanted (from the list of drafts).
    NewWanted,
    /// A copy is wanted (from the list of drafts).
    CopyWanted {
        /// Of which.
        draft: DraftId,
    },
    /// One was given a name (from the list of drafts).
    Renamed {
        /// Which.
        draft: DraftId,
        /// The name; empty takes it away.
        name: String,
    },
    /// One is not wanted any more (from the list of drafts).
    Dropped {
        /// Which.
        draft: DraftId,
    },
    /// One that was dropped is wanted again (from the list of drafts).
    WantedBack {
        /// As it was.
        draft: Box<Draft>,
    },
    /// What a job sent is to be written on with (from the history).
    JobTaken {
        /// The job.
        job: Box<Job>,
    },
}
