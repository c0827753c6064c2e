//! Fetching an access token (`wechat-api.md §2`). Keeping and refreshing it is the session's work.

use super::client::{Client, Outgoing};
use super::decode::{Reply, number};
use super::error::CallError;
use crate::domain::id::AppId;
use crate::domain::secret::{AccessToken, AppSecret};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const STABLE: &str = "/cgi-bin/stable_token";
const LEGACY: &str = "/cgi-bin/token";

/// A token and how long it still lives, counted from the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedToken {
    /// For the query of the other calls.
    pub token: AccessToken,
    /// At most 7200 s; the remaining life if the token was fetched before.
    pub expires_in: Duration,
}

#[derive(Deserialize)]
struct Wire {
    access_token: String,
    #[serde(deserialize_with = "number")]
    expires_in: u64,
}

impl Client {
    /// The stable token. Asking again gives the same one and harms nobody; `force` ends the present one at once (20 a day,
    /// 30 s apart, else nothing happens) and is for an operator's explicit word only (§2.2).
    pub async fn stable_token(&self, appid: &AppId, secret: &AppSecret, force: bool) -> Result<IssuedToken, CallError> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": appid.as_str(),
            "secret": secret.expose(),
            "force_refresh": force,
        });
        self.token(Method::POST, STABLE, &[], Some(body.to_string().into_bytes()), secret).await
    }

    /// The token of old, a new one each time: two programs that fetch it throw each other out after five minutes (§2.1).
    pub async fn legacy_token(&self, appid: &AppId, secret: &AppSecret) -> Result<IssuedToken, CallError> {
        let query = [("grant_type", "client_credential"), ("appid", appid.as_str()), ("secret", secret.expose())];
        self.token(Method::GET, LEGACY, &query, None, secret).await
    }

    async fn token(
        &self,
        method: Method,
        path: &'static str,
        query: &[(&str, &str)],
        body: Option<Vec<u8>>,
        secret: &AppSecret,
    ) -> Result<IssuedToken, CallError> {
        let out = Outgoing { method, path, url: self.url(path, query), body, secret: secret.expose() };
        self.call(out, issued).await.result
    }
}

fn issued(reply: &Reply<'_>) -> Result<IssuedToken, CallError> {
    let Wire { access_token, expires_in } = reply.read()?;
    if access_token.is_empty() {
        return Err(reply.unfit("an empty token"));
    }
    Ok(IssuedToken { token: AccessToken::new(access_token), expires_in: Duration::from_secs(expires_in) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn a_token_is_read_with_its_life() {
        for body in
            [r#"{"access_token":"90_Q8","expires_in":7200}"#, r#"{"errcode":0,"expires_in":"7200","access_token":"90_Q8"}"#]
        {
            let issued = issued(&reply(200, body)).unwrap();
            assert_eq!((issued.token.expose(), issued.expires_in.as_secs()), ("90_Q8", 7200), "{body}");
        }
    }

    #[test]
    fn what_is_no_token_is_no_success() {
        for body in [r"{}", r#"{"access_token":"","expires_in":7200}"#, r#"{"access_token":"a"}"#, "[]", "<xml/>"] {
            assert!(matches!(issued(&reply(200, body)), Err(CallError::Ambiguous { .. })), "{body}");
        }
        let error = issued(&reply(200, r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#)).unwrap_err();
        assert_eq!(error.errcode(), Some(40125));
    }
}
