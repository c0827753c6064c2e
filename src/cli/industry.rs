//! `industry show | set`.

use super::args::{AccountArg, IndustryCommand, IndustrySetArgs};
use super::confirm::{Asked, lead};
use super::context::{Context, print, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::template::{refused, relisted};
use crate::domain::industry::Industry;
use crate::domain::template::Template;
use crate::manage::industry::{self, Pair};
use crate::manage::templates;
use crate::session::{Session, SessionError};
use crate::store::Store;
use crate::wechat::{CallError, INDUSTRY_PATH, Industries, Industry as Told, SET_INDUSTRY_PATH, TEMPLATES_PATH};
use serde_json::{Value, json};

/// Does what is asked with the industries.
pub async fn run(context: &Context, command: IndustryCommand) -> Done {
    match command {
        IndustryCommand::Show(args) => show(context, &args).await,
        IndustryCommand::Set(args) => set(context, &args).await,
    }
}

async fn show(context: &Context, args: &AccountArg) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.as_deref()).await?;
    let session = context.session(&store, &account).await?;
    let Some(now) = ask(context, &session).await? else {
        if context.json {
            print_json(&document(&Industries::default()));
        }
        return Ok(Exit::Fine);
    };
    if context.json {
        print_json(&document(&now));
        return Ok(Exit::Fine);
    }
    let lines: Vec<String> = [&now.primary, &now.secondary].into_iter().flatten().map(|told| line(context, told)).collect();
    if lines.is_empty() {
        say(context.texts().say("industry.none"));
    }
    for line in &lines {
        print(line);
    }
    Ok(Exit::Fine)
}

/// Sets both, once the account's name was typed.
async fn set(context: &Context, args: &IndustrySetArgs) -> Done {
    let texts = context.texts();
    let (first, second) = (industry_of(context, &args.first)?, industry_of(context, &args.second)?);
    let pair = Pair::of(first, second).ok_or_else(|| Failure::usage(texts.say("industry.same")))?;
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let [one, other] = pair.both().map(coded);
    let does = texts.say_with("industry.set_does", &[("name", &account.name), ("first", &one), ("second", &other)]);
    lead(args.confirm.is_some(), &does);
    let asked =
        Asked { name: &account.name, ask: "industry.set_ask", needed: "industry.set_confirm", other: "industry.set_other" };
    let given = asked.given(context, args.confirm.as_deref())?;
    let session = context.session(&store, &account).await?;
    let now = ask(context, &session).await?;
    if now.as_ref().is_some_and(|now| pair.is(now)) {
        say(texts.say("industry.already"));
        return Ok(finish(context, false, pair, &[]));
    }
    let lost = lost(context, &session, &store, pair, now.as_ref()).await?;
    warn(context, &lost, args.confirm.is_some());
    if !asked.typed(context, given)? {
        say(texts.say("industry.not_set"));
        return Ok(Exit::Usage);
    }
    let listed = industry::set(&session, &store, pair).await;
    let listed = listed.map_err(|error| refused(context, error, SET_INDUSTRY_PATH))?;
    say(&texts.say_with("industry.set", &[("name", &account.name)]));
    relisted(context, &listed);
    Ok(finish(context, true, pair, &lost))
}

fn finish(context: &Context, set: bool, pair: Pair, lost: &[Template]) -> Exit {
    if context.json {
        let both = pair.both().map(|industry| json!({ "code": industry.code, "main": industry.main, "sub": industry.sub }));
        let lost: Vec<Value> = lost.iter().map(|one| json!({ "template_id": one.id, "title": one.title })).collect();
        print_json(&json!({ "set": set, "industries": both, "templates_lost": lost }));
    }
    Exit::Fine
}

/// The industries as WeChat tells them. That it refuses to tell means no more than that there are none (`wechat-api.md §4.3`),
/// and is said with its code.
async fn ask(context: &Context, session: &Session) -> Result<Option<Industries>, Failure> {
    match industry::show(session).await {
        Ok(now) => Ok(Some(now)),
        Err(error @ SessionError::Call(CallError::Api(_))) => {
            let text = Failure::explained(context.lang, error, INDUSTRY_PATH).message.text(context.texts());
            say(&context.texts().say_with("industry.not_told", &[("text", &text)]));
            Ok(None)
        }
        Err(error) => Err(Failure::explained(context.lang, error, INDUSTRY_PATH)),
    }
}

/// The templates that would be deleted, by a list just read: one read last week may lack some.
async fn lost(
    context: &Context,
    session: &Session,
    store: &Store,
    pair: Pair,
    now: Option<&Industries>,
) -> Result<Vec<Template>, Failure> {
    let listed = templates::refresh(session, store, None).await;
    listed.map_err(|error| Failure::explained(context.lang, error, TEMPLATES_PATH))?;
    let templates = store.templates(session.account().id).await?;
    Ok(pair.lost(now, &templates).into_iter().cloned().collect())
}

fn warn(context: &Context, lost: &[Template], answered: bool) {
    let texts = context.texts();
    if lost.is_empty() {
        lead(answered, texts.say("industry.none_lost"));
        return;
    }
    lead(answered, &texts.say_with("industry.lost", &[("count", &lost.len().to_string())]));
    for template in lost {
        lead(answered, &format!("    {}  {}", template.id, template.title));
    }
}

fn industry_of(context: &Context, text: &str) -> Result<Industry, Failure> {
    let unknown = || Failure::usage(context.texts().say_with("industry.unknown", &[("text", text)]));
    Industry::by_code_or_name(text).ok_or_else(unknown)
}

fn coded(industry: Industry) -> String {
    format!("{} {industry}", industry.code)
}

/// The server's own words, with the code they mean.
fn line(context: &Context, told: &Told) -> String {
    let name = format!("{} / {}", told.main, told.sub);
    match industry::known(told) {
        Some(known) => format!("{}  {name}", known.code),
        None => format!("?  {}", context.texts().say_with("industry.unknown_code", &[("name", &name)])),
    }
}

fn document(now: &Industries) -> Value {
    let one = |told: &Option<Told>| {
        let told = told.as_ref()?;
        let code = industry::known(told).map(|industry| industry.code);
        Some(json!({ "code": code, "main": told.main, "sub": told.sub }))
    };
    json!({ "primary": one(&now.primary), "secondary": one(&now.secondary) })
}
