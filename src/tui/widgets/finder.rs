use super::{Change, Cursor, Field, Line, Look, Pressed};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The search of a list: what is typed narrows it at once; enter keeps that, escape shows everything again.
#[derive(Debug, Default)]
pub struct Finder {
    field: Field,
    typing: bool,
}

/// What a key did to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sought {
    /// Something else is looked for: the list is another.
    Text,
    /// It is kept, and letters are commands again.
    Kept,
    /// The list is to be moved through.
    Step(Action),
    /// Nothing.
    Nothing,
}

impl Finder {
    /// Letters go into it from now on.
    pub fn begin(&mut self) {
        self.typing = true;
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.typing
    }

    /// Whether it has its line above the list.
    pub fn is_shown(&self) -> bool {
        self.typing || self.is_narrow()
    }

    /// Whether something is looked for.
    pub fn is_narrow(&self) -> bool {
        !self.wanted().is_empty()
    }

    /// Shows everything again; whether there was anything to give up.
    pub fn clear(&mut self) -> bool {
        let was_shown = self.is_shown();
        *self = Self::default();
        was_shown
    }

    /// A key while it is typed.
    pub fn on_key(&mut self, key: Key) -> Sought {
        match key.code {
            Code::Esc => {
                self.clear();
                Sought::Text
            }
            Code::Enter | Code::Tab => {
                self.typing = false;
                Sought::Kept
            }
            Code::Up => Sought::Step(Action::Up),
            Code::Down => Sought::Step(Action::Down),
            Code::PageUp => Sought::Step(Action::PageUp),
            Code::PageDown => Sought::Step(Action::PageDown),
            _ if self.field.on_key(key) == Change::Text => Sought::Text,
            _ => Sought::Nothing,
        }
    }

    /// A press on a line of the list, of which the first is the search's where it is shown.
    pub fn press(&self, line: usize, cursor: &mut Cursor, len: usize) -> Pressed {
        let row = line.checked_sub(usize::from(self.is_shown()));
        row.map_or(Pressed::Nothing, |row| cursor.press(row, len))
    }

    /// Pasted while it is typed.
    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }

    /// Whether one of the names of a row has what is looked for in it.
    pub fn fits(&self, names: &[&str]) -> bool {
        let wanted = self.wanted().to_lowercase();
        wanted.is_empty() || names.iter().any(|name| name.to_lowercase().contains(&wanted))
    }

    /// The rows that fit, by number, of so many.
    pub fn shown(&self, len: usize, fits: impl Fn(&Self, usize) -> bool) -> Vec<usize> {
        (0..len).filter(|index| !self.is_narrow() || fits(self, *index)).collect()
    }

    /// Draws its line, if it has one; gives the room below, and where the cursor stands.
    pub fn view(&self, focused: bool, inner: Rect, buf: &mut Buffer, ctx: &Context) -> (Rect, Option<Position>) {
        if !self.is_shown() || inner.height == 0 {
            return (inner, None);
        }
        let at = search_line(&self.field, self.typing && focused, inner, buf, ctx);
        (Rect { y: inner.y + 1, height: inner.height - 1, ..inner }, at)
    }

    fn wanted(&self) -> &str {
        self.field.text().trim()
    }
}

/// The line in which a list is searched.
pub fn search_line(field: &Field, focused: bool, inner: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
    let mut line = Line::new(buf, inner, 0);
    line.put(" / ", ctx.style(Role::Key));
    let area = Rect { x: line.x(), width: line.room() as u16, height: 1, ..inner };
    let look = Look::new(Role::Strong, focused, ctx).hint(ctx.say("list.search"));
    field.draw(area, buf, look)
}
