//! Handing a job to a process of its own, which outlives the terminal.

use super::run::is_running;
use crate::domain::id::JobId;
use crate::domain::job::JobState;
use crate::domain::told::{Sentence, Told};
use crate::store::{Store, StoreError, StoreResult};
use crate::text::told::in_english;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;
use thiserror::Error;

/// How often it is looked whether the other process is at work.
const LOOKED_EVERY: Duration = Duration::from_millis(20);

/// Why a job has no process of its own.
#[derive(Debug, Error)]
pub enum HandOverError {
    /// None could be started.
    Start(#[from] io::Error),
    /// It could not begin.
    Ended {
        /// Of which job.
        job: JobId,
        /// How it ended.
        status: ExitStatus,
    },
    /// The ledger could not be read.
    Store(#[from] StoreError),
}

impl Told for HandOverError {
    fn told(&self) -> Sentence {
        match self {
            Self::Start(error) => Sentence::of("error.hand_over", "start").with("why", error),
            Self::Ended { job, status } => Sentence::of("error.hand_over", "ended").with("job", job).with("status", status),
            Self::Store(error) => error.told(),
        }
    }
}

in_english!(HandOverError);

/// Starts `muban job resume ID` without a terminal, and returns once it is at work (or, with very little to do, done).
pub async fn hand_over(store: &Store, job: JobId, home: Option<&Path>) -> Result<(), HandOverError> {
    let mut command = Command::new(std::env::current_exe()?);
    if let Some(home) = home {
        command.arg("--home").arg(home);
    }
    command.args(["job", "resume", &job.to_string(), "--detached"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            // These say how a short job ended, which the ledger tells better. With anything else it could not begin.
            return match status.code() {
                Some(0 | 1 | 3 | 4) => Ok(()),
                _ => Err(HandOverError::Ended { job, status }),
            };
        }
        if is_running(store, job) && is_noted_as_running(store, job).await? {
            return Ok(());
        }
        tokio::time::sleep(LOOKED_EVERY).await;
    }
}

/// Whoever takes up a job that was paused has its lock a moment before the ledger says so.
async fn is_noted_as_running(store: &Store, job: JobId) -> StoreResult<bool> {
    let found = store.job(job).await?;
    Ok(found.is_some_and(|job| job.state == JobState::Running))
}

/// Leaves the terminal of whoever started this process: its end is then no business of ours.
pub fn leave_terminal() {
    #[cfg(unix)]
    {
        // Fails only for the leader of a group, which has no terminal to lose.
        let _ = rustix::process::setsid();
    }
}
