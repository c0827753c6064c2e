//! Messages that WeChat's content review refused (`wechat-api.md §4.8`).

use super::client::Client;
use super::decode::{Reply, maybe_number, null_is_default};
use super::error::CallError;
use crate::domain::id::{OpenId, TemplateId};
use crate::domain::secret::AccessToken;
use serde::Deserialize;
use serde_json::{Value, json};

const BLOCKED: &str = "/wxa/sec/queryblocktmplmsg";

/// How many one call may list.
pub const REFUSED_PER_CALL: u32 = 100;

/// One message that never arrived.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BlockedMessage {
    /// Its place in the list; the next page starts after it.
    pub id: u64,
    /// Who did not get it.
    pub openid: OpenId,
    /// Title of its template.
    #[serde(default, deserialize_with = "null_is_default")]
    pub title: String,
    /// When it was sent, in Unix seconds by WeChat's clock.
    #[serde(default, rename = "send_timestamp", deserialize_with = "maybe_number")]
    pub sent_at: Option<i64>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    msginfo: Value,
}

impl Client {
    /// The blocked messages of a template that come after number `largest_id` (0: from the first), [`REFUSED_PER_CALL`] at most.
    /// None of them is the end.
    pub async fn blocked_messages(
        &self,
        token: &AccessToken,
        template: &TemplateId,
        largest_id: u64,
        limit: u32,
    ) -> Result<Vec<BlockedMessage>, CallError> {
        let body = json!({ "tmpl_msg_id": template, "largest_id": largest_id, "limit": limit.min(REFUSED_PER_CALL) });
        self.post(BLOCKED, token, &body, blocked).await
    }
}

/// The documentation shows one object where answers have a list.
fn blocked(reply: &Reply<'_>) -> Result<Vec<BlockedMessage>, CallError> {
    let list = match reply.read::<Wire>()?.msginfo {
        Value::Array(list) => list,
        Value::Object(one) if !one.is_empty() => vec![Value::Object(one)],
        Value::Null | Value::Object(_) => Vec::new(),
        Value::String(text) if text.is_empty() => Vec::new(),
        _ => return Err(reply.unfit("msginfo is no list")),
    };
    let read = |one| serde_json::from_value(one).map_err(|_| reply.unfit("a blocked message without id or openid"));
    list.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn a_list_an_object_and_nothing_are_read() {
        let one = r#"{"id":7,"tmpl_msg_id":"T","title":"订单","content":"…","send_timestamp":1620000000,"openid":"o1"}"#;
        let expected =
            BlockedMessage { id: 7, openid: OpenId::trusted("o1"), title: "订单".into(), sent_at: Some(1_620_000_000) };
        for (msginfo, count) in [
            (one.to_owned(), 1),
            (format!("[{one}]"), 1),
            (format!("[{one},{one}]"), 2),
            ("[]".into(), 0),
            ("{}".into(), 0),
            ("null".into(), 0),
            (r#""""#.into(), 0),
        ] {
            let found = blocked(&reply(200, &format!(r#"{{"errcode":0,"errmsg":"ok","msginfo":{msginfo}}}"#))).unwrap();
            assert_eq!(found, vec![expected.clone(); count], "{msginfo}");
        }
        assert_eq!(blocked(&reply(200, r#"{"errcode":0,"errmsg":"ok"}"#)).unwrap(), []);
        let bare = blocked(&reply(200, r#"{"msginfo":[{"id":1,"openid":"o1","title":null,"send_timestamp":"1620000000"}]}"#));
        assert_eq!(bare.unwrap()[0].sent_at, Some(1_620_000_000));
    }

    #[test]
    fn what_names_nobody_is_not_taken_for_nothing() {
        for msginfo in [r#"[{"id":1}]"#, r#"[{"openid":"o1"}]"#, r#""some""#, "7", "[7]"] {
            let read = blocked(&reply(200, &format!(r#"{{"errcode":0,"msginfo":{msginfo}}}"#)));
            assert!(matches!(read, Err(CallError::Ambiguous { .. })), "{msginfo}");
        }
        assert_eq!(blocked(&reply(200, r#"{"errcode":48001,"errmsg":"no"}"#)).unwrap_err().errcode(), Some(48001));
    }
}
