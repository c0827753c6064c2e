//! Reads may be repeated: a busy server, a spent minute or a broken connection is waited out, not reported. All calls of a sync
//! share one pace: when WeChat is busy, fewer of them are in flight for a while.

use super::SyncProgress;
use crate::domain::account::{PaceLimits, Rate};
use crate::domain::errcode::{self, Class};
use crate::domain::id::AccountId;
use crate::domain::plan::backoff;
use crate::domain::secret::AccessToken;
use crate::session::{Go, Pace, Session, SessionError, Slot};
use crate::wechat::{CallError, Client};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Most calls for one read.
const TRIES: u32 = 5;

/// Most tries to reach a host: a wrong address or a cut cable should be told soon.
const CONNECTIONS: u32 = 3;

/// How soon to look again for room in flight after WeChat was busy.
const MOMENT: Duration = Duration::from_millis(10);

/// How long is waited for what passes.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    /// For the next minute, when that of now is spent (45011).
    pub minute: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { minute: Duration::from_mins(1) }
    }
}

/// The calls of one sync.
pub struct Calls<'a> {
    session: &'a Session,
    pub progress: &'a SyncProgress,
    pace: Arc<Pace>,
    /// Most calls in flight.
    pub concurrency: usize,
    pauses: Pauses,
}

impl<'a> Calls<'a> {
    pub fn new(session: &'a Session, progress: &'a SyncProgress, concurrency: usize, pauses: Pauses) -> Self {
        let concurrency = concurrency.clamp(1, PaceLimits::MAX_CONCURRENCY as usize);
        let limits = PaceLimits { rate: Rate::UNLIMITED, concurrency: concurrency as u32 };
        let pace = Arc::new(Pace::new(limits));
        Self { session, progress, pace, concurrency, pauses }
    }

    /// Whose users and templates are fetched.
    pub fn account(&self) -> AccountId {
        self.session.account().id
    }

    /// Makes a read, up to five times where waiting can help.
    pub async fn repeat<T, F>(&self, call: impl Fn(Client, AccessToken) -> F) -> Result<T, SessionError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        for attempt in 1..TRIES {
            match self.once(&call).await {
                Err(error) => match self.pause(&error, attempt) {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => return Err(error),
                },
                done => return done,
            }
        }
        self.once(&call).await
    }

    async fn once<T, F>(&self, call: impl Fn(Client, AccessToken) -> F) -> Result<T, SessionError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let _slot = self.slot().await;
        self.progress.count_request();
        self.session.call(call).await
    }

    async fn slot(&self) -> Slot {
        loop {
            match self.pace.try_start(Instant::now()) {
                Go::Now(slot) => return slot,
                Go::At(then) => tokio::time::sleep_until(then).await,
                Go::WhenFreed => tokio::time::sleep(MOMENT).await,
            }
        }
    }

    /// How long to wait before the same read is tried again; none where it would fare no better. The others slow down as well.
    fn pause(&self, error: &SessionError, attempt: u32) -> Option<Duration> {
        let (SessionError::Call(error) | SessionError::Token(error)) = error else { return None };
        match error {
            CallError::Api(failure) => match errcode::class_of(failure.errcode) {
                Class::Retry => {
                    self.pace.slow_down(Instant::now());
                    Some(backoff(attempt))
                }
                Class::WaitQuota => {
                    self.pace.slow_down(Instant::now());
                    self.pace.block_until(Instant::now() + self.pauses.minute);
                    Some(self.pauses.minute)
                }
                _ => None,
            },
            CallError::NotSent { .. } => (attempt < CONNECTIONS).then(|| Duration::from_millis(250 << attempt)),
            CallError::Ambiguous { .. } => Some(backoff(attempt)),
            CallError::Refused { .. } => None,
        }
    }
}
