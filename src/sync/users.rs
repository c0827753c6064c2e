//! Followers: first all openids, page by page, which can be sent to from then on; then who has which tag and who is blocked; then
//! their details with several calls in flight.

use super::calls::Calls;
use super::details::Read;
use super::{Cut, Details, Step, SyncError, SyncPlan, details, list, members};
use crate::session::SessionError;
use crate::store::{Again, DetailsWanted, FileLock, LockError, Stage, Store, SyncState, UserChanges};
use jiff::{SignedDuration, Timestamp};

/// Up to so many followers, details of everyone take no more calls than one would make by hand, and what was changed elsewhere is
/// known at once.
const FEW: u64 = 10_000;

/// A sync that is taken up after a longer time walks over the list again: it is another one by then.
const LIST_HOLDS: SignedDuration = SignedDuration::from_mins(30);

/// Syncs the followers of an account, or goes on where a cut-off sync stopped.
pub async fn run(calls: &Calls<'_>, store: &Store, plan: SyncPlan) -> Result<(UserChanges, Option<Cut>), SyncError> {
    held(calls, store, run_held(calls, store, plan)).await
}

/// Does what only one process at a time may do to an account's users, with more memory for it.
pub async fn held<T>(calls: &Calls<'_>, store: &Store, work: impl Future<Output = Result<T, SyncError>>) -> Result<T, SyncError> {
    let _lock = match FileLock::take(store.dir(), &format!("sync-{}", calls.account())).await {
        Ok(lock) => lock,
        Err(LockError::Held) => return Err(SyncError::Held),
        Err(error) => return Err(SessionError::from(error).into()),
    };
    store.widen_cache().await?;
    let done = work.await;
    // However it ended: the memory is needed no longer.
    store.narrow_cache().await?;
    done
}

async fn run_held(calls: &Calls<'_>, store: &Store, plan: SyncPlan) -> Result<(UserChanges, Option<Cut>), SyncError> {
    let state = begin(calls, store, plan.details).await?;
    if state.stage == Stage::List {
        let listed = list::walk(calls, store, &state, 0).await;
        if let Some(cut) = cut(&listed, calls, Step::Openids) {
            return Ok((store.user_changes(calls.account()).await?, Some(cut)));
        }
        listed?;
    }
    let cut = beyond_openids(calls, store, &state, plan.details).await?;
    Ok((store.end_user_sync(calls.account()).await?, cut))
}

async fn begin(calls: &Calls<'_>, store: &Store, details: Details) -> Result<SyncState, SyncError> {
    let state = store.begin_user_sync(calls.account()).await?;
    let holds = |at: Timestamp| Timestamp::now().duration_since(at) < LIST_HOLDS;
    let again = if details == Details::Everyone && !state.begins_anew() {
        Again::Details
    } else if state.stage == Stage::Details && !state.listed_at.is_some_and(holds) {
        Again::List
    } else {
        return Ok(state);
    };
    Ok(store.walk_again(calls.account(), again).await?)
}

/// Each of these calls has an allowance of its own, so that one that is used up stops only itself.
async fn beyond_openids(calls: &Calls<'_>, store: &Store, state: &SyncState, plan: Details) -> Result<Option<Cut>, SyncError> {
    let (account, generation) = (calls.account(), state.generation);
    let mut since = state.details_since();
    let mut wanted = store.wanted_details(account, generation, since).await?;
    if plan == Details::New && wanted.followers <= FEW {
        since = generation;
        wanted.missing = wanted.followers - wanted.fresh;
    }
    if plan == Details::Nobody {
        wanted.missing = 0;
    }
    // Details of everybody tell of the tags as well.
    let told_by_details = wanted.missing + wanted.fresh == wanted.followers;
    let mut first_cut = None;
    if !told_by_details {
        let done = members::tags(calls, store).await;
        first_cut = cut_off(done, calls, Step::Members)?;
    }
    let done = members::blacklist(calls, store).await;
    first_cut = first_cut.or(cut_off(done, calls, Step::Blacklist)?);
    if wanted.missing == 0 {
        return Ok(first_cut);
    }
    let read = match details::missing(calls, store, (generation, since), wanted.missing).await {
        Err(error) if let Some(errcode) = error.out_of_quota() => {
            let DetailsWanted { followers: total, missing, .. } = store.wanted_details(account, generation, since).await?;
            first_cut = first_cut.or(Some(Cut { step: Step::Details, done: total.saturating_sub(missing), total, errcode }));
            Read::InPart
        }
        read => read?,
    };
    if told_by_details && read == Read::InPart {
        let done = members::tags(calls, store).await;
        first_cut = first_cut.or(cut_off(done, calls, Step::Members)?);
    }
    Ok(first_cut)
}

/// Where the allowance ended, if that is how it failed.
fn cut<T>(done: &Result<T, SyncError>, calls: &Calls<'_>, step: Step) -> Option<Cut> {
    let errcode = done.as_ref().err()?.out_of_quota()?;
    let view = calls.progress.view();
    Some(Cut { step, done: view.done, total: view.total, errcode })
}

/// The same, where any other failure ends the sync.
fn cut_off(done: Result<(), SyncError>, calls: &Calls<'_>, step: Step) -> Result<Option<Cut>, SyncError> {
    match cut(&done, calls, step) {
        None => done.map(|()| None),
        cut => Ok(cut),
    }
}
