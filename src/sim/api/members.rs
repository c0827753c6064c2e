//! Who has a tag, and who is on the blacklist (`wechat-api.md §10`).

use super::Call;
use crate::sim::{
    account::{Account, PER_USER, Standing},
    reply::{Answer, Page, Refusal, json, ok},
};
use serde::Deserialize;
use serde_json::json;

/// Openids of a page of members, and of the blacklist.
const PAGE: usize = 10_000;
const BLACK_PAGE: usize = 1_000;
/// Openids of a call that tags, and of one that blacklists.
const TAGGED: usize = 50;
const BLACKENED: usize = 20;

#[derive(Deserialize)]
struct OneBody {
    openid: String,
}

pub(super) fn tags_of(call: &mut Call) -> Answer {
    let body: OneBody = call.json()?;
    let number = member(call.account, &body.openid)?;
    Ok(json(&json!({"tagid_list": call.account.tags.of(number).collect::<Vec<_>>()})))
}

#[derive(Deserialize)]
struct ListBody {
    tagid: u32,
    #[serde(default)]
    next_openid: String,
}

pub(super) fn list(call: &mut Call) -> Answer {
    let body: ListBody = call.json()?;
    let members = &call.account.tags.get(body.tagid)?.members;
    let first = after(call.account, &body.next_openid)?;
    let numbers: Vec<u32> = members.from(first).take(PAGE).collect();
    Ok(Page { total: None, numbers: &numbers }.body(|n, out| call.account.followers.write_openid(n, out)))
}

#[derive(Deserialize)]
struct TagBody {
    openid_list: Vec<String>,
    tagid: u32,
}

pub(super) fn tag(call: &mut Call) -> Answer {
    let body: TagBody = call.json()?;
    let numbers = members(call.account, &body.openid_list, TAGGED)?;
    let tags = &mut call.account.tags;
    let target = tags.get(body.tagid)?;
    let full = |&n: &u32| !target.members.contains(n) && tags.of(n).count() >= PER_USER;
    if numbers.iter().any(full) {
        return Err(Refusal::of(45059));
    }
    let target = tags.get_mut(body.tagid)?;
    for number in numbers {
        target.members.insert(number);
    }
    Ok(ok())
}

pub(super) fn untag(call: &mut Call) -> Answer {
    let body: TagBody = call.json()?;
    let numbers = members(call.account, &body.openid_list, TAGGED)?;
    let target = call.account.tags.get_mut(body.tagid)?;
    for number in numbers {
        target.members.remove(number);
    }
    Ok(ok())
}

#[derive(Deserialize)]
struct BlackPageBody {
    #[serde(default)]
    begin_openid: String,
}

pub(super) fn blacklist(call: &mut Call) -> Answer {
    let body: BlackPageBody = call.json()?;
    let followers = &call.account.followers;
    let first = after(call.account, &body.begin_openid)?;
    let numbers: Vec<u32> = followers.blacklist.from(first).take(BLACK_PAGE).collect();
    Ok(Page { total: Some(followers.blacklist.len()), numbers: &numbers }.body(|n, out| followers.write_openid(n, out)))
}

#[derive(Deserialize)]
struct BlackBody {
    openid_list: Vec<String>,
}

pub(super) fn block(call: &mut Call) -> Answer {
    bar(call, true)
}

pub(super) fn unblock(call: &mut Call) -> Answer {
    bar(call, false)
}

fn bar(call: &mut Call, listed: bool) -> Answer {
    let body: BlackBody = call.json()?;
    for number in members(call.account, &body.openid_list, BLACKENED)? {
        call.account.bar(number, listed);
    }
    Ok(ok())
}

/// Where a page begins that follows this openid.
fn after(account: &Account, openid: &str) -> Result<u32, Refusal> {
    if openid.is_empty() {
        return Ok(0);
    }
    account.followers.number(openid).map(|n| n + 1).ok_or(Refusal::of(40003))
}

/// A follower; openids that look right but are of another account have a code of their own.
fn member(account: &Account, openid: &str) -> Result<u32, Refusal> {
    let followers = &account.followers;
    let number = followers.number(openid).filter(|&n| followers.standing(n) != Standing::Left);
    number.ok_or_else(|| Refusal::of(if followers.is_foreign(openid) { 49003 } else { 40003 }))
}

/// All or nothing.
fn members(account: &Account, openids: &[String], most: usize) -> Result<Vec<u32>, Refusal> {
    if openids.is_empty() || openids.len() > most {
        return Err(Refusal::of(40032));
    }
    openids.iter().map(|openid| member(account, openid)).collect()
}
