//! `tag add | rename | remove | assign | unassign`.

use super::args::{TagCommand, TaggedArgs};
use super::context::{Context, ask, print_json, say};
use super::failure::{Done, Exit, Failure};
use crate::audience::{self, AudienceError, Named, find_tag};
use crate::domain::account::Account;
use crate::domain::audience::Audience;
use crate::domain::id::OpenId;
use crate::domain::people::{check_delete, check_new_tag, check_rename};
use crate::domain::user::Tag;
use crate::manage::{ChangeError, Changed, tags};
use crate::store::Store;
use crate::text::number::thousands;
use crate::wechat::{ASSIGN_TAG_PATH, CREATE_TAG_PATH, DELETE_TAG_PATH, RENAME_TAG_PATH, UNASSIGN_TAG_PATH};
use serde_json::{Value, json};
use std::collections::BTreeMap;
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
    check_new_tag(name, &store.tags(account.id).await?)?;
    let session = context.session(&store, &account).await?;
    let tag = tags::create(&session, &store, name).await.map_err(|error| changing(context, error, CREATE_TAG_PATH))?;
    tell(context, &tag, "tag.added", "added");
    Ok(Exit::Fine)
}

async fn rename(context: &Context, tag: &str, name: &str, account: Option<&str>) -> Done {
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let known = store.tags(account.id).await?;
    let tag = the_tag(&known, tag)?;
    check_rename(&tag, name, &known)?;
    let session = context.session(&store, &account).await?;
    let tag = tags::rename(&session, &store, &tag, name).await.map_err(|error| changing(context, error, RENAME_TAG_PATH))?;
    tell(context, &tag, "tag.renamed", "renamed");
    Ok(Exit::Fine)
}

async fn remove(context: &Context, tag: &str, account: Option<&str>, yes: bool) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, account).await?;
    let tag = the_tag(&store.tags(account.id).await?, tag)?;
    check_delete(&tag)?;
    if !yes {
        if !std::io::stdin().is_terminal() {
            return Err(Failure::usage(texts.say("tag.needs_yes")));
        }
        let args = [("name", tag.name.as_str()), ("count", &thousands(tag.count))];
        let answer = ask(&texts.say_with("tag.ask_remove", &args))?;
        if !answer.eq_ignore_ascii_case("y") && !answer.eq_ignore_ascii_case("yes") {
            say(texts.say("tag.not_removed"));
            return Ok(Exit::Usage);
        }
    }
    let session = context.session(&store, &account).await?;
    tags::remove(&session, &store, tag.id).await.map_err(|error| changing(context, error, DELETE_TAG_PATH))?;
    tell(context, &tag, "tag.removed", "removed");
    Ok(Exit::Fine)
}

async fn assign(context: &Context, args: &TaggedArgs, has: bool) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let tag = the_tag(&store.tags(account.id).await?, &args.tag)?;
    let openids = whom(&store, &account, args).await?;
    let session = context.session(&store, &account).await?;
    let changed = tags::tag(&session, &store, tag.id, &openids, has).await?;
    let (key, path) = if has { ("assigned", ASSIGN_TAG_PATH) } else { ("unassigned", UNASSIGN_TAG_PATH) };
    let head = json!({ "tag": { "id": tag.id, "name": tag.name } });
    let done = context.texts().say_with(&format!("tag.{key}"), &[("name", &tag.name), ("count", &thousands(changed.done))]);
    ended(context, changed, (head, key, &done), path)
}

/// Those who were named, or the recipients of an audience.
async fn whom(store: &Store, account: &Account, args: &TaggedArgs) -> Result<Vec<OpenId>, Failure> {
    let choices = args.files.choices();
    let audience: Audience = match &args.audience {
        Some(expression) => audience::parse(store, account.id, expression, &choices).await?,
        None if args.files.file.is_empty() && args.openids.is_empty() => return Err(AudienceError::Nobody.into()),
        // Who is named one by one is taken by their word.
        None if args.files.file.is_empty() => return Ok(parsed(&args.openids)?),
        None => {
            let named = Named { users: args.openids.clone(), files: args.files.file.clone(), ..Named::default() };
            audience::resolve(store, account.id, &named, &choices).await?
        }
    };
    let mut openids = Vec::new();
    let mut everyone = store.scan_recipients(account.id, audience, OpenId::trusted(""))?;
    while let Some(page) = everyone.next().await {
        openids.extend(page?.into_iter().map(|person| person.openid));
    }
    if openids.is_empty() { Err(AudienceError::Nobody.into()) } else { Ok(openids) }
}

/// Openids as they were typed, each once.
pub fn parsed(texts: &[String]) -> Result<Vec<OpenId>, crate::domain::id::IdError> {
    let mut openids: Vec<OpenId> = Vec::new();
    for text in texts {
        let openid = OpenId::parse(text)?;
        if !openids.contains(&openid) {
            openids.push(openid);
        }
    }
    Ok(openids)
}

fn the_tag(tags: &[Tag], name: &str) -> Result<Tag, Failure> {
    let id = find_tag(tags, name)?;
    tags.iter().find(|tag| tag.id == id).cloned().ok_or_else(|| Failure::usage(format!("there is no tag `{name}`")))
}

fn tell(context: &Context, tag: &Tag, key: &str, done: &str) {
    say(&context.texts().say_with(key, &[("name", &tag.name), ("id", &tag.id.to_string())]));
    if context.json {
        print_json(&json!({ done: true, "tag": { "id": tag.id, "name": tag.name } }));
    }
}

/// A change that WeChat refused, explained for its call; or one that the cache did not take.
pub fn changing(context: &Context, error: ChangeError, path: &'static str) -> Failure {
    match error {
        ChangeError::Session(error) => Failure::explained(context.lang, error, path),
        ChangeError::Store(error) => error.into(),
    }
}

/// Tells what became of a change for many: the number under `key`, whom WeChat refused, and why it ended early.
pub fn ended(context: &Context, changed: Changed, (head, key, done): (Value, &str, &str), path: &'static str) -> Done {
    say(done);
    let mut by_reason: BTreeMap<String, (Option<i64>, Vec<OpenId>)> = BTreeMap::new();
    for (openid, error) in changed.refused {
        let (code, text) = (error.errcode(), Failure::explained(context.lang, error, path).message);
        by_reason.entry(text).or_insert_with(|| (code, Vec::new())).1.push(openid);
    }
    for (text, (_, openids)) in &by_reason {
        let names: Vec<&str> = openids.iter().map(OpenId::as_str).take(5).collect();
        let args = [("count", thousands(openids.len() as u64)), ("openids", names.join(", ")), ("text", text.clone())];
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        say(&context.texts().say_with("tag.refused", &args));
    }
    if context.json {
        let failed: Vec<Value> =
            by_reason.values().map(|(errcode, openids)| json!({ "errcode": errcode, "openids": openids })).collect();
        let mut document = head;
        if let Some(document) = document.as_object_mut() {
            document.insert(key.to_owned(), json!(changed.done));
            document.insert("failed".to_owned(), json!(failed));
            document.insert("complete".to_owned(), json!(changed.stopped.is_none()));
        }
        print_json(&document);
    }
    match changed.stopped {
        Some(error) => Err(Failure::explained(context.lang, error, path)),
        None if by_reason.is_empty() => Ok(Exit::Fine),
        None => Ok(Exit::NotAll),
    }
}
