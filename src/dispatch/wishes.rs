//! What other processes of this home ask of a running job. They write it to the ledger, the process at work reads it there.

use crate::domain::account::PaceLimits;
use crate::domain::id::JobId;
use crate::store::{Store, StoreResult, Wish};
use std::pin::Pin;
use std::time::Duration;

/// How often the ledger is asked.
const ASKED_EVERY: Duration = Duration::from_millis(500);

/// A wish, if there is one, and the pace that is wanted.
pub type Wanted = (Option<Wish>, PaceLimits);

type Asking = Pin<Box<dyn Future<Output = StoreResult<Option<Wanted>>> + Send>>;

/// Reads the wishes for one job, now and then.
pub struct Wishes {
    store: Store,
    job: JobId,
    asking: Asking,
}

impl Wishes {
    /// Begins to listen.
    pub fn new(store: Store, job: JobId) -> Self {
        let asking = ask(store.clone(), job);
        Self { store, job, asking }
    }

    /// Waits for the next reading. A failed one says nothing: whether the ledger can be written is found out elsewhere.
    pub async fn next(&mut self) -> Option<Wanted> {
        let wanted = self.asking.as_mut().await;
        self.asking = ask(self.store.clone(), self.job);
        wanted.ok().flatten()
    }
}

fn ask(store: Store, job: JobId) -> Asking {
    Box::pin(async move {
        tokio::time::sleep(ASKED_EVERY).await;
        store.wanted(job).await
    })
}
