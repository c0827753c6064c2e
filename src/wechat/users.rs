//! Followers: the walk over their openids and their details (`wechat-api.md §9`), and the blacklist (§10).

use super::client::Client;
use super::decode::{Reply, acknowledged, maybe_number, maybe_text, null_is_default, number_or_zero};
use super::error::CallError;
use crate::domain::id::{OpenId, TagId};
use crate::domain::secret::AccessToken;
use serde::{Deserialize, Deserializer};
use serde_json::json;

const LIST: &str = "/cgi-bin/user/get";
/// Path of the call, by which its codes are explained.
pub const USER_INFO_PATH: &str = "/cgi-bin/user/info";
const DETAILS: &str = "/cgi-bin/user/info/batchget";
/// Path of the call, by which its codes are explained.
pub const REMARK_PATH: &str = "/cgi-bin/user/info/updateremark";
const BLACKLIST: &str = "/cgi-bin/tags/members/getblacklist";
/// Path of the call, by which its codes are explained.
pub const BLOCK_PATH: &str = "/cgi-bin/tags/members/batchblacklist";
/// Path of the call, by which its codes are explained.
pub const UNBLOCK_PATH: &str = "/cgi-bin/tags/members/batchunblacklist";

/// How many users one call for details may name; some accounts were told 40032 at this size and take half (§9.3).
pub const USERS_PER_CALL: usize = 100;

/// How many users one call may put on the blacklist, or take off it.
pub const BLOCKED_PER_CALL: usize = 20;

/// One step of a walk over openids: followers, members of a tag, the blacklist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenidPage {
    /// How many there are in all; the members of a tag are not counted.
    pub total: Option<u64>,
    /// Those of this step. Between two steps somebody may come or go, so the same one can come twice.
    pub openids: Vec<OpenId>,
    /// Where the next step starts; none when the walk is over.
    pub next: Option<OpenId>,
}

/// What the account may know of a user. Nicknames are no longer given since 2021.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// Answers are matched by this, not by their order.
    pub openid: OpenId,
    /// Whether they follow; if not, the rest is missing.
    #[serde(default, rename = "subscribe", deserialize_with = "yes")]
    pub subscribed: bool,
    /// Empty since 2021, here none.
    #[serde(default, deserialize_with = "maybe_text")]
    pub nickname: Option<String>,
    /// The operator's own note.
    #[serde(default, deserialize_with = "maybe_text")]
    pub remark: Option<String>,
    /// As `zh_CN`.
    #[serde(default, deserialize_with = "maybe_text")]
    pub language: Option<String>,
    /// Same for all accounts of one owner, if they are bound together.
    #[serde(default, deserialize_with = "maybe_text")]
    pub unionid: Option<String>,
    /// Unix seconds of the latest following.
    #[serde(default, deserialize_with = "maybe_number")]
    pub subscribe_time: Option<i64>,
    /// The way they came, as `ADD_SCENE_QR_CODE`; new values appear.
    #[serde(default, deserialize_with = "maybe_text")]
    pub subscribe_scene: Option<String>,
    /// Their tags, if they are told.
    #[serde(default, rename = "tagid_list")]
    pub tags: Option<Vec<TagId>>,
    /// Number in the QR code they scanned; may exceed 32 bits.
    #[serde(default, deserialize_with = "maybe_number")]
    pub qr_scene: Option<u64>,
    /// Text in the QR code they scanned.
    #[serde(default, deserialize_with = "maybe_text")]
    pub qr_scene_str: Option<String>,
}

fn yes<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    number_or_zero::<D, i64>(from).map(|number| number != 0)
}

#[derive(Deserialize)]
struct PageWire {
    #[serde(default, deserialize_with = "maybe_number")]
    total: Option<u64>,
    #[serde(default, deserialize_with = "maybe_number")]
    count: Option<u64>,
    data: Option<PageData>,
    #[serde(default, deserialize_with = "maybe_text")]
    next_openid: Option<String>,
}

#[derive(Deserialize)]
struct PageData {
    #[serde(default, deserialize_with = "null_is_default")]
    openid: Vec<OpenId>,
}

#[derive(Deserialize)]
struct DetailsWire {
    user_info_list: Option<Vec<UserInfo>>,
}

impl Client {
    /// A step over the followers, 10,000 at most, from the start or from where the last step ended.
    pub async fn users_page(&self, token: &AccessToken, next: Option<&OpenId>) -> Result<OpenidPage, CallError> {
        let query = next.map(|openid| [("next_openid", openid.as_str())]);
        self.get(LIST, token, query.as_ref().map_or(&[], |pair| pair.as_slice()), |reply| page(reply, next)).await
    }

    /// Details of up to [`USERS_PER_CALL`] users. One malformed openid fails them all (40003) and is not named (§9.3).
    pub async fn user_infos(&self, token: &AccessToken, openids: &[OpenId]) -> Result<Vec<UserInfo>, CallError> {
        let list: Vec<_> = openids.iter().map(|openid| json!({ "openid": openid })).collect();
        self.post(DETAILS, token, &json!({ "user_list": list }), details).await
    }

