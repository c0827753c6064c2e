//! What the API tells of the account itself: hardly more than its industries (`wechat-api.md §4.2, §4.3, §11`).

use super::client::Client;
use super::decode::{Reply, acknowledged, null_is_default};
use super::error::CallError;
use crate::domain::secret::AccessToken;
use serde::Deserialize;
use serde_json::json;

/// The path of reading the industries, by which its codes are explained.
pub const INDUSTRY_PATH: &str = "/cgi-bin/template/get_industry";
/// The path of setting the industries, by which its codes are explained.
pub const SET_INDUSTRY_PATH: &str = "/cgi-bin/template/api_set_industry";

/// The account's two industries, which only historical templates hang on. Accounts made since have none, or an error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Industries {
    /// The first.
    #[serde(default, rename = "primary_industry", deserialize_with = "named")]
    pub primary: Option<Industry>,
    /// The second.
    #[serde(default, rename = "secondary_industry", deserialize_with = "named")]
    pub secondary: Option<Industry>,
}

/// One industry, in the server's words, which differ from the documentation's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Industry {
    /// Main industry, as `IT科技`.
    #[serde(rename = "first_class", deserialize_with = "null_is_default")]
    pub main: String,
    /// Sub-industry, as `互联网|电子商务`.
    #[serde(rename = "second_class", deserialize_with = "null_is_default")]
    pub sub: String,
}

fn named<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Industry>, D::Error> {
    Ok(Option::<Industry>::deserialize(from)?.filter(|industry| !industry.main.is_empty() || !industry.sub.is_empty()))
}

impl Client {
    /// The account's industries. A failure means no more than that it has none, and stops nothing.
    pub async fn industry(&self, token: &AccessToken) -> Result<Industries, CallError> {
        self.get(INDUSTRY_PATH, token, &[], industries).await
    }

    /// Sets both industries by their codes (§4.2): once a month, and the templates of an industry left behind are deleted.
    pub async fn set_industry(&self, token: &AccessToken, first: u8, second: u8) -> Result<(), CallError> {
        let body = json!({ "industry_id1": first.to_string(), "industry_id2": second.to_string() });
        self.post(SET_INDUSTRY_PATH, token, &body, acknowledged).await
    }
}

fn industries(reply: &Reply<'_>) -> Result<Industries, CallError> {
    reply.read()
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn industries_may_be_there_or_not() {
        let body = r#"{"primary_industry":{"first_class":"运输与仓储","second_class":"快递"},"secondary_industry":{}}"#;
        let both = industries(&reply(200, body)).unwrap();
        assert_eq!(both.primary, Some(Industry { main: "运输与仓储".into(), sub: "快递".into() }));
        assert_eq!(both.secondary, None);
        assert_eq!(industries(&reply(200, r#"{"primary_industry":null}"#)).unwrap(), Industries::default());
    }
}
