//! Sending one template message (`wechat-api.md §5`): the hot path.

use super::client::{Client, DirectPost, Exchange, Outgoing};
use super::decode::{Reply, excerpt};
use super::error::CallError;
use crate::domain::secret::AccessToken;
use hyper::Uri;
use reqwest::{Method, Url};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The path of a send, as `quota` wants it.
pub const SEND_PATH: &str = "/cgi-bin/message/template/send";

/// How much of an answer is kept for the eye, bytes.
const RAW_LIMIT: usize = 4096;

/// Where sends with one token go: its URL, made once. Make another when the token changes; a clone is cheap.
#[derive(Clone)]
pub struct SendTarget(Arc<Target>);

struct Target {
    token: AccessToken,
    url: Url,
    /// Path and query of the same.
    path_and_query: Uri,
}

/// How one send ended.
#[derive(Debug)]
pub struct SendReply {
    /// Accepted, with the id that the receipt will name; or why not. Accepted is not yet delivered.
    pub result: Result<Option<u64>, CallError>,
    /// HTTP status, if an answer came.
    pub http_status: Option<u16>,
    /// From the first step of connecting to the last byte of the answer.
    pub elapsed: Duration,
    body: Vec<u8>,
    target: SendTarget,
}

impl SendTarget {
    /// The token that goes with every send here: to be compared with the current one when it is refused.
    pub fn token(&self) -> &AccessToken {
        &self.0.token
    }
}

impl fmt::Debug for SendTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SendTarget(…)")
    }
}

impl SendReply {
    /// The answer as it came, for the inspector: 4 KiB at most, without the token. Made only when asked for; none if nothing came.
    pub fn raw(&self) -> Option<String> {
        self.http_status?;
        Some(excerpt(&self.body, RAW_LIMIT, self.target.token().expose()))
    }
}

impl Client {
    /// Prepares sends with `token`.
    pub fn send_target(&self, token: &AccessToken) -> SendTarget {
        let url = self.url(SEND_PATH, &[("access_token", token.expose())]);
        // A URL's path and query are always a URI's.
        let path_and_query = format!("{}?{}", url.path(), url.query().unwrap_or_default()).parse().unwrap_or_default();
        SendTarget(Arc::new(Target { token: token.clone(), url, path_and_query }))
    }

    /// Posts `body` as it is, once.
    pub async fn send(&self, target: &SendTarget, body: Vec<u8>) -> SendReply {
        let Target { token, url, path_and_query } = &*target.0;
        let secret = token.expose();
        let exchange = if let Some(direct) = self.direct() {
            self.call_directly(direct, DirectPost { path: SEND_PATH, path_and_query, body, secret }, accepted).await
        } else {
            let (method, url) = (Method::POST, url.clone());
            self.call(Outgoing { method, path: SEND_PATH, url, body: Some(body), secret }, accepted).await
        };
        let Exchange { result, http_status, elapsed, body } = exchange;
        SendReply { result, http_status, elapsed, body, target: target.clone() }
    }
}

/// Accepted needs a word of it: an errcode of 0, or a msgid.
fn accepted(reply: &Reply<'_>) -> Result<Option<u64>, CallError> {
    let status = reply.status()?;
    if status.errcode.is_none() && status.msgid.is_none() {
        return Err(reply.unfit("neither errcode nor msgid"));
    }
    Ok(status.msgid)
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn an_acceptance_is_read_in_every_shape() {
        for (body, msgid) in [
            (r#"{"errcode":0,"errmsg":"ok","msgid":3557254367693750277}"#, Some(3_557_254_367_693_750_277)),
            (r#"{"errcode":0,"errmsg":"ok","msgid":18446744073709551615}"#, Some(u64::MAX)),
            (r#"{"errcode":"0","errmsg":"ok","msgid":"9007199254740993"}"#, Some(9_007_199_254_740_993)),
            (r#" {"msgid":7} "#, Some(7)),
            (r#"{"errcode":0,"errmsg":null,"msgid":null}"#, None),
            (r#"{"errcode":0}"#, None),
            (r#"{"errcode":0,"msgid":-1}"#, None),
            (r#"{"errcode":0,"msgid":{"low":1}}"#, None),
        ] {
            assert_eq!(accepted(&reply(200, body)), Ok(msgid), "{body}");
        }
    }

    #[test]
    fn what_only_looks_like_an_acceptance_stays_in_doubt() {
        for body in ["{}", "[]", "null", "0", "\"ok\"", r#"{"code":0}"#] {
            assert!(matches!(accepted(&reply(200, body)), Err(CallError::Ambiguous { .. })), "{body}");
        }
        assert!(matches!(accepted(&reply(502, r#"{"errcode":0,"msgid":1}"#)), Err(CallError::Ambiguous { .. })));
    }
}
