//! `account clear-quota`.

use super::args::ClearQuotaArgs;
use super::confirm::{Asked, lead};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use crate::domain::account::QuotaSeen;
use crate::manage::quota::{self, ClearForm};
use crate::text::number::thousands;
use serde_json::json;

/// Sets all daily counters of an account back, once its name was typed.
pub async fn clear_quota(context: &Context, args: &ClearQuotaArgs) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, Some(&args.account)).await?;
    let named = [("name", account.name.as_str()), ("appid", account.appid.as_str())];
    lead(args.confirm.is_some(), &texts.say_with("cli.clear_quota_does", &named));
    let asked = Asked {
        name: &account.name,
        ask: "cli.clear_quota_ask",
        needed: "cli.clear_quota_confirm",
        other: "cli.clear_quota_other",
    };
    let given = asked.given(context, args.confirm.as_deref())?;
    if !asked.typed(context, given)? {
        say(texts.say("cli.not_cleared"));
        return Ok(Exit::Usage);
    }
    let form = if args.by_secret { ClearForm::BySecret } else { ClearForm::ByToken };
    let session = context.session(&store, &account).await?;
    quota::clear(&session, form).await.map_err(|error| Failure::explained(context.lang, error, form.path()))?;
    say(&texts.say_with("cli.cleared", &named));
    let left = match quota::look(&session, &store).await {
        Ok(seen) => {
            say(&line(context, seen));
            Some(json!({ "limit": seen.limit, "used": seen.used, "remain": seen.remain() }))
        }
        // What was asked for is done; that it cannot be looked at is no failure of it.
        Err(error) => {
            say(&texts.say_with("cli.quota_unknown", &[("text", &texts.told(&error))]));
            None
        }
    };
    if context.json {
        print_json(&json!({ "cleared": true, "quota": left }));
    }
    Ok(Exit::Fine)
}

fn line(context: &Context, seen: QuotaSeen) -> String {
    let [limit, used, remain] = [seen.limit, seen.used, seen.remain()].map(thousands);
    context.texts().say_with("cli.quota", &[("limit", &limit), ("used", &used), ("remain", &remain)])
}
