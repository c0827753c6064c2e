//! `account clear-quota`.

use super::args::ClearQuotaArgs;
use super::context::{Context, ask, print_json, say};
use super::failure::{Done, Exit, Failure};
use crate::domain::account::{Account, QuotaSeen};
use crate::domain::errcode;
use crate::manage::quota::{self, ClearForm};
use crate::session::SessionError;
use crate::text::number::thousands;
use serde_json::json;
use std::io::IsTerminal;

/// Sets all daily counters of an account back, once its name was typed.
pub async fn clear_quota(context: &Context, args: &ClearQuotaArgs) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, Some(&args.account)).await?;
    let named = [("name", account.name.as_str()), ("appid", account.appid.as_str())];
    say(&texts.say_with("cli.clear_quota_does", &named));
    if !confirmed(context, &account, args.confirm.as_deref())? {
        say(texts.say("cli.not_cleared"));
        return Ok(Exit::Usage);
    }
    let form = if args.by_secret { ClearForm::BySecret } else { ClearForm::ByToken };
    let session = context.session(&store, &account).await?;
    quota::clear(&session, form).await.map_err(|error| explained(context, error, form.path()))?;
    say(&texts.say_with("cli.cleared", &named));
    let left = match quota::look(&session, &store).await {
        Ok(seen) => {
            say(&line(context, seen));
            Some(json!({ "limit": seen.limit, "used": seen.used, "remain": seen.remain() }))
        }
        // What was asked for is done; that it cannot be looked at is no failure of it.
        Err(error) => {
            say(&texts.say_with("cli.quota_unknown", &[("text", &error.to_string())]));
            None
        }
    };
    if context.json {
        print_json(&json!({ "cleared": true, "quota": left }));
    }
    Ok(Exit::Fine)
}

/// The name given with the option, or typed on a terminal. Where nobody can be asked, the option is needed.
fn confirmed(context: &Context, account: &Account, given: Option<&str>) -> Result<bool, Failure> {
    let texts = context.texts();
    let named = [("name", account.name.as_str())];
    match given {
        Some(name) if name == account.name => Ok(true),
        Some(_) => Err(Failure::usage(texts.say_with("cli.clear_quota_other", &named))),
        None if !std::io::stdin().is_terminal() => Err(Failure::usage(texts.say_with("cli.clear_quota_confirm", &named))),
        None => Ok(ask(&texts.say_with("cli.clear_quota_ask", &named))? == account.name),
    }
}

fn line(context: &Context, seen: QuotaSeen) -> String {
    let [limit, used, remain] = [seen.limit, seen.used, seen.remain()].map(thousands);
    context.texts().say_with("cli.quota", &[("limit", &limit), ("used", &used), ("remain", &remain)])
}

/// A refusal with what its code means on this call, and what to do.
fn explained(context: &Context, error: SessionError, path: &'static str) -> Failure {
    let Some((code, call)) = error.code_on(path) else { return error.into() };
    let explanation = errcode::explain_on(code, call, context.lang);
    Failure { exit: Exit::Stopped, message: format!("{error}\n{} {}", explanation.meaning, explanation.remedy) }
}
