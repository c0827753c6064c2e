//! One user, asked of WeChat anew.

use super::details::detail;
use crate::domain::id::OpenId;
use crate::domain::profile::{Profile, Read};
use crate::domain::user::User;
use crate::session::{Session, SessionError};
use crate::store::{Store, StoreResult, UserDetail};
use jiff::Timestamp;

/// What WeChat tells of a user now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    /// With what the cache knew before, if they follow no longer.
    pub profile: Profile,
    /// The parameter of the QR code by which they came, which no list keeps.
    pub qr: Option<String>,
}

/// Asks WeChat for all it tells of a user (`wechat-api.md §9.2`), and has the cache know it, if they are in it.
pub async fn look_up(session: &Session, store: &Store, openid: &OpenId) -> Result<LookedUp, SessionError> {
    let info = session.call(|client, token| async move { client.user_info(&token, openid).await }).await?;
    let at = Timestamp::now();
    let number = info.qr_scene.filter(|number| *number != 0).map(|number| number.to_string());
    let qr = info.qr_scene_str.clone().or(number);
    let account = session.account().id;
    let told = detail(info);
    store.put_looked_up(account, told.clone()).await?;
    let profile = match store.profile(account, openid.clone()).await? {
        Some(known) => known,
        None => stranger(session, store, told).await?,
    };
    Ok(LookedUp { profile: Profile { read: Read::Now(at), ..profile }, qr })
}

/// One whom no list of followers had so far.
async fn stranger(session: &Session, store: &Store, told: UserDetail) -> StoreResult<Profile> {
    let known = store.tags(session.account().id).await?;
    let name = |id| known.iter().find(|tag| tag.id == id).map_or(String::new(), |tag| tag.name.clone());
    let tags = told.tags.iter().map(|id| (*id, name(*id))).collect();
    let user = User {
        openid: told.openid,
        nickname: told.nickname,
        remark: told.remark,
        subscribed: told.subscribed,
        blacklisted: false,
        subscribe_time: told.subscribe_time,
        tags: told.tags,
    };
    let (unionid, language, scene) = (told.unionid, told.language, told.subscribe_scene);
    Ok(Profile { user, name: None, tags, unionid, language, scene, read: Read::Never })
}
