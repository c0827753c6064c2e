use super::{Then, lines, popup};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::{Content, ReportsEffect};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, ReportsMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The name of a file to be written.
#[derive(Debug)]
pub struct Save {
    what: Content,
    /// What goes into it, in words.
    about: String,
    name: Field,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Writing,
    Refused(String),
}

impl Save {
    /// Suggests a name.
    pub fn new(what: Content, about: String, suggestion: &str) -> Self {
        Self { what, about, name: Field::new(suggestion), state: State::Asking }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter if matches!(self.state, State::Writing) || self.name.text().trim().is_empty() => {}
            Code::Enter => {
                self.state = State::Writing;
                out.ask(ReportsEffect::SaveFile { what: self.what.clone(), name: self.name.text().to_owned() });
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
            Msg::Reports(ReportsMsg::Saved { .. }) => return Then::Close,
            Msg::Reports(ReportsMsg::NotSaved { text }) => self.state = State::Refused(text.clone()),
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 66.min(usize::from(area.width).saturating_sub(10));
        let about = width::wrap(&self.about, columns);
        let (told, role) = match &self.state {
            State::Asking if matches!(self.what, Content::Text { .. }) => (ctx.say("save.where_text"), Role::Dim),
            State::Asking => (ctx.say("save.where"), Role::Dim),
            State::Writing => (ctx.say("save.writing"), Role::Busy),
            State::Refused(text) => (text.as_str(), Role::Error),
        };
        let told = width::wrap(told, columns);
        let size = (columns + 6, about.len() + told.len() + 8);
        let room = popup(area, size, ctx.say("save.title"), ctx.say("save.hint"), buf, ctx);
        let row = lines(buf, room, 0, &about, Role::Text, ctx) + 1;
        let mut line = Line::new(buf, room, row);
        line.put("▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 }.intersection(room);
        lines(buf, room, row + 2, &told, role, ctx);
        self.name.draw(field, buf, Look::new(Role::Value, true, ctx))
    }
}
