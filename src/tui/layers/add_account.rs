use super::{Then, popup};
use crate::domain::account::{Account, NameError, NewAccount, PaceLimits, SecretSource, TokenSource, parse_name};
use crate::domain::api_base::{ApiBase, ApiBaseError};
use crate::domain::id::AppId;
use crate::domain::secret::AppSecret;
use crate::text::{paste, width};
use crate::tui::context::Context;
use crate::tui::effect::{AccountsEffect, TypedSecret};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AccountsMsg, Msg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look, SecretField};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Fields of the dialog, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Name,
    AppId,
    Secret,
    Base,
}

const ORDER: [At; 4] = [At::Name, At::AppId, At::Secret, At::Base];

/// The dialog for a new account, or for one that is to be changed. Another AppID is another account: it cannot be changed.
#[derive(Debug)]
pub struct AddAccount {
    /// The account that is changed.
    changed: Option<Account>,
    name: Field,
    appid: Field,
    secret: SecretField,
    base: Field,
    at: At,
    /// What is wrong, and where; none of it before the first try to store.
    errors: Vec<(At, &'static str)>,
    refused: Option<String>,
    waiting: bool,
}

impl AddAccount {
    /// An empty dialog; the host is filled in.
    pub fn new() -> Self {
        Self {
            changed: None,
            name: Field::default(),
            appid: Field::default(),
            secret: SecretField::new(),
            base: Field::new(ApiBase::default().as_str()),
            at: At::Name,
            errors: Vec::new(),
            refused: None,
            waiting: false,
        }
    }

