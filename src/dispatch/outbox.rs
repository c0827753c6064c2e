//! What is claimed and not yet written back: the only way from the engine to the ledger. One transaction is under way at a
//! time; what comes up meanwhile waits for the next.

use super::waiting::Waiting;
use crate::domain::id::{JobId, RowNo};
use crate::store::{Attempt, Change, Claim, Claimed, Store, StoreResult, Turn, Turned};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// Outcomes are written at the latest this long after the reply (the contract allows 100 ms).
const WRITTEN_WITHIN: Duration = Duration::from_millis(50);
/// Outcomes that are written at once.
const BATCH: usize = 256;

type UnderWay = Pin<Box<dyn Future<Output = StoreResult<Turned>> + Send>>;

/// Rows between the ledger and the network.
pub struct Outbox {
    store: Store,
    job: JobId,
    /// Durable as `sending`, not started.
    pub ready: VecDeque<Claimed>,
    /// Queued, to be claimed again when due.
    pub waiting: Waiting,
    changes: Vec<Change>,
    attempts: Vec<Attempt>,
    oldest: Option<Instant>,
    cursor: Option<RowNo>,
    /// No queued row is left behind the cursor.
    exhausted: bool,
    under_way: Option<UnderWay>,
}

impl Outbox {
    pub fn new(store: Store, job: JobId) -> Self {
        Self {
            store,
            job,
            ready: VecDeque::new(),
            waiting: Waiting::default(),
            changes: Vec::new(),
            attempts: Vec::new(),
            oldest: None,
            cursor: None,
            exhausted: false,
            under_way: None,
        }
    }

    /// Notes what became of a row; it is durable after one of the next turns.
    pub fn record(&mut self, change: Change, now: Instant) {
        self.changes.push(change);
        self.oldest.get_or_insert(now);
    }

    /// Notes a request worth keeping.
    pub fn keep(&mut self, attempt: Attempt) {
        self.attempts.push(attempt);
    }

    /// Whether every row was claimed once, and nothing waits to be claimed again or written.
    pub fn is_done(&self) -> bool {
        self.exhausted && self.ready.is_empty() && self.waiting.is_empty() && self.is_written()
    }

    /// Whether everything that was noted is durable.
    pub fn is_written(&self) -> bool {
        self.changes.is_empty() && self.under_way.is_none()
    }

    /// How many rows more may be claimed, of `window` that may be claimed and unsettled.
    fn room(&self, in_flight: usize, window: usize) -> usize {
        window.saturating_sub(in_flight + self.ready.len())
    }

    /// Begins a transaction if one is due. `window` is how many rows may be claimed and unsettled; 0 claims none.
    pub fn begin_turn(&mut self, now: Instant, in_flight: usize, window: usize) {
        if self.under_way.is_some() {
            return;
        }
        let room = self.room(in_flight, window);
        let again = self.waiting.due(now, room);
        let limit = if self.exhausted { 0 } else { room - again.len() };
        // A handful of rows is not worth a transaction, unless nothing else is left to send.
        let claims = !again.is_empty() || limit > 0 && (limit >= window / 4 || self.ready.is_empty());
        let writes = self.changes.len() >= BATCH || self.oldest.is_some_and(|oldest| now >= oldest + WRITTEN_WITHIN);
        if !claims && !writes {
            return;
        }
        let claim =
            Claim { after: self.cursor, limit: if claims { limit as u32 } else { 0 }, again, at: claims.then(Timestamp::now) };
        self.start(claim);
    }

    /// Begins a transaction that writes all there is and claims nothing.
    pub fn begin_last_turn(&mut self) {
        if self.under_way.is_none() && !self.changes.is_empty() {
            self.start(Claim::default());
        }
    }

    /// Waits for the transaction under way; never ends where there is none.
    pub async fn turned(&mut self) -> StoreResult<()> {
        let Some(under_way) = self.under_way.as_mut() else { return std::future::pending().await };
        let result = under_way.await;
        self.under_way = None;
        let turned = result?;
        if let Some(last) = turned.claimed.iter().map(|row| row.row).max() {
            self.cursor = self.cursor.max(Some(last));
        }
        self.exhausted |= turned.exhausted;
        self.ready.extend(turned.claimed);
        Ok(())
    }

    /// When the next transaction is due at the latest. A row that is due while there is no room for it sets no time: it would
    /// keep the engine awake for nothing, and room is made by something else that wakes it.
    pub fn deadline(&self, in_flight: usize, window: usize) -> Option<Instant> {
        if self.under_way.is_some() {
            return None;
        }
        let due = self.waiting.next().filter(|_| self.room(in_flight, window) > 0);
        [self.oldest.map(|oldest| oldest + WRITTEN_WITHIN), due].into_iter().flatten().min()
    }

    fn start(&mut self, claim: Claim) {
        let turn = Turn { changes: std::mem::take(&mut self.changes), attempts: std::mem::take(&mut self.attempts), claim };
        self.oldest = None;
        let (store, job) = (self.store.clone(), self.job);
        self.under_way = Some(Box::pin(async move { store.turn(job, turn).await }));
    }
}
