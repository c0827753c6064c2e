use super::cells;
use crate::text::width;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// One line of the screen, written from left to right; what does not fit is cut with an ellipsis.
pub struct Line<'a> {
    buf: &'a mut Buffer,
    x: u16,
    y: u16,
    end: u16,
}

impl<'a> Line<'a> {
    /// The line of `area` that is `row` rows below its top. Outside of the area nothing is written.
    pub fn new(buf: &'a mut Buffer, area: Rect, row: usize) -> Self {
        let inside = row < usize::from(area.height);
        let y = area.y + if inside { row as u16 } else { 0 };
        let end = if inside { area.right() } else { area.x };
        Self { buf, x: area.x, y, end }
    }

    /// Columns that are left.
    pub fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Where the next text goes.
    pub fn x(&self) -> u16 {
        self.x
    }

    /// Writes a text.
    pub fn put(&mut self, text: &str, style: Style) -> &mut Self {
        let room = self.room();
        let cut = width::cut(text, room);
        self.x = cells::write(self.buf, (self.x, self.y), &cut, room, style);
        self
    }

    /// Writes a text in a column of its own: cut, or filled up with blanks.
    pub fn column(&mut self, text: &str, columns: usize, style: Style) -> &mut Self {
        let columns = columns.min(self.room());
        self.put(&width::pad(text, columns), style)
    }

    /// Writes a text at the right end; the room for what follows shrinks by it and a blank.
    pub fn right(&mut self, text: &str, style: Style) -> &mut Self {
        let columns = width::columns(text);
        if columns > 0 && columns < self.room() {
            let x = self.end - columns as u16;
            cells::write(self.buf, (x, self.y), text, columns, style);
            self.end = x.saturating_sub(1).max(self.x);
        }
        self
    }

    /// Moves on without writing.
    pub fn skip(&mut self, columns: usize) -> &mut Self {
        self.x = self.x.saturating_add(columns as u16).min(self.end);
        self
    }

    /// Gives the whole rest of the line a style: the bar of a selection.
    pub fn fill(&mut self, style: Style) -> &mut Self {
        let rest = Rect { x: self.x, y: self.y, width: self.end.saturating_sub(self.x), height: 1 };
        self.buf.set_style(rest, style);
        self
    }
}
