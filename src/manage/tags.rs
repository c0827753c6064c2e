//! Tags: making, naming and deleting them (`wechat-api.md §10`). Who has them: [`super::members`].

use super::ChangeError;
use super::repeat::once;
use crate::domain::audience::{Audience, UserSet};
use crate::domain::id::AccountId;
use crate::domain::people::{check_delete, check_new_tag, check_rename};
use crate::domain::user::Tag;
use crate::session::{Pauses, Session, SessionError};
use crate::store::{Store, StoreResult};

/// Codes that tell that the tags here are not those at WeChat: too many of them, a name that is taken, a tag that is gone.
const OUTDATED: [i64; 3] = [45056, 45157, 45159];

/// What a tag is used for here and now. Sends that were confirmed are not concerned: their recipients are frozen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uses {
    /// Users who have it, by the cache or by WeChat's count, whichever is more.
    pub users: u64,
    /// Drafts whose audience names it.
    pub drafts: u64,
    /// Kept audiences that name it.
    pub kept: Vec<String>,
}

/// Makes a tag.
pub async fn create(session: &Session, store: &Store, name: &str) -> Result<Tag, ChangeError> {
    let account = session.account().id;
    let known = match store.tags(account).await? {
        // Not looked at yet, perhaps: what is not known cannot be checked.
        tags if tags.is_empty() => list(session, store).await?,
        tags => tags,
    };
    let name = check_new_tag(name, &known)?;
    match session.call(|client, token| async move { client.create_tag(&token, name).await }).await {
        Ok(id) => {
            let tag = Tag { id, name: name.to_owned(), count: 0 };
            store.put_tag(account, tag.clone()).await?;
            Ok(tag)
        }
        // Names are unique: if it is there now, it was made.
        Err(error) => match look_after(session, store, &error).await {
            Some(tags) if error.errcode().is_none() => tags.into_iter().find(|tag| tag.name == name).ok_or(error.into()),
            _ => Err(error.into()),
        },
    }
}

/// Gives a tag another name. It stays the same tag: audiences, drafts and jobs name it by its number.
pub async fn rename(session: &Session, store: &Store, tag: &Tag, name: &str) -> Result<Tag, ChangeError> {
    let account = session.account().id;
    let name = check_rename(tag, name, &store.tags(account).await?)?;
    let id = tag.id;
    let renamed = once(session, Pauses::default(), |client, token| async move { client.rename_tag(&token, id, name).await });
    if let Err(error) = renamed.await {
        let now = look_after(session, store, &error).await.filter(|_| error.errcode().is_none()).unwrap_or_default();
        return now.into_iter().find(|tag| tag.id == id && tag.name == name).ok_or(error.into());
    }
    let tag = Tag { name: name.to_owned(), ..tag.clone() };
    store.put_tag(account, tag.clone()).await?;
    Ok(tag)
}

/// Deletes a tag for good: nobody has it any more, and one made anew under its name is another. Never done but at an operator's
/// explicit word.
pub async fn remove(session: &Session, store: &Store, tag: &Tag) -> Result<(), ChangeError> {
    let account = session.account().id;
    let known = store.tags(account).await?;
    let id = tag.id;
    check_delete(known.iter().find(|known| known.id == id).unwrap_or(tag))?;
    let removed = once(session, Pauses::default(), |client, token| async move { client.delete_tag(&token, id).await }).await;
    if let Err(error) = removed {
        let now = look_after(session, store, &error).await;
        let is_gone = error.errcode().is_none() && now.is_some_and(|tags| tags.iter().all(|tag| tag.id != id));
        return if is_gone { Ok(()) } else { Err(error.into()) };
    }
    Ok(store.drop_tag(account, id).await?)
}

/// What a tag is used for, to be told before it is deleted.
pub async fn uses(store: &Store, account: AccountId, tag: &Tag) -> StoreResult<Uses> {
    let names = |audience: &Audience| audience.terms.iter().any(|(_, set)| *set == UserSet::Tag(tag.id));
    let drafts = store.drafts(account).await?.iter().filter(|draft| names(&draft.audience)).count() as u64;
    let kept = store.kept_audiences(account).await?;
    let kept = kept.into_iter().filter(|kept| names(&kept.audience)).map(|kept| kept.name).collect();
    Ok(Uses { users: store.count_tagged(account, tag.id).await?.max(tag.count), drafts, kept })
}

/// After a change of which nobody knows whether it was made, or that shows that other tags are there than was thought, the list
/// is read anew. That it cannot be read is no second failure.
async fn look_after(session: &Session, store: &Store, error: &SessionError) -> Option<Vec<Tag>> {
    let in_doubt = error.errcode().is_none_or(|code| OUTDATED.contains(&code));
    if in_doubt { list(session, store).await.ok() } else { None }
}

async fn list(session: &Session, store: &Store) -> Result<Vec<Tag>, SessionError> {
    let entries = session.call(|client, token| async move { client.tags(&token).await }).await?;
    let tags: Vec<Tag> = entries.into_iter().map(|entry| Tag { id: entry.id, name: entry.name, count: entry.count }).collect();
    store.put_tags(session.account().id, tags.clone()).await?;
    Ok(tags)
}
