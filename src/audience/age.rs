//! How old what is known of the followers is: whoever came, left or was tagged since is judged wrongly.

use crate::domain::audience::{Audience, Stale, UserSet};
use crate::domain::id::AccountId;
use crate::store::{Store, StoreResult};
use jiff::{SignedDuration, Timestamp};

/// Whether what is known is too old to send by; `hours` are what the operator thinks too old. Of users who were named one by one
/// the operator knows best.
pub async fn stale(
    store: &Store,
    account: AccountId,
    audience: &Audience,
    hours: u64,
    now: Timestamp,
) -> StoreResult<Option<Stale>> {
    if audience.terms.iter().all(|(_, set)| matches!(set, UserSet::Users(_))) {
        return Ok(None);
    }
    let Some(at) = store.users_synced_at(account).await? else { return Ok(Some(Stale::Never)) };
    let limit = SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3600));
    Ok((now.duration_since(at) > limit).then_some(Stale::Since(at)))
}
