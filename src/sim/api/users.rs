//! Followers and what is known of them (`wechat-api.md §9`).

use super::{Call, param};
use crate::sim::{
    account::{Account, Standing},
    faults::Dirt,
    gate::DIRT,
    reply::{Answer, Page, Refusal, json, ok},
};
use serde::{Deserialize, Serialize};

/// Openids of a page.
const PAGE: usize = 10_000;
/// Entries of a batch.
const BATCH: usize = 100;
/// A remark is shorter than this.
const REMARK: usize = 30;

pub(super) fn list(call: &mut Call) -> Answer {
    let followers = &call.account.followers;
    let first = match param(call.query, "next_openid").as_deref() {
        None | Some("") => 0,
        Some(last) => followers.number(last).ok_or(Refusal::of(40003))? + 1,
    };
    let numbers: Vec<u32> = followers.list_from(first).take(PAGE).collect();
    Ok(Page { total: Some(followers.listed()), numbers: &numbers }.body(|n, out| followers.write_openid(n, out)))
}

/// Details as they are today: no nickname, no portrait, no place. What is absent is absent, not null.
#[derive(Default, Serialize)]
struct Details {
    subscribe: u8,
    openid: String,
    #[serde(flatten)]
    known: Option<Known>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tagid_list: Option<Vec<u32>>,
}

#[derive(Serialize)]
struct Known {
    nickname: &'static str,
    sex: u8,
    language: &'static str,
    city: &'static str,
    province: &'static str,
    country: &'static str,
    headimgurl: &'static str,
    subscribe_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    unionid: Option<String>,
    remark: String,
    groupid: u32,
    subscribe_scene: &'static str,
    qr_scene: u64,
    qr_scene_str: String,
}

fn details(account: &Account, number: u32, dirt: Dirt) -> Details {
    let (followers, openid) = (&account.followers, account.followers.openid(number));
    if followers.standing(number) == Standing::Left {
        return Details { openid, ..Details::default() };
    }
    let tags: Vec<u32> = account.tags.of(number).collect();
    let known = (!followers.is_bare(number)).then(|| {
        let scene = followers.scene(number);
        let mut remark = followers.remark(number);
        remark.extend((dirt != Dirt::None && !remark.is_empty()).then_some(DIRT));
        let by_code = scene == "ADD_SCENE_QR_CODE";
        Known {
            nickname: "",
            sex: 0,
            language: "zh_CN",
            city: "",
            province: "",
            country: "",
            headimgurl: "",
            subscribe_time: followers.since(number),
            unionid: followers.unionid(number),
            remark,
            groupid: tags.first().copied().unwrap_or(0),
            subscribe_scene: scene,
            qr_scene: if by_code { 98_000 + u64::from(number % 7) } else { 0 },
            qr_scene_str: String::new(),
        }
    });
    Details { subscribe: 1, openid, known, tagid_list: Some(tags) }
}

pub(super) fn info(call: &mut Call) -> Answer {
    let openid = param(call.query, "openid").unwrap_or_default();
    let number = readable(call.account, &openid)?;
    Ok(json(&details(call.account, number, call.faults.dirt)))
}

/// The number of an openid whose details can be given.
fn readable(account: &Account, openid: &str) -> Result<u32, Refusal> {
    let number = account.followers.number(openid);
    number.filter(|&n| account.followers.standing(n) != Standing::Broken).ok_or(Refusal::of(40003))
}

#[derive(Deserialize)]
struct BatchBody {
    user_list: Vec<Wanted>,
}

#[derive(Deserialize)]
struct Wanted {
    openid: String,
}

#[derive(Serialize)]
struct BatchReply {
    user_info_list: Vec<Details>,
}

/// All or nothing: one bad openid fails the batch and is not named.
pub(super) fn batch(call: &mut Call) -> Answer {
    let body: BatchBody = call.json()?;
    if body.user_list.is_empty() || body.user_list.len() > BATCH {
        return Err(Refusal::of(40032));
    }
    let one =
        |wanted: &Wanted| readable(call.account, &wanted.openid).map(|number| details(call.account, number, call.faults.dirt));
    let user_info_list = body.user_list.iter().map(one).collect::<Result<_, _>>()?;
    Ok(json(&BatchReply { user_info_list }))
}

#[derive(Deserialize)]
struct RemarkBody {
    openid: String,
    remark: String,
}

pub(super) fn remark(call: &mut Call) -> Answer {
    let body: RemarkBody = call.json()?;
    let number = readable(call.account, &body.openid)?;
    if body.remark.chars().count() >= REMARK {
        return Err(Refusal::of(40092));
    }
    call.account.followers.set_remark(number, &body.remark);
    Ok(ok())
}
