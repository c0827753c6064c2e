//! Why a job could not be made or run. How a job that ran ended is no error: see [`super::Finished`].

use crate::domain::audience::{Excluded, Reach};
use crate::domain::id::JobId;
use crate::domain::lang::Lang;
use crate::domain::told::{Sentence, Told};
use crate::session::SessionError;
use crate::store::{LockError, StoreError};
use crate::text::lang::Texts;
use crate::text::told::in_english;
use thiserror::Error;

/// What the ledger keeps of a delivery that no answer tells of, in English as all that it keeps of errors.
pub(super) fn kept(key: &'static str) -> String {
    Texts::of(Lang::En).told(&Sentence::of("error.delivery", key))
}

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum DispatchError {
    /// Nobody is left of the audience.
    Nobody(Excluded),
    /// The job has no rows in the state asked for, or a later retry has them all.
    NothingToRetry(JobId),
    /// The same again.
    Same(JobId),
    /// Between the question and the answer somebody came, left or was tagged.
    Changed(Reach),
    /// Another process works on it.
    Held(JobId),
    /// It came to its end before.
    Finished(JobId),
    /// The account could not be called.
    Session(#[from] SessionError),
    /// The ledger failed.
    Store(#[from] StoreError),
    /// A lock could not be made.
    Lock(LockError),
}

impl Told for DispatchError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.dispatch", key);
        match self {
            Self::Nobody(excluded) => of("nobody")
                .count("excluded", excluded.total())
                .count("unsubscribed", excluded.unsubscribed)
                .count("blacklisted", excluded.blacklisted)
                .count("unknown", excluded.unknown_user)
                .count("invalid", excluded.invalid),
            Self::NothingToRetry(job) => of("nothing_to_retry").with("job", job),
            Self::Same(job) => of("same").with("job", job),
            Self::Changed(reach) => of("changed").count("recipients", reach.recipients).count("excluded", reach.excluded.total()),
            Self::Held(job) => of("held").with("job", job),
            Self::Finished(job) => of("finished").with("job", job),
            Self::Session(error) => error.told(),
            Self::Store(error) => error.told(),
            Self::Lock(error) => error.told(),
        }
    }
}

in_english!(DispatchError);
