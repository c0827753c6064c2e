//! A change for many users, some of them a call.

use crate::domain::errcode::{self, Class};
use crate::domain::id::OpenId;
use crate::domain::plan::backoff;
use crate::domain::secret::AccessToken;
use crate::session::{Session, SessionError};
use crate::store::{StoreError, StoreResult};
use crate::wechat::{CallError, Client};
use std::time::Duration;
use thiserror::Error;

/// Most calls for one batch.
const TRIES: u32 = 4;
/// A spent minute is over after so long.
const MINUTE: Duration = Duration::from_mins(1);
/// Codes that are about one openid of a batch, which is not named (`wechat-api.md §10`).
const ABOUT_ONE: [i64; 4] = [40003, 40032, 45059, 49003];
/// Also seen now and then for a tag that is there: worth one more call.
const UNKNOWN_TAG: i64 = 45159;

/// What became of a change for many.
#[derive(Debug, Default)]
pub struct Changed {
    /// For whom it was made.
    pub done: u64,
    /// Whom WeChat refused, each with its reason.
    pub refused: Vec<(OpenId, SessionError)>,
    /// Why it ended early, with nothing changed for the rest.
    pub stopped: Option<SessionError>,
}

/// What can go wrong beside what [`Changed`] tells.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// WeChat could not be asked, or refused.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The cache could not be written. At WeChat it is changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a change for all of them, up to `size` a call. Whoever is refused is found by halves; the others are not concerned.
/// `made` is told of each batch that WeChat took.
pub async fn change<F, M>(
    session: &Session,
    openids: &[OpenId],
    size: usize,
    call: impl Fn(Client, AccessToken, Vec<OpenId>) -> F,
    mut made: impl FnMut(Vec<OpenId>) -> M,
) -> StoreResult<Changed>
where
    F: Future<Output = Result<(), CallError>>,
    M: Future<Output = StoreResult<()>>,
{
    let mut changed = Changed::default();
    let mut parts: Vec<Vec<OpenId>> = openids.chunks(size.max(1)).rev().map(<[OpenId]>::to_vec).collect();
    while let Some(part) = parts.pop() {
        match repeat(session, &part, &call).await {
            Ok(()) => {
                changed.done += part.len() as u64;
                made(part).await?;
            }
            Err(error) if is_about_one(&error) => match part.as_slice() {
                [one] => changed.refused.push((one.clone(), error)),
                many => {
                    let (left, right) = many.split_at(many.len() / 2);
                    parts.extend([right.to_vec(), left.to_vec()]);
                }
            },
            Err(error) => {
                changed.stopped = Some(error);
                break;
            }
        }
    }
    Ok(changed)
}

/// Changes can be made again without harm: a busy server, a spent minute or a lost answer is waited out.
async fn repeat<F>(
    session: &Session,
    part: &[OpenId],
    call: &impl Fn(Client, AccessToken, Vec<OpenId>) -> F,
) -> Result<(), SessionError>
where
    F: Future<Output = Result<(), CallError>>,
{
    for attempt in 1..TRIES {
        match session.call(|client, token| call(client, token, part.to_vec())).await {
            Err(error) => match pause(&error, attempt) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(error),
            },
            done => return done,
        }
    }
    session.call(|client, token| call(client, token, part.to_vec())).await
}

fn pause(error: &SessionError, attempt: u32) -> Option<Duration> {
    let (SessionError::Call(error) | SessionError::Token(error)) = error else { return None };
    match error {
        CallError::Api(failure) if failure.errcode == UNKNOWN_TAG => (attempt == 1).then(|| backoff(1)),
        CallError::Api(failure) => match errcode::class_of(failure.errcode) {
            Class::Retry => Some(backoff(attempt)),
            Class::WaitQuota => Some(MINUTE),
            _ => None,
        },
        CallError::NotSent { .. } | CallError::Ambiguous { .. } => Some(backoff(attempt)),
        CallError::Refused { .. } => None,
    }
}

fn is_about_one(error: &SessionError) -> bool {
    error.errcode().is_some_and(|code| ABOUT_ONE.contains(&code))
}
