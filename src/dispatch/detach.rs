//! Handing a job to a process of its own, which outlives the terminal.

use super::run::is_running;
use crate::domain::id::JobId;
use crate::domain::job::JobState;
use crate::store::Store;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How often it is looked whether the other process is at work.
const LOOKED_EVERY: Duration = Duration::from_millis(20);

/// Starts `muban job resume ID` without a terminal, and returns once it is at work (or, with very little to do, done).
pub async fn hand_over(store: &Store, job: JobId, home: Option<&Path>) -> io::Result<()> {
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
                _ => Err(io::Error::other(format!("the process for job {job} ended with {status}"))),
            };
        }
        if is_running(store, job) && is_noted_as_running(store, job).await? {
            return Ok(());
        }
        tokio::time::sleep(LOOKED_EVERY).await;
    }
}

/// Whoever takes up a job that was paused has its lock a moment before the ledger says so.
async fn is_noted_as_running(store: &Store, job: JobId) -> io::Result<bool> {
    let found = store.job(job).await.map_err(io::Error::other)?;
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
