//! What is known of followers beyond their openids, 100 a call.

use super::calls::Calls;
use super::list::Listed;
use super::{Step, SyncError};
use crate::domain::id::{AccountId, OpenId};
use crate::session::SessionError;
use crate::store::{Store, StoreError, StoreResult, UserDetail};
use crate::wechat::{CallError, USERS_PER_CALL, UserInfo};
use futures_util::future::{self, FutureExt};
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tokio::task::JoinHandle;

/// Details are written in transactions of at least this size, in the order of their rows or nearly so.
const WRITTEN_AT_ONCE: usize = 10_000;
/// No more are held in memory while others are being written.
const HELD: usize = 15_000;
/// Followers are looked up in parts of this size.
const FOUND_AT_ONCE: u32 = 20_000;

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
        let users = store.without_details(account, since, after, FOUND_AT_ONCE).await?;
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
    let (mut writing, mut read) = (Writing::default(), Read::Whole);
    loop {
        // What came is written while more is fetched, and even if no more comes.
        let (part, end) = Part::gather(&mut found, failed, &mut writing).await?;
        if part.untold || !part.refused.is_empty() {
            read = Read::InPart;
        }
        writing.begin(store, account, generation, part).await?;
        match end {
            End::NotYet => {}
            End::Whole => return writing.end().await.map(|()| read),
            End::Failed(error) => return writing.end().await.and(Err(error)),
        }
    }
}

/// A part that is being written meanwhile, if one is.
#[derive(Default)]
struct Writing(Option<JoinHandle<StoreResult<()>>>);

impl Writing {
    async fn begin(&mut self, store: &Store, account: AccountId, generation: i64, part: Part) -> Result<(), SyncError> {
        self.end().await?;
        let (store, Part { details, rows, refused, .. }) = (store.clone(), part);
        self.0 = Some(tokio::spawn(async move {
            store.put_refused(generation, refused).await?;
            store.put_details(account, generation, details, rows).await
        }));
        Ok(())
    }

    fn has_ended(&self) -> bool {
        self.0.as_ref().is_none_or(JoinHandle::is_finished)
    }

    async fn end(&mut self) -> Result<(), SyncError> {
        match self.0.take() {
            None => Ok(()),
            Some(writing) => Ok(writing.await.unwrap_or(Err(StoreError::Closed))?),
        }
    }
}

/// Whether more details are to come.
enum End {
    NotYet,
    Whole,
    Failed(SyncError),
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
    /// Takes what comes until it is enough and the part before it is written, or there is no more.
    async fn gather(
        found: &mut (impl Stream<Item = Result<Answer, SyncError>> + Unpin),
        failed: &AtomicBool,
        writing: &mut Writing,
    ) -> Result<(Self, End), SyncError> {
        let (mut part, mut end) = (Self::default(), End::Whole);
        loop {
            if part.asked >= HELD {
                writing.end().await?;
            }
            if part.asked >= WRITTEN_AT_ONCE && writing.has_ended() && matches!(end, End::Whole) {
                return Ok((part, End::NotYet));
            }
            match found.next().await {
                Some(Ok(answer)) => part.take(answer),
                Some(Err(error)) => {
                    failed.store(true, Relaxed);
                    end = if let End::Failed(first) = end { End::Failed(first) } else { End::Failed(error) };
                }
                None => return Ok((part, end)),
            }
        }
    }

    fn take(&mut self, mut answer: Answer) {
        self.asked += answer.batch.len();
        self.details.append(&mut answer.details);
        self.refused.append(&mut answer.refused);
        self.untold |= answer.untold;
        self.rows.extend(answer.batch.into_iter().map(|(row, openid)| (openid, row)));
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
    let mut parts = vec![(0, answer.batch.len())];
    while let Some((from, to)) = parts.pop() {
        let part = answer.batch.get(from..to).unwrap_or_default();
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
                    let middle = from + part.len() / 2;
                    parts.extend([(from, middle), (middle, to)]);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(answer)
}

pub(super) fn detail(info: UserInfo) -> UserDetail {
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
