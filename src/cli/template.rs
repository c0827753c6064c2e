//! `template add | remove | refresh`; `alias` is a file of its own.

use super::alias;
use super::args::{TemplateAddArgs, TemplateCommand, TemplateRefreshArgs, TemplateRemoveArgs};
use super::confirm::{Asked, lead};
use super::context::{Context, print_json, say};
use super::failure::{Done, Exit, Failure};
use super::lists::{print_template, template_row};
use super::message::find_template;
use crate::domain::alias::Named;
use crate::domain::template::Template;
use crate::manage::templates::{self, Fate, Part, Refreshed, Relisted};
use crate::session::SessionError;
use crate::store::TemplateChanges;
use crate::text::number::thousands;
use crate::wechat::{ADD_TEMPLATE_PATH, CallError, DELETE_TEMPLATE_PATH, TEMPLATES_PATH};
use serde_json::{Value, json};

/// Does what is asked with the templates.
pub async fn run(context: &Context, command: TemplateCommand) -> Done {
    match command {
        TemplateCommand::Add(args) => add(context, &args).await,
        TemplateCommand::Remove(args) => remove(context, &args).await,
        TemplateCommand::Refresh(args) => refresh(context, &args).await,
        TemplateCommand::Alias(args) => alias::run(context, &args).await,
    }
}

async fn add(context: &Context, args: &TemplateAddArgs) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let session = context.session(&store, &account).await?;
    let added = templates::add(&session, &store, args.short_id.trim(), &args.keywords).await;
    let added = added.map_err(|error| refused(context, error, ADD_TEMPLATE_PATH))?;
    let known = store.templates(account.id).await?;
    let template = known.into_iter().find(|template| template.id == added.id);
    let title = template.as_ref().map_or("", |template| template.title.as_str());
    say(&texts.say_with("template.added", &[("id", added.id.as_str()), ("title", title), ("account", &account.name)]));
    if relisted(context, &added.listed).is_some() && template.is_none() {
        say(texts.say("template.not_listed_yet"));
    }
    if context.json {
        print_json(
            &json!({ "added": true, "template_id": added.id, "template": template.as_ref().map(|template| template_row(template, None)) }),
        );
    } else if let Some(template) = &template {
        print_template(template, None);
    }
    Ok(Exit::Fine)
}

/// Deletes a template, once its title was typed.
async fn remove(context: &Context, args: &TemplateRemoveArgs) -> Done {
    let texts = context.texts();
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let aliases = store.aliases(account.id).await?;
    let template = find_template(context, &store.templates(account.id).await?, &aliases, &args.template)?;
    let title = name(&template);
    let named = [("title", title), ("id", template.id.as_str()), ("account", account.name.as_str())];
    let tell = |line: &str| lead(args.confirm.is_some(), line);
    tell(&texts.say_with("template.remove_does", &named));
    let jobs: Vec<String> = templates::waiting(&store, account.id, &template.id).await?.iter().map(ToString::to_string).collect();
    if !jobs.is_empty() {
        tell(&texts.say_with("template.jobs_wait", &[("jobs", &jobs.join(", "))]));
    }
    let asked =
        Asked { name: title, ask: "template.remove_ask", needed: "template.remove_confirm", other: "template.remove_other" };
    let given = asked.given(context, args.confirm.as_deref())?;
    if !asked.typed(context, given)? {
        say(texts.say("template.not_removed"));
        return Ok(Exit::Usage);
    }
    let session = context.session(&store, &account).await?;
    let listed = templates::remove(&session, &store, &template.id).await;
    let listed = listed.map_err(|error| refused(context, error, DELETE_TEMPLATE_PATH))?;
    say(&texts.say_with("template.removed", &named));
    relisted(context, &listed);
    if context.json {
        print_json(&json!({ "removed": true, "template_id": template.id, "title": template.title }));
    }
    Ok(Exit::Fine)
}

