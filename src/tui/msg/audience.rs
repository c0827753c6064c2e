use super::Generation;
use crate::domain::audience::{Join, Reach, UserSet};
use crate::domain::user::User;

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
    /// The last set was taken away again.
    Shortened,
    /// Nobody, again.
    Cleared,
    /// It was counted.
    Counted {
        /// Of the request.
        generation: Generation,
        /// How many.
        reach: Reach,
        /// Who is the first, for the preview.
        first: Option<User>,
    },
    /// It could not be counted.
    CountFailed {
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
