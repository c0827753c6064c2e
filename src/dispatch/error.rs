//! Why a job could not be made or run. How a job that ran ended is no error: see [`super::Finished`].

use crate::domain::audience::{Excluded, Reach};
use crate::domain::id::JobId;
use crate::session::SessionError;
use crate::store::{LockError, StoreError};
use thiserror::Error;

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum DispatchError {
    /// Nobody is left of the audience.
    #[error("nobody to send to: {} left out ({} unsubscribed, {} blacklisted, {} unknown to this account, {} no openids)",
        .0.total(), .0.unsubscribed, .0.blacklisted, .0.unknown_user, .0.invalid)]
    Nobody(Excluded),
    /// The job has no rows in the state asked for, or a later retry has them all.
    #[error("job {0} has nobody to send to again: no rows in this state, or a later retry has taken them up (see `muban jobs`)")]
    NothingToRetry(JobId),
    /// The same again.
    #[error(
        "this very message went to this very audience in job {0}, which is unfinished or ended less than 24 hours ago; look at it with `muban job show {0}`, or send it again with --again"
    )]
    Same(JobId),
    /// Between the question and the answer somebody came, left or was tagged.
    #[error("the audience changed since you were asked: by now it reaches {}, and {} are left out; nothing was sent, look again and send it then", .0.recipients, .0.excluded.total())]
    Changed(Reach),
    /// Another process works on it.
    #[error("job {0} is being worked on by another muban process")]
    Held(JobId),
    /// It came to its end before.
    #[error("job {0} is finished; there is nothing to resume")]
    Finished(JobId),
    /// The account could not be called.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The ledger failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A lock could not be made.
    #[error(transparent)]
    Lock(LockError),
}
