//! Finding the AppSecret: in the vault, in a variable, or from a command.

use super::{BadCommand, BadVariable, SessionError};
use crate::domain::account::{Account, SecretSource};
use crate::domain::secret::AppSecret;
use crate::store::Store;
use rustix::process::{Pid, Signal, kill_process_group};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// A command that has printed nothing by then waits for somebody who is not there.
const LONGEST: Duration = Duration::from_secs(10);
/// Most that is read of what a command prints, in bytes: a secret has 32.
const MOST_PRINTED: u64 = 4096;

/// The secret of an account, from wherever it is kept.
pub async fn resolve(account: &Account, store: &Store) -> Result<AppSecret, SessionError> {
    let name = account.name.clone();
    match &account.secret {
        SecretSource::Vault => store.secret(account.appid.clone()).await?.ok_or(SessionError::SecretMissing { account: name }),
        SecretSource::Env(variable) => from_variable(variable, name),
        SecretSource::Command(command) => {
            from_command(command).await.map_err(|what| SessionError::SecretCommand { account: name, what })
        }
    }
}

fn from_variable(variable: &str, account: String) -> Result<AppSecret, SessionError> {
    let wrong = |what| SessionError::SecretVariable { variable: variable.to_owned(), account, what };
    match std::env::var(variable) {
        Ok(text) => AppSecret::parse(&text).map_err(|error| wrong(BadVariable::Wrong(error))),
        Err(_) => Err(wrong(BadVariable::NotSet)),
    }
}

/// Runs the command without a terminal: in a process group of its own it cannot read one. What it prints is never repeated in
/// an error.
async fn from_command(command: &str) -> Result<AppSecret, BadCommand> {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = shell.spawn().map_err(BadCommand::NotStarted)?;
    let group = Group::of(&child);
    let ended = timeout(LONGEST, end_of(child)).await;
    let (status, printed) = ended.unwrap_or(Err(BadCommand::TooSlow { seconds: LONGEST.as_secs() }))?;
    group.has_ended();
    if !status.success() {
        return Err(BadCommand::Ended(status));
    }
    AppSecret::parse(&String::from_utf8_lossy(&printed)).map_err(BadCommand::Wrong)
}

async fn end_of(mut child: Child) -> Result<(ExitStatus, Vec<u8>), BadCommand> {
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MOST_PRINTED + 1).read_to_end(&mut printed).await.map_err(BadCommand::Unreadable)?;
    }
    if printed.len() as u64 > MOST_PRINTED {
        return Err(BadCommand::TooMuch { bytes: MOST_PRINTED });
    }
    Ok((child.wait().await.map_err(BadCommand::Unreadable)?, printed))
}

/// The processes of a command. If it has not ended by itself when this is dropped, all of them are killed.
struct Group(Option<Pid>);

impl Group {
    fn of(leader: &Child) -> Self {
        Self(leader.id().and_then(|id| Pid::from_raw(id as i32)))
    }

    fn has_ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            // Fails only where nobody of it is left.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
