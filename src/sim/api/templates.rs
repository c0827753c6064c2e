//! Templates and industries (`wechat-api.md §4`).

use super::Call;
use crate::sim::{
    account::Template,
    faults::Dirt,
    gate::DIRT,
    reply::{Answer, Refusal, json, ok},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Industries by code, as the server writes them; the codes are the places, from 1.
const INDUSTRIES: &str = include_str!("../../../assets/demo/industries.txt");

/// One entry of the list.
#[derive(Serialize)]
struct Listed<'a> {
    template_id: &'a str,
    title: String,
    primary_industry: Option<&'a str>,
    deputy_industry: Option<&'a str>,
    content: &'a str,
    example: &'a str,
}

pub(super) fn list(call: &mut Call) -> Answer {
    let dirty = call.faults.dirt != Dirt::None;
    let listed = |template: &'_ Template| {
        let mut title = template.title.clone();
        title.extend(dirty.then_some(DIRT));
        title
    };
    let list: Vec<Listed> = call
        .account
        .templates
        .list
        .iter()
        .map(|template| Listed {
            template_id: &template.id,
            title: listed(template),
            primary_industry: template.primary.as_deref(),
            deputy_industry: template.deputy.as_deref(),
            content: &template.content,
            example: &template.example,
        })
        .collect();
    Ok(json(&json!({"template_list": list})))
}

#[derive(Deserialize)]
struct AddBody {
    #[serde(default)]
    template_id_short: String,
    #[serde(default)]
    keyword_name_list: Vec<String>,
    /// Only a message for `send` has this (§14).
    touser: Option<Value>,
}

pub(super) fn add(call: &mut Call) -> Answer {
    let body: AddBody = call.json()?;
    if body.touser.is_some() {
        return Err(Refusal::of(45027));
    }
    let id = call.account.templates.add(&body.template_id_short, &body.keyword_name_list, call.rng)?;
    Ok(json(&json!({"errcode": 0, "errmsg": "ok", "template_id": id})))
}

#[derive(Deserialize)]
struct DeleteBody {
    template_id: String,
}

pub(super) fn delete(call: &mut Call) -> Answer {
    let body: DeleteBody = call.json()?;
    call.account.templates.delete(&body.template_id).map(|()| ok())
}

#[derive(Deserialize)]
struct IndustryBody {
    industry_id1: String,
    industry_id2: String,
}

/// Once a month; templates of a dropped industry vanish.
pub(super) fn set_industry(call: &mut Call) -> Answer {
    let body: IndustryBody = call.json().map_err(|_| Refusal::of(40103))?;
    let code = |text: &str| text.parse::<u8>().ok().filter(|&code| industry_of(code).is_some()).ok_or(Refusal::of(40102));
    let new = vec![code(&body.industry_id1)?, code(&body.industry_id2)?];
    let account = &mut *call.account;
    if account.industry_month == Some(call.now.month()) {
        return Err(Refusal::of(43100));
    }
    account.industry_month = Some(call.now.month());
    let dropped: Vec<u8> = account.industries.iter().copied().filter(|code| !new.contains(code)).collect();
    let of =
        |template: &Template, code: u8| industry_of(code).is_some_and(|(_, second)| template.deputy.as_deref() == Some(second));
    account.templates.list.retain(|template| !dropped.iter().any(|&code| of(template, code)));
    account.industries = new;
    Ok(ok())
}

/// Empty objects where no industry was ever set.
pub(super) fn industry(call: &mut Call) -> Answer {
    let shown = |place: usize| match call.account.industries.get(place).and_then(|&code| industry_of(code)) {
        Some((first, second)) => json!({"first_class": first, "second_class": second}),
        None => json!({}),
    };
    Ok(json(&json!({"primary_industry": shown(0), "secondary_industry": shown(1)})))
}

/// Main and sub-industry of a code.
fn industry_of(code: u8) -> Option<(&'static str, &'static str)> {
    INDUSTRIES.lines().nth(usize::from(code).checked_sub(1)?)?.split_once('/')
}

#[derive(Deserialize)]
struct BlockedBody {
    tmpl_msg_id: String,
    #[serde(default)]
    largest_id: usize,
    #[serde(default)]
    limit: usize,
}

pub(super) fn blocked(call: &mut Call) -> Answer {
    let body: BlockedBody = call.json()?;
    let account = &mut *call.account;
    let title = account.templates.get(&body.tmpl_msg_id).map(|template| template.title.as_str()).unwrap_or_default();
    let numbered = account.blocked.iter().zip(1..).filter(|(blocked, _)| blocked.template_id == body.tmpl_msg_id);
    let page = numbered.skip_while(|(_, id)| *id <= body.largest_id).take(body.limit.min(100));
    let shown: Vec<Value> = page
        .map(|(blocked, id)| {
            json!({"id": id, "tmpl_msg_id": blocked.template_id, "title": title, "content": blocked.content,
                   "send_timestamp": blocked.at.seconds(), "openid": blocked.openid})
        })
        .collect();
    Ok(json(&json!({"errcode": 0, "errmsg": "ok", "msginfo": shown})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_41_industries() {
        assert_eq!(industry_of(1), Some(("IT科技", "互联网|电子商务")));
        assert_eq!(industry_of(41), Some(("其他", "其他")));
        assert_eq!((industry_of(0), industry_of(42)), (None, None));
        assert!((1..=41).all(|code| industry_of(code).is_some()));
    }
}
