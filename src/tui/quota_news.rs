//! What is told of the day's allowance, in words.

use super::context::Context;
use super::msg::{Level, QuotaMsg};
use crate::domain::account::QuotaSeen;
use crate::domain::errcode;
use crate::text::number::thousands;

/// What a notice says of it; nothing where the panes show it.
pub fn notice(msg: &QuotaMsg, ctx: &Context) -> Option<(Level, String)> {
    match msg {
        QuotaMsg::Seen { .. } | QuotaMsg::LookFailed { .. } => None,
        QuotaMsg::Cleared { name, left } => {
            let cleared = ctx.say_with("cli.cleared", &[("name", name)]);
            let left = match left {
                Ok(quota) => said(*quota, "cli.quota", ctx),
                Err(text) => ctx.say_with("cli.quota_unknown", &[("text", text)]),
            };
            Some((Level::Info, format!("{cleared}\n\n{left}")))
        }
        QuotaMsg::ClearRefused { text, code: None } => Some((Level::Error, text.clone())),
        QuotaMsg::ClearRefused { text, code: Some((code, call)) } => {
            let told = errcode::explain_on(*code, call, ctx.settings.lang);
            Some((Level::Error, format!("{text}\n\n{}\n\n{}", told.meaning, told.remedy)))
        }
    }
}

/// The numbers in a sentence.
pub fn said(quota: QuotaSeen, sentence: &str, ctx: &Context) -> String {
    let [limit, used, remain] = [quota.limit, quota.used, quota.remain()].map(thousands);
    ctx.say_with(sentence, &[("limit", &limit), ("used", &used), ("remain", &remain)])
}
