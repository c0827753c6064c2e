//! News of the account's templates and industries, in words.

use super::context::Context;
use super::msg::{Level, Refusal, TemplatesMsg};
use crate::domain::errcode;
use crate::domain::template::Template;
use crate::manage::templates::{Fate, Part};

/// Whether it is said in the footer, or has to be read and closed.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// In passing.
    Footer(String),
    /// With a notice.
    Notice(Level, String),
}

/// What is said of it; nothing where a layer shows it.
pub fn said(msg: &TemplatesMsg, ctx: &Context) -> Option<Said> {
    match msg {
        TemplatesMsg::Added { id, title, listed, .. } => {
            let title = title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(id.as_str());
            Some(done(ctx.say_with("add_template.added", &[("title", title)]), listed, ctx))
        }
        TemplatesMsg::Deleted { title, listed, .. } => {
            Some(done(ctx.say_with("delete_template.deleted", &[("title", title)]), listed, ctx))
        }
        TemplatesMsg::IndustriesSet { listed, .. } => Some(done(ctx.say("set_industries.set").to_owned(), listed, ctx)),
        TemplatesMsg::Refreshed { title, fate, .. } => Some(became(title, fate, ctx)),
        TemplatesMsg::AddRefused { refusal, .. } | TemplatesMsg::Refused { refusal } => {
            Some(Said::Notice(Level::Error, refusal_words(refusal, "\n\n", ctx)))
        }
        TemplatesMsg::Aliased { alias, .. } => Some(Said::Footer(match alias {
            Some(alias) => ctx.say_with("template_alias.called", &[("alias", alias)]),
            None => ctx.say("template_alias.removed").to_owned(),
        })),
        // The layer stays until it is taken.
        TemplatesMsg::AliasRefused { .. } => None,
        TemplatesMsg::JobsFound { .. } | TemplatesMsg::IndustriesLoaded { .. } | TemplatesMsg::Weighed { .. } => None,
    }
}

/// WeChat's words, what they mean and what to do, and whether it may have been done all the same.
pub fn refusal_words(refusal: &Refusal, between: &str, ctx: &Context) -> String {
    let mut words = vec![refusal.text.clone()];
    if let Some((code, call)) = refusal.code {
        let told = errcode::explain_on(code, call, ctx.settings.lang);
        words.extend([told.meaning.into_owned(), told.remedy.into_owned()]);
    }
    if refusal.unsure {
        words.push(ctx.say("refresh_template.unsure").to_owned());
    }
    words.join(between)
}

/// What a person calls it: its title, or its id where it has none.
pub fn name_of(template: &Template) -> &str {
    if template.title.trim().is_empty() { template.id.as_str() } else { &template.title }
}

/// A change that was made, and whether the list could be read after it.
fn done(text: String, listed: &Result<(), String>, ctx: &Context) -> Said {
    match listed {
        Ok(()) => Said::Footer(text),
        Err(why) => {
            let unread = ctx.say_with("refresh_template.not_listed", &[("text", why)]);
            Said::Notice(Level::Info, format!("{text}\n\n{unread}"))
        }
    }
}

fn became(title: &str, fate: &Fate, ctx: &Context) -> Said {
    let named = |key| ctx.say_with(key, &[("title", title)]);
    match fate {
        Fate::Unchanged => Said::Footer(named("refresh_template.unchanged")),
        Fate::New => Said::Footer(named("refresh_template.new")),
        Fate::Gone => Said::Notice(Level::Info, named("refresh_template.gone")),
        Fate::Changed(parts) => {
            let parts: Vec<&str> = parts.iter().map(|part| ctx.say(key_of(*part))).collect();
            let parts = parts.join(ctx.say("refresh_template.and"));
            Said::Notice(Level::Info, ctx.say_with("refresh_template.changed", &[("title", title), ("parts", &parts)]))
        }
    }
}

fn key_of(part: Part) -> &'static str {
    match part {
        Part::Title => "refresh_template.part_title",
        Part::Content => "refresh_template.part_content",
        Part::Example => "refresh_template.part_example",
        Part::Industry => "refresh_template.part_industry",
    }
}