    /// The dialog for an account that there is. A secret is typed only to replace the one there is.
    pub fn of(account: Account) -> Self {
        Self {
            name: Field::new(&account.name),
            appid: Field::new(account.appid.as_str()),
            base: Field::new(account.api_base.as_str()),
            changed: Some(account),
            ..Self::new()
        }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter if self.at == At::Base => self.submit(ctx, out),
            Code::Enter | Code::Tab | Code::Down => self.step(1),
            Code::BackTab | Code::Up => self.step(-1),
            _ if key.ctrl && key.code == Code::Char('s') => self.submit(ctx, out),
            _ => self.edit(key, out),
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        match self.field_mut() {
            Some(field) => _ = field.paste(text),
            None => self.secret.insert(paste::one_line(text).0.trim()),
        }
        self.errors.retain(|(at, _)| *at != self.at);
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Accounts(AccountsMsg::Added { .. } | AccountsMsg::Changed { .. }) if self.waiting => return Then::Close,
            Msg::Accounts(AccountsMsg::AddRefused { text }) => {
                self.waiting = false;
                self.refused = Some(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = ctx.say(if self.waiting { "account.storing" } else { "account.hint" });
        let title = ctx.say(if self.changed.is_some() { "account.edit_title" } else { "account.title" });
        let room = popup(area, (72, 17), title, hint, buf, ctx);
        let mut cursor = None;
        let mut row = 0;
        for at in ORDER {
            cursor = self.view_field(at, row, room, buf, ctx).or(cursor);
            let error = self.errors.iter().find(|(of, _)| *of == at).map(|(_, text)| *text);
            let text = error.map_or_else(|| self.explanation(at, ctx), |error| format!("✗ {error}"));
            let role = if error.is_some() { Role::Error } else { Role::Hint };
            Line::new(buf, room, row + 1).skip(12).put(&text, ctx.style(role));
            row += 3;
        }
        if let Some(refused) = &self.refused {
            Line::new(buf, room, row - 1).put(&format!("✗ {refused}"), ctx.style(Role::Error));
        }
        cursor
    }

    fn view_field(&self, at: At, row: usize, room: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let here = at == self.at;
        let mut line = Line::new(buf, room, row);
        line.put(if here { "▸ " } else { "  " }, ctx.style(Role::Accent));
        line.column(label(at, ctx), 10, ctx.style(if here { Role::Strong } else { Role::Dim }));
        let area = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 };
        if at == At::Secret {
            let masked = self.secret.masked();
            line.put(&masked, ctx.style(Role::Value));
            let x = area.x + (width::columns(&masked) as u16).min(area.width.saturating_sub(1));
            return here.then(|| Position::new(x, area.y));
        }
        let hint = if at == At::AppId { "wx0123456789abcdef" } else { "" };
        let look = Look::new(Role::Value, here, ctx).hint(hint);
        self.field(at)?.draw(area, buf, look)
    }

    fn field(&self, at: At) -> Option<&Field> {
        match at {
            At::Name => Some(&self.name),
            At::AppId => Some(&self.appid),
            At::Base => Some(&self.base),
            At::Secret => None,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Field> {
        match self.at {
            At::Name => Some(&mut self.name),
            At::AppId => Some(&mut self.appid),
            At::Base => Some(&mut self.base),
            At::Secret => None,
        }
    }

    fn edit(&mut self, key: Key, out: &mut Out) {
        match (self.field_mut(), key.code) {
            (Some(field), _) => _ = field.edit(key, out),
            (None, Code::Backspace) => self.secret.backspace(),
            (None, Code::Char('u')) if key.ctrl => self.secret.clear(),
            (None, _) => {
                if let Some(c) = key.typed() {
                    self.secret.insert(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
        self.errors.retain(|(at, _)| *at != self.at);
    }

    fn step(&mut self, by: isize) {
        let order: Vec<At> = ORDER.into_iter().filter(|at| *at != At::AppId || self.changed.is_none()).collect();
        let at = order.iter().position(|at| *at == self.at).unwrap_or(0);
        self.at = order.get(at.saturating_add_signed(by)).copied().unwrap_or(self.at);
    }

    /// Checks everything, and asks for the account to be stored; the secret leaves the dialog with it.
    fn submit(&mut self, ctx: &Context, out: &mut Out) {
        if self.waiting {
            return;
        }
        self.refused = None;
        let asked = match &self.changed {
            Some(account) => self.parse_change(account, ctx),
            None => self.parse(ctx),
        };
        match asked {
            Ok(effect) => {
                self.secret.clear();
                self.waiting = true;
                out.ask(effect);
            }
            Err(errors) => {
                self.at = errors.first().map_or(self.at, |(at, _)| *at);
                self.errors = errors;
            }
        }
    }

    fn parse(&self, ctx: &Context) -> Result<AccountsEffect, Vec<(At, &'static str)>> {
        let name = self.parse_name(ctx);
        let appid = AppId::parse(self.appid.text()).map_err(|_| (At::AppId, ctx.say("account.bad_appid")));
        let secret = AppSecret::parse(self.secret.expose()).map_err(|_| (At::Secret, ctx.say("account.bad_secret")));
        let base = self.parse_base(ctx);
        match (name, appid, secret, base) {
            (Ok(name), Ok(appid), Ok(secret), Ok(api_base)) => {
                let (token, pace) = (TokenSource::default(), PaceLimits::default());
                let account = NewAccount { name, appid, secret: SecretSource::Vault, api_base, token, pace };
                Ok(AccountsEffect::AddAccount { account, secret: TypedSecret(secret) })
            }
            (name, appid, secret, base) => {
                Err([name.err(), appid.err(), secret.err(), base.err()].into_iter().flatten().collect())
            }
        }
    }

    /// A typed secret takes the place of wherever it came from before; without one that stays.
    fn parse_change(&self, account: &Account, ctx: &Context) -> Result<AccountsEffect, Vec<(At, &'static str)>> {
        let secret = match self.secret.expose() {
            "" => Ok(None),
            typed => AppSecret::parse(typed).map(Some).map_err(|_| (At::Secret, ctx.say("account.bad_secret"))),
        };
        match (self.parse_name(ctx), secret, self.parse_base(ctx)) {
            (Ok(name), Ok(secret), Ok(api_base)) => {
                let source = if secret.is_some() { SecretSource::Vault } else { account.secret.clone() };
                let account = Box::new(Account { name, api_base, secret: source, ..account.clone() });
                Ok(AccountsEffect::ChangeAccount { account, secret: secret.map(TypedSecret) })
            }
            (name, secret, base) => Err([name.err(), secret.err(), base.err()].into_iter().flatten().collect()),
        }
    }

    fn parse_name(&self, ctx: &Context) -> Result<String, (At, &'static str)> {
        parse_name(self.name.text()).map_err(|error| (At::Name, name_error(&error, ctx)))
    }

    fn parse_base(&self, ctx: &Context) -> Result<ApiBase, (At, &'static str)> {
        ApiBase::parse(self.base.text()).map_err(|error| (At::Base, base_error(&error, ctx)))
    }

    /// What a field is for. Where an account has its secret from is told, the secret never.
    fn explanation(&self, at: At, ctx: &Context) -> String {
        match (at, self.changed.as_ref().map(|account| &account.secret)) {
            (At::Name, _) => ctx.say("account.about_name").to_owned(),
            (At::AppId, None) => ctx.say("account.about_appid").to_owned(),
            (At::AppId, Some(_)) => ctx.say("account.appid_stays").to_owned(),
            (At::Secret, None) => ctx.say("account.about_secret").to_owned(),
            (At::Secret, Some(SecretSource::Vault)) => ctx.say("account.keeps_secret").to_owned(),
            (At::Secret, Some(SecretSource::Env(variable))) => ctx.say_with("account.keeps_variable", &[("name", variable)]),
            (At::Secret, Some(SecretSource::Command(_))) => ctx.say("account.keeps_command").to_owned(),
            (At::Base, _) => ctx.say("account.about_base").to_owned(),
        }
    }
}

fn name_error(error: &NameError, ctx: &Context) -> &'static str {
    match error {
        NameError::Empty => ctx.say("account.name_empty"),
        NameError::TooLong(_) => ctx.say("account.name_long"),
        NameError::Control => ctx.say("account.name_control"),
    }
}

fn base_error(error: &ApiBaseError, ctx: &Context) -> &'static str {
    match error {
        ApiBaseError::Shape(_) => ctx.say("account.bad_base"),
        ApiBaseError::Insecure(_) => ctx.say("account.insecure_base"),
    }
}

fn label(at: At, ctx: &Context) -> &'static str {
    match at {
        At::Name => ctx.say("account.name"),
        At::AppId => "AppID",
        At::Secret => "AppSecret",
        At::Base => ctx.say("account.base"),
    }
}
