//! A quick look for those who followed lately: WeChat gives no names, so that is how an operator finds somebody's openid.

use super::calls::Calls;
use super::list::{self, Listed};
use super::users::held;
use super::{SyncError, details};
use crate::domain::id::OpenId;
use crate::store::{Again, Stage, Store};

/// Most newcomers whose details are fetched: after weeks without a sync nobody looks through more.
const MOST: usize = 1000;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// After the one who stood last on the list at the last sync, where newcomers are seen to be; one call or two. WeChat
    /// promises no order, and whoever comes back may be elsewhere.
    AtEnd,
    /// Through the whole list, a call for each 10,000 followers.
    Everywhere,
}

/// Who came since the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomers {
    /// Those who are new or came back, as the list has them; after the first sync ever, the last of it.
    pub came: Vec<OpenId>,
    /// Where was looked: everywhere where the end of the list is not known.
    pub look: Look,
}

/// Looks, and reads the details of those who came.
pub async fn run(calls: &Calls<'_>, store: &Store, look: Look) -> Result<Newcomers, SyncError> {
    held(calls, store, run_held(calls, store, look)).await
}

async fn run_held(calls: &Calls<'_>, store: &Store, look: Look) -> Result<Newcomers, SyncError> {
    let at_end = if look == Look::AtEnd { at_end(calls, store).await? } else { None };
    let look = if at_end.is_some() { Look::AtEnd } else { Look::Everywhere };
    let (came, generation) = match at_end {
        Some(found) => found,
        None => everywhere(calls, store).await?,
    };
    if !came.is_empty() {
        details::of(calls, store, generation, &came).await?;
        store.note_newcomers();
    }
    Ok(Newcomers { came: came.into_iter().map(|(_, openid)| openid).collect(), look })
}

type Came = (Vec<Listed>, i64);

/// None where it is not known where the list ended.
async fn at_end(calls: &Calls<'_>, store: &Store) -> Result<Option<Came>, SyncError> {
    let Some(state) = store.end_of_list(calls.account()).await? else { return Ok(None) };
    let Some(last) = state.next else { return Ok(None) };
    let first = match list::page(calls, Some(&last)).await {
        Err(error) if error.errcode() == Some(40003) => return Ok(None),
        first => first?,
    };
    let came = list::pages(calls, store, state.generation, first, MOST).await?;
    Ok(Some((came, state.generation)))
}

async fn everywhere(calls: &Calls<'_>, store: &Store) -> Result<Came, SyncError> {
    let account = calls.account();
    let was_whole = store.listed(account).await?.whole;
    let mut state = store.begin_user_sync(account).await?;
    if state.stage == Stage::Details {
        state = store.walk_again(account, Again::List).await?;
    }
    let came = list::walk(calls, store, &state, MOST).await?;
    if was_whole {
        store.end_user_sync(account).await?;
    }
    Ok((came, state.generation))
}
