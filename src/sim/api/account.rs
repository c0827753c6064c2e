//! Quotas, rids and addresses (`wechat-api.md §3`).

use super::{Call, Visit, find, token};
use crate::sim::reply::{Answer, Refusal, json, ok};
use serde::Deserialize;
use serde_json::json;

/// A rid can be asked about for seven days.
const RID_LIFE: u64 = 7 * 86_400;

#[derive(Default, Deserialize)]
#[serde(default)]
struct ClearBody {
    appid: String,
    appsecret: String,
}

pub(super) fn clear_quota(call: &mut Call) -> Answer {
    let body: ClearBody = call.json()?;
    if body.appid != call.account.appid {
        return Err(Refusal::of(40013));
    }
    call.account.quotas.clear(call.now).map(|()| ok())
}

pub(super) fn clear_quota_by_secret(visit: &mut Visit) -> Answer {
    let body: ClearBody = serde_json::from_slice(visit.body).map_err(|_| Refusal::of(41002))?;
    let index = token::check(&visit.world.accounts, &body.appid, &body.appsecret)?;
    visit.world.accounts[index].quotas.clear(visit.now).map(|()| ok())
}

#[derive(Deserialize)]
struct QuotaBody {
    cgi_path: String,
}

pub(super) fn quota(call: &mut Call) -> Answer {
    let body: QuotaBody = call.json()?;
    let route = find(&body.cgi_path).ok_or(Refusal::of(76021))?;
    let (limit, used) = call.account.quotas.state(route.counted_as, route.daily, call.now);
    Ok(json(&json!({
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": limit, "used": used, "remain": limit.saturating_sub(used)},
        "rate_limit": {"call_count": 5600, "refresh_second": 60},
        "component_rate_limit": {"call_count": 0, "refresh_second": 0},
    })))
}

#[derive(Deserialize)]
struct RidBody {
    rid: String,
}

pub(super) fn rid(call: &mut Call) -> Answer {
    let body: RidBody = call.json()?;
    if !is_rid(&body.rid) {
        return Err(Refusal::of(76002));
    }
    let refused = call.rids.get(&body.rid).filter(|refused| call.now < refused.at.plus(RID_LIFE));
    let refused = refused.ok_or(Refusal::of(76001))?;
    if refused.appid.as_ref() != Some(&call.account.appid) {
        return Err(Refusal::of(76003));
    }
    Ok(json(&json!({
        "errcode": 0,
        "errmsg": "ok",
        "request": {
            "invoke_time": refused.at.seconds(),
            "cost_in_ms": 30,
            "request_url": refused.query,
            "request_body": refused.request,
            "response_body": refused.response,
            "client_ip": refused.ip,
        },
    })))
}

fn is_rid(text: &str) -> bool {
    let group = |group: &str| group.len() == 8 && group.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.split('-').count() == 3 && text.split('-').all(group)
}

pub(super) fn callback_ips(_: &mut Call) -> Answer {
    Ok(json(&json!({"ip_list": ["101.226.103.0/25", "106.55.206.146", "106.55.206.211"]})))
}

pub(super) fn api_ips(_: &mut Call) -> Answer {
    Ok(json(&json!({"ip_list": ["101.89.47.18", "101.91.34.103", "112.65.193.151"]})))
}
