use super::{Then, lines, popup};
use crate::domain::id::AccountId;
use crate::domain::people::{REMARK_CHARS, RemarkFits, check_remark};
use crate::domain::user::User;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::PeopleEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Change, Msg, PeopleMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What the operator calls a user.
#[derive(Debug)]
pub struct RemarkUser {
    account: AccountId,
    user: User,
    remark: Field,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Sent,
    Refused(String),
}

impl RemarkUser {
    pub fn new(account: AccountId, user: User) -> Self {
        let remark = Field::new(&user.remark);
        Self { account, user, remark, state: State::Asking }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            _ if matches!(self.state, State::Sent) => {}
            Code::Enter if check_remark(self.remark.text().trim()).is_err() => {}
            Code::Enter => {
                let (openid, remark) = (self.user.openid.clone(), self.remark.text().trim().to_owned());
                out.ask(PeopleEffect::Remark { account: self.account, openid, remark });
                self.state = State::Sent;
            }
            _ => {
                self.remark.edit(key, out);
                self.state = State::Asking;
            }
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.remark.paste(text);
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::People(PeopleMsg::Changed { change: Change::Remarked { openid, .. }, .. }) if *openid == self.user.openid => {
                return Then::Close;
            }
            Msg::People(PeopleMsg::Refused { text }) => self.state = State::Refused(text.clone()),
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 60.min(usize::from(area.width).saturating_sub(10));
        let text = self.remark.text().trim();
        let fits = check_remark(text);
        let (told, role) = match (&self.state, fits) {
            (State::Sent, _) => (ctx.say("people.asking").to_owned(), Role::Busy),
            (State::Refused(text), _) => (text.clone(), Role::Error),
            (State::Asking, Err(rule)) => (ctx.texts().remark_error(rule), Role::Error),
            (State::Asking, Ok(RemarkFits::Perhaps)) => (ctx.say("people.remark_long").to_owned(), Role::Warning),
            (State::Asking, Ok(RemarkFits::Surely)) => (ctx.say("people.remark_rule").to_owned(), Role::Dim),
        };
        let told: Vec<String> = told.lines().flat_map(|line| width::wrap(line, columns)).collect();
        let size = (columns + 6, told.len() + 8);
        let room = popup(area, size, ctx.say("people.remark_title"), ctx.say("people.name_hint"), buf, ctx);
        Line::new(buf, room, 0).put(self.user.openid.as_str(), ctx.style(Role::Dim));
        let mut line = Line::new(buf, room, 1);
        line.right(&format!("{}/{REMARK_CHARS}", text.chars().count()), ctx.style(Role::Dim));
        line.put("▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: room.y + 1, width: line.room() as u16, height: 1 }.intersection(room);
        lines(buf, room, 3, &told, role, ctx);
        self.remark.draw(field, buf, Look::new(Role::Value, true, ctx))
    }
}
