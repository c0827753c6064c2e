//! Tags: making, naming and deleting them, and who has them (`wechat-api.md §10`).

use super::batches::{ChangeError, Changed, change};
use crate::domain::id::{OpenId, TagId};
use crate::domain::user::Tag;
use crate::session::Session;
use crate::store::{Store, StoreResult};
use crate::wechat::TAGGED_PER_CALL;

/// Makes a tag. Its name is checked before ([`check_new_tag`](crate::domain::people::check_new_tag)).
pub async fn create(session: &Session, store: &Store, name: &str) -> Result<Tag, ChangeError> {
    let id = session.call(|client, token| async move { client.create_tag(&token, name).await }).await?;
    let tag = Tag { id, name: name.to_owned(), count: 0 };
    store.put_tag(session.account().id, tag.clone()).await?;
    Ok(tag)
}

/// Gives a tag another name. Checked before ([`check_rename`](crate::domain::people::check_rename)).
pub async fn rename(session: &Session, store: &Store, tag: &Tag, name: &str) -> Result<Tag, ChangeError> {
    let id = tag.id;
    session.call(|client, token| async move { client.rename_tag(&token, id, name).await }).await?;
    let renamed = Tag { name: name.to_owned(), ..tag.clone() };
    store.put_tag(session.account().id, renamed.clone()).await?;
    Ok(renamed)
}

/// Deletes a tag; nobody has it any more. Never done but at an operator's explicit word.
pub async fn remove(session: &Session, store: &Store, tag: TagId) -> Result<(), ChangeError> {
    session.call(|client, token| async move { client.delete_tag(&token, tag).await }).await?;
    Ok(store.drop_tag(session.account().id, tag).await?)
}

/// Gives a tag to users (`has`), or takes it from them.
pub async fn tag(session: &Session, store: &Store, tag: TagId, openids: &[OpenId], has: bool) -> StoreResult<Changed> {
    let account = session.account().id;
    let call = |client: crate::wechat::Client, token, part: Vec<OpenId>| async move {
        if has { client.assign_tag(&token, tag, &part).await } else { client.unassign_tag(&token, tag, &part).await }
    };
    change(session, openids, TAGGED_PER_CALL, call, |part| store.set_tagged(account, tag, part, has)).await
}
