//! The engine counts, whoever shows it reads: never a message per recipient.

use crate::domain::delivery::{Counts, State};
use crate::domain::job::StopReason;
use jiff::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Counters of one run of a job.
#[derive(Debug)]
pub struct Progress {
    total: AtomicU64,
    accepted: AtomicU64,
    failed: AtomicU64,
    unknown: AtomicU64,
    skipped: AtomicU64,
    in_flight: AtomicU64,
    waiting: AtomicU64,
    /// What nothing gets past at present, and when it is tried again.
    held: Mutex<Option<(Timestamp, StopReason)>>,
    /// Settled in this run.
    settled: AtomicU64,
    started: Instant,
    /// Milliseconds from the start to the end of the run; 0 while it goes on.
    ended: AtomicU64,
}

/// A snapshot of the counters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobView {
    /// How many rows stand where.
    pub counts: Counts,
    /// Requests on their way.
    pub in_flight: u64,
    /// Rows waiting to be tried again.
    pub waiting: u64,
    /// Rows settled a second, over this run.
    pub rate: f64,
    /// How long this run took so far.
    pub elapsed: Duration,
}

impl Progress {
    /// Begins with what earlier runs reached.
    pub fn new(counts: Counts) -> Self {
        Self {
            total: counts.total.into(),
            accepted: counts.accepted.into(),
            failed: counts.failed.into(),
            unknown: counts.unknown.into(),
            skipped: counts.skipped.into(),
            in_flight: 0.into(),
            waiting: 0.into(),
            held: Mutex::new(None),
            settled: 0.into(),
            started: Instant::now(),
            ended: 0.into(),
        }
    }

    /// The ledger's word at the moment when the job was taken up: what the caller knew may be old.
    pub(super) fn begin(&self, counts: Counts) {
        self.total.store(counts.total, Relaxed);
        self.accepted.store(counts.accepted, Relaxed);
        self.failed.store(counts.failed, Relaxed);
        self.unknown.store(counts.unknown, Relaxed);
        self.skipped.store(counts.skipped, Relaxed);
    }

    /// What to show.
    pub fn view(&self) -> JobView {
        let counts = Counts {
            total: self.total.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            failed: self.failed.load(Relaxed),
            unknown: self.unknown.load(Relaxed),
            skipped: self.skipped.load(Relaxed),
        };
        let elapsed = match self.ended.load(Relaxed) {
            0 => self.started.elapsed(),
            ended => Duration::from_millis(ended),
        };
        let seconds = elapsed.as_secs_f64();
        let settled = self.settled.load(Relaxed) as f64;
        JobView {
            counts,
            in_flight: self.in_flight.load(Relaxed),
            waiting: self.waiting.load(Relaxed),
            rate: if seconds > 0.0 { settled / seconds } else { 0.0 },
            elapsed,
        }
    }

    /// What nothing gets past at present, and when it is tried again.
    pub fn held(&self) -> Option<(Timestamp, StopReason)> {
        self.lock_held().clone()
    }

    /// Rows settled a second, over this run.
    pub fn rate(&self) -> f64 {
        let seconds = self.started.elapsed().as_secs_f64();
        if seconds > 0.0 { self.settled.load(Relaxed) as f64 / seconds } else { 0.0 }
    }

    pub(super) fn settle(&self, state: State) {
        let counter = match state {
            State::Accepted => &self.accepted,
            State::Failed => &self.failed,
            State::Unknown => &self.unknown,
            State::Skipped => &self.skipped,
            State::Queued | State::Sending => return,
        };
        counter.fetch_add(1, Relaxed);
        self.settled.fetch_add(1, Relaxed);
    }

    pub(super) fn show(&self, in_flight: usize, waiting: usize) {
        self.in_flight.store(in_flight as u64, Relaxed);
        self.waiting.store(waiting as u64, Relaxed);
    }

    pub(super) fn hold(&self, until: Timestamp, why: StopReason) {
        *self.lock_held() = Some((until, why));
    }

    pub(super) fn go_on(&self) {
        *self.lock_held() = None;
    }

    fn lock_held(&self) -> MutexGuard<'_, Option<(Timestamp, StopReason)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn end(&self) -> Duration {
        let elapsed = self.started.elapsed();
        self.ended.store((elapsed.as_millis() as u64).max(1), Relaxed);
        elapsed
    }
}
