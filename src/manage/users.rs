//! Remarks and the blacklist (`wechat-api.md §9.4, §10`).

use super::batches::{ChangeError, Changed, change};
use crate::domain::id::OpenId;
use crate::session::Session;
use crate::store::{Store, StoreResult};
use crate::wechat::BLOCKED_PER_CALL;

/// What the operator calls a user from now on; an empty text takes it away. Checked before
/// ([`check_remark`](crate::domain::people::check_remark)).
pub async fn remark(session: &Session, store: &Store, openid: &OpenId, remark: &str) -> Result<(), ChangeError> {
    session.call(|client, token| async move { client.set_remark(&token, openid, remark).await }).await?;
    Ok(store.set_remark(session.account().id, openid.clone(), remark.to_owned()).await?)
}

/// Puts users on the blacklist (`blocked`), or takes them off. Who is on it gets nothing.
pub async fn block(session: &Session, store: &Store, openids: &[OpenId], blocked: bool) -> StoreResult<Changed> {
    let account = session.account().id;
    let call = |client: crate::wechat::Client, token, part: Vec<OpenId>| async move {
        if blocked { client.block(&token, &part).await } else { client.unblock(&token, &part).await }
    };
    change(session, openids, BLOCKED_PER_CALL, call, |part| store.set_blocked(account, part, blocked)).await
}
