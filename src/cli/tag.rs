//! `tag add | rename | remove | assign | unassign`.

use super::args::{TagCommand, TaggedArgs};
use super::confirm::lead;
use super::context::{Context, ask, print_json, say};
use super::failure::{Done, Exit, Failure, on_command};
use super::members::{Told, Whom, change};
use super::progress::told_if_slow;
use crate::audience::{self, AudienceError, Named, find_tag};
use crate::domain::account::Account;
use crate::domain::audience::{Audience, Excluded};
use crate::domain::id::{IdError, OpenId};
use crate::domain::people::check_delete;
use crate::domain::user::Tag;
use crate::manage::members::Change;
use crate::manage::{ChangeError, tags};
use crate::store::Store;
use crate::text::number::thousands;
use crate::wechat::{CREATE_TAG_PATH, DELETE_TAG_PATH, RENAME_TAG_PATH};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::io::IsTerminal;

/// Does what is asked with the tags.
pub async fn run(context: &Context, command: TagCommand) -> Done {
    match command {
        TagCommand::Add { name, account } => add(context, name.trim(), account.account.as_deref()).await,
        TagCommand::Rename { tag, name, account } => rename(context, &tag, name.trim(), account.account.as_deref()).await,
        TagCommand::Remove { tag, account, yes } => remove(context, &tag, account.account.as_deref(), yes).await,
        TagCommand::Assign(args) => assign(context, &args, true).await,
        TagCommand::Unassign(args) => assign(context, &args, false).await,
    }
}

async fn add(context: &Context, name: &str, account: Option<&str>) -> Done {
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let session = context.session(&store, &account).await?;
    let tag = tags::create(&session, &store, name).await.map_err(|error| changing(context, error, CREATE_TAG_PATH))?;
    tell(context, &tag, "tag.added", &json!({ "added": true, "tag": named(&tag) }));
    Ok(Exit::Fine)
}

async fn rename(context: &Context, tag: &str, name: &str, account: Option<&str>) -> Done {
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let tag = the_tag(&store.tags(account.id).await?, tag)?;
    let session = context.session(&store, &account).await?;
    let tag = tags::rename(&session, &store, &tag, name).await.map_err(|error| changing(context, error, RENAME_TAG_PATH))?;
    tell(context, &tag, "tag.renamed", &json!({ "renamed": true, "tag": named(&tag) }));
    Ok(Exit::Fine)
}

async fn remove(context: &Context, tag: &str, account: Option<&str>, yes: bool) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let tag = the_tag(&store.tags(account.id).await?, tag)?;
    check_delete(&tag).map_err(|error| Failure::usage(texts.tag_error(&error)))?;
    let uses = tags::uses(&store, account.id, &tag).await?;
    for line in texts.tag_uses(uses.drafts, &uses.kept) {
        lead(yes, &line);
    }
    if !yes {
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage(texts.say("tag.needs_yes")));
        }
        let args = [("name", tag.name.as_str()), ("count", &thousands(uses.users))];
        let answer = ask(&texts.say_with("tag.ask_remove", &args))?;
        if !answer.eq_ignore_ascii_case("y") && !answer.eq_ignore_ascii_case("yes") {
            say(texts.say("tag.not_removed"));
            return Ok(Exit::Usage);
        }
    }
    let session = context.session(&store, &account).await?;
    tags::remove(&session, &store, &tag).await.map_err(|error| changing(context, error, DELETE_TAG_PATH))?;
    let used = json!({ "drafts": uses.drafts, "audiences": uses.kept });
    tell(context, &tag, "tag.removed", &json!({ "removed": true, "tag": named(&tag), "used_in": used }));
    Ok(Exit::Fine)
}

async fn assign(context: &Context, args: &TaggedArgs, has: bool) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let tag = the_tag(&store.tags(account.id).await?, &args.tag)?;
    let whom = told_if_slow(context, "manners.finding_audience", whom(&store, &account, args)).await?;
    let session = context.session(&store, &account).await?;
    let head = Map::from_iter([("tag".to_owned(), named(&tag))]);
    let (wanted, key, sentence) = if has {
        (Change::Assign(tag.id), "assigned", "tag.assigned")
    } else {
        (Change::Unassign(tag.id), "unassigned", "tag.unassigned")
    };
    change(context, &store, &session, wanted, whom, Told { head, key, sentence, name: &tag.name }).await
}

/// Those who were named, or the recipients of an audience.
async fn whom(store: &Store, account: &Account, args: &TaggedArgs) -> Result<Whom, Failure> {
    let choices = args.files.choices();
    let audience: Audience = match &args.audience {
        Some(expression) => audience::parse(store, account.id, expression, &choices).await?,
        None if args.files.file.is_empty() && args.openids.is_empty() => return Err(AudienceError::Nobody.into()),
        // Who is named one by one is taken by their word.
        None if args.files.file.is_empty() => {
            return Ok(Whom { openids: parsed(&args.openids)?, excluded: Excluded::default() });
        }
        None => {
            let named = Named { users: args.openids.clone(), files: args.files.file.clone(), ..Named::default() };
            audience::resolve(store, account.id, &named, &choices).await?
        }
    };
    let excluded = store.reach(account.id, audience.clone()).await?.excluded;
    let mut openids = Vec::new();
    let mut everyone = store.scan_recipients(account.id, audience, OpenId::trusted(""))?;
    while let Some(page) = everyone.next().await {
        openids.extend(page?.into_iter().map(|person| person.openid));
    }
    if openids.is_empty() { Err(AudienceError::Nobody.into()) } else { Ok(Whom { openids, excluded }) }
}

/// Openids as they were typed, each once.
pub fn parsed(texts: &[String]) -> Result<Vec<OpenId>, IdError> {
    let mut seen = HashSet::new();
    let openids: Vec<OpenId> = texts.iter().map(|text| OpenId::parse(text)).collect::<Result<_, _>>()?;
    Ok(openids.into_iter().filter(|openid| seen.insert(openid.clone())).collect())
}

fn the_tag(tags: &[Tag], name: &str) -> Result<Tag, Failure> {
    let id = find_tag(tags, name)?;
    tags.iter().find(|tag| tag.id == id).cloned().ok_or_else(|| Failure::wrong(on_command("no_tag").with("name", name)))
}

fn named(tag: &Tag) -> Value {
    json!({ "id": tag.id, "name": tag.name })
}

fn tell(context: &Context, tag: &Tag, key: &str, document: &Value) {
    say(&context.texts().say_with(key, &[("name", &tag.name), ("id", &tag.id.to_string())]));
    if context.json {
        print_json(document);
    }
}

/// A change that a rule stands against, or that WeChat refused, explained for its call.
pub fn changing(context: &Context, error: ChangeError, path: &'static str) -> Failure {
    match error {
        ChangeError::Tag(rule) => Failure::usage(context.texts().tag_error(&rule)),
        ChangeError::Remark(rule) => Failure::usage(context.texts().remark_error(rule)),
        ChangeError::Session(error) => Failure::explained(context.lang, error, path),
    }
}
