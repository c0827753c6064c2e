//! `/sim/…`: what scripts ask and change in a simulator that runs in another process. Not counted, and no fault strikes here.
//!
//! - `GET /sim/accounts`: names, appids, secrets, followers, templates, tags.
//! - `GET /sim/ledger`: what arrived, and the calls by path; `GET /sim/ledger/messages?openid=&limit=&skip=`: the messages.
//! - `GET`, `POST /sim/faults`: the switches ([`Faults`]), those named are changed: `{"latency_ms":50,"busy":{"percent":5}}`;
//!   `"reset":true` turns the others off.
//! - `POST /sim/world`: an [`Action`]: `{"action":"expire_token"}`.

use super::{
    api::{self, param},
    faults::Faults,
    gate::State,
    ledger::Delivered,
    reply::json,
    stats::{Calls, Stats},
    world::Action,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Messages listed unless `limit` says otherwise.
const LIMIT: usize = 1000;

/// The body of an answer, or an HTTP status.
type Outcome = Result<Vec<u8>, u16>;

/// Answers a call of `/sim/{path}`.
pub(super) fn answer(state: &mut State, method: &str, path: &str, query: &str, body: &[u8]) -> Outcome {
    match (method, path) {
        ("GET", "ledger") => Ok(json(&ledger(state))),
        ("GET", "ledger/messages") => messages(state, query),
        ("GET", "accounts") => Ok(json(&accounts(state))),
        ("GET", "faults") => Ok(json(&state.faults)),
        ("POST", "faults") => set_faults(state, body),
        ("POST", "world") => act(state, body),
        (_, "ledger" | "ledger/messages" | "accounts" | "faults" | "world") => Err(405),
        _ => Err(404),
    }
}

/// `duplicates`: messages beyond the first to the same user.
fn ledger(state: &State) -> Value {
    let (delivered, recipients) = (state.world.delivered_count(), state.world.recipient_count());
    let by_path = |count: fn(&Calls) -> u64| -> Map<String, Value> {
        state.stats.paths().iter().map(|(path, calls)| (path.clone(), count(calls).into())).collect()
    };
    json!({
        "delivered": delivered,
        "recipients": recipients,
        "duplicates": delivered - recipients,
        "by_errcode": state.stats.of(api::SEND).by_errcode,
        "calls": by_path(|calls| calls.received),
        "answered": by_path(|calls| calls.answered),
    })
}

fn messages(state: &State, query: &str) -> Outcome {
    let number = |name, default| param(query, name).map_or(Ok(default), |text| text.parse::<usize>().map_err(|_| 400_u16));
    let (limit, skip) = (number("limit", LIMIT)?, number("skip", 0)?);
    let openid = param(query, "openid");
    let world = &state.world;
    let shown = |one: Delivered| {
        json!({
            "appid": one.appid,
            "openid": one.openid,
            "template_id": one.template_id,
            "client_msg_id": one.client_msg_id,
            "msgid": one.msgid,
            "body": String::from_utf8_lossy(&one.body),
            "at": Timestamp::try_from(one.at).unwrap_or_default(),
        })
    };
    let list: Vec<Value> = world.ledger.list(&world.accounts, openid.as_deref()).skip(skip).take(limit).map(shown).collect();
    Ok(json(&list))
}

fn accounts(state: &State) -> Value {
    let list = state.world.accounts().iter().map(|account| {
        let templates: Vec<Value> =
            account.templates().iter().map(|template| json!({"template_id": template.id, "title": template.title})).collect();
        let tags: Vec<Value> =
            account.tags.all().iter().map(|tag| json!({"id": tag.id, "name": tag.name, "count": tag.members.len()})).collect();
        json!({
            "name": account.name,
            "appid": account.appid,
            "secret": account.secret,
            "followers": account.follower_count(),
            "templates": templates,
            "tags": tags,
        })
    });
    list.collect()
}

/// Changes the switches named, leaves the others; `{"reset":true}` among them turns all others off first.
fn set_faults(state: &mut State, body: &[u8]) -> Outcome {
    let Ok(Value::Object(mut named)) = serde_json::from_slice(body) else { return Err(400) };
    let reset = named.remove("reset") == Some(Value::Bool(true));
    let start = if reset { Faults::default() } else { state.faults.clone() };
    let Ok(Value::Object(mut all)) = serde_json::to_value(start) else { return Err(500) };
    all.extend(named);
    state.faults = serde_json::from_value(all.into()).map_err(|_| 400_u16)?;
    Ok(json(&state.faults))
}

/// Whose world it is that changes.
#[derive(Deserialize)]
struct Whose {
    appid: Option<String>,
}

fn act(state: &mut State, body: &[u8]) -> Outcome {
    let action: Action = serde_json::from_slice(body).map_err(|_| 400_u16)?;
    let whose: Whose = serde_json::from_slice(body).map_err(|_| 400_u16)?;
    if action == Action::ResetLedger {
        state.stats = Stats::default();
    }
    Ok(match state.world.act(whose.appid.as_deref(), action) {
        Ok(()) => json(&json!({"ok": true})),
        Err(error) => json(&json!({"ok": false, "error": error.to_string()})),
    })
}
