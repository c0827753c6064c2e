use super::Compose;
use super::form::{Form, Item};
use crate::audience::find_tag;
use crate::domain::account::Account;
use crate::domain::audience::UserSet;
use crate::domain::draft::FormTexts;
use crate::domain::id::{OpenId, TagId};
use crate::domain::message::Message;
use crate::domain::payload::Payload;
use crate::domain::template::Template;
use crate::tui::context::Context;
use crate::tui::layers::Export;
use crate::tui::msg::{AudienceMsg, DraftsMsg, Level, SystemMsg};
use crate::tui::out::Out;
use crate::tui::panes::PaneId;
use crate::tui::widgets::pretty;
use serde_json::{Map, Value};

impl Compose {
    /// The body of the message as it stands, to be read: for one recipient, or without one. None if there is no template.
    pub fn body(&self, to: Option<&OpenId>) -> Option<String> {
        let message = &self.form.as_ref()?.message;
        Some(match to {
            Some(to) => pretty(&message.body(to)),
            None => pretty(&without_recipient(&message.body(&OpenId::trusted("")))),
        })
    }

    /// The message to be taken along. None if there is no template.
    pub fn export(&self, account: &Account) -> Option<Export> {
        let form = self.form.as_ref()?;
        // A name that does not find its tag again gives way to its number.
        let name = |id: TagId| self.tag_name(id).filter(|name| find_tag(&self.tags, name).is_ok_and(|found| found == id));
        Some(Export::new(account, &form.shown(self.item, self.eyes.user()), &form.message, &self.audience, name))
    }

    /// A body flows into the form. One that is `fresh` is a message of its own: what was written before stays a draft.
    pub(super) fn take_body(&mut self, payload: &Payload, fresh: bool, ctx: &Context, out: &mut Out) {
        let message = &payload.message;
        let template = self.template_for(message, ctx, out);
        let same = self.form.as_ref().is_some_and(|form| form.template == template);
        if fresh || !same {
            self.leave_draft();
            self.item = Item::default();
            out.tell(DraftsMsg::Reopened { pane: PaneId::Compose.number() });
        }
        self.editing = false;
        self.set_form(Form::with_texts(template, &FormTexts::of(message)), out);
        if let Some(form) = &mut self.form {
            form.show_everything();
            self.item = form.nearest(self.item);
        }
        self.refresh(ctx, out);
        if let Some(to) = &payload.to {
            self.take_recipient(to, ctx, out);
        }
    }

    /// The template that a body names; where the account has none of that id, one made of the body's own keys.
    fn template_for(&self, message: &Message, ctx: &Context, out: &mut Out) -> Template {
        if let Some(template) = self.template(&message.template_id) {
            return template.clone();
        }
        let key = ctx.key(crate::tui::keys::Action::FocusTemplates);
        let text = ctx.say_with("body.unknown_template", &[("id", message.template_id.as_str()), ("key", &key)]);
        out.tell(SystemMsg::Noted { level: Level::Warning, text });
        let lines = message.values.iter().map(|value| format!("{{{{{}.DATA}}}}\n", value.key));
        Template { content: lines.collect(), ..Template::empty(message.template_id.clone()) }
    }

    /// Whom a body names is the audience, unless there is one already.
    fn take_recipient(&self, to: &OpenId, ctx: &Context, out: &mut Out) {
        if self.audience.is_empty() {
            out.tell(AudienceMsg::Chosen { set: UserSet::Users(vec![to.clone()]) });
        } else if self.eyes.user().is_none_or(|user| user.openid != *to) {
            let text = ctx.say_with("body.touser_left_out", &[("openid", to.as_str())]);
            out.tell(SystemMsg::Noted { level: Level::Info, text });
        }
    }
}

/// A body without its `touser`.
fn without_recipient(body: &str) -> String {
    let mut members: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    members.shift_remove("touser");
    Value::Object(members).to_string()
}
