//! The message being written and who gets it.

mod audience;
mod example;
mod form;
mod view;

pub use view::{audience_words, excluded_words, recipients, set_words};

use crate::domain::audience::{Audience, UserSet};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::message::Message;
use crate::domain::rules::Level;
use crate::domain::user::Tag;
use crate::tui::context::Context;
use crate::tui::effect::SendOrder;
use crate::tui::input::Key;
use crate::tui::keys::{Action, Place};
use crate::tui::layers::{AudiencePicker, Layer};
use crate::tui::msg::{AccountsMsg, AudienceMsg, ComposeMsg, Generation, Level as NoteLevel, ListsMsg, Msg, SyncMsg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::widgets::{Change, Pasted, pretty};
use audience::Count;
use form::{Form, Item};

/// The compose pane.
#[derive(Debug, Default)]
pub struct Compose {
    account: Option<AccountId>,
    form: Option<Form>,
    item: Item,
    editing: bool,
    scroll: usize,
    audience: Audience,
    count: Count,
    generation: Generation,
    tags: Vec<Tag>,
    marked: Option<UserSet>,
}

/// Why nothing can be sent yet. Each names the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// There is no account.
    NoAccount,
    /// No template was chosen.
    NoTemplate,
    /// WeChat would refuse the message.
    Findings(Vec<String>),
    /// Nobody was chosen.
    NoAudience,
}

