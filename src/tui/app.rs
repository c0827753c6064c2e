//! The whole screen: it routes keys, messages and layers, and nothing else.

use super::areas::{Areas, Edge, Splits, Wish};
use super::context::{Context, Settings};
use super::effect::{AccountsEffect, Effect, QuotaEffect, RunningJobs, Step, SystemEffect};
use super::input::{Input, Key};
use super::jumps::{Jumps, Way};
use super::keys::{Action, Keymap, Place};
use super::layers::{AddAccount, Catalogue, Choice, Help, Layer, Notice, NoticeLog, Settings as SettingsLayer, Then};
use super::msg::{
    AccountsMsg, AudienceMsg, ComposeMsg, DraftsMsg, Generation, Level, ListsMsg, Msg, ReportsMsg, SendMsg, SystemMsg,
    TestSendMsg,
};
use super::notices::Notices;
use super::out::Out;
use super::panes::{Accounts, Compose, PaneId, Preview, Send, Tags, Templates, Users};
use super::quota_news;
use super::reopen::Places;
use super::sync_status::SyncStatus;
use crate::domain::id::AccountId;
use crate::text::number;
use jiff::Timestamp;
use ratatui::layout::Rect;
use std::collections::VecDeque;

/// The state of the screen.
#[derive(Debug)]
pub struct App {
    pub(super) ctx: Context,
    pub(super) focus: PaneId,
    /// The list that is open where only one can be.
    open_list: PaneId,
    pub(super) areas: Areas,
    /// How far the operator moved the edges of the panes.
    pub(super) splits: Splits,
    /// The focused pane has all the room for itself.
    pub(super) zoomed: bool,
    /// The line between panes that the mouse holds.
    pub(super) dragged: Option<Edge>,
    pub(super) window: Rect,
    pub(super) accounts: Accounts,
    pub(super) templates: Templates,
    pub(super) tags: Tags,
    pub(super) users: Users,
    pub(super) compose: Compose,
    pub(super) preview: Preview,
    pub(super) send: Send,
    pub(super) layers: Vec<Layer>,
    pub(super) token_until: Option<Timestamp>,
    pub(super) notices: Notices,
    pub(super) places: Places,
    pub(super) jumps: Jumps,
    /// What was done last, the newest first.
    pub(super) recent: Vec<(Place, Action)>,
    /// The keys of a chord that is begun.
    pub(super) begun: Vec<Key>,
    pub(super) sync: SyncStatus,
    pub(super) prepared: Generation,
    /// Whether no other window is in front, as far as the terminal tells of it.
    pub(super) in_front: bool,
}

impl App {
    /// The screen as it starts, and what it asks for first.
    pub fn new(settings: Settings, keys: Keymap) -> (Self, Vec<Effect>) {
        let app = Self {
            ctx: Context::new(settings, keys),
            begun: Vec::new(),
            jumps: Jumps::default(),
            recent: Vec::new(),
            focus: PaneId::Templates,
            open_list: PaneId::Templates,
            areas: Areas::default(),
            splits: Splits::default(),
            zoomed: false,
            dragged: None,
            window: Rect::default(),
            accounts: Accounts::default(),
            templates: Templates::default(),
            tags: Tags::default(),
            users: Users::default(),
            compose: Compose::default(),
            preview: Preview::default(),
            send: Send::default(),
            layers: Vec::new(),
            token_until: None,
            notices: Notices::default(),
            places: Places::default(),
            sync: SyncStatus::default(),
            prepared: Generation::default(),
            in_front: true,
        };
        (app, vec![AccountsEffect::LoadAccounts.into()])
    }

    /// Something came from the terminal.
    pub fn on_input(&mut self, input: Input) -> Vec<Effect> {
        let mut out = Out::default();
        let before = self.focus;
        match input {
            Input::Key(key) => {
                self.notices.dismiss();
                let spot = self.spot();
                self.on_key(key, &mut out);
                let effects = self.settle(out, true);
                self.came_from(spot);
                return effects;
            }
            Input::Mouse(mouse) => self.on_mouse(mouse, &mut out),
            Input::Paste(text) => self.on_paste(&text, &mut out),
            Input::Resized => {}
            Input::Focused => {
                self.in_front = true;
                out.ask(SystemEffect::Redraw);
            }
            Input::Unfocused => self.in_front = false,
            Input::Background(background) => {
                if self.ctx.see_background(background) {
                    out.ask(SystemEffect::KeepBackground { background });
                }
            }
        }
        if self.focus == PaneId::Send && before != PaneId::Send {
            self.send.reload(&mut out);
        }
        self.settle(out, true)
    }

