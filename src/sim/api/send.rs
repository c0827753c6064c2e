//! `/cgi-bin/message/template/send` (`wechat-api.md §5`, §6).

use super::Call;
use crate::sim::{
    account::{Account, Blocked, Standing},
    faults::Duplicates,
    ledger::Message,
    reply::{Answer, Refusal},
};
use serde::Deserialize;
use serde_json::Value;

/// A longer link is refused; the true limit is not published.
const URL: usize = 2048;

/// A message. What is not here (`topcolor`, colours) is ignored, as by the platform.
#[derive(Deserialize)]
struct Body {
    touser: Option<String>,
    template_id: Option<String>,
    data: Option<Value>,
    url: Option<String>,
    miniprogram: Option<Value>,
    client_msg_id: Option<String>,
}

pub(super) fn send(call: &mut Call) -> Answer {
    let body: Body = call.json()?;
    let user = judge(call.account, &body)?;
    let (account, now) = (call.index, call.now);
    let template_id = body.template_id.as_deref().unwrap_or_default();
    let client_msg_id = body.client_msg_id.as_deref().filter(|id| !id.is_empty());
    let message = Message { account, user, template_id, client_msg_id, body: call.body };
    if let Some(msgid) = call.ledger.repeated(&message, now) {
        return match call.faults.duplicates {
            Duplicates::Ok => Ok(accepted(msgid)),
            Duplicates::Refused => Err(Refusal::of(40241)),
        };
    }
    if call.faults.per_user.is_some_and(|most| call.ledger.got(account, user) >= most) {
        return Err(Refusal::of(43117));
    }
    let openid = call.account.followers.openid(user);
    let blocked = &mut call.account.blocked;
    if client_msg_id.is_some() && blocked.iter().any(|b| b.client_msg_id.as_deref() == client_msg_id && b.openid == openid) {
        return Err(Refusal::of(40252));
    }
    let in_review = call.faults.review.strikes(call.rng);
    if in_review && call.faults.block.strikes(call.rng) {
        let content = String::from_utf8_lossy(call.body).into_owned();
        let (template_id, client_msg_id) = (template_id.to_owned(), client_msg_id.map(str::to_owned));
        blocked.push(Blocked { template_id, openid, client_msg_id, content, at: now });
        return Err(Refusal::of(40252));
    }
    let msgid = call.ledger.accept(&message, call.faults.huge_msgid, now);
    if in_review { Err(Refusal::of(40252)) } else { Ok(accepted(msgid)) }
}

fn accepted(msgid: u64) -> Vec<u8> {
    format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{msgid}}}"#).into_bytes()
}

/// Checks a message in the order of §15; the number of who gets it.
fn judge(account: &Account, body: &Body) -> Result<u32, Refusal> {
    let code = |errcode| Err(Refusal::of(errcode));
    let user = body.touser.as_deref().and_then(|openid| account.followers.number(openid)).ok_or(Refusal::of(40003))?;
    let standing = account.followers.standing(user);
    if matches!(standing, Standing::Unknown | Standing::Broken) {
        return code(40003);
    }
    let Some(id) = body.template_id.as_deref().filter(|id| !id.is_empty()) else { return code(40036) };
    let template = account.templates.get(id).ok_or(Refusal::of(40037))?;
    if let Some(errcode) = template.dead {
        return code(errcode);
    }
    match standing {
        Standing::Left | Standing::Stale => return code(43004),
        Standing::Barred => return code(43019),
        _ if account.followers.blacklist.contains(user) => return code(43019),
        Standing::Refuses => return code(43101),
        _ => {}
    }
    jump(account, body)?;
    template.judge(body.data.as_ref())?;
    Ok(user)
}

/// Where a tap leads. An empty mini program, object or array, counts as none (§5.1).
fn jump(account: &Account, body: &Body) -> Result<(), Refusal> {
    let text = |name| body.miniprogram.as_ref().and_then(|mini| mini.get(name)).and_then(Value::as_str).unwrap_or_default();
    let (appid, path) = (text("appid"), text("pagepath"));
    if !appid.is_empty() && !account.mini_programs.iter().any(|linked| linked == appid) {
        return Err(Refusal::of(40166));
    }
    if path.contains(char::is_whitespace) || path.contains("://") {
        return Err(Refusal::of(40165));
    }
    if body.url.as_ref().is_some_and(|url| url.len() > URL) {
        return Err(Refusal::of(40039));
    }
    Ok(())
}
