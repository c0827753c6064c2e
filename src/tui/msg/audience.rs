use super::Generation;
use crate::audience::Taken;
use crate::domain::audience::{Audience, Exclusion, Join, Reach, UserSet};
use crate::domain::job::Job;
use crate::domain::recipient_file::ReadFile;
use crate::domain::user::{Recipient, User};
use crate::store::KeptAudience;

/// What happened to who gets it.
#[derive(Debug, Clone, PartialEq)]
pub enum AudienceMsg {
    /// "Send to these and to no one else" (from tags, users or the audience layer).
    Chosen {
        /// Whom.
        set: UserSet,
    },
    /// One more set was joined.
    Joined {
        /// How.
        join: Join,
        /// Whom.
        set: UserSet,
    },
    /// It was put together anew (from the audience layer).
    Edited {
        /// Whom.
        audience: Audience,
    },
    /// Nobody, again.
    Cleared,
    /// It was counted.
    Counted {
        /// Of the request.
        generation: Generation,
        /// How many.
        reach: Reach,
        /// Who is the first, for the preview.
        first: Option<Box<Recipient>>,
        /// The columns that files of it have.
        columns: Vec<String>,
    },
    /// It could not be counted.
    CountFailed {
        /// Of the request.
        generation: Generation,
        /// Why, for people.
        text: String,
    },
    /// One of the beginnings of an audience was counted.
    StepCounted {
        /// Which.
        audience: Audience,
        /// How many.
        reach: Reach,
    },
    /// The sets are known that an audience can be put together of.
    SetsLoaded {
        /// Which.
        sets: Box<Sets>,
    },
    /// So many rows of a file were read.
    FileReading {
        /// Of the request.
        generation: Generation,
        /// How many.
        rows: u64,
    },
    /// A file of recipients was read.
    FileRead {
        /// Of the request.
        generation: Generation,
        /// What is in it.
        file: Box<FileSeen>,
    },
    /// It was not.
    FileFailed {
        /// Of the request.
        generation: Generation,
        /// Why, for people.
        text: String,
    },
    /// Whose card the preview shows (from the users or the compose pane).
    PreviewAs {
        /// Who; none: the sample.
        user: Option<User>,
    },
    /// Which users are marked in the list (from the users pane).
    Selected {
        /// How many.
        set: UserSet,
    },
    /// The users with one tag were asked for (from the tags pane).
    TagOpened {
        /// Which.
        tag: crate::domain::user::Tag,
    },
}

/// What an audience can be put together of, beside everyone, tags and single users.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sets {
    /// Kept by name.
    pub kept: Vec<KeptAudience>,
    /// Files that were read, the latest first.
    pub files: Vec<ReadFile>,
    /// Earlier jobs, the latest first.
    pub jobs: Vec<Job>,
}

/// A file of recipients, before it is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct FileSeen {
    /// What is in it.
    pub taken: Taken,
    /// How many it reaches by itself.
    pub reach: Reach,
    /// Why its first rows would be left out, in their order; nothing for a recipient.
    pub verdicts: Vec<Option<Exclusion>>,
}