    /// Something came from the services.
    pub fn on_msg(&mut self, msg: Msg) -> Vec<Effect> {
        let mut out = Out::default();
        out.tell(msg);
        self.settle(out, false)
    }

    /// Divides the window and lets each pane scroll to its selection; before each frame.
    pub fn fit(&mut self, window: Rect) {
        self.window = window;
        let rows = [self.accounts.len(), self.templates.len(), self.tags.len() + 1];
        let (focus, open, splits, zoomed) = (self.focus, self.open_list, self.splits, self.zoomed);
        self.areas = Areas::divide(window, Wish { focus, open, rows, splits, zoomed });
        let height = |pane: PaneId| usize::from(self.areas.inner(pane).height);
        self.accounts.fit(height(PaneId::Accounts));
        self.templates.fit(height(PaneId::Templates));
        self.tags.fit(height(PaneId::Tags));
        self.users.fit(height(PaneId::Users));
        self.send.fit(height(PaneId::Send));
        self.compose.fit(self.areas.inner(PaneId::Compose), &self.ctx);
        self.preview.fit(self.areas.inner(PaneId::Preview), self.focus == PaneId::Preview);
        self.layers.iter_mut().for_each(|layer| layer.fit(window, &self.ctx));
    }

    /// Where keys are looked up now.
    pub(super) fn place(&self) -> Place {
        match self.focus {
            PaneId::Accounts => Place::Accounts,
            PaneId::Templates => Place::Templates,
            PaneId::Tags => Place::Tags,
            PaneId::Users => Place::Users,
            PaneId::Compose => self.compose.place(),
            PaneId::Preview => Place::Preview,
            PaneId::Send => Place::Send,
        }
    }

    /// Whether letters go into a list's search.
    pub(super) fn is_searching(&self) -> bool {
        match self.focus {
            PaneId::Accounts => self.accounts.is_typing(),
            PaneId::Templates => self.templates.is_typing(),
            PaneId::Tags => self.tags.is_typing(),
            PaneId::Users => self.users.is_typing(),
            PaneId::Send => self.send.is_typing(),
            PaneId::Compose | PaneId::Preview => false,
        }
    }

    /// Tells every pane what is to be told, until nothing is left, and gives the effects. What was `written` is kept at the end.
    fn settle(&mut self, mut out: Out, mut written: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut msgs: VecDeque<Msg> = VecDeque::new();
        loop {
            effects.append(&mut out.effects);
            self.notices.note_layers(&out.layers, self.ctx.now);
            self.layers.append(&mut out.layers);
            msgs.extend(out.msgs.drain(..));
            let Some(msg) = msgs.pop_front() else {
                if !std::mem::take(&mut written) {
                    return effects;
                }
                self.compose.keep(self.focus.number(), &self.ctx, &mut out);
                continue;
            };
            written |= matches!(msg, Msg::Compose(_) | Msg::Audience(_) | Msg::Drafts(_));
            self.deliver(&msg, &mut out);
        }
    }

    fn deliver(&mut self, msg: &Msg, out: &mut Out) {
        self.route(msg, out);
        self.follow_list(msg, out);
        self.accounts.on_msg(msg, out);
        self.templates.on_msg(msg, out);
        self.tags.on_msg(msg, out);
        self.users.on_msg(msg, out);
        self.compose.on_msg(msg, &self.ctx, out);
        self.preview.on_msg(msg);
        self.send.on_msg(msg, &self.ctx, out);
        self.layers.retain_mut(|layer| layer.on_msg(msg, out) == Then::Stay);
    }

