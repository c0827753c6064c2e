use super::{Then, popup};
use crate::domain::account::{NameError, NewAccount, PaceLimits, SecretSource, TokenSource, parse_name};
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

/// The dialog for a new account.
#[derive(Debug)]
pub struct AddAccount {
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
            Msg::Accounts(AccountsMsg::Added { .. }) if self.waiting => return Then::Close,
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
        let room = popup(area, (72, 17), ctx.say("account.title"), hint, buf, ctx);
        let mut cursor = None;
        let mut row = 0;
        for at in ORDER {
            cursor = self.view_field(at, row, room, buf, ctx).or(cursor);
            let error = self.errors.iter().find(|(of, _)| *of == at).map(|(_, text)| *text);
            let text = error.map_or_else(|| explanation(at, ctx).to_owned(), |error| format!("✗ {error}"));
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
        let at = ORDER.iter().position(|at| *at == self.at).unwrap_or(0);
        self.at = ORDER[at.saturating_add_signed(by).min(ORDER.len() - 1)];
    }

    /// Checks everything, and asks for the account to be stored; the secret leaves the dialog with it.
    fn submit(&mut self, ctx: &Context, out: &mut Out) {
        if self.waiting {
            return;
        }
        self.refused = None;
        match self.parse(ctx) {
            Ok((account, secret)) => {
                self.secret.clear();
                self.waiting = true;
                out.ask(AccountsEffect::AddAccount { account, secret: TypedSecret(secret) });
            }
            Err(errors) => {
                self.at = errors.first().map_or(self.at, |(at, _)| *at);
                self.errors = errors;
            }
        }
    }

    fn parse(&self, ctx: &Context) -> Result<(NewAccount, AppSecret), Vec<(At, &'static str)>> {
        let name = parse_name(self.name.text()).map_err(|error| (At::Name, name_error(&error, ctx)));
        let appid = AppId::parse(self.appid.text()).map_err(|_| (At::AppId, ctx.say("account.bad_appid")));
        let secret = AppSecret::parse(self.secret.expose()).map_err(|_| (At::Secret, ctx.say("account.bad_secret")));
        let base = ApiBase::parse(self.base.text()).map_err(|error| (At::Base, base_error(&error, ctx)));
        match (name, appid, secret, base) {
            (Ok(name), Ok(appid), Ok(secret), Ok(api_base)) => {
                let (token, pace) = (TokenSource::default(), PaceLimits::default());
                Ok((NewAccount { name, appid, secret: SecretSource::Vault, api_base, token, pace }, secret))
            }
            (name, appid, secret, base) => {
                Err([name.err(), appid.err(), secret.err(), base.err()].into_iter().flatten().collect())
            }
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

fn explanation(at: At, ctx: &Context) -> &'static str {
    match at {
        At::Name => ctx.say("account.about_name"),
        At::AppId => ctx.say("account.about_appid"),
        At::Secret => ctx.say("account.about_secret"),
        At::Base => ctx.say("account.about_base"),
    }
}
