//! Followers: first all openids, page by page, then their details with several calls in flight, then the blacklist.

use super::repeat::repeat;
use super::{Details, Step, SyncError, SyncPlan, SyncProgress};
use crate::domain::id::{AccountId, OpenId};
use crate::session::{Session, SessionError};
use crate::store::{FileLock, LockError, Stage, Store, StoreError, StoreResult, UserChanges, UserDetail};
use crate::wechat::{CallError, OpenidPage, USERS_PER_CALL, UserInfo};
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use std::collections::HashMap;
use tokio::task::JoinHandle;

/// Up to so many followers, details of everyone take no more calls than one would make by hand, and what was changed elsewhere is
/// known at once.
const FEW: u64 = 10_000;
/// Openids are written in transactions of this size: they are scattered over their index, so that each transaction writes nearly
/// all of it.
const LISTED_AT_ONCE: usize = 50_000;
/// Details as well; less of them, since each takes more memory.
const WRITTEN_AT_ONCE: usize = 20_000;

/// Syncs the followers of an account, or goes on where a cut-off sync stopped.
pub async fn run(session: &Session, store: &Store, plan: SyncPlan, progress: &SyncProgress) -> Result<UserChanges, SyncError> {
    let account = session.account().id;
    let _lock = match FileLock::take(store.dir(), &format!("sync-{account}")).await {
        Ok(lock) => lock,
        Err(LockError::Held) => return Err(SyncError::Held),
        Err(error) => return Err(SessionError::from(error).into()),
    };
    store.widen_cache().await?;
    let done = run_held(session, store, plan, progress).await;
    // However it ended: the memory is needed no longer.
    store.narrow_cache().await?;
    done
}

async fn run_held(session: &Session, store: &Store, plan: SyncPlan, progress: &SyncProgress) -> Result<UserChanges, SyncError> {
    let account = session.account().id;
    let state = store.begin_user_sync(account).await?;
    if state.stage == Stage::List {
        list(session, store, state.generation, state.next, progress).await?;
    }
    let standing = store.user_standing(account).await?;
    let few = standing.followers <= FEW;
    // Of whom it was asked before has the number of that sync; of whom it never was has none.
    let since = match plan.details {
        Details::Nobody => None,
        Details::Newcomers => Some(1),
        Details::New if !few => Some(1),
        Details::New | Details::Everyone => Some(state.generation),
    };
    if let Some(since) = since {
        details(session, store, (state.generation, since), plan.concurrency, progress).await?;
    }
    // Where details came of everyone, their tags came with them.
    if since.is_none() || (plan.details == Details::New && !few && standing.detailed > 0) {
        members(session, store, progress).await?;
    }
    if plan.details != Details::Newcomers {
        blacklist(session, store, progress).await?;
    }
    Ok(store.end_user_sync(account, Timestamp::now()).await?)
}

/// Walks the list; the next page is fetched while the last one is written.
async fn list(
    session: &Session,
    store: &Store,
    generation: i64,
    mut next: Option<OpenId>,
    progress: &SyncProgress,
) -> Result<(), SyncError> {
    progress.enter(Step::Openids);
    let account = session.account().id;
    let mut page = match fetch_page(session, progress, next.as_ref()).await {
        // Whoever the cut-off walk ended at is unknown by now (`wechat-api.md §9.1`): from the start.
        Err(SessionError::Call(CallError::Api(failure))) if next.is_some() && failure.errcode == 40003 => {
            fetch_page(session, progress, None).await?
        }
        page => page?,
    };
    let (mut held, mut writing) = (Vec::new(), None::<JoinHandle<StoreResult<()>>>);
    loop {
        progress.expect(page.total.unwrap_or(0));
        progress.advance(page.openids.len() as u64);
        held.append(&mut page.openids);
        next = page.next.take();
        let more = match &next {
            Some(from) => fetch_page(session, progress, Some(from)).await.map(Some),
            None => Ok(None),
        };
        // What came is written even if no more comes.
        if held.len() >= LISTED_AT_ONCE || !matches!(more, Ok(Some(_))) {
            finish(writing.take()).await?;
            let (store, openids, next) = (store.clone(), std::mem::take(&mut held), next.clone());
            writing = Some(tokio::spawn(async move { store.put_openids(account, generation, openids, next).await }));
        }
        match more {
            Ok(Some(more)) => page = more,
            Ok(None) => break,
            Err(error) => {
                finish(writing).await?;
                return Err(error.into());
            }
        }
    }
    finish(writing).await?;
    Ok(store.end_openids(account, generation).await?)
}

/// Waits for what is being written meanwhile.
async fn finish(writing: Option<JoinHandle<StoreResult<()>>>) -> Result<(), SyncError> {
    match writing {
        None => Ok(()),
        Some(writing) => Ok(writing.await.unwrap_or(Err(StoreError::Closed))?),
    }
}

async fn fetch_page(session: &Session, progress: &SyncProgress, from: Option<&OpenId>) -> Result<OpenidPage, SessionError> {
    repeat(session, progress, |client, token| async move { client.users_page(&token, from).await }).await
}

