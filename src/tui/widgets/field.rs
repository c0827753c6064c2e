use super::document::{Change, Document, Limits, Spot};
use super::strip::Strip;
use super::{cells, clusters};
use crate::text::{paste, width};
use crate::tui::context::Context;
use crate::tui::input::Key;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// One line, long enough for anything a message can hold.
const LIMITS: Limits = Limits { line: 20_000, lines: 1, bytes: 100_000 };

/// A text field of one line.
#[derive(Debug, Clone)]
pub struct Field {
    document: Document,
}

/// What became of a text that was pasted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pasted {
    /// It is in the field as it was.
    Whole,
    /// It is in the field, its lines joined.
    Joined,
    /// It is too long and was left out.
    TooLong,
}

/// How a field is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'a> {
    /// The text.
    pub text: Style,
    /// What is selected in it.
    pub selection: Style,
    /// What stands there while the field is empty.
    pub hint: &'a str,
    /// Its style.
    pub hint_style: Style,
    /// Whether the cursor is in it.
    pub focused: bool,
}

impl<'a> Look<'a> {
    /// A text in the style of its role.
    pub fn new(text: Role, focused: bool, ctx: &Context) -> Self {
        let (selection, hint_style) = (ctx.style(Role::Selection), ctx.style(Role::Hint));
        Self { text: ctx.style(text), selection, hint: "", hint_style, focused }
    }

    /// With something to read while there is no text.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }
}

impl Default for Field {
    fn default() -> Self {
        Self::new("")
    }
}

impl Field {
    /// A field that holds a text, or the beginning of one that is far too long; the cursor stands at its end.
    pub fn new(text: &str) -> Self {
        Self { document: Document::new(&paste::one_line(text).0, LIMITS) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.document.line(0)
    }

    /// Characters before the cursor.
    pub fn column(&self) -> usize {
        self.document.cursor().at
    }

    /// Puts the cursor behind so many characters, or as near to that as a grapheme begins.
    pub fn go_to(&mut self, column: usize) {
        self.document.go(Spot { row: 0, at: column }, false);
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        let text = self.text();
        let at = text.char_indices().nth(self.column()).map_or(text.len(), |(at, _)| at);
        text.get(..at).unwrap_or_default()
    }

    /// The text behind the cursor.
    pub fn after(&self) -> &str {
        self.text().get(self.before().len()..).unwrap_or_default()
    }

    /// Puts a text in the place of the last `typed` characters before the cursor.
    pub fn complete(&mut self, typed: usize, text: &str) {
        let to = self.document.cursor();
        self.document.replace((Spot { at: to.at.saturating_sub(typed), ..to }, to), text);
    }

    /// Replaces the text; this can be undone.
    pub fn set(&mut self, text: &str) {
        self.document.replace(self.document.all(), &paste::one_line(text).0);
    }

    /// Pastes in the place of what is selected.
    pub fn paste(&mut self, text: &str) -> Pasted {
        let (text, joined) = paste::one_line(text);
        match self.document.insert(&text) {
            Change::Full => Pasted::TooLong,
            _ if joined => Pasted::Joined,
            _ => Pasted::Whole,
        }
    }

    /// Types, deletes, moves or selects.
    pub fn on_key(&mut self, key: Key) -> Change {
        self.document.on_key(key)
    }

    /// The same, and copies or cuts what is selected.
    pub fn edit(&mut self, key: Key, out: &mut Out) -> Change {
        self.document.edit(key, out)
    }

    /// Draws the text in one line so that the cursor is in view; gives where the cursor stands if the field is focused.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, look: Look) -> Option<Position> {
        if area.width == 0 || area.height == 0 {
            return None;
        }
        let (text, room) = (self.text(), usize::from(area.width));
        if text.is_empty() {
            cells::write(buf, (area.x, area.y), &width::cut(look.hint, room), room, look.hint_style);
        } else if !look.focused {
            cells::write(buf, (area.x, area.y), &width::cut(text, room), room, look.text);
        }
        if !look.focused {
            return None;
        }
        let column = clusters::column(text, self.document.cursor().at);
        // Some of what follows stays in view, and at the end one column for the cursor.
        let ahead = (column + room / 4).min(width::columns(text));
        let strip = Strip { area, scroll: (ahead + 1).saturating_sub(room) };
        let selected = self.document.selection().map_or(0..0, |(from, to)| from.at..to.at);
        let style = |at: usize| if selected.contains(&at) { look.text.patch(look.selection) } else { look.text };
        strip.draw(text, style, buf);
        strip.position(column)
    }
}

#[cfg(test)]
impl Field {
    /// For the tests of what all fields have in common.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }
}
