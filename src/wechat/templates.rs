//! The account's templates (`wechat-api.md §4.4-§4.6`).

use super::client::Client;
use super::decode::{Reply, acknowledged, maybe_text, null_is_default};
use super::error::CallError;
use crate::domain::id::TemplateId;
use crate::domain::secret::AccessToken;
use crate::domain::template::Template;
use serde::Deserialize;
use serde_json::json;

/// The path of the list, by which its codes are explained.
pub const TEMPLATES_PATH: &str = "/cgi-bin/template/get_all_private_template";
/// The path of adding, by which its codes are explained.
pub const ADD_TEMPLATE_PATH: &str = "/cgi-bin/template/api_add_template";
/// The path of deleting, by which its codes are explained.
pub const DELETE_TEMPLATE_PATH: &str = "/cgi-bin/template/del_private_template";

/// A template as the server lists it; fields are read from `content` elsewhere (§4.7).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TemplateEntry {
    /// What a send names.
    #[serde(rename = "template_id")]
    pub id: TemplateId,
    /// Its name; two templates may share it.
    #[serde(default, deserialize_with = "null_is_default")]
    pub title: String,
    /// Main industry, of historical templates only.
    #[serde(default, deserialize_with = "maybe_text")]
    pub primary_industry: Option<String>,
    /// Sub-industry, of historical templates only.
    #[serde(default, deserialize_with = "maybe_text")]
    pub deputy_industry: Option<String>,
    /// Labels and placeholders, a line each.
    #[serde(default, deserialize_with = "null_is_default")]
    pub content: String,
    /// The content filled in; empty on test accounts.
    #[serde(default, deserialize_with = "null_is_default")]
    pub example: String,
}

impl From<TemplateEntry> for Template {
    fn from(entry: TemplateEntry) -> Self {
        let TemplateEntry { id, title, primary_industry, deputy_industry, content, example } = entry;
        let industry = (primary_industry.unwrap_or_default(), deputy_industry.unwrap_or_default());
        Self { id, title, content, example, industry }
    }
}

#[derive(Deserialize)]
struct Wire {
    template_list: Option<Vec<TemplateEntry>>,
}

#[derive(Deserialize)]
struct Added {
    template_id: Option<TemplateId>,
}

impl Client {
    /// All templates in one answer, in no promised order. The daily quota is small: keep what it gives.
    pub async fn templates(&self, token: &AccessToken) -> Result<Vec<TemplateEntry>, CallError> {
        self.get(TEMPLATES_PATH, token, &[], entries).await
    }

    /// Takes a template from the library by its short number there. Category templates need the names of their keywords,
    /// in the order they shall have; historical ones have none.
    pub async fn add_template(&self, token: &AccessToken, short_id: &str, keywords: &[String]) -> Result<TemplateId, CallError> {
        let mut body = json!({ "template_id_short": short_id });
        if !keywords.is_empty() {
            body["keyword_name_list"] = json!(keywords);
        }
        self.post(ADD_TEMPLATE_PATH, token, &body, added).await
    }

    /// Deletes a template for good: added again, it has another id.
    pub async fn delete_template(&self, token: &AccessToken, id: &TemplateId) -> Result<(), CallError> {
        self.post(DELETE_TEMPLATE_PATH, token, &json!({ "template_id": id }), acknowledged).await
    }
}

fn entries(reply: &Reply<'_>) -> Result<Vec<TemplateEntry>, CallError> {
    // A list that is not there at all is no empty list: taking it for one would drop every template kept.
    reply.read::<Wire>()?.template_list.ok_or_else(|| reply.unfit("no template_list"))
}

fn added(reply: &Reply<'_>) -> Result<TemplateId, CallError> {
    reply.read::<Added>()?.template_id.ok_or_else(|| reply.unfit("no template_id"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn both_generations_are_read() {
        let body = r#"{"template_list":[
            {"template_id":"iPk5","title":"领取奖金提醒","primary_industry":"IT科技","deputy_industry":"互联网|电子商务",
             "content":"{{first.DATA}}\n\n领奖金额:{{keyword1.DATA}}\n{{remark.DATA}}","example":"您已提交"},
            {"template_id":"Hmr2","title":"隐患整改","primary_industry":null,"deputy_industry":"","content":"单位:{{thing1.DATA}}\n","new":1}]}"#;
        let list = entries(&reply(200, body)).unwrap();
        assert_eq!(list[0].deputy_industry.as_deref(), Some("互联网|电子商务"));
        assert_eq!(list[0].content, "{{first.DATA}}\n\n领奖金额:{{keyword1.DATA}}\n{{remark.DATA}}");
        assert_eq!((&list[1].primary_industry, &list[1].deputy_industry, list[1].example.as_str()), (&None, &None, ""));
        assert_eq!(entries(&reply(200, r#"{"template_list":[]}"#)).unwrap(), []);
    }

    #[test]
    fn a_missing_list_is_not_an_empty_one() {
        for body in ["{}", r#"{"template_list":null}"#, r#"{"template_list":[{"title":"no id"}]}"#] {
            assert!(matches!(entries(&reply(200, body)), Err(CallError::Ambiguous { .. })), "{body}");
        }
    }

    #[test]
    fn raw_control_characters_and_bad_bytes_are_survived() {
        let mut body =
            b"{\"template_list\":[{\"template_id\":\"a\",\"title\":\"x\x01y\xff\",\"content\":\"l:{{a.DATA}}\"}]}".to_vec();
        body.push(b'\n');
        assert_eq!(entries(&reply(200, &body)).unwrap()[0].title, "x y\u{fffd}");
    }
}
