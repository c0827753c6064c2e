//! The message being written and who gets it.

mod audience;
mod body;
mod drafts;
mod eyes;
mod form;
mod offers;
mod press;
mod view;

pub use view::{audience_words, excluded_words, recipients, set_words};

use crate::domain::audience::{Audience, UserSet};
use crate::domain::draft::Spot;
use crate::domain::id::{AccountId, TagId, TemplateId};
use crate::domain::message::Message;
use crate::domain::rules::Level;
use crate::domain::seen::Known;
use crate::domain::template::Template;
use crate::domain::user::Tag;
use crate::tui::context::Context;
use crate::tui::effect::{ComposeEffect, DraftsEffect, SendOrder};
use crate::tui::input::Key;
use crate::tui::keys::{Action, Place};
use crate::tui::layers::{AudienceBuilder, Layer, Told};
use crate::tui::msg::{
    AccountsMsg, AudienceMsg, ComposeMsg, Generation, Level as NoteLevel, ListsMsg, Msg, SendMsg, SyncMsg, SystemMsg,
};
use crate::tui::out::Out;
use crate::tui::widgets::{Change, Pasted};
use audience::Count;
use drafts::Desk;
use eyes::Eyes;
use form::{Form, Item};
use offers::Offers;
use std::collections::BTreeMap;

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
    eyes: Eyes,
    desk: Desk,
    tags: Vec<Tag>,
    templates: Vec<Template>,
    marked: Option<UserSet>,
}

