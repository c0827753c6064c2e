//! Tags themselves (`wechat-api.md §10`).

use super::Call;
use crate::sim::reply::{Answer, json, ok};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize)]
struct Shown<'a> {
    id: u32,
    name: &'a str,
    count: usize,
}

pub(super) fn list(call: &mut Call) -> Answer {
    let tags = call.account.tags.all().iter();
    let shown: Vec<Shown> = tags.map(|tag| Shown { id: tag.id, name: &tag.name, count: tag.members.len() }).collect();
    Ok(json(&json!({"tags": shown})))
}

#[derive(Deserialize)]
struct Body<T> {
    tag: T,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Numbered {
    id: u32,
}

#[derive(Deserialize)]
struct Both {
    id: u32,
    name: String,
}

pub(super) fn create(call: &mut Call) -> Answer {
    let Named { name } = call.json::<Body<Named>>()?.tag;
    let id = call.account.tags.create(&name)?;
    Ok(json(&json!({"tag": {"id": id, "name": name}})))
}

pub(super) fn rename(call: &mut Call) -> Answer {
    let Both { id, name } = call.json::<Body<Both>>()?.tag;
    call.account.tags.rename(id, &name).map(|()| ok())
}

pub(super) fn delete(call: &mut Call) -> Answer {
    let Numbered { id } = call.json::<Body<Numbered>>()?.tag;
    call.account.tags.delete(id).map(|()| ok())
}
