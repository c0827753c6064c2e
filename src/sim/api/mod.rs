//! The paths of WeChat's API, a file per family.
#![expect(clippy::unnecessary_wraps, reason = "the table of routes wants one shape, also of what never refuses")]

mod account;
mod members;
mod send;
mod tags;
mod templates;
mod token;
mod users;

use super::{
    account::Account,
    clock::Moment,
    faults::Faults,
    ledger::Ledger,
    reply::{Answer, Refusal},
    rng::Rng,
    world::{Rids, World},
};
use serde::Deserialize;
use std::{borrow::Cow, net::IpAddr};

/// The path of template messages.
pub(super) const SEND: &str = "/cgi-bin/message/template/send";
/// What is counted with `user/info`.
const INFO: &str = "/cgi-bin/user/info";
/// Calls a day where no figure is published.
const PLENTY: u64 = 100_000;

/// A path and what stands behind it.
pub(super) struct Route {
    pub(super) path: &'static str,
    /// POST, else GET.
    pub(super) posted: bool,
    /// The path whose daily counter it shares.
    pub(super) counted_as: &'static str,
    /// Calls a day.
    pub(super) daily: u64,
    pub(super) door: Door,
}

/// Who may come in.
pub(super) enum Door {
    /// Anyone: these hand out tokens, or take the AppSecret.
    Open(fn(&mut Visit) -> Answer),
    /// Who has a token.
    Token(fn(&mut Call) -> Answer),
}

/// A call with a token.
pub(super) struct Call<'a> {
    /// The account's place in the world.
    pub(super) index: u16,
    pub(super) account: &'a mut Account,
    pub(super) ledger: &'a mut Ledger,
    pub(super) rids: &'a Rids,
    pub(super) faults: &'a mut Faults,
    pub(super) rng: &'a mut Rng,
    pub(super) now: Moment,
    pub(super) query: &'a str,
    pub(super) body: &'a [u8],
}

/// A call without a token.
pub(super) struct Visit<'a> {
    pub(super) world: &'a mut World,
    pub(super) faults: &'a Faults,
    pub(super) route: &'a Route,
    pub(super) ip: IpAddr,
    pub(super) now: Moment,
    pub(super) query: &'a str,
    pub(super) body: &'a [u8],
}

impl<'a> Call<'a> {
    /// The body in the shape of this path.
    fn json<T: Deserialize<'a>>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(self.body).map_err(|_| Refusal::of(47001))
    }
}

impl Route {
    const fn get(path: &'static str, daily: u64, work: fn(&mut Call) -> Answer) -> Self {
        Self { path, posted: false, counted_as: path, daily, door: Door::Token(work) }
    }

    const fn post(path: &'static str, daily: u64, work: fn(&mut Call) -> Answer) -> Self {
        Self { path, posted: true, counted_as: path, daily, door: Door::Token(work) }
    }

    const fn open(path: &'static str, posted: bool, daily: u64, work: fn(&mut Visit) -> Answer) -> Self {
        Self { path, posted, counted_as: path, daily, door: Door::Open(work) }
    }

    const fn counted_as(mut self, path: &'static str) -> Self {
        self.counted_as = path;
        self
    }

    /// The route itself, if it takes this method.
    pub(super) fn takes(&self, method: &str) -> Result<&Self, Refusal> {
        match (self.posted, method) {
            (true, "POST") | (false, "GET") => Ok(self),
            (true, _) => Err(Refusal::of(43002)),
            (false, _) => Err(Refusal::of(43001)),
        }
    }
}

/// Limits: `wechat-api.md §12`.
static ROUTES: [Route; 30] = [
    Route::post(SEND, 100_000, send::send),
    Route::open("/cgi-bin/token", false, 2_000, token::legacy),
    Route::open("/cgi-bin/stable_token", true, 500_000, token::stable),
    Route::open("/cgi-bin/clear_quota/v2", true, PLENTY, account::clear_quota_by_secret),
    Route::post("/cgi-bin/clear_quota", PLENTY, account::clear_quota),
    Route::post("/cgi-bin/openapi/quota/get", PLENTY, account::quota),
    Route::post("/cgi-bin/openapi/rid/get", PLENTY, account::rid),
    Route::get("/cgi-bin/getcallbackip", PLENTY, account::callback_ips),
    Route::get("/cgi-bin/get_api_domain_ip", PLENTY, account::api_ips),
    Route::get("/cgi-bin/template/get_all_private_template", PLENTY, templates::list),
    Route::post("/cgi-bin/template/api_add_template", PLENTY, templates::add),
    Route::post("/cgi-bin/template/del_private_template", PLENTY, templates::delete),
    Route::post("/cgi-bin/template/api_set_industry", PLENTY, templates::set_industry),
    Route::get("/cgi-bin/template/get_industry", PLENTY, templates::industry),
    Route::post("/wxa/sec/queryblocktmplmsg", PLENTY, templates::blocked),
    Route::get("/cgi-bin/user/get", 500, users::list),
    Route::get(INFO, 5_000_000, users::info),
    Route::post("/cgi-bin/user/info/batchget", 5_000_000, users::batch).counted_as(INFO),
    Route::post("/cgi-bin/user/info/updateremark", 10_000, users::remark),
    Route::get("/cgi-bin/tags/get", PLENTY, tags::list),
    Route::post("/cgi-bin/tags/create", PLENTY, tags::create),
    Route::post("/cgi-bin/tags/update", PLENTY, tags::rename),
    Route::post("/cgi-bin/tags/delete", PLENTY, tags::delete),
    Route::post("/cgi-bin/tags/getidlist", PLENTY, members::tags_of),
    Route::post("/cgi-bin/user/tag/get", PLENTY, members::list),
    Route::post("/cgi-bin/tags/members/batchtagging", PLENTY, members::tag),
    Route::post("/cgi-bin/tags/members/batchuntagging", PLENTY, members::untag),
    Route::post("/cgi-bin/tags/members/getblacklist", PLENTY, members::blacklist),
    Route::post("/cgi-bin/tags/members/batchblacklist", PLENTY, members::block),
    Route::post("/cgi-bin/tags/members/batchunblacklist", PLENTY, members::unblock),
];

/// The route of a path.
pub(super) fn find(path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.path == path)
}

/// A parameter of a query, decoded.
pub(super) fn param<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let value = query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))?.1;
    if !value.contains(['%', '+']) {
        return Some(Cow::Borrowed(value));
    }
    Some(Cow::Owned(String::from_utf8_lossy(&decode(value)).into_owned()))
}

fn decode(value: &str) -> Vec<u8> {
    let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16)).map(|d| d as u8);
    let mut out = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                bytes = ahead;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_and_decoded() {
        let query = "access_token=97_a-b&openid=o%E5%BC%A0+x%2&empty=";
        assert_eq!(param(query, "access_token").as_deref(), Some("97_a-b"));
        assert_eq!(param(query, "openid").as_deref(), Some("o张 x%2"));
        assert_eq!(param(query, "empty").as_deref(), Some(""));
        assert_eq!(param(query, "token"), None);
    }

    #[test]
    fn every_path_is_there_once() {
        for route in &ROUTES {
            assert_eq!(ROUTES.iter().filter(|other| other.path == route.path).count(), 1, "{}", route.path);
            assert!(find(route.counted_as).is_some());
        }
    }
}
