//! A job from its first row to its end, or to where it stops: held by a lock, resumable at every moment.

use super::control::Control;
use super::engine::{Ended, Engine};
use super::error::{DispatchError, kept};
use super::progress::Progress;
use crate::domain::breaker::Breaker;
use crate::domain::delivery::State;
use crate::domain::id::{AccountId, JobId};
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::plan::{self, History, Next};
use crate::session::Pauses;
use crate::session::Session;
use crate::store::{Change, Claim, FileLock, LockError, Store, StoreResult, Turn, Wish};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Interrupted rows that are resolved in one transaction.
const RESOLVED_AT_ONCE: u32 = 5000;

/// How often it is looked whether another process has let a job go.
const LOOKED_EVERY: Duration = Duration::from_millis(200);

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The job as the ledger has it now.
    pub job: Job,
}

/// Takes the job's lock for as long as this process works on it.
async fn hold(store: &Store, job: JobId) -> Result<FileLock, DispatchError> {
    FileLock::take(store.dir(), &lock_name(job)).await.map_err(|error| match error {
        LockError::Held => DispatchError::Held(job),
        error @ LockError::Io { .. } => DispatchError::Lock(error),
    })
}

fn lock_name(job: JobId) -> String {
    format!("job-{job}")
}

/// Whether a process is at work on a job. One that says `running` in the ledger and has nobody was cut off.
pub fn is_running(store: &Store, job: JobId) -> bool {
    matches!(FileLock::try_take(store.dir(), &lock_name(job)), Err(LockError::Held))
}

/// Jobs of an account that other processes send right now; `ours` are those of this one. Each process has a pace of its own, and
/// WeChat sees them added up.
pub async fn sending_elsewhere(store: &Store, account: AccountId, ours: &[JobId]) -> StoreResult<Vec<JobId>> {
    let mut jobs = store.running_jobs(account).await?;
    jobs.retain(|job| !ours.contains(job) && is_running(store, *job));
    Ok(jobs)
}

/// The job as it truly stands: one that says `running` and has nobody at work was cut off.
pub fn as_found(store: &Store, job: Job) -> Job {
    if job.state == JobState::Running && !is_running(store, job.id) {
        return Job { state: JobState::Paused, reason: Some(StopReason::Interrupted), ..job };
    }
    job
}

/// Asks the process at work on a job, if there is one, until it has let it go: one that just begins may miss it once. `job` as it
/// stands now; another run, begun meanwhile, is not meant and not asked.
pub async fn stop_elsewhere(store: &Store, job: &Job, wish: Wish) -> StoreResult<()> {
    let mut look = tokio::time::interval(LOOKED_EVERY);
    while is_running(store, job.id) {
        look.tick().await;
        if store.job(job.id).await?.is_none_or(|now| now.running_ms != job.running_ms) {
            return Ok(());
        }
        store.wish(job.id, job.running_ms, wish).await?;
    }
    Ok(())
}

/// Runs a new job, or one that stopped. Rows that were on their way when a process died are resolved first.
pub async fn run(
    session: Arc<Session>,
    store: Store,
    job: Job,
    progress: Arc<Progress>,
    control: Control,
) -> Result<Finished, DispatchError> {
    run_with(Pauses::default(), session, store, job, progress, control).await
}

/// The same with pauses of another scale, for tests.
pub async fn run_with(
    pauses: Pauses,
    session: Arc<Session>,
    store: Store,
    job: Job,
    progress: Arc<Progress>,
    control: Control,
) -> Result<Finished, DispatchError> {
    let id = job.id;
    let _lock = hold(&store, id).await?;
    // Another process may have finished it before the lock was ours; the pace may be a new one.
    let now = store.job(id).await?.ok_or(DispatchError::Finished(id))?;
    if matches!(now.state, JobState::Done | JobState::Cancelled) {
        return Err(DispatchError::Finished(id));
    }
    let job = Job { pace: job.pace, attempts: job.attempts, ..now };
    progress.begin(job.counts);
    let seen = store.start_job(id, job.pace, job.attempts).await?;
    resolve_interrupted(&store, &job, &progress).await?;
    session.pace().set_limits(job.pace);
    let engine = Engine::new(session, store.clone(), job, Arc::clone(&progress), control);
    let ended = engine.tuned(Breaker::exempting(seen), pauses).run().await;
    let (state, reason, failure) = match ended {
        Ok(Ended::Done) => (JobState::Done, None, None),
        // What should have stopped it came when nothing was left to stop.
        Ok(Ended::Stopped(_)) if is_over(&store, id).await? => (JobState::Done, None, None),
        Ok(Ended::Stopped(StopReason::Cancelled)) => (JobState::Cancelled, Some(StopReason::Cancelled), None),
        Ok(Ended::Stopped(reason)) => (JobState::Paused, Some(reason), None),
        Err(error) => (JobState::Paused, Some(StopReason::Store { detail: error.to_string() }), Some(error)),
    };
    let ran = progress.end();
    let noted = store.stop_job(id, state, reason, ran.as_millis() as u64, Timestamp::now()).await;
    if let Some(failure) = failure {
        // The ledger failed once; whether it could note that as well matters less than why.
        return Err(failure);
    }
    noted?;
    store.job(id).await?.map(|job| Finished { job }).ok_or(DispatchError::Finished(id))
}

async fn is_over(store: &Store, id: JobId) -> Result<bool, DispatchError> {
    Ok(store.job(id).await?.is_some_and(|job| job.counts.queued() == 0))
}

/// Rows found `sending` may have arrived. Inside the window they are sent again with the same `client_msg_id`; after it, nobody
/// can tell.
async fn resolve_interrupted(store: &Store, job: &Job, progress: &Progress) -> Result<(), DispatchError> {
    loop {
        let rows = store.interrupted(job.id, RESOLVED_AT_ONCE).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let now = Timestamp::now();
        let changes = rows.into_iter().map(|row| {
            let history = History {
                attempts: row.attempts,
                ambiguous: row.ambiguous,
                first_sent_at: row.first_sent_at,
                last_errcode: row.last_errcode,
            };
            let decision = plan::resolve_interrupted(history, job.attempts, now);
            let state = if let Next::Settle(state) = decision.next { state } else { State::Queued };
            progress.settle(state);
            let errmsg = Some(kept("program_ended"));
            Change {
                row: row.row,
                state,
                attempts: decision.attempts,
                ambiguous: decision.ambiguous,
                errcode: row.last_errcode,
                errmsg,
                msgid: None,
                at: now,
            }
        });
        let turn = Turn { changes: changes.collect(), attempts: Vec::new(), claim: Claim::default() };
        store.turn(job.id, turn).await?;
    }
}

/// Gives up what is left of a job that no process works on. Rows that were on their way are resolved first, so that nobody is
/// called skipped who may have got it.
pub async fn cancel(store: &Store, job: Job) -> Result<Job, DispatchError> {
    if matches!(job.state, JobState::Done | JobState::Cancelled) {
        return Err(DispatchError::Finished(job.id));
    }
    let _lock = hold(store, job.id).await?;
    resolve_interrupted(store, &job, &Progress::new(job.counts)).await?;
    store.stop_job(job.id, JobState::Cancelled, Some(StopReason::Cancelled), 0, Timestamp::now()).await?;
    store.job(job.id).await?.ok_or(DispatchError::Finished(job.id))
}
