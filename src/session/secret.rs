//! Finding the AppSecret: in the vault, in a variable, or from a command.

use super::SessionError;
use crate::domain::account::{Account, SecretSource};
use crate::domain::secret::AppSecret;
use crate::store::Store;
use std::process::{Command, Stdio};

/// The secret of an account, from wherever it is kept.
pub async fn resolve(account: &Account, store: &Store) -> Result<AppSecret, SessionError> {
    let name = account.name.clone();
    match &account.secret {
        SecretSource::Vault => store.secret(account.appid.clone()).await?.ok_or(SessionError::SecretMissing { account: name }),
        SecretSource::Env(variable) => from_variable(variable, name),
        SecretSource::Command(command) => {
            let command = command.clone();
            let lost = SessionError::SecretCommand { account: name.clone(), what: "was cut off".into() };
            tokio::task::spawn_blocking(move || from_command(&command, name)).await.map_err(|_| lost)?
        }
    }
}

fn from_variable(variable: &str, account: String) -> Result<AppSecret, SessionError> {
    let wrong = |what: String| SessionError::SecretVariable { variable: variable.to_owned(), account, what };
    match std::env::var(variable) {
        Ok(text) => AppSecret::parse(&text).map_err(|error| wrong(format!("does not: {error}"))),
        Err(_) => Err(wrong("is not set in this shell".into())),
    }
}

/// Runs the command without a terminal. What it prints is never repeated in an error.
fn from_command(command: &str, account: String) -> Result<AppSecret, SessionError> {
    let wrong = |what: String| SessionError::SecretCommand { account, what };
    let output = Command::new("sh").args(["-c", command]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    match output {
        Err(error) => Err(wrong(format!("could not be started: {error}"))),
        Ok(output) if !output.status.success() => Err(wrong(format!("ended with {}", output.status))),
        Ok(output) => AppSecret::parse(&String::from_utf8_lossy(&output.stdout))
            .map_err(|error| wrong(format!("printed something else: {error}"))),
    }
}
