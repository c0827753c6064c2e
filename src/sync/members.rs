//! Who has which tag, and who is blocked.

use super::calls::Calls;
use super::{Step, SyncError};
use crate::domain::id::{OpenId, TagId};
use crate::store::{Rows, Store};
use crate::wechat::OpenidPage;
use futures_util::future::{self, FutureExt};
use futures_util::stream::{self, StreamExt, TryStreamExt};

/// Asks tag by tag who has it, several tags at a time: far fewer calls than everybody's details.
pub async fn tags(calls: &Calls<'_>, store: &Store) -> Result<(), SyncError> {
    calls.progress.enter(Step::Members);
    let tags = store.tags(calls.account()).await?;
    calls.progress.expect(tags.iter().map(|tag| tag.count).sum());
    let tags: Vec<_> = tags.into_iter().map(|tag| tag_members(calls, store, tag.id).boxed()).collect();
    stream::iter(tags).buffer_unordered(calls.concurrency).try_collect().await
}

async fn tag_members(calls: &Calls<'_>, store: &Store, tag: TagId) -> Result<(), SyncError> {
    let (mut seen, mut more) = (Rows::default(), tag_page(calls, tag, None).await?);
    while let Some(page) = more.take() {
        // The next page is fetched while this one is written.
        let write = store.put_tag_members(calls.account(), tag, page.openids, seen);
        let fetch = async {
            match &page.next {
                Some(from) => tag_page(calls, tag, Some(from)).await,
                None => Ok(None),
            }
        };
        let (written, next) = future::join(write, fetch).await;
        seen = written?;
        more = next?;
        if page.next.is_none() {
            return Ok(store.end_tag_members(calls.account(), tag, seen).await?);
        }
    }
    Ok(())
}

/// A page of members; none if there is no such tag. That is sometimes said of one that is there, so it is asked twice
/// (`wechat-api.md §10`).
async fn tag_page(calls: &Calls<'_>, tag: TagId, from: Option<&OpenId>) -> Result<Option<OpenidPage>, SyncError> {
    for _ in 0..2 {
        match page(calls, Walk::Tag(tag), from).await {
            Err(error) if error.errcode() == Some(45159) => {}
            page => return page.map(Some),
        }
    }
    Ok(None)
}

/// Asks who is blocked.
pub async fn blacklist(calls: &Calls<'_>, store: &Store) -> Result<(), SyncError> {
    calls.progress.enter(Step::Blacklist);
    let (mut openids, mut next) = (Vec::new(), None);
    loop {
        let mut page = page(calls, Walk::Blacklist, next.as_ref()).await?;
        calls.progress.expect(page.total.unwrap_or(0));
        openids.append(&mut page.openids);
        next = page.next;
        if next.is_none() {
            return Ok(store.put_blacklist(calls.account(), openids).await?);
        }
    }
}

#[derive(Clone, Copy)]
enum Walk {
    Tag(TagId),
    Blacklist,
}

async fn page(calls: &Calls<'_>, walk: Walk, from: Option<&OpenId>) -> Result<OpenidPage, SyncError> {
    let page = calls
        .repeat(|client, token| async move {
            match walk {
                Walk::Tag(tag) => client.tag_members_page(&token, tag, from).await,
                Walk::Blacklist => client.blacklist_page(&token, from).await,
            }
        })
        .await?;
    calls.progress.advance(page.openids.len() as u64);
    Ok(page)
}
