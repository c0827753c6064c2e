//! Changes that come to the same when they are made twice may be made again: a busy server, a spent minute or a broken
//! connection is waited out, not reported.

use crate::domain::errcode::{self, Class};
use crate::domain::plan::backoff;
use crate::domain::secret::AccessToken;
use crate::session::{Pauses, Session, SessionError};
use crate::wechat::{CallError, Client};
use std::time::Duration;

/// Most calls for one change.
const TRIES: u32 = 5;
/// Most tries to reach a host: a wrong address or a cut cable should be told soon.
const CONNECTIONS: u32 = 3;
/// Said of a tag that is gone, and now and then of one that is there, so that it is tried once more (`wechat-api.md §10`).
const NO_TAG: i64 = 45159;

/// Makes a change by a call to `path`, up to five times where waiting can help.
pub async fn insist<F>(
    session: &Session,
    pauses: Pauses,
    path: &'static str,
    call: impl Fn(Client, AccessToken) -> F,
) -> Result<(), SessionError>
where
    F: Future<Output = Result<(), CallError>>,
{
    let mut doubted = false;
    for attempt in 1..TRIES {
        match session.call(&call).await {
            Err(error) if error.errcode() == Some(NO_TAG) && !std::mem::replace(&mut doubted, true) => {
                tokio::time::sleep(pauses.of(backoff(1))).await;
            }
            Err(error) => match pause(&error, path, attempt) {
                Some(pause) => tokio::time::sleep(pauses.of(pause)).await,
                None => return Err(error),
            },
            done => return done,
        }
    }
    session.call(&call).await
}

/// The same for a change that is not to be made twice: only a tag that is said not to be there is tried once more.
pub async fn once<F>(session: &Session, pauses: Pauses, call: impl Fn(Client, AccessToken) -> F) -> Result<(), SessionError>
where
    F: Future<Output = Result<(), CallError>>,
{
    match session.call(&call).await {
        Err(error) if error.errcode() == Some(NO_TAG) => {
            tokio::time::sleep(pauses.of(backoff(1))).await;
            session.call(&call).await
        }
        done => done,
    }
}

/// How long to wait before the same is tried again; none where it would fare no better.
fn pause(error: &SessionError, path: &'static str, attempt: u32) -> Option<Duration> {
    if let Some((code, call)) = error.code_on(path) {
        return match errcode::class_on(code, call) {
            Class::Retry => Some(backoff(attempt)),
            Class::WaitQuota => Some(Duration::from_mins(1)),
            _ => None,
        };
    }
    let (SessionError::Call(error) | SessionError::Token(error)) = error else { return None };
    match error {
        CallError::NotSent { .. } => (attempt < CONNECTIONS).then(|| backoff(attempt)),
        CallError::Ambiguous { .. } => Some(backoff(attempt)),
        CallError::Refused { .. } | CallError::Api(_) => None,
    }
}
