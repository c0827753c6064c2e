//! Where the operator was: noted when an account or the screen is left, and taken up again.

use super::app::App;
use super::areas::Splits;
use super::msg::SystemMsg;
use super::out::Out;
use super::panes::PaneId;
use crate::config::{LastScreen, LastView};
use crate::domain::account::Account;

/// What was kept, and what it is about now.
#[derive(Debug, Default)]
pub struct Places {
    last: LastScreen,
    /// AppID of the account in view; none before the first.
    viewed: Option<String>,
}

impl App {
    /// Takes up what was kept of an earlier time; before anything is loaded.
    pub fn reopen(&mut self, last: LastScreen) {
        let [left, right, send] = last.splits;
        self.splits = Splits { left, right, send }.within();
        self.zoomed = last.zoomed;
        self.places.last = last;
    }

    /// What is to be kept for the next time.
    pub fn last_screen(&self) -> LastScreen {
        let mut last = self.places.last.clone();
        if let Some(appid) = &self.places.viewed {
            last.accounts.insert(appid.clone(), self.view_now());
        }
        let Splits { left, right, send } = self.splits;
        LastScreen { zoomed: self.zoomed, splits: [left, right, send], ..last }
    }

    /// The operator turned to an account: what was in view of the other is noted, and what was of this one is told to the panes.
    pub(super) fn turn_to(&mut self, account: &Account, out: &mut Out) {
        let first = self.places.viewed.is_none();
        let before = self.places.viewed.replace(account.appid.to_string());
        if let Some(before) = before {
            let view = self.view_now();
            self.places.last.accounts.insert(before, view);
        }
        let Some(mut view) = self.places.last.accounts.get(account.appid.as_str()).cloned() else { return };
        // Accounts are left from their own pane, which is no reason to come back to it.
        if !first && view.pane == PaneId::Accounts.number() {
            view.pane = 0;
        }
        out.tell(SystemMsg::Reopened { view: Box::new(view) });
    }

    /// Goes to the pane that was left.
    pub(super) fn go_back_to(&mut self, view: &LastView) {
        if let Some(pane) = PaneId::ALL.into_iter().find(|pane| pane.number() == view.pane) {
            self.focus_on(pane);
        }
    }

    fn view_now(&self) -> LastView {
        let mut view = LastView { pane: self.focus.number(), ..LastView::default() };
        view.template = self.templates.selected().map(|template| template.id.to_string()).unwrap_or_default();
        self.users.note_view(&mut view);
        self.send.note_view(&mut view);
        view
    }
}
