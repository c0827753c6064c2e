//! Reads may be repeated: a busy server, a spent minute or a broken connection is waited out, not reported.

use super::SyncProgress;
use crate::domain::errcode::{self, Class};
use crate::domain::plan::backoff;
use crate::domain::secret::AccessToken;
use crate::session::{Session, SessionError};
use crate::wechat::{CallError, Client};
use std::time::Duration;

/// Most calls for one read.
const TRIES: u32 = 5;

/// Most tries to reach a host: a wrong address or a cut cable should be told soon.
const CONNECTIONS: u32 = 3;

/// Makes a read, up to five times where waiting can help.
pub async fn repeat<T, F>(
    session: &Session,
    progress: &SyncProgress,
    call: impl Fn(Client, AccessToken) -> F,
) -> Result<T, SessionError>
where
    F: Future<Output = Result<T, CallError>>,
{
    for attempt in 1..TRIES {
        progress.count_request();
        match session.call(&call).await {
            Err(error) => match pause(&error, attempt) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            },
            done => return done,
        }
    }
    progress.count_request();
    session.call(&call).await
}

/// How long to wait before the same read is tried again; none where it would fare no better.
fn pause(error: &SessionError, attempt: u32) -> Option<Duration> {
    let (SessionError::Call(error) | SessionError::Token(error)) = error else { return None };
    match error {
        CallError::Api(failure) => match errcode::class_of(failure.errcode) {
            Class::Retry => Some(backoff(attempt)),
            Class::WaitQuota => Some(Duration::from_mins(1)),
            _ => None,
        },
        CallError::NotSent { .. } => (attempt < CONNECTIONS).then(|| Duration::from_millis(250 << attempt)),
        CallError::Ambiguous { .. } => Some(backoff(attempt)),
        CallError::Refused { .. } => None,
    }
}