/// Fetches what is known of each follower, 100 a call, so many calls in flight all the time.
async fn details(
    session: &Session,
    store: &Store,
    (generation, since): (i64, i64),
    concurrency: usize,
    progress: &SyncProgress,
) -> Result<(), SyncError> {
    progress.enter(Step::Details);
    let account = session.account().id;
    progress.expect(store.count_without_details(account, since).await?);
    let found = batches(store, account, since)
        .map_ok(|batch: Batch| async move {
            let openids = batch.iter().map(|(_, openid)| openid.clone()).collect();
            let details = fetch_details(session, progress, openids).await?;
            Ok((details, batch))
        })
        .try_buffer_unordered(concurrency.max(1));
    let mut found = std::pin::pin!(found);
    let mut part = Part::default();
    loop {
        // What came is written while more is fetched, and even if no more comes.
        let write = store.put_details(account, generation, part.details, part.rows);
        let (written, more) = futures_util::future::join(write, Part::gather(&mut found)).await;
        written?;
        part = match more {
            (part, None) if part.details.is_empty() => return Ok(()),
            (part, None) => part,
            (part, Some(error)) => {
                store.put_details(account, generation, part.details, part.rows).await?;
                return Err(error);
            }
        };
    }
}

/// Followers of one call, with their rows.
type Batch = Vec<(i64, OpenId)>;

/// All followers without details since a sync, by 100.
fn batches(store: &Store, account: AccountId, since: i64) -> impl Stream<Item = Result<Batch, SyncError>> {
    let parts = stream::try_unfold(0, move |after| async move {
        let users = store.without_details(account, since, after, WRITTEN_AT_ONCE as u32).await?;
        let Some((last, _)) = users.last() else { return Ok(None) };
        let last = *last;
        let batches: Vec<Result<Batch, SyncError>> = users.chunks(USERS_PER_CALL).map(|batch| Ok(batch.to_vec())).collect();
        Ok::<_, SyncError>(Some((stream::iter(batches), last)))
    });
    parts.try_flatten()
}

/// Details that are written in one transaction.
#[derive(Default)]
struct Part {
    details: Vec<UserDetail>,
    rows: HashMap<OpenId, i64>,
}

impl Part {
    /// Takes what comes until it is enough or there is no more; and why it ended early, if it did.
    async fn gather(
        found: &mut (impl Stream<Item = Result<(Vec<UserDetail>, Batch), SyncError>> + Unpin),
    ) -> (Self, Option<SyncError>) {
        let mut part = Self::default();
        while part.rows.len() < WRITTEN_AT_ONCE {
            match found.next().await {
                Some(Ok((mut details, batch))) => {
                    part.details.append(&mut details);
                    part.rows.extend(batch.into_iter().map(|(row, openid)| (openid, row)));
                }
                Some(Err(error)) => return (part, Some(error)),
                None => break,
            }
        }
        (part, None)
    }
}

/// One malformed openid fails the whole call and is not named, so a refused batch is halved until it stands alone
/// (`wechat-api.md §9.3`).
async fn fetch_details(session: &Session, progress: &SyncProgress, openids: Vec<OpenId>) -> Result<Vec<UserDetail>, SyncError> {
    let mut found = Vec::with_capacity(openids.len());
    let mut parts = vec![openids];
    while let Some(part) = parts.pop() {
        let call = repeat(session, progress, |client, token| {
            let part = &part;
            async move { client.user_infos(&token, part).await }
        });
        match call.await {
            Ok(infos) => {
                progress.advance(part.len() as u64);
                found.extend(infos.into_iter().map(detail));
            }
            Err(SessionError::Call(CallError::Api(failure))) if matches!(failure.errcode, 40003 | 40032) => {
                let (left, right) = part.split_at(part.len() / 2);
                parts.extend(
                    [left, right].into_iter().filter(|half| !half.is_empty() && half.len() < part.len()).map(<[OpenId]>::to_vec),
                );
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(found)
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
        tags: info.tags,
    }
}

/// Without details, who has which tag is asked tag by tag: a call for ten thousand, where details take a hundred.
async fn members(session: &Session, store: &Store, progress: &SyncProgress) -> Result<(), SyncError> {
    progress.enter(Step::Members);
    let account = session.account().id;
    let tags = store.tags(account).await?;
    progress.expect(tags.iter().map(|tag| tag.count).sum());
    for tag in tags {
        store.begin_tag_members().await?;
        let mut next = None;
        loop {
            let from: Option<OpenId> = next.take();
            let call = repeat(session, progress, |client, token| {
                let from = from.as_ref();
                async move { client.tag_members_page(&token, tag.id, from).await }
            });
            let page = match call.await {
                // Deleted meanwhile: the next sync of tags forgets it.
                Err(SessionError::Call(CallError::Api(failure))) if failure.errcode == 45159 => break,
                page => page?,
            };
            progress.advance(page.openids.len() as u64);
            store.add_tag_members(account, page.openids).await?;
            next = page.next;
            if next.is_none() {
                store.end_tag_members(account, tag.id).await?;
                break;
            }
        }
    }
    Ok(())
}

async fn blacklist(session: &Session, store: &Store, progress: &SyncProgress) -> Result<(), SyncError> {
    progress.enter(Step::Blacklist);
    let (mut openids, mut next) = (Vec::new(), None);
    loop {
        let from: Option<OpenId> = next.take();
        let call = repeat(session, progress, |client, token| {
            let from = from.as_ref();
            async move { client.blacklist_page(&token, from).await }
        });
        let mut page = call.await?;
        progress.advance(page.openids.len() as u64);
        openids.append(&mut page.openids);
        next = page.next;
        if next.is_none() {
            return Ok(store.put_blacklist(session.account().id, openids).await?);
        }
    }
}
