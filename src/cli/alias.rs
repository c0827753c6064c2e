//! `template alias`: what the operator calls templates.

use super::args::TemplateAliasArgs;
use super::context::{Context, print, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::message::find_template;
use crate::domain::account::Account;
use crate::domain::alias::Aliases;
use crate::domain::id::TemplateId;
use crate::domain::template::Template;
use crate::manage::aliases;
use crate::store::Store;
use crate::text::width::pad;
use serde_json::json;

/// Lists the aliases, or gives a template one, or takes it away.
pub async fn run(context: &Context, args: &TemplateAliasArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let (templates, known) = (store.templates(account.id).await?, store.aliases(account.id).await?);
    let Some(template) = &args.template else {
        list(context, &templates, known.iter());
        return Ok(Exit::Fine);
    };
    // The alias of a template that is gone can only be taken away by its own name.
    let gone = known.owner(template).filter(|id| args.remove && templates.iter().all(|template| template.id != **id));
    let id = match gone {
        Some(id) => id.clone(),
        None => find_template(context, &templates, &known, template)?.id,
    };
    match &args.alias {
        Some(alias) => set(context, &store, &account, &known, (&id, alias)).await,
        None if args.remove => {
            aliases::remove(&store, account.id, &id).await?;
            changed(context, &id, known.of(&id), None);
            Ok(Exit::Fine)
        }
        None => {
            list(context, &templates, known.iter().filter(|(_, of)| **of == id));
            Ok(Exit::Fine)
        }
    }
}

async fn set(context: &Context, store: &Store, account: &Account, known: &Aliases, (id, alias): (&TemplateId, &str)) -> Done {
    let alias = aliases::set(store, account.id, id, alias).await?;
    let alias = alias.map_err(|error| Failure::usage(context.texts().alias_error(&error)))?;
    if let Some(earlier) = known.owner(&alias).filter(|earlier| *earlier != id) {
        say(&context.texts().say_with("alias.taken_over", &[("alias", &alias), ("id", earlier.as_str())]));
    }
    changed(context, id, known.of(id), Some(&alias));
    Ok(Exit::Fine)
}

fn changed(context: &Context, id: &TemplateId, was: Option<&str>, alias: Option<&str>) {
    let key = match (was, alias) {
        (_, Some(_)) => "alias.set",
        (Some(_), None) => "alias.removed",
        (None, None) => "alias.had_none",
    };
    let named = [("id", id.as_str()), ("alias", alias.or(was).unwrap_or_default())];
    say(&context.texts().say_with(key, &named));
    if context.json {
        print_json(&json!({ "template_id": id, "alias": alias, "was": was }));
    }
}

fn list<'a>(context: &Context, templates: &[Template], aliases: impl Iterator<Item = (&'a str, &'a TemplateId)>) {
    let title = |id: &TemplateId| templates.iter().find(|template| template.id == *id).map(|template| template.title.as_str());
    let rows: Vec<_> = aliases.map(|(alias, id)| (alias, id, title(id))).collect();
    if context.json {
        let row = |(alias, id, title)| json!({ "alias": alias, "template_id": id, "title": title });
        return print_json(&rows.into_iter().map(row).collect::<Vec<_>>());
    }
    if rows.is_empty() {
        say(context.texts().say("alias.none"));
    }
    for (alias, id, title) in rows {
        print(&format!("{}  {id}  {}", pad(alias, 16), title.unwrap_or(context.texts().say("alias.gone"))));
    }
}
