//! Tags and who has them (`wechat-api.md §10`).

use super::client::Client;
use super::decode::{Reply, acknowledged, null_is_default, number, number_or_zero};
use super::error::CallError;
use super::users::{OpenidPage, page};
use crate::domain::id::{OpenId, TagId};
use crate::domain::secret::AccessToken;
use serde::{Deserialize, Deserializer};
use serde_json::json;

const LIST: &str = "/cgi-bin/tags/get";
const MEMBERS: &str = "/cgi-bin/user/tag/get";
/// Path of the call, by which its codes are explained.
pub const CREATE_TAG_PATH: &str = "/cgi-bin/tags/create";
/// Path of the call, by which its codes are explained.
pub const RENAME_TAG_PATH: &str = "/cgi-bin/tags/update";
/// Path of the call, by which its codes are explained.
pub const DELETE_TAG_PATH: &str = "/cgi-bin/tags/delete";
/// Path of the call, by which its codes are explained.
pub const ASSIGN_TAG_PATH: &str = "/cgi-bin/tags/members/batchtagging";
/// Path of the call, by which its codes are explained.
pub const UNASSIGN_TAG_PATH: &str = "/cgi-bin/tags/members/batchuntagging";

/// How many users one call may give a tag to, or take it from.
pub const TAGGED_PER_CALL: usize = 50;

/// A tag as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TagEntry {
    /// 0, 1 and 2 are WeChat's own.
    #[serde(deserialize_with = "tag_id")]
    pub id: TagId,
    /// Unique within the account.
    #[serde(default, deserialize_with = "null_is_default")]
    pub name: String,
    /// How many have it; about, and late.
    #[serde(default, deserialize_with = "number_or_zero")]
    pub count: u64,
}

fn tag_id<'de, D: Deserializer<'de>>(from: D) -> Result<TagId, D::Error> {
    number(from).map(TagId)
}

#[derive(Deserialize)]
struct Wire {
    tags: Option<Vec<TagEntry>>,
}

#[derive(Deserialize)]
struct Created {
    tag: Option<TagEntry>,
}

impl Client {
    /// All tags of the account, 100 and WeChat's own at most.
    pub async fn tags(&self, token: &AccessToken) -> Result<Vec<TagEntry>, CallError> {
        self.get(LIST, token, &[], entries).await
    }

    /// A step over the members of a tag, 10,000 at most; `next` as in [`Client::users_page`].
    pub async fn tag_members_page(
        &self,
        token: &AccessToken,
        tag: TagId,
        next: Option<&OpenId>,
    ) -> Result<OpenidPage, CallError> {
        let body = json!({ "tagid": tag.0, "next_openid": next.map_or("", OpenId::as_str) });
        self.post(MEMBERS, token, &body, |reply| page(reply, next)).await
    }

    /// Makes a tag; its name is new in the account and has at most 30 bytes.
    pub async fn create_tag(&self, token: &AccessToken, name: &str) -> Result<TagId, CallError> {
        self.post(CREATE_TAG_PATH, token, &json!({ "tag": { "name": name } }), created).await
    }

    /// Gives a tag another name.
    pub async fn rename_tag(&self, token: &AccessToken, tag: TagId, name: &str) -> Result<(), CallError> {
        self.post(RENAME_TAG_PATH, token, &json!({ "tag": { "id": tag.0, "name": name } }), acknowledged).await
    }

    /// Deletes a tag, which must not have more than 100,000 members.
    pub async fn delete_tag(&self, token: &AccessToken, tag: TagId) -> Result<(), CallError> {
        self.post(DELETE_TAG_PATH, token, &json!({ "tag": { "id": tag.0 } }), acknowledged).await
    }

    /// Gives a tag to up to [`TAGGED_PER_CALL`] users.
    pub async fn assign_tag(&self, token: &AccessToken, tag: TagId, openids: &[OpenId]) -> Result<(), CallError> {
        self.post(ASSIGN_TAG_PATH, token, &json!({ "openid_list": openids, "tagid": tag.0 }), acknowledged).await
    }

    /// Takes a tag from up to [`TAGGED_PER_CALL`] users.
    pub async fn unassign_tag(&self, token: &AccessToken, tag: TagId, openids: &[OpenId]) -> Result<(), CallError> {
        self.post(UNASSIGN_TAG_PATH, token, &json!({ "openid_list": openids, "tagid": tag.0 }), acknowledged).await
    }
}

fn entries(reply: &Reply<'_>) -> Result<Vec<TagEntry>, CallError> {
    reply.read::<Wire>()?.tags.ok_or_else(|| reply.unfit("no tags"))
}

fn created(reply: &Reply<'_>) -> Result<TagId, CallError> {
    reply.read::<Created>()?.tag.map(|tag| tag.id).ok_or_else(|| reply.unfit("no tag"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn tags_are_read() {
        let tags = entries(&reply(200, r#"{"tags":[{"id":2,"name":"星标组","count":0},{"id":"134","name":"广东"}]}"#)).unwrap();
        assert_eq!(tags[1], TagEntry { id: TagId(134), name: "广东".into(), count: 0 });
        assert_eq!(tags.len(), 2);
        assert!(entries(&reply(200, "{}")).is_err());
    }
}
