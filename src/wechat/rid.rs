//! What WeChat kept of a refused call, by its rid (`wechat-api.md §3`).

use super::client::Client;
use super::decode::{Reply, maybe_number, null_is_default};
use super::error::CallError;
use crate::domain::secret::AccessToken;
use serde::Deserialize;
use serde_json::json;

/// Path of the call, by which its codes are explained.
pub const RID_PATH: &str = "/cgi-bin/openapi/rid/get";

/// A refused call as WeChat kept it, for seven days. Its address is left out: the token is in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefusedCall {
    /// When it came, in Unix seconds by WeChat's clock.
    #[serde(default, rename = "invoke_time", deserialize_with = "maybe_number")]
    pub at: Option<i64>,
    /// Milliseconds it took.
    #[serde(default, rename = "cost_in_ms", deserialize_with = "maybe_number")]
    pub millis: Option<i64>,
    /// What was posted.
    #[serde(default, rename = "request_body", deserialize_with = "null_is_default")]
    pub request: String,
    /// What was answered.
    #[serde(default, rename = "response_body", deserialize_with = "null_is_default")]
    pub response: String,
    /// From which address.
    #[serde(default, rename = "client_ip", deserialize_with = "null_is_default")]
    pub ip: String,
}

#[derive(Deserialize)]
struct Wire {
    request: Option<RefusedCall>,
}

impl Client {
    /// Asks for a refused call of this account.
    pub async fn refused_call(&self, token: &AccessToken, rid: &str) -> Result<RefusedCall, CallError> {
        self.post(RID_PATH, token, &json!({ "rid": rid }), refused).await
    }
}

fn refused(reply: &Reply<'_>) -> Result<RefusedCall, CallError> {
    let wire: Wire = reply.read()?;
    wire.request.ok_or_else(|| reply.unfit("no request"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn a_refused_call_is_read_without_its_address() {
        let body = r#"{"errcode":0,"errmsg":"ok","request":{"invoke_time":1724137288,"cost_in_ms":116,
            "request_url":"access_token=83_IX2-abc","request_body":"{\"touser\":\"o\"}","response_body":"{}","client_ip":"203.0.113.7"}}"#;
        let found = refused(&reply(200, body)).unwrap();
        assert_eq!((found.at, found.millis, found.ip.as_str()), (Some(1_724_137_288), Some(116), "203.0.113.7"));
        assert!(!format!("{found:?}").contains("83_IX2"));
        assert!(refused(&reply(200, r#"{"errcode":0}"#)).is_err());
    }
}