/// Reads the list anew. A template that the cache does not know may be a new one.
async fn refresh(context: &Context, args: &TemplateRefreshArgs) -> Done {
    let store = context.store()?;
    let account = context.account(&store, args.account.account.as_deref()).await?;
    let before = store.templates(account.id).await?;
    let aliases = store.aliases(account.id).await?;
    let wanted = args.template.as_deref();
    let known = match wanted {
        Some(wanted) if aliases.find(&before, wanted) != Named::Nothing => {
            Some(find_template(context, &before, &aliases, wanted)?)
        }
        _ => None,
    };
    let session = context.session(&store, &account).await?;
    let refreshed = templates::refresh(&session, &store, known.as_ref().map(|template| &template.id)).await;
    let Refreshed { changes, asked } = refreshed.map_err(|error| Failure::explained(context.lang, error, TEMPLATES_PATH))?;
    say(&counts(context, changes));
    let now = store.templates(account.id).await?;
    let asked = match (known, asked, wanted) {
        (Some(known), Some(fate), _) => {
            let now = now.into_iter().find(|template| template.id == known.id);
            Some((now.unwrap_or(known), fate))
        }
        (_, _, Some(wanted)) => Some((find_template(context, &now, &aliases, wanted)?, Fate::New)),
        _ => None,
    };
    if let Some((template, fate)) = &asked {
        tell(context, template, aliases.of(&template.id), fate);
    }
    if context.json {
        print_json(&document(changes, asked.as_ref()));
    }
    Ok(Exit::Fine)
}

fn tell(context: &Context, template: &Template, alias: Option<&str>, fate: &Fate) {
    let texts = context.texts();
    let parts: Vec<&str> = match fate {
        Fate::Changed(parts) => parts.iter().map(|part| texts.say(key_of(*part))).collect(),
        _ => Vec::new(),
    };
    let key = match fate {
        Fate::Unchanged => "template.unchanged",
        Fate::Changed(_) => "template.changed",
        Fate::New => "template.new",
        Fate::Gone => "template.gone",
    };
    let parts = parts.join(texts.say("template.and"));
    say(&texts.say_with(key, &[("title", name(template)), ("id", template.id.as_str()), ("parts", &parts)]));
    if matches!(fate, Fate::Changed(_) | Fate::New) && !context.json {
        print_template(template, alias);
    }
}

fn document(changes: TemplateChanges, asked: Option<&(Template, Fate)>) -> Value {
    let template = asked.map(|(template, fate)| {
        let parts = match fate {
            Fate::Changed(parts) => parts.iter().map(|part| part.as_str()).collect(),
            _ => Vec::new(),
        };
        json!({ "template_id": template.id, "title": template.title, "state": fate.as_str(), "changed": parts })
    });
    let TemplateChanges { total, added, removed } = changes;
    json!({ "templates": { "total": total, "added": added, "removed": removed }, "template": template })
}

/// A change that WeChat refused, or of which nobody knows whether it was made.
pub fn refused(context: &Context, error: SessionError, path: &'static str) -> Failure {
    let unsure = matches!(error, SessionError::Call(CallError::Ambiguous { .. }));
    let mut failure = Failure::explained(context.lang, error, path);
    if unsure {
        let text = failure.message.text(context.texts());
        failure.message = format!("{text}\n{}", context.texts().say("template.unsure")).into();
    }
    failure
}

/// Says how many templates there are now. That the list could not be read is no failure of the change before it.
pub fn relisted(context: &Context, listed: &Relisted) -> Option<TemplateChanges> {
    match listed {
        Ok(changes) => {
            say(&counts(context, *changes));
            Some(*changes)
        }
        Err(error) => {
            say(&context.texts().say_with("template.not_listed", &[("text", &context.texts().told(error))]));
            None
        }
    }
}

fn counts(context: &Context, changes: TemplateChanges) -> String {
    let [total, added, removed] = [changes.total, changes.added, changes.removed].map(thousands);
    context.texts().say_with("cli.synced_templates", &[("total", &total), ("added", &added), ("removed", &removed)])
}

fn key_of(part: Part) -> &'static str {
    match part {
        Part::Title => "template.part_title",
        Part::Content => "template.part_content",
        Part::Example => "template.part_example",
        Part::Industry => "template.part_industry",
    }
}

/// What a person calls it: its title, or its id where it has none.
fn name(template: &Template) -> &str {
    if template.title.trim().is_empty() { template.id.as_str() } else { &template.title }
}
