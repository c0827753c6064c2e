//! How far a sync has come. The sync counts, whoever shows it reads.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// What is being fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Not begun.
    Waiting,
    /// Templates.
    Templates,
    /// Tags.
    Tags,
    /// Openids of the followers.
    Openids,
    /// Their details.
    Details,
    /// Who has which tag.
    Members,
    /// Who is blocked.
    Blacklist,
}

const STEPS: [Step; 7] =
    [Step::Waiting, Step::Templates, Step::Tags, Step::Openids, Step::Details, Step::Members, Step::Blacklist];

impl Step {
    /// Name of its text in the language tables, under `sync`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Templates => "templates",
            Self::Tags => "tags",
            Self::Openids => "openids",
            Self::Details => "details",
            Self::Members => "members",
            Self::Blacklist => "blacklist",
        }
    }
}

/// Counters of one sync.
#[derive(Debug)]
pub struct SyncProgress {
    step: AtomicU8,
    /// Those of an earlier sync, in this step.
    skipped: AtomicU64,
    done: AtomicU64,
    total: AtomicU64,
    requests: AtomicU64,
    began: Instant,
    /// When this step began, in milliseconds since the sync did.
    entered: AtomicU64,
}

impl Default for SyncProgress {
    fn default() -> Self {
        let [skipped, done, total, requests, entered] = [const { AtomicU64::new(0) }; 5];
        Self { step: AtomicU8::new(0), skipped, done, total, requests, began: Instant::now(), entered }
    }
}

/// A snapshot of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncView {
    /// What is being fetched.
    pub step: Step,
    /// How many of this step are in.
    pub done: u64,
    /// How many there will be; 0 while unknown.
    pub total: u64,
    /// Calls made so far.
    pub requests: u64,
    /// How many of this step came in a second; 0 while nobody can tell.
    pub rate: u64,
}

impl SyncView {
    /// How long this step will take at that rate, if that can be told.
    pub fn left(self) -> Option<Duration> {
        let missing = self.total.checked_sub(self.done).filter(|missing| *missing > 0)?;
        (self.rate > 0).then(|| Duration::from_secs(missing.div_ceil(self.rate)))
    }
}

/// A rate is told after so many milliseconds of a step.
const TELLING: u64 = 500;

impl SyncProgress {
    /// Begins a step, its counters at zero.
    pub fn enter(&self, step: Step) {
        let place = STEPS.iter().position(|known| *known == step).unwrap_or(0);
        self.done.store(0, Relaxed);
        self.skipped.store(0, Relaxed);
        self.total.store(0, Relaxed);
        self.entered.store(self.began.elapsed().as_millis() as u64, Relaxed);
        self.step.store(place as u8, Relaxed);
    }

    /// More of this step came in.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Relaxed);
    }

    /// So many of this step are in from an earlier sync.
    pub fn skip(&self, count: u64) {
        self.skipped.store(count, Relaxed);
        self.done.store(count, Relaxed);
    }

    /// How many there will be.
    pub fn expect(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// One more call.
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Relaxed);
    }

    /// What to show.
    pub fn view(&self) -> SyncView {
        let done = self.done.load(Relaxed);
        let millis = (self.began.elapsed().as_millis() as u64).saturating_sub(self.entered.load(Relaxed));
        let came = done.saturating_sub(self.skipped.load(Relaxed));
        SyncView {
            step: STEPS.get(usize::from(self.step.load(Relaxed))).copied().unwrap_or(Step::Waiting),
            done,
            total: self.total.load(Relaxed),
            requests: self.requests.load(Relaxed),
            rate: if millis < TELLING { 0 } else { came.saturating_mul(1000) / millis },
        }
    }
}
