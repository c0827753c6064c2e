//! The way to a send: what the next step is, and what is in the way.

use super::app::App;
use super::effect::{QuotaEffect, ReportsEffect, SendEffect, SyncEffect};
use super::keys::Action;
use super::layers::{AddAccount, Confirm, Findings, Layer, Notice, Question, Rehearsal, TestSend};
use super::msg::{AccountsMsg, Level, Msg, SyncMsg};
use super::out::Out;
use super::panes::PaneId;
use super::panes::compose::Blocked;

impl App {
    /// What leads on to a first send, for one who does not know.
    pub(super) fn next_step(&self) -> Option<(Action, &'static str)> {
        let ctx = &self.ctx;
        if self.accounts.none_at_all() {
            Some((Action::AddAccount, ctx.say("step.add_account")))
        } else if self.accounts.active().is_some_and(|account| account.last_synced_at.is_none()) {
            Some((Action::Sync, ctx.say("step.sync")))
        } else if self.compose.title().is_none() && self.focus != PaneId::Templates {
            Some((Action::FocusTemplates, ctx.say("step.template")))
        } else if self.compose.title().is_some() && self.compose.has_no_audience() && self.focus != PaneId::Tags {
            Some((Action::FocusTags, ctx.say("step.tag")))
        } else {
            None
        }
    }

    /// The audience is chosen: what comes after it.
    pub(super) fn say_next_step(&mut self) {
        let (templates, send) = (self.ctx.key(Action::FocusTemplates), self.ctx.key(Action::Send));
        let text = match self.compose.title() {
            Some(_) => self.ctx.say_with("step.now_send", &[("key", &send)]),
            None => self.ctx.say_with("step.now_template", &[("key", &templates)]),
        };
        self.say(Level::Info, text);
    }

    /// Begins a sync, or offers to stop the one that runs.
    pub(super) fn toggle_sync(&mut self, out: &mut Out) {
        match (self.sync.account(), self.accounts.active()) {
            (Some(account), _) => {
                let effect = SyncEffect::CancelSync { account };
                out.open(Layer::Question(Question::new(self.ctx.say("sync.cancel_question"), effect)));
            }
            (None, Some(account)) => out.ask(SyncEffect::StartSync { account: account.id }),
            (None, None) => out.open(Layer::AddAccount(Box::new(AddAccount::new()))),
        }
    }

    /// Learns how old the list of followers is, and asks for it when it may have changed.
    pub(super) fn follow_list(&mut self, msg: &Msg, out: &mut Out) {
        self.sync.on_any(msg, self.accounts.active().map(|account| account.id));
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => out.ask(SyncEffect::LoadListed { account: account.id }),
            Msg::Sync(SyncMsg::Finished { account, .. } | SyncMsg::Cancelled { account } | SyncMsg::Failed { account, .. }) => {
                out.ask(SyncEffect::LoadListed { account: *account });
            }
            _ => {}
        }
    }

    /// Opens the last look before a send, if there is anything to send.
    pub(super) fn start_send(&mut self, out: &mut Out) {
        match (self.compose.order(&self.ctx), self.accounts.active()) {
            (Ok(order), Some(account)) => {
                let generation = self.prepared.advance();
                let (to, warnings) = (self.compose.shown_words(&self.ctx), self.compose.warnings(&self.ctx));
                let account = account.clone();
                out.ask(QuotaEffect::Look { account: account.id });
                out.ask(SendEffect::PrepareSend { generation, order: order.clone() });
                let confirm = Confirm::new(account, order, to, warnings, generation).typed_above(self.ctx.settings.confirm_above);
                out.open(Layer::Confirm(Box::new(confirm)));
            }
            (Ok(_), None) => self.tell_why_not(&Blocked::NoAccount, out),
            (Err(blocked), _) => self.tell_why_not(&blocked, out),
        }
    }

    /// Judges everyone whom a send would reach, and sends nothing.
    pub(super) fn start_dry_run(&mut self, out: &mut Out) {
        match self.compose.order(&self.ctx) {
            Ok(order) => {
                let generation = self.prepared.advance();
                let to = self.compose.shown_words(&self.ctx);
                out.open(Layer::Rehearsal(Box::new(Rehearsal::new(order.clone(), to, generation))));
                out.ask(ReportsEffect::RunDry { generation, order });
            }
            Err(blocked) => self.tell_why_not(&blocked, out),
        }
    }

    /// Offers a test send of the message in the form. In the list of users, whoever is chosen there is to get it too.
    pub(super) fn start_test(&mut self, out: &mut Out) {
        let added = if self.focus == PaneId::Users { self.users.chosen() } else { Vec::new() };
        match (self.accounts.active().cloned(), self.compose.message(&self.ctx)) {
            (Some(account), Ok(message)) => {
                let test = TestSend::new(account, message, added, out);
                out.open(Layer::TestSend(Box::new(test)));
            }
            (None, _) => self.tell_why_not(&Blocked::NoAccount, out),
            (_, Err(blocked)) => self.tell_why_not(&blocked, out),
        }
    }

    /// Lists everything there is to say of the message in the form.
    pub(super) fn list_findings(&mut self, out: &mut Out) {
        match self.compose.told(&self.ctx) {
            None => self.tell_why_not(&Blocked::NoTemplate, out),
            Some(told) if told.is_empty() => self.say(Level::Info, self.ctx.say("findings.none").to_owned()),
            Some(told) => out.open(Layer::Findings(Findings::new(told))),
        }
    }

    /// Offers the message in the form to be taken along.
    pub(super) fn open_export(&mut self, out: &mut Out) {
        match self.accounts.active().map(|account| self.compose.export(account)) {
            None => self.tell_why_not(&Blocked::NoAccount, out),
            Some(None) => self.tell_why_not(&Blocked::NoTemplate, out),
            Some(Some(export)) => out.open(Layer::Export(Box::new(export))),
        }
    }

    /// Says why nothing can be sent, and goes to where that is put right.
    fn tell_why_not(&mut self, blocked: &Blocked, out: &mut Out) {
        let ctx = &self.ctx;
        let (text, pane) = match blocked {
            Blocked::NoAccount => (ctx.say_with("blocked.account", &[("key", &ctx.key(Action::AddAccount))]), PaneId::Accounts),
            Blocked::NoTemplate => (ctx.say("blocked.template").to_owned(), PaneId::Templates),
            Blocked::UnknownTemplate(id) => {
                let named = [("id", id.as_str()), ("key", &ctx.key(Action::FocusTemplates))];
                (ctx.say_with("body.unknown_template", &named), PaneId::Templates)
            }
            Blocked::NoAudience => (ctx.say("blocked.audience").to_owned(), PaneId::Tags),
            Blocked::Findings => {
                let first = self.compose.go_to_first_error(ctx);
                let told = self.compose.told(ctx).unwrap_or_default();
                out.open(Layer::Findings(Findings::new(told).in_the_way(&first)));
                return self.focus_on(PaneId::Compose);
            }
        };
        out.open(Layer::Notice(Notice::new(Level::Warning, text)));
        self.focus_on(pane);
    }
}
