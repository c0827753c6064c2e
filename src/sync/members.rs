//! Who has which tag, and who is blocked.

use super::calls::Calls;
use super::{Step, SyncError};
use crate::domain::id::{OpenId, TagId};
use crate::store::{Rows, Store};
use crate::wechat::OpenidPage;
use futures_util::future::FutureExt;
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
    let (mut seen, mut next, mut again) = (Rows::default(), None, true);
    loop {
        let page = match page(calls, Walk::Tag(tag), next.as_ref()).await {
            // Sometimes said of a tag that is there, so it is asked twice; then it was deleted meanwhile (`wechat-api.md §10`).
            Err(error) if error.errcode() == Some(45159) => {
                if std::mem::take(&mut again) {
                    continue;
                }
                return Ok(());
            }
            page => page?,
        };
        seen = store.put_tag_members(calls.account(), tag, page.openids, seen).await?;
        next = page.next;
        if next.is_none() {
            return Ok(store.end_tag_members(calls.account(), tag, seen).await?);
        }
    }
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