    /// What concerns the screen as a whole.
    fn route(&mut self, msg: &Msg, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Loaded { accounts, .. }) if accounts.is_empty() => self.focus_on(PaneId::Accounts),
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                self.turn_to(account, out);
                self.token_until = None;
                self.focus_on(PaneId::Templates);
            }
            Msg::Accounts(AccountsMsg::TokenKnown { account, until }) if self.is_active(*account) => self.token_until = *until,
            Msg::Compose(ComposeMsg::TemplateChosen { .. } | ComposeMsg::Jumped { .. }) => self.focus_on(PaneId::Compose),
            Msg::Drafts(DraftsMsg::Reopened { pane }) => {
                if let Some(pane) = PaneId::ALL.into_iter().find(|id| id.number() == *pane) {
                    self.focus_on(pane);
                }
            }
            Msg::Audience(AudienceMsg::TagOpened { .. }) => self.focus_on(PaneId::Users),
            Msg::Audience(AudienceMsg::Chosen { .. }) => self.say_next_step(),
            Msg::Sync(msg) => match self.sync.on_msg(msg, &self.ctx) {
                Some((Level::Info, text)) => self.say(Level::Info, text),
                Some((level, text)) => out.open(Layer::Notice(Notice::new(level, text))),
                None => {}
            },
            Msg::Send(SendMsg::Started { .. } | SendMsg::JobChosen { .. }) => self.focus_on(PaneId::Send),
            Msg::Send(SendMsg::Refused { text }) if !self.layers.iter().any(|layer| matches!(layer, Layer::Confirm(_))) => {
                out.open(Layer::Notice(Notice::new(Level::Error, text)));
            }
            Msg::Reports(ReportsMsg::Saved { path, rows }) => {
                let text = match rows.map(number::thousands) {
                    Some(rows) => self.ctx.say_with("cli.exported", &[("rows", &rows), ("file", path)]),
                    None => self.ctx.say_with("export.written", &[("file", path)]),
                };
                self.say(Level::Info, text);
            }
            // What it sent is gone from the day's allowance.
            Msg::Send(SendMsg::Ended { job }) => {
                out.ask(QuotaEffect::Look { account: job.account });
                self.call_back(job, out);
                self.sum_up(job, out);
            }
            Msg::TestSend(TestSendMsg::Refused { text })
                if !self.layers.iter().any(|layer| matches!(layer, Layer::TestSend(_))) =>
            {
                out.open(Layer::Notice(Notice::new(Level::Error, text)));
            }
            Msg::Quota(msg) => {
                if let Some((level, text)) = quota_news::notice(msg, &self.ctx) {
                    out.open(Layer::Notice(Notice::new(level, text)));
                }
            }
            Msg::Templates(msg) => self.tell_of_templates(msg, out),
            Msg::People(msg) => self.tell_of_people(msg, out),
            Msg::Profile(msg) => self.tell_of_names(msg, out),
            Msg::Lists(ListsMsg::LoadFailed { text }) => out.open(Layer::Notice(Notice::new(Level::Error, text))),
            Msg::System(SystemMsg::Noted { level: Level::Info, text }) => self.say(Level::Info, text.clone()),
            Msg::System(SystemMsg::Noted { level, text }) => out.open(Layer::Notice(Notice::new(*level, text))),
            Msg::System(SystemMsg::EditedOutside { text })
                if !self.layers.iter().any(|layer| matches!(layer, Layer::JsonEditor(_))) =>
            {
                self.take_from_outside(text, out);
            }
            Msg::System(SystemMsg::SettingsRead { settings, changed: Some(key), .. }) => self.take_settings(settings, key, out),
            Msg::System(SystemMsg::SettingsRead { settings, file, changed: None }) => {
                out.open(Layer::Settings(Box::new(SettingsLayer::new(settings, file.clone(), &self.ctx))));
            }
            Msg::System(SystemMsg::Reopened { view }) => self.go_back_to(view),
            Msg::System(SystemMsg::Picked { place, action }) => self.pick(*place, *action, out),
            _ => {}
        }
    }

    fn on_paste(&mut self, text: &str, out: &mut Out) {
        self.begun.clear();
        if let Some(layer) = self.layers.last_mut() {
            return layer.on_paste(text, out);
        }
        match self.focus {
            PaneId::Accounts if self.is_searching() => self.accounts.on_paste(text),
            PaneId::Templates if self.is_searching() => self.templates.on_paste(text),
            PaneId::Tags if self.is_searching() => self.tags.on_paste(text),
            PaneId::Send if self.is_searching() => self.send.on_paste(text),
            PaneId::Users if self.is_searching() => self.users.on_paste(text, out),
            PaneId::Compose => self.compose.on_paste(text, &self.ctx, out),
            _ => {}
        }
    }

    pub(super) fn on_action(&mut self, action: Action, out: &mut Out) {
        match action {
            Action::FocusAccounts => self.focus_on(PaneId::Accounts),
            Action::FocusTemplates => self.focus_on(PaneId::Templates),
            Action::FocusTags => self.focus_on(PaneId::Tags),
            Action::FocusUsers => self.focus_on(PaneId::Users),
            Action::FocusCompose => self.focus_on(PaneId::Compose),
            Action::FocusPreview => self.focus_on(PaneId::Preview),
            Action::FocusSend => self.focus_on(PaneId::Send),
            Action::NextPane => self.step_pane(1),
            Action::PreviousPane => self.step_pane(-1),
            Action::JumpBack => self.jump(Way::Back, out),
            Action::JumpForward => self.jump(Way::Forward, out),
            Action::Help => out.open(Layer::Help(Box::new(Help::at(self.place())))),
            Action::Palette => self.open_palette(out),
            Action::Quit => self.quit(out),
            Action::Send => self.start_send(out),
            Action::DryRun => self.start_dry_run(out),
            Action::History => self.send.open_history(out),
            Action::Drafts => self.compose.open_drafts(out),
            Action::NewMessage => out.tell(DraftsMsg::NewWanted),
            Action::TestSend => self.start_test(out),
            Action::EditJson => self.edit_json(out),
            Action::Import => self.import_body(out),
            Action::Findings => self.list_findings(out),
            Action::Export => self.open_export(out),
            Action::EditOutside => self.edit_outside(out),
            Action::Sync => self.toggle_sync(out),
            Action::AddTemplate
            | Action::DeleteTemplate
            | Action::RefreshTemplate
            | Action::AliasTemplate
            | Action::Industries => {
                self.manage_templates(action, out);
            }
            Action::NewTag
            | Action::RenameTag
            | Action::DeleteTag
            | Action::TagUsers
            | Action::RemarkUser
            | Action::BlockUsers
            | Action::WhichOne => self.manage_people(action, out),
            Action::Explain => out.open(Layer::Catalogue(Box::new(Catalogue::new("")))),
            Action::AddAccount => out.open(Layer::AddAccount(Box::new(AddAccount::new()))),
            Action::Language => self.change_settings(Context::switch_language, out),
            Action::Theme => {
                self.change_settings(Context::switch_theme, out);
                self.say(Level::Info, self.ctx.theme_words());
            }
            Action::Mouse => self.toggle_mouse(out),
            Action::TogglePreview => self.preview.on_action(action, &self.ctx, out),
            Action::NextRecipient => self.compose.step_recipient(Step::Next, &self.ctx, out),
            Action::PreviousRecipient => self.compose.step_recipient(Step::Previous, &self.ctx, out),
            Action::NextFlawed => self.compose.step_recipient(Step::NextFlawed, &self.ctx, out),
            Action::Settings => out.ask(SystemEffect::ReadSettings),
            Action::Notices => out.open(Layer::NoticeLog(NoticeLog::new(self.notices.log()))),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::WidenPane => self.splits.resize(self.focus, 1),
            Action::NarrowPane => self.splits.resize(self.focus, -1),
            Action::EvenPanes => (self.splits, self.zoomed) = (Splits::default(), false),
            Action::Suspend => out.ask(SystemEffect::Suspend),
            Action::Redraw => out.ask(SystemEffect::Redraw),
            _ => self.on_pane_action(self.focus, action, out),
        }
    }

    pub(super) fn on_pane_action(&mut self, pane: PaneId, action: Action, out: &mut Out) {
        match pane {
            PaneId::Accounts => self.accounts.on_action(action, out),
            PaneId::Templates => self.templates.on_action(action, out),
            PaneId::Tags => self.tags.on_action(action, out),
            PaneId::Users => self.users.on_action(action, out),
            PaneId::Compose => self.compose.on_action(action, &self.ctx, out),
            PaneId::Preview => self.preview.on_action(action, &self.ctx, out),
            PaneId::Send => self.send.on_action(action, &self.ctx, out),
        }
    }

    pub(super) fn focus_on(&mut self, pane: PaneId) {
        self.focus = pane;
        if pane < PaneId::Compose {
            self.open_list = pane;
        }
    }

    fn step_pane(&mut self, by: isize) {
        self.jumps.step();
        self.focus_on(self.focus.next(by));
    }

    /// Says something in the footer, until the next key or for a while.
    pub(super) fn say(&mut self, level: Level, text: String) {
        self.notices.toast(level, text, self.ctx.now);
    }

    fn is_active(&self, account: AccountId) -> bool {
        self.accounts.active().is_some_and(|active| active.id == account)
    }

    fn quit(&mut self, out: &mut Out) {
        match self.send.to_be_sent_here() {
            Some(queued) => out.open(Layer::Choice(Choice::quit(queued, &self.ctx))),
            None => out.ask(SystemEffect::Quit { jobs: RunningJobs::Pause }),
        }
    }
}
