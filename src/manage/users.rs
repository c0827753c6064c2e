//! The operator's own note on a user (`wechat-api.md §9.4`). Who is blocked: [`super::members`].

use super::ChangeError;
use super::repeat::insist;
use crate::domain::id::OpenId;
use crate::domain::people::check_remark;
use crate::session::{Pauses, Session};
use crate::store::Store;
use crate::wechat::REMARK_PATH;

/// What the operator calls a user from now on; an empty text takes it away. The cache has it at once, WeChat's own lists a
/// little later.
pub async fn remark(session: &Session, store: &Store, openid: &OpenId, remark: &str) -> Result<(), ChangeError> {
    let remark = remark.trim();
    check_remark(remark)?;
    insist(
        session,
        Pauses::default(),
        REMARK_PATH,
        |client, token| async move { client.set_remark(&token, openid, remark).await },
    )
    .await?;
    Ok(store.set_remark(session.account().id, openid.clone(), remark.to_owned()).await?)
}