    /// Details of one user; of one who does not follow, nothing but that.
    pub async fn user_info(&self, token: &AccessToken, openid: &OpenId) -> Result<UserInfo, CallError> {
        self.get(USER_INFO_PATH, token, &[("openid", openid.as_str()), ("lang", "zh_CN")], info).await
    }

    /// A step over the users whom the account has blacklisted; `begin` as in [`Client::users_page`].
    pub async fn blacklist_page(&self, token: &AccessToken, begin: Option<&OpenId>) -> Result<OpenidPage, CallError> {
        let body = json!({ "begin_openid": begin.map_or("", OpenId::as_str) });
        self.post(BLACKLIST, token, &body, |reply| page(reply, begin)).await
    }

    /// Sets the operator's note on a user, at most 29 bytes to be safe (§9.4).
    pub async fn set_remark(&self, token: &AccessToken, openid: &OpenId, remark: &str) -> Result<(), CallError> {
        self.post(REMARK_PATH, token, &json!({ "openid": openid, "remark": remark }), acknowledged).await
    }

    /// Puts up to [`BLOCKED_PER_CALL`] users on the blacklist.
    pub async fn block(&self, token: &AccessToken, openids: &[OpenId]) -> Result<(), CallError> {
        self.post(BLOCK_PATH, token, &json!({ "openid_list": openids }), acknowledged).await
    }

    /// Takes up to [`BLOCKED_PER_CALL`] users off the blacklist.
    pub async fn unblock(&self, token: &AccessToken, openids: &[OpenId]) -> Result<(), CallError> {
        self.post(UNBLOCK_PATH, token, &json!({ "openid_list": openids }), acknowledged).await
    }
}

/// Reads a step that started at `sent`. The walk is over on any sign of it: no `data`, nobody in it, nowhere to go on, or
/// back to where it was (§9.1).
pub(super) fn page(reply: &Reply<'_>, sent: Option<&OpenId>) -> Result<OpenidPage, CallError> {
    let wire: PageWire = reply.read()?;
    if wire.total.is_none() && wire.count.is_none() && wire.data.is_none() {
        return Err(reply.unfit("no count"));
    }
    let openids = wire.data.map(|data| data.openid).unwrap_or_default();
    let over = openids.is_empty() || wire.count == Some(0);
    let next = wire.next_openid.map(OpenId::trusted).filter(|next| !over && Some(next) != sent);
    Ok(OpenidPage { total: wire.total, openids, next })
}

fn info(reply: &Reply<'_>) -> Result<UserInfo, CallError> {
    reply.read()
}

fn details(reply: &Reply<'_>) -> Result<Vec<UserInfo>, CallError> {
    reply.read::<DetailsWire>()?.user_info_list.ok_or_else(|| reply.unfit("no user_info_list"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn a_walk_ends_on_any_sign_of_its_end() {
        let sent = OpenId::trusted("o1");
        for (body, count, next) in [
            (r#"{"total":3,"count":2,"data":{"openid":["o2","o3"]},"next_openid":"o3"}"#, 2, Some("o3")),
            (r#"{"total":3,"data":{"openid":["o2"]},"next_openid":"o2"}"#, 1, Some("o2")),
            (r#"{"total":3,"count":1,"data":{"openid":["o2"]},"next_openid":""}"#, 1, None),
            (r#"{"total":3,"count":1,"data":{"openid":["o2"]}}"#, 1, None),
            (r#"{"total":3,"count":1,"data":{"openid":["o1"]},"next_openid":"o1"}"#, 1, None),
            (r#"{"total":3,"count":0,"data":{"openid":[]},"next_openid":"o9"}"#, 0, None),
            (r#"{"total":3,"count":0,"next_openid":"o9"}"#, 0, None),
            (r#"{"total":0,"count":0,"data":null,"next_openid":null}"#, 0, None),
            (r#"{"count":0}"#, 0, None),
        ] {
            let page = page(&reply(200, body), Some(&sent)).unwrap();
            assert_eq!((page.openids.len(), page.next.as_ref().map(OpenId::as_str)), (count, next), "{body}");
        }
        assert!(matches!(page(&reply(200, "{}"), None), Err(CallError::Ambiguous { .. })));
    }

    #[test]
    fn users_are_read_with_little_or_much() {
        let body = r#"{"user_info_list":[
            {"subscribe":1,"openid":"o1","nickname":"","remark":"老客户","language":"zh_CN","subscribe_time":1434093047,"unionid":null,
             "tagid_list":[128,2],"subscribe_scene":"ADD_SCENE_NEW","qr_scene":4294967296,"qr_scene_str":"","groupid":0},
            {"subscribe":0,"openid":"o2"},
            {"subscribe":"1","openid":"o3","tagid_list":null}]}"#;
        let users = details(&reply(200, body)).unwrap();
        assert_eq!((users[0].nickname.as_deref(), users[0].remark.as_deref()), (None, Some("老客户")));
        assert_eq!((users[0].qr_scene, users[0].tags.as_deref()), (Some(4_294_967_296), Some([TagId(128), TagId(2)].as_slice())));
        assert_eq!(users.iter().map(|user| user.subscribed).collect::<Vec<_>>(), [true, false, true]);
        assert!(details(&reply(200, "{}")).is_err());
    }
}
