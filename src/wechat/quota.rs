//! What is left of the day, and asking for it back (`wechat-api.md §3`).

use super::client::{Client, Outgoing};
use super::decode::{Reply, acknowledged, number_or_zero};
use super::error::CallError;
use crate::domain::id::AppId;
use crate::domain::secret::{AccessToken, AppSecret};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

const GET: &str = "/cgi-bin/openapi/quota/get";
/// Sets all daily counters back, asked for with a token.
pub const CLEAR_QUOTA_PATH: &str = "/cgi-bin/clear_quota";
/// The same, asked for with the AppSecret.
pub const CLEAR_QUOTA_BY_SECRET_PATH: &str = "/cgi-bin/clear_quota/v2";

/// The counters of one path: for showing, since they lag, and calls were refused long before they ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Calls a day.
    pub daily_limit: u64,
    /// Calls made.
    pub used: u64,
    /// Calls left.
    pub remain: u64,
    /// The shorter-termed limit, if one is told.
    pub rate: Option<RateLimit>,
}

/// So many calls in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls.
    pub calls: u64,
    /// In this time.
    pub per: Duration,
}

#[derive(Deserialize)]
struct Wire {
    quota: Option<Counters>,
    rate_limit: Option<Rate>,
}

#[derive(Deserialize)]
struct Counters {
    #[serde(default, deserialize_with = "number_or_zero")]
    daily_limit: u64,
    #[serde(default, deserialize_with = "number_or_zero")]
    used: u64,
    #[serde(default, deserialize_with = "number_or_zero")]
    remain: u64,
}

#[derive(Deserialize)]
struct Rate {
    #[serde(default, deserialize_with = "number_or_zero")]
    call_count: u64,
    #[serde(default, deserialize_with = "number_or_zero")]
    refresh_second: u64,
}

impl Client {
    /// The counters of `cgi_path`, as [`super::SEND_PATH`].
    pub async fn quota(&self, token: &AccessToken, cgi_path: &str) -> Result<Quota, CallError> {
        self.post(GET, token, &json!({ "cgi_path": cgi_path }), counters).await
    }

    /// Sets **all** daily counters of the account back; ten times a month, the console's button included.
    pub async fn clear_quota(&self, token: &AccessToken, appid: &AppId) -> Result<(), CallError> {
        self.post(CLEAR_QUOTA_PATH, token, &json!({ "appid": appid.as_str() }), acknowledged).await
    }

    /// The same without a token, for when the fetching of tokens is what ran out.
    pub async fn clear_quota_v2(&self, appid: &AppId, secret: &AppSecret) -> Result<(), CallError> {
        let body = json!({ "appid": appid.as_str(), "appsecret": secret.expose() });
        let out = Outgoing {
            method: Method::POST,
            path: CLEAR_QUOTA_BY_SECRET_PATH,
            url: self.url(CLEAR_QUOTA_BY_SECRET_PATH, &[]),
            body: Some(body.to_string().into_bytes()),
            secret: secret.expose(),
        };
        self.call(out, acknowledged).await.result
    }
}

fn counters(reply: &Reply<'_>) -> Result<Quota, CallError> {
    let wire: Wire = reply.read()?;
    let Counters { daily_limit, used, remain } = wire.quota.ok_or_else(|| reply.unfit("no quota"))?;
    let rate = wire.rate_limit.filter(|rate| rate.call_count > 0);
    let rate = rate.map(|rate| RateLimit { calls: rate.call_count, per: Duration::from_secs(rate.refresh_second) });
    Ok(Quota { daily_limit, used, remain, rate })
}

#[cfg(test)]
mod tests {
    use super::super::tests::reply;
    use super::*;

    #[test]
    fn counters_are_read_with_and_without_a_rate() {
        let body = r#"{"errcode":0,"errmsg":"ok","quota":{"daily_limit":100000,"used":1234,"remain":98766},
            "rate_limit":{"call_count":5600,"refresh_second":60},"component_rate_limit":{"call_count":0,"refresh_second":0}}"#;
        let rate = Some(RateLimit { calls: 5600, per: Duration::from_mins(1) });
        assert_eq!(counters(&reply(200, body)).unwrap(), Quota { daily_limit: 100_000, used: 1234, remain: 98_766, rate });
        let plain = counters(&reply(200, r#"{"quota":{"daily_limit":10,"used":null},"rate_limit":null}"#)).unwrap();
        assert_eq!(plain, Quota { daily_limit: 10, used: 0, remain: 0, rate: None });
        assert!(counters(&reply(200, r#"{"errcode":0}"#)).is_err());
    }
}