impl Compose {
    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.editing
    }

    /// Title of the template that is filled in.
    pub fn title(&self) -> Option<&str> {
        self.form.as_ref().map(|form| form.template.title.as_str())
    }

    /// The audience in words, with tags by name.
    pub fn words(&self) -> String {
        self.audience.words(|id| self.tag_name(id))
    }

    /// The same as the screen shows it.
    pub fn shown_words(&self, ctx: &Context) -> String {
        audience_words(&self.audience, &self.tags, ctx)
    }

    /// Whether nobody is chosen yet.
    pub fn has_no_audience(&self) -> bool {
        self.audience.is_empty()
    }

    /// What would be sent, or why nothing can be.
    pub fn order(&mut self, ctx: &Context) -> Result<SendOrder, Blocked> {
        let account = self.account.ok_or(Blocked::NoAccount)?;
        let (message, title) = self.message(ctx)?;
        if self.audience.is_empty() {
            return Err(Blocked::NoAudience);
        }
        Ok(SendOrder { account, message, title, audience: self.audience.clone(), words: self.words() })
    }

    /// The message and the title of its template, if WeChat would take it.
    pub fn message(&mut self, ctx: &Context) -> Result<(Message, String), Blocked> {
        let form = self.form.as_mut().ok_or(Blocked::NoTemplate)?;
        form.show_everything();
        let errors = form.told(Level::Error, ctx);
        if errors.is_empty() { Ok((form.message.clone(), form.template.title.clone())) } else { Err(Blocked::Findings(errors)) }
    }

    /// The body of the message as it stands, to be read: for one recipient, or without one. None if there is no template.
    pub fn body(&self, to: Option<&OpenId>) -> Option<String> {
        let message = &self.form.as_ref()?.message;
        Some(match to {
            Some(to) => pretty(&message.body(to)),
            None => pretty(&without_recipient(&message.body(&OpenId::trusted("")))),
        })
    }

    /// What the operator should know before sending, though WeChat would take it.
    pub fn warnings(&self, ctx: &Context) -> Vec<String> {
        self.form.as_ref().map(|form| form.told(Level::Warning, ctx)).unwrap_or_default()
    }

    /// Moves to the first field that WeChat would refuse.
    pub fn go_to_first_error(&mut self, ctx: &Context) {
        if let Some(item) = self.form.as_ref().and_then(|form| form.first_error(ctx)) {
            self.item = item;
            self.editing = true;
        }
    }

    /// A key between the fields, or an action that works in a field too.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        let before = self.item;
        match action {
            Action::Up | Action::PreviousField => self.step(-1),
            Action::Down | Action::NextField => self.step(1),
            Action::Top => self.item = Item::Value(0),
            Action::Bottom => self.item = Item::Audience,
            Action::Act => self.act(out),
            Action::Back => self.editing = false,
            Action::Color => self.toggle_color(),
            Action::Example => self.fill_example(out),
            Action::ClearAudience => out.tell(AudienceMsg::Cleared),
            _ => {}
        }
        if before != self.item {
            if let Some(form) = &mut self.form {
                form.leave(before);
            }
            self.tell(out);
        }
    }

    /// A key in a field.
    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) {
        if let Some(action) = ctx.keys.action(Place::Edit, key) {
            return self.on_action(action, out);
        }
        let Some(field) = self.form.as_mut().and_then(|form| form.field_mut(self.item)) else { return };
        match field.edit(key, out) {
            Change::Text => self.edited(out),
            Change::Full => tell_too_long(ctx, out),
            Change::Cursor | Change::None => {}
        }
    }

    /// Pasted into a field; between the fields there is nowhere for it to go.
    pub fn on_paste(&mut self, text: &str, ctx: &Context, out: &mut Out) {
        if !self.editing {
            return;
        }
        let Some(field) = self.form.as_mut().and_then(|form| form.field_mut(self.item)) else { return };
        match field.paste(text) {
            Pasted::Whole => {}
            Pasted::Joined => {
                let text = ctx.say("compose.lines_joined").to_owned();
                out.tell(SystemMsg::Noted { level: NoteLevel::Info, text });
            }
            Pasted::TooLong => tell_too_long(ctx, out),
        }
        self.edited(out);
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                *self = Self { account: Some(account.id), generation: self.generation, ..Self::default() };
                self.tell(out);
            }
            Msg::Compose(ComposeMsg::TemplateChosen { template }) => {
                let same = self.form.as_ref().is_some_and(|form| form.template == *template);
                if !same {
                    self.form = Some(Form::new(template.clone(), self.form.take()));
                    self.scroll = 0;
                }
                self.item = Item::Value(0);
                self.editing = self.form.as_ref().is_some_and(Form::has_fields);
                self.tell(out);
            }
            Msg::Lists(ListsMsg::TagsLoaded { tags, .. }) => self.tags.clone_from(tags),
            Msg::Sync(SyncMsg::Finished { .. }) => self.count(out),
            Msg::Audience(msg) => self.on_audience(msg, out),
            _ => {}
        }
    }

    /// Where the keys of this pane are looked up.
    pub fn place(&self) -> Place {
        if self.editing { Place::Edit } else { Place::Compose }
    }

    fn act(&mut self, out: &mut Out) {
        if self.item == Item::Audience || self.form.is_none() {
            let picker = AudiencePicker::new(self.tags.clone(), self.marked.clone(), self.audience.clone(), self.count.reach());
            out.open(Layer::Audience(Box::new(picker)));
        } else {
            self.editing = true;
        }
    }

    fn step(&mut self, by: isize) {
        let Some(form) = &self.form else { return };
        self.item = form.step(self.item, by);
        self.editing &= self.item != Item::Audience;
    }

    fn toggle_color(&mut self) {
        let Some(form) = self.form.as_ref().filter(|form| form.has_colors()) else { return };
        self.item = match self.item {
            Item::Value(index) if index < form.len() => Item::Color(index),
            Item::Color(index) => Item::Value(index),
            other => other,
        };
        self.editing = matches!(self.item, Item::Value(_) | Item::Color(_));
    }

    fn fill_example(&mut self, out: &mut Out) {
        let Some(form) = &mut self.form else { return };
        match (self.editing, self.item) {
            (true, Item::Value(index)) => form.fill_example(index),
            _ => (0..form.len()).for_each(|index| form.fill_example(index)),
        }
        self.edited(out);
    }

    fn edited(&mut self, out: &mut Out) {
        if let Some(form) = &mut self.form {
            form.touch(self.item);
            form.rebuild();
        }
        self.tell(out);
    }

    fn tell(&self, out: &mut Out) {
        let draft = self.form.as_ref().map(|form| form.draft(self.item));
        out.tell(ComposeMsg::Edited { draft });
    }

    fn tag_name(&self, id: TagId) -> Option<String> {
        self.tags.iter().find(|tag| tag.id == id).map(|tag| tag.name.clone())
    }
}

fn tell_too_long(ctx: &Context, out: &mut Out) {
    out.tell(SystemMsg::Noted { level: NoteLevel::Warning, text: ctx.say("compose.too_long").to_owned() });
}

fn without_recipient(body: &str) -> String {
    let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).unwrap_or_default();
    members.shift_remove("touser");
    serde_json::Value::Object(members).to_string()
}

/// The sign before a finding.
fn sign(level: Level) -> &'static str {
    match level {
        Level::Error => "✗",
        Level::Warning => "!",
    }
}
