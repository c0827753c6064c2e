//! The walk over the followers' openids.

use super::calls::Calls;
use super::{Step, SyncError};
use crate::domain::id::OpenId;
use crate::session::SessionError;
use crate::store::{Store, StoreError, StoreResult, SyncState};
use crate::wechat::OpenidPage;
use jiff::Timestamp;
use tokio::task::JoinHandle;

/// Openids are written in transactions of this size: they are scattered over their index, so that each transaction writes nearly
/// all of it.
const LISTED_AT_ONCE: usize = 100_000;

/// Somebody on the list, with the row.
pub type Listed = (i64, OpenId);

/// Walks over the rest of the list; the next page is fetched while the last one is written. Gives those who are new or came back,
/// the last `most` of them.
pub async fn walk(calls: &Calls<'_>, store: &Store, state: &SyncState, most: usize) -> Result<Vec<Listed>, SyncError> {
    calls.progress.enter(Step::Openids);
    let from = state.next.as_ref();
    if from.is_some() {
        calls.progress.skip(store.count_seen(calls.account(), state.generation).await?);
    }
    let first = match page(calls, from).await {
        // Whoever the cut-off walk ended at is unknown by now (`wechat-api.md §9.1`): from the start.
        Err(error) if from.is_some() && error.errcode() == Some(40003) => page(calls, None).await?,
        first => first?,
    };
    let came = pages(calls, store, state.generation, first, most).await?;
    store.end_openids(calls.account(), state.generation, Timestamp::now()).await?;
    Ok(came)
}

/// Stores a page and all after it.
pub async fn pages(
    calls: &Calls<'_>,
    store: &Store,
    generation: i64,
    mut page: OpenidPage,
    most: usize,
) -> Result<Vec<Listed>, SyncError> {
    let account = calls.account();
    let (mut held, mut writing, mut came) = (Vec::new(), None::<Writing>, Vec::new());
    let mut last = None;
    loop {
        calls.progress.expect(page.total.unwrap_or(0));
        calls.progress.advance(page.openids.len() as u64);
        held.append(&mut page.openids);
        let next = page.next.take();
        last = next.clone().or(last);
        let more = match &next {
            Some(from) => self::page(calls, Some(from)).await.map(Some),
            None => Ok(None),
        };
        // What came is written even if no more comes.
        if held.len() >= LISTED_AT_ONCE || !matches!(more, Ok(Some(_))) {
            finish(writing.take(), &mut came, most).await?;
            let (store, openids, last) = (store.clone(), std::mem::take(&mut held), last.clone());
            writing = Some(tokio::spawn(async move { store.put_openids(account, generation, openids, last).await }));
        }
        match more {
            Ok(Some(more)) => page = more,
            Ok(None) => break,
            Err(error) => {
                finish(writing, &mut came, most).await?;
                return Err(error);
            }
        }
    }
    finish(writing, &mut came, most).await?;
    Ok(came)
}

type Writing = JoinHandle<StoreResult<Vec<Listed>>>;

/// Waits for what is being written meanwhile.
async fn finish(writing: Option<Writing>, came: &mut Vec<Listed>, most: usize) -> Result<(), SyncError> {
    let Some(writing) = writing else { return Ok(()) };
    came.append(&mut writing.await.unwrap_or(Err(StoreError::Closed))?);
    came.drain(..came.len().saturating_sub(most));
    Ok(())
}

/// A page from the start, or after somebody.
pub async fn page(calls: &Calls<'_>, from: Option<&OpenId>) -> Result<OpenidPage, SyncError> {
    let page: Result<OpenidPage, SessionError> =
        calls.repeat(|client, token| async move { client.users_page(&token, from).await }).await;
    Ok(page?)
}
