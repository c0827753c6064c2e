//! How old what is known of the followers is: whoever came, left or was tagged since is judged wrongly.

use crate::domain::audience::{Audience, Stale, UserSet};
use crate::domain::id::AccountId;
use crate::store::{Store, StoreResult};
use jiff::Timestamp;

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
    Ok(store.listed(account).await?.stale(now, hours))
}
