use super::{Then, lines, popup};
use crate::domain::id::AccountId;
use crate::domain::people::TAG_BYTES;
use crate::domain::user::Tag;
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

/// The name of a tag, new or another one.
#[derive(Debug)]
pub struct TagName {
    account: AccountId,
    tag: Option<Tag>,
    name: Field,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Sent,
    Refused(String),
}

impl TagName {
    /// Of a new tag, or of one that has a name already.
    pub fn new(account: AccountId, tag: Option<Tag>) -> Self {
        let name = Field::new(tag.as_ref().map_or("", |tag| tag.name.as_str()));
        Self { account, tag, name, state: State::Asking }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            _ if matches!(self.state, State::Sent) => {}
            Code::Enter if self.name.text().trim().is_empty() => {}
            Code::Enter => {
                let (account, name) = (self.account, self.name.text().trim().to_owned());
                out.ask(match self.tag.clone() {
                    None => PeopleEffect::MakeTag { account, name },
                    Some(tag) => PeopleEffect::RenameTag { account, tag, name },
                });
                self.state = State::Sent;
            }
            _ => {
                self.name.edit(key, out);
                self.state = State::Asking;
            }
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.name.paste(text);
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::People(PeopleMsg::Changed { change: Change::TagMade(_) | Change::TagRenamed(_), .. }) => return Then::Close,
            Msg::People(PeopleMsg::Refused { text }) => self.state = State::Refused(text.clone()),
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 60.min(usize::from(area.width).saturating_sub(10));
        let (told, role) = match &self.state {
            State::Asking => (ctx.say("people.name_rule").to_owned(), Role::Dim),
            State::Sent => (ctx.say("people.asking").to_owned(), Role::Busy),
            State::Refused(text) => (text.clone(), Role::Error),
        };
        let told: Vec<String> = told.lines().flat_map(|line| width::wrap(line, columns)).collect();
        let title = ctx.say(if self.tag.is_some() { "people.rename_tag" } else { "people.new_tag" });
        let room = popup(area, (columns + 6, told.len() + 7), title, ctx.say("people.name_hint"), buf, ctx);
        let mut line = Line::new(buf, room, 0);
        let bytes = self.name.text().trim().len();
        let count = ctx.style(if bytes > TAG_BYTES { Role::Error } else { Role::Dim });
        line.right(&format!("{bytes}/{TAG_BYTES}"), count);
        line.put("▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: room.y, width: line.room() as u16, height: 1 }.intersection(room);
        lines(buf, room, 2, &told, role, ctx);
        self.name.draw(field, buf, Look::new(Role::Value, true, ctx))
    }
}