/// Why nothing can be sent yet. Each names the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// There is no account.
    NoAccount,
    /// The account has no such template (any more).
    UnknownTemplate(TemplateId),
    /// No template was chosen.
    NoTemplate,
    /// WeChat would refuse the message.
    Findings,
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
        self.chosen().map(|template| template.title.as_str())
    }

    /// The template that is filled in.
    pub fn chosen(&self) -> Option<&Template> {
        self.form.as_ref().map(|form| &form.template)
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
        let (message, template) = self.message(ctx)?;
        if self.audience.is_empty() {
            return Err(Blocked::NoAudience);
        }
        Ok(SendOrder { account, message, template: Box::new(template), audience: self.audience.clone(), words: self.words() })
    }

    /// Why nothing can be sent, as far as that is known without looking at the fields anew.
    pub fn blocked(&self, ctx: &Context) -> Option<Blocked> {
        if self.account.is_none() {
            return Some(Blocked::NoAccount);
        }
        self.flawed(ctx).or(self.audience.is_empty().then_some(Blocked::NoAudience))
    }

    /// Why WeChat would not take the message.
    pub fn flawed(&self, ctx: &Context) -> Option<Blocked> {
        let Some(form) = &self.form else { return Some(Blocked::NoTemplate) };
        // What no template of the account fits cannot be sent with it.
        if !self.templates.iter().any(|template| template.id == form.template.id) {
            return Some(Blocked::UnknownTemplate(form.template.id.clone()));
        }
        form.first_error(ctx).map(|_| Blocked::Findings)
    }

    /// Whether its values can have colours.
    pub fn has_colors(&self) -> bool {
        self.form.as_ref().is_some_and(Form::has_colors)
    }

    /// The message and its template, if WeChat would take it.
    pub fn message(&mut self, ctx: &Context) -> Result<(Message, Template), Blocked> {
        self.form.as_mut().ok_or(Blocked::NoTemplate)?.show_everything();
        match (self.flawed(ctx), &self.form) {
            (None, Some(form)) => Ok((form.message.clone(), form.template.clone())),
            (blocked, _) => Err(blocked.unwrap_or(Blocked::NoTemplate)),
        }
    }

    /// What the operator should know before sending, though WeChat would take it.
    pub fn warnings(&self, ctx: &Context) -> Vec<String> {
        self.form.as_ref().map(|form| form.warnings(ctx)).unwrap_or_default()
    }

    /// Everything there is to say of the message, in the order of the form; from now on also of fields nobody has come to yet.
    pub fn told(&mut self, ctx: &Context) -> Option<Vec<Told>> {
        let form = self.form.as_mut()?;
        form.show_everything();
        Some(form.told(ctx))
    }

    /// How many errors and warnings the form says.
    pub fn aside(&self, ctx: &Context) -> String {
        self.form.as_ref().map(|form| counted(form.told(ctx).iter().map(|told| told.level))).unwrap_or_default()
    }

    /// Moves to the first field that WeChat would refuse; gives which.
    pub fn go_to_first_error(&mut self, ctx: &Context) -> Spot {
        let Some(form) = &self.form else { return Spot::First };
        if let Some(item) = form.first_error(ctx) {
            self.item = item;
            self.editing = true;
        }
        form.spot_of(self.item)
    }

    /// A key between the fields, or an action that works in a field too.
    pub fn on_action(&mut self, action: Action, ctx: &Context, out: &mut Out) {
        let before = self.item;
        match action {
            Action::Up | Action::PreviousField => self.step(-1),
            Action::Down | Action::NextField => self.step(1),
            Action::Top => self.item = Item::Value(0),
            Action::Bottom => self.item = Item::Audience,
            Action::Act => self.act(out),
            Action::Back => self.editing = false,
            Action::Color => self.toggle_color(),
            Action::Example => self.fill_example(ctx, out),
            Action::Offer => self.take_offer(ctx, out),
            Action::ClearAudience => out.tell(AudienceMsg::Cleared),
            _ => {}
        }
        self.moved_from(before, out);
    }

    fn moved_from(&mut self, before: Item, out: &mut Out) {
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
            return self.on_action(action, ctx, out);
        }
        let Some(field) = self.form.as_mut().and_then(|form| form.field_mut(self.item)) else { return };
        match field.edit(key, out) {
            Change::Text => self.edited(ctx, out),
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
        self.edited(ctx, out);
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, ctx: &Context, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                self.forget_eyes();
                let eyes = std::mem::take(&mut self.eyes);
                *self = Self { account: Some(account.id), generation: self.generation, eyes, ..Self::default() };
                out.ask(DraftsEffect::LoadDrafts { account: account.id });
                self.tell(out);
            }
            Msg::Compose(ComposeMsg::TemplateChosen { template }) => {
                let same = self.form.as_ref().is_some_and(|form| form.template == *template);
                if !same && !self.take_up_nameless(template, ctx, out) {
                    let form = Form::new(template.clone(), self.form.take());
                    self.set_form(form, out);
                }
                self.item = Item::Value(0);
                self.editing = self.form.as_ref().is_some_and(Form::has_fields);
                self.refresh(ctx, out);
            }
            Msg::Compose(ComposeMsg::KnownLoaded { template, known })
                if self.form.as_ref().is_some_and(|form| form.template.id == *template) =>
            {
                self.eyes.learn(known.clone());
                self.refresh(ctx, out);
            }
            Msg::Compose(ComposeMsg::Jumped { spot }) => self.jump(spot, ctx, out),
            Msg::Compose(ComposeMsg::BodyTaken { payload, fresh }) => self.take_body(payload, *fresh, ctx, out),
            Msg::Compose(msg @ ComposeMsg::Stepped { .. }) => {
                self.on_stepped(msg, ctx, out);
                self.refresh(ctx, out);
            }
            Msg::Lists(ListsMsg::TagsLoaded { tags, .. }) => self.tags.clone_from(tags),
            Msg::Lists(ListsMsg::TemplatesLoaded { templates, .. }) => {
                self.templates.clone_from(templates);
                self.renew_template(ctx, out);
                self.reopen_waiting(ctx, out);
            }
            Msg::Drafts(msg) => self.on_drafts(msg, ctx, out),
            // What WeChat took of it is offered from now on.
            Msg::Send(SendMsg::Ended { job }) if Some(job.account) == self.account => self.load_known(out),
            Msg::Sync(SyncMsg::Finished { .. }) => self.count(out),
            Msg::Audience(msg) => {
                self.on_audience(msg, out);
                if self.on_eyes(msg, ctx, out) {
                    self.refresh(ctx, out);
                }
            }
            _ => {}
        }
    }

    /// Where the keys of this pane are looked up.
    pub fn place(&self) -> Place {
        if self.editing { Place::Edit } else { Place::Compose }
    }

    fn act(&mut self, out: &mut Out) {
        if self.item == Item::Audience || self.form.is_none() {
            let Some(account) = self.account else { return };
            let builder = AudienceBuilder::new(account, self.tags.clone(), self.marked.clone(), self.audience.clone(), out);
            out.open(Layer::Audience(Box::new(builder)));
        } else {
            self.editing = true;
        }
    }

    fn step(&mut self, by: isize) {
        let Some(form) = &self.form else { return };
        self.item = form.step(self.item, by);
        self.editing &= self.item != Item::Audience;
    }

    /// Goes on writing at a place.
    fn jump(&mut self, spot: &Spot, ctx: &Context, out: &mut Out) {
        let Some(form) = &mut self.form else { return };
        form.leave(self.item);
        self.item = form.item_of(spot);
        self.editing = self.item != Item::Audience;
        self.refresh(ctx, out);
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

    /// What could be put into the field under the cursor.
    fn offers(&self) -> Option<Offers> {
        let form = self.form.as_ref().filter(|_| self.editing)?;
        Offers::at(form, self.item, &self.eyes.known)
    }

    /// Takes the first of what is offered; where nothing is, begins a placeholder, for which there are names.
    fn take_offer(&mut self, ctx: &Context, out: &mut Out) {
        let offers = self.offers();
        let Some(field) = self.form.as_mut().and_then(|form| form.field_mut(self.item)) else { return };
        match offers {
            Some(offers) => offers.take(field),
            None if matches!(self.item, Item::Value(_) | Item::Url | Item::MiniPath) => field.complete(0, "{{ "),
            None => return,
        }
        self.edited(ctx, out);
    }

    fn fill_example(&mut self, ctx: &Context, out: &mut Out) {
        let Some(form) = &mut self.form else { return };
        match (self.editing, self.item) {
            (true, Item::Value(index)) => form.fill_example(index),
            _ => (0..form.len()).for_each(|index| form.fill_example(index)),
        }
        self.edited(ctx, out);
    }

    pub(super) fn edited(&mut self, ctx: &Context, out: &mut Out) {
        if let Some(form) = &mut self.form {
            form.touch(self.item);
        }
        self.refresh(ctx, out);
    }

    /// Puts a form into the pane; what its fields are known to take is asked for.
    fn set_form(&mut self, form: Form, out: &mut Out) {
        self.eyes.learn(Known::of(&form.template, BTreeMap::new()));
        self.scroll = 0;
        self.form = Some(form);
        self.load_known(out);
    }

    fn load_known(&self, out: &mut Out) {
        if let (Some(account), Some(form)) = (self.account, &self.form) {
            out.ask(ComposeEffect::LoadKnown { account, template: Box::new(form.template.clone()) });
        }
    }

    /// The template in the form may have become another at WeChat; what was written stays.
    fn renew_template(&mut self, ctx: &Context, out: &mut Out) {
        let Some(form) = &self.form else { return };
        if let Some(template) = self.template(&form.template.id).filter(|template| **template != form.template) {
            let form = Form::with_texts(template.clone(), &form.texts());
            self.item = form.nearest(self.item);
            self.set_form(form, out);
            self.refresh(ctx, out);
        }
    }

    fn template(&self, id: &TemplateId) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == *id)
    }

    /// Looks at the message anew, and shows it.
    fn refresh(&mut self, ctx: &Context, out: &mut Out) {
        if let Some(form) = &mut self.form {
            form.rebuild(self.eyes.params(ctx).as_ref(), &self.eyes.known);
        }
        self.tell(out);
    }

    fn tell(&self, out: &mut Out) {
        let shown = self.form.as_ref().map(|form| Box::new(form.shown(self.item, self.eyes.user())));
        out.tell(ComposeMsg::Edited { shown });
    }

    fn tag_name(&self, id: TagId) -> Option<String> {
        self.tags.iter().find(|tag| tag.id == id).map(|tag| tag.name.clone())
    }
}

fn tell_too_long(ctx: &Context, out: &mut Out) {
    out.tell(SystemMsg::Noted { level: NoteLevel::Warning, text: ctx.say("compose.too_long").to_owned() });
}

/// How many errors and warnings there are, by their signs: `✗ 2  ! 1`; empty if there are none.
pub fn counted(levels: impl Iterator<Item = Level>) -> String {
    let (errors, warnings): (Vec<_>, Vec<_>) = levels.partition(|level| *level == Level::Error);
    let counts = [(Level::Error, errors.len()), (Level::Warning, warnings.len())];
    let words = counts.into_iter().filter(|(_, count)| *count > 0).map(|(level, count)| format!("{} {count}", sign(level)));
    words.collect::<Vec<_>>().join("  ")
}

/// The sign before a finding.
pub fn sign(level: Level) -> &'static str {
    match level {
        Level::Error => "✗",
        Level::Warning => "!",
    }
}
