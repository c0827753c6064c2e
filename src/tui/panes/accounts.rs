use super::{notice, row};
use crate::domain::account::Account;
use crate::domain::id::AccountId;
use crate::tui::context::Context;
use crate::tui::effect::AccountsEffect;
use crate::tui::input::Key;
use crate::tui::keys::Action;
use crate::tui::layers::{AddAccount, Checkup, ClearQuota, Layer};
use crate::tui::msg::{AccountHelp, AccountsMsg, Msg, QuotaMsg, SyncMsg, TestSendMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Finder, Panel, Pressed, Sought};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The accounts of this home, and which one is worked with.
#[derive(Debug, Default)]
pub struct Accounts {
    rows: Vec<Account>,
    cursor: Cursor,
    finder: Finder,
    active: Option<AccountId>,
    /// Just added: to be opened as soon as it is among the rows.
    wanted: Option<AccountId>,
    loaded: bool,
}

impl Accounts {
    /// The account worked with.
    pub fn active(&self) -> Option<&Account> {
        self.rows.iter().find(|account| Some(account.id) == self.active)
    }

    /// Whether it is known that there is no account at all.
    pub fn none_at_all(&self) -> bool {
        self.loaded && self.rows.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The one under the cursor.
    pub fn selected(&self) -> Option<&Account> {
        self.shown().get(self.cursor.at).and_then(|index| self.rows.get(*index))
    }

    /// Puts the cursor on one, if it is there.
    pub fn select(&mut self, account: AccountId) {
        self.cursor.at = self.shown().iter().position(|index| self.rows[*index].id == account).unwrap_or(self.cursor.at);
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.finder.is_typing()
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match self.finder.on_key(key) {
            Sought::Step(step) => self.on_action(step, out),
            Sought::Text => self.cursor.clamp(self.shown().len()),
            Sought::Kept | Sought::Nothing => {}
        }
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str) {
        self.finder.paste(text);
        self.cursor.clamp(self.shown().len());
    }

    /// Moves, searches, turns to the selected account, or asks about setting its quota back.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        let shown = self.shown();
        if self.cursor.on_action(action, shown.len()) {
            return;
        }
        let index = shown.get(self.cursor.at).copied();
        match (action, index.and_then(|index| self.rows.get(index))) {
            (Action::Search, _) => self.finder.begin(),
            (Action::Back, _) => _ = self.finder.clear(),
            (Action::Act, Some(_)) => self.open(index.unwrap_or_default(), out),
            (Action::ClearQuota, Some(account)) => help(account, AccountHelp::ClearQuota, out),
            (Action::CheckAccount, Some(account)) => help(account, AccountHelp::Check, out),
            (Action::EditAccount, Some(account)) => help(account, AccountHelp::Edit, out),
            _ => {}
        }
    }

    /// Selects the row on a line.
    pub fn press(&mut self, line: usize) -> Pressed {
        let len = self.shown().len();
        self.finder.press(line, &mut self.cursor, len)
    }

    /// The rows in view of the search.
    fn shown(&self) -> Vec<usize> {
        let fits = |finder: &Finder, index: usize| finder.fits(&[&self.rows[index].name, self.rows[index].appid.as_str()]);
        self.finder.shown(self.rows.len(), fits)
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Loaded { accounts, active }) => self.fill(accounts, *active, out),
            Msg::Accounts(AccountsMsg::Added { id }) => {
                self.wanted = Some(*id);
                out.ask(AccountsEffect::LoadAccounts);
            }
            Msg::Accounts(AccountsMsg::Changed { .. }) => out.ask(AccountsEffect::LoadAccounts),
            Msg::Accounts(AccountsMsg::Wanted { account, what }) => {
                if let Some(account) = self.rows.iter().find(|row| row.id == *account) {
                    help(account, *what, out);
                }
            }
            Msg::Quota(QuotaMsg::Seen { account, quota }) => {
                self.rows.iter_mut().filter(|row| row.id == *account).for_each(|row| row.quota = Some(*quota));
            }
            Msg::TestSend(TestSendMsg::Begun { account, openids }) => {
                self.rows.iter_mut().filter(|row| row.id == *account).for_each(|row| row.test_openids.clone_from(openids));
            }
            // The time of the last sync is a column of the account.
            Msg::Sync(SyncMsg::Finished { .. }) => out.ask(AccountsEffect::LoadAccounts),
            _ => {}
        }
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        self.cursor.fit(self.shown().len(), height.saturating_sub(usize::from(self.finder.is_shown())));
    }

    /// Draws the rows.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let inner = panel.draw(area, buf, ctx);
        let (inner, cursor) = self.finder.view(panel.focused, inner, buf, ctx);
        let shown = self.shown();
        if shown.is_empty() {
            let text = match (self.loaded, self.rows.is_empty()) {
                (false, _) => String::new(),
                (true, true) => ctx.say_with("accounts.empty", &[("key", &ctx.key(Action::AddAccount))]),
                (true, false) => ctx.say("list.no_match").to_owned(),
            };
            notice(buf, inner, &text, ctx);
        }
        for (at, index) in self.cursor.visible(shown.len()) {
            let account = &self.rows[shown[index]];
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            let active = Some(account.id) == self.active;
            line.right(&account.appid.short(), style.patch(ctx.style(Role::Dim)));
            line.put(if active { "✓ " } else { "  " }, style.patch(ctx.style(Role::Ok))).put(&account.name, style);
        }
        cursor
    }

    fn fill(&mut self, accounts: &[Account], active: Option<AccountId>, out: &mut Out) {
        let before = self.active;
        self.rows = accounts.to_vec();
        self.loaded = true;
        let wanted = self.wanted.take().or(before).or(active);
        let index = self.rows.iter().position(|account| Some(account.id) == wanted).unwrap_or(0);
        self.cursor.at = self.shown().iter().position(|shown| *shown == index).unwrap_or(0);
        self.active = self.rows.get(index).map(|account| account.id);
        if self.active != before {
            self.open(index, out);
        }
    }

    fn open(&mut self, index: usize, out: &mut Out) {
        let Some(account) = self.rows.get(index) else { return };
        self.active = Some(account.id);
        out.ask(AccountsEffect::OpenAccount { account: account.id });
        out.tell(AccountsMsg::Chosen { account: account.clone() });
    }
}

/// Opens what helps with an account.
fn help(account: &Account, what: AccountHelp, out: &mut Out) {
    match what {
        AccountHelp::Check => Checkup::open(account, out),
        AccountHelp::Edit => out.open(Layer::AddAccount(Box::new(AddAccount::of(account.clone())))),
        AccountHelp::ClearQuota => out.open(Layer::ClearQuota(Box::new(ClearQuota::new(account.clone())))),
    }
}
