use super::{notice, row};
use crate::domain::account::Account;
use crate::domain::id::AccountId;
use crate::tui::context::Context;
use crate::tui::effect::AccountsEffect;
use crate::tui::keys::Action;
use crate::tui::layers::{AddAccount, Checkup, ClearQuota, Layer};
use crate::tui::msg::{AccountHelp, AccountsMsg, Msg, QuotaMsg, SyncMsg, TestSendMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Panel, Pressed};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The accounts of this home, and which one is worked with.
#[derive(Debug, Default)]
pub struct Accounts {
    rows: Vec<Account>,
    cursor: Cursor,
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
        self.rows.get(self.cursor.at)
    }

    /// Puts the cursor on one, if it is there.
    pub fn select(&mut self, account: AccountId) {
        self.cursor.at = self.rows.iter().position(|row| row.id == account).unwrap_or(self.cursor.at);
    }

    /// Moves, turns to the selected account, or asks about setting its quota back.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        if self.cursor.on_action(action, self.rows.len()) {
            return;
        }
        match (action, self.rows.get(self.cursor.at)) {
            (Action::Act, _) => self.open(self.cursor.at, out),
            (Action::ClearQuota, Some(account)) => help(account, AccountHelp::ClearQuota, out),
            (Action::CheckAccount, Some(account)) => help(account, AccountHelp::Check, out),
            (Action::EditAccount, Some(account)) => help(account, AccountHelp::Edit, out),
            _ => {}
        }
    }

    /// Selects the row on a line.
    pub fn press(&mut self, line: usize) -> Pressed {
        self.cursor.press(line, self.rows.len())
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
        self.cursor.fit(self.rows.len(), height);
    }

    /// Draws the rows.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let inner = panel.draw(area, buf, ctx);
        if self.rows.is_empty() {
            let key = ctx.key(Action::AddAccount);
            let text = if self.loaded { ctx.say_with("accounts.empty", &[("key", &key)]) } else { String::new() };
            return notice(buf, inner, &text, ctx);
        }
        for (at, index) in self.cursor.visible(self.rows.len()) {
            let account = &self.rows[index];
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            let active = Some(account.id) == self.active;
            line.right(&account.appid.short(), style.patch(ctx.style(Role::Dim)));
            line.put(if active { "✓ " } else { "  " }, style.patch(ctx.style(Role::Ok))).put(&account.name, style);
        }
    }

    fn fill(&mut self, accounts: &[Account], active: Option<AccountId>, out: &mut Out) {
        let before = self.active;
        self.rows = accounts.to_vec();
        self.loaded = true;
        let wanted = self.wanted.take().or(before).or(active);
        let index = self.rows.iter().position(|account| Some(account.id) == wanted).unwrap_or(0);
        self.cursor.at = index;
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
