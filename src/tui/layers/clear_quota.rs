use super::{Then, lines, popup};
use crate::domain::account::Account;
use crate::manage::quota::ClearForm;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::QuotaEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Level, SystemMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Setting an account's daily counters back, for which its name has to be typed.
#[derive(Debug)]
pub struct ClearQuota {
    account: Account,
    form: ClearForm,
    typed: Field,
    /// Enter was pressed under another name.
    refused: bool,
}

impl ClearQuota {
    /// Asks first; nothing is done until the name is there.
    pub fn new(account: Account) -> Self {
        Self { account, form: ClearForm::ByToken, typed: Field::default(), refused: false }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Up | Code::Down | Code::Tab | Code::BackTab => {
                self.form = match self.form {
                    ClearForm::ByToken => ClearForm::BySecret,
                    ClearForm::BySecret => ClearForm::ByToken,
                };
            }
            Code::Enter if self.typed.text().trim() == self.account.name => {
                out.ask(QuotaEffect::Clear { account: self.account.id, form: self.form });
                let text = ctx.say_with("quota.clearing", &[("name", &self.account.name)]);
                out.tell(SystemMsg::Noted { level: Level::Info, text });
                return Then::Close;
            }
            Code::Enter => self.refused = true,
            _ if self.typed.on_key(key) == Change::Text => self.refused = false,
            _ => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.typed.paste(text);
        self.refused = false;
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 66.min(usize::from(area.width).saturating_sub(8));
        let named = [("name", self.account.name.as_str()), ("appid", self.account.appid.as_str())];
        let does = width::wrap(&ctx.say_with("cli.clear_quota_does", &named), columns);
        let size = (columns + 6, does.len() + 11);
        let room = popup(area, size, ctx.say("clear_quota.title"), ctx.say("clear_quota.hint"), buf, ctx);
        let mut row = lines(buf, room, 0, &does, Role::Warning, ctx) + 1;
        for (form, text) in
            [(ClearForm::ByToken, ctx.say("clear_quota.by_token")), (ClearForm::BySecret, ctx.say("clear_quota.by_secret"))]
        {
            let chosen = form == self.form;
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row);
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style).put(text, style);
            row += 1;
        }
        let at = self.view_typed(row + 1, room, buf, ctx);
        if self.refused {
            let text = format!("✗ {}", ctx.say("clear_quota.other_name"));
            Line::new(buf, room, row + 2).put(&text, ctx.style(Role::Error));
        }
        at
    }

    fn view_typed(&self, row: usize, room: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut line = Line::new(buf, room, row);
        let text = ctx.say_with("clear_quota.type_name", &[("name", &self.account.name)]);
        line.put(&text, ctx.style(Role::Strong)).put("  ", ctx.style(Role::Text));
        let area = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 };
        let look = Look::new(Role::Accent, true, ctx);
        self.typed.draw(area, buf, look)
    }
}
