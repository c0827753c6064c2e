//! Handing a job to a process of its own, which outlives the terminal.

use super::run::is_running;
use crate::domain::id::JobId;
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
            // 2 and 5: it could not begin. Anything else says how a short job ended, which the ledger tells better.
            return match status.code() {
                Some(2 | 5) | None => Err(io::Error::other(format!("the process for job {job} ended with {status}"))),
                Some(_) => Ok(()),
            };
        }
        if is_running(store, job) {
            return Ok(());
        }
        tokio::time::sleep(LOOKED_EVERY).await;
    }
}

/// Leaves the terminal of whoever started this process: its end is then no business of ours.
pub fn leave_terminal() {
    #[cfg(unix)]
    {
        // Fails only for the leader of a group, which has no terminal to lose.
        let _ = rustix::process::setsid();
    }
}
