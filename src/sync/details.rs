//! What is known of followers beyond their openids, 100 a call.

use super::calls::Calls;
use super::list::Listed;
use super::{Step, SyncError};
use crate::domain::id::OpenId;
use crate::session::SessionError;
use crate::store::{Store, UserDetail};
use crate::wechat::{CallError, USERS_PER_CALL, UserInfo};
use futures_util::future::{self, FutureExt};
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Details are written in transactions of this size.
const WRITTEN_AT_ONCE: usize = 20_000;

/// How much of what was wanted came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// All of it, with everybody's tags.
    Whole,
    /// Some followers' details are refused, or came without their tags.
    InPart,
}

/// Fetches what is missing of all followers, so many calls in flight all the time.
pub async fn missing(calls: &Calls<'_>, store: &Store, (generation, since): (i64, i64), count: u64) -> Result<Read, SyncError> {
    let account = calls.account();
    let parts = stream::try_unfold(0, move |after| async move {
        let users = store.without_details(account, since, after, WRITTEN_AT_ONCE as u32).await?;
        let Some((last, _)) = users.last() else { return Ok(None) };
        let last = *last;
        let batches: Vec<Result<Vec<Listed>, SyncError>> = users.chunks(USERS_PER_CALL).map(|batch| Ok(batch.to_vec())).collect();
        Ok::<_, SyncError>(Some((stream::iter(batches), last)))
    });
    fetch(calls, store, generation, count, parts.try_flatten().boxed()).await
}

/// Fetches the details of these.
pub async fn of(calls: &Calls<'_>, store: &Store, generation: i64, users: &[Listed]) -> Result<Read, SyncError> {
    let batches: Vec<Result<Vec<Listed>, SyncError>> = users.chunks(USERS_PER_CALL).map(|batch| Ok(batch.to_vec())).collect();
    fetch(calls, store, generation, users.len() as u64, stream::iter(batches)).await
}

async fn fetch(
    calls: &Calls<'_>,
    store: &Store,
    generation: i64,
    count: u64,
    batches: impl Stream<Item = Result<Vec<Listed>, SyncError>>,
) -> Result<Read, SyncError> {
    calls.progress.enter(Step::Details);
    calls.progress.expect(count);
    let account = calls.account();
    // After a failure nothing more is asked for, and what is in flight still comes in.
    let failed = &AtomicBool::new(false);
    let batches = batches.take_while(|_| future::ready(!failed.load(Relaxed)));
    let found = batches.map_ok(|batch| ask(calls, batch).boxed()).try_buffer_unordered(calls.concurrency);
    let mut found = std::pin::pin!(found);
    let (mut part, mut read) = (Part::default(), Read::Whole);
    loop {
        // What came is written while more is fetched, and even if no more comes.
        let Part { details, rows, refused, untold, .. } = part;
        if untold || !refused.is_empty() {
            read = Read::InPart;
            store.put_refused(generation, refused).await?;
        }
        let write = store.put_details(account, generation, details, rows);
        let (written, more) = future::join(write, Part::gather(&mut found, failed)).await;
        written?;
        part = match more {
            (part, None) if part.asked == 0 => return Ok(read),
            (part, None) => part,
            (part, Some(error)) => {
                store.put_refused(generation, part.refused).await?;
                store.put_details(account, generation, part.details, part.rows).await?;
                return Err(error);
            }
        };
    }
}

/// Details that are written in one transaction.
#[derive(Default)]
struct Part {
    details: Vec<UserDetail>,
    rows: HashMap<OpenId, i64>,
    /// Rows of those of whom WeChat gives none.
    refused: Vec<i64>,
    /// Whether somebody's tags were not told.
    untold: bool,
    asked: usize,
}

impl Part {
    /// Takes what comes until it is enough or there is no more; and why it ended early, if it did.
    async fn gather(
        found: &mut (impl Stream<Item = Result<Answer, SyncError>> + Unpin),
        failed: &AtomicBool,
    ) -> (Self, Option<SyncError>) {
        let (mut part, mut why) = (Self::default(), None);
        while part.asked < WRITTEN_AT_ONCE || why.is_some() {
            match found.next().await {
                Some(Ok(mut answer)) => {
                    part.asked += answer.batch.len();
                    part.details.append(&mut answer.details);
                    part.refused.append(&mut answer.refused);
                    part.untold |= answer.untold;
                    part.rows.extend(answer.batch.into_iter().map(|(row, openid)| (openid, row)));
                }
                Some(Err(error)) => {
                    failed.store(true, Relaxed);
                    why = why.or(Some(error));
                }
                None => break,
            }
        }
        (part, why)
    }
}

/// What came of one batch.
struct Answer {
    batch: Vec<Listed>,
    details: Vec<UserDetail>,
    refused: Vec<i64>,
    untold: bool,
}

/// One malformed openid fails the whole call and is not named, so a refused batch is halved until it stands alone
/// (`wechat-api.md §9.3`).
async fn ask(calls: &Calls<'_>, batch: Vec<Listed>) -> Result<Answer, SyncError> {
    let mut answer = Answer { details: Vec::with_capacity(batch.len()), refused: Vec::new(), untold: false, batch };
    let mut parts = vec![0..answer.batch.len()];
    while let Some(range) = parts.pop() {
        let part = answer.batch.get(range.clone()).unwrap_or_default();
        let openids: Vec<OpenId> = part.iter().map(|(_, openid)| openid.clone()).collect();
        let openids = &openids;
        match calls.repeat(|client, token| async move { client.user_infos(&token, openids).await }).await {
            Ok(infos) => {
                calls.progress.advance(part.len() as u64);
                answer.untold |= infos.iter().any(|info| info.subscribed && info.tags.is_none());
                answer.details.extend(infos.into_iter().map(detail));
            }
            Err(SessionError::Call(CallError::Api(failure))) if matches!(failure.errcode, 40003 | 40032) => {
                if let [(row, _)] = part {
                    calls.progress.advance(1);
                    answer.refused.push(*row);
                } else {
                    let middle = range.start + part.len() / 2;
                    parts.extend([range.start..middle, middle..range.end]);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(answer)
}

fn detail(info: UserInfo) -> UserDetail {
    UserDetail {
        openid: info.openid,
        subscribed: info.subscribed,
        unionid: info.unionid,
        nickname: info.nickname.unwrap_or_default(),
        remark: info.remark.unwrap_or_default(),
        language: info.language.unwrap_or_default(),
        subscribe_time: info.subscribe_time.and_then(|seconds| Timestamp::from_second(seconds).ok()),
        subscribe_scene: info.subscribe_scene.unwrap_or_default(),
        tags: info.tags.unwrap_or_default(),
    }
}
