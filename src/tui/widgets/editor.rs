use super::document::{Change, Document, Limits, Spot};
use super::json;
use super::line::Line;
use super::strip::Strip;
use super::{cells, clusters};
use crate::text::{paste, width};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// More than any body that WeChat takes.
const LIMITS: Limits = Limits { line: 60_000, lines: 60_000, bytes: 1 << 20 };
/// Narrower than this there are no line numbers.
const NUMBERED: u16 = 60;
/// What one level of JSON is indented by.
const INDENT: &str = "  ";

/// A text of many lines being edited: JSON, coloured and indented.
#[derive(Debug, Clone)]
pub struct Editor {
    document: Document,
    /// The column that up and down try to keep.
    goal: Option<usize>,
    /// The first line and column in view.
    top: usize,
    left: usize,
    /// Lines in view.
    height: usize,
}

/// A text with more lines, longer lines or more bytes than can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Editor {
    /// Begins with a text, the cursor before its first character.
    pub fn new(text: &str) -> Result<Self, TooLong> {
        let mut document = Document::new("", LIMITS);
        let text = paste::clean(text);
        if document.replace(document.all(), &text) == Change::Full {
            return Err(TooLong);
        }
        // What it begins with is not a change to be undone.
        document = Document::new(&text, LIMITS);
        document.go(Spot::default(), false);
        Ok(Self { document, goal: None, top: 0, left: 0, height: 1 })
    }

    /// The text, with LF between its lines.
    pub fn text(&self) -> String {
        self.document.lines().join("\n")
    }

    /// One line, from 0.
    pub fn line(&self, row: usize) -> &str {
        self.document.line(row)
    }

    /// Where the cursor is: line and column in characters, from 1.
    pub fn place(&self) -> (usize, usize) {
        let at = self.document.cursor();
        (at.row + 1, at.at + 1)
    }

    /// Moves the cursor to a line and column, from 1.
    pub fn go(&mut self, (line, column): (usize, usize)) {
        self.goal = None;
        self.document.go(Spot { row: line.saturating_sub(1), at: column.saturating_sub(1) }, false);
    }

    /// Puts another text in the place of all there is; this can be undone.
    pub fn set(&mut self, text: &str) -> Change {
        self.goal = None;
        let change = self.document.replace(self.document.all(), &paste::clean(text));
        if change == Change::Text {
            self.document.go(Spot::default(), false);
        }
        change
    }

    /// Pastes in the place of what is selected.
    pub fn paste(&mut self, text: &str) -> Change {
        self.goal = None;
        self.document.insert(&paste::clean(text))
    }

    /// Types, deletes, moves, selects, copies or cuts.
    pub fn edit(&mut self, key: Key, out: &mut Out) -> Change {
        let goal = self.goal.take();
        let page = self.height.max(2) as isize - 1;
        match key.code {
            Code::Up => self.vertically(-1, goal, key.shift),
            Code::Down => self.vertically(1, goal, key.shift),
            Code::PageUp => self.vertically(-page, goal, key.shift),
            Code::PageDown => self.vertically(page, goal, key.shift),
            Code::Enter => self.new_line(),
            Code::Tab => self.document.insert(INDENT),
            Code::Char(c @ ('}' | ']')) if key.typed().is_some() => self.close(c, key, out),
            _ => self.document.edit(key, out),
        }
    }

    fn vertically(&mut self, by: isize, goal: Option<usize>, selecting: bool) -> Change {
        let at = self.document.cursor();
        let goal = goal.unwrap_or_else(|| clusters::column(self.document.line(at.row), at.at));
        let row = at.row.saturating_add_signed(by).min(self.document.end().row);
        let at = clusters::at_column(self.document.line(row), goal);
        self.goal = Some(goal);
        self.document.go(Spot { row, at }, selecting)
    }

    /// A new line is indented as JSON is: deeper behind an opening brace, less before a closing one, which gets a line of its own.
    fn new_line(&mut self) -> Change {
        let at = self.document.cursor();
        let (from, mut to) = self.document.selection().unwrap_or((at, at));
        let before: String = self.document.line(from.row).chars().take(from.at).collect();
        let behind: String = self.document.line(to.row).chars().skip(to.at).collect();
        let blanks = |text: &str| text.chars().take_while(|c| *c == ' ').count();
        to.at += blanks(&behind);
        let opens = before.trim_end().ends_with(['{', '[']);
        let closes = behind.trim_start().starts_with(['}', ']']);
        let indent = " ".repeat(blanks(&before));
        if opens && closes {
            let inner = Spot { row: from.row + 1, at: indent.len() + INDENT.len() };
            let change = self.document.replace((from, to), &format!("\n{indent}{INDENT}\n{indent}"));
            if change == Change::Text {
                self.document.go(inner, false);
            }
            return change;
        }
        let indent = match (opens, closes) {
            (true, _) => format!("{indent}{INDENT}"),
            (_, true) => indent.strip_suffix(INDENT).unwrap_or_default().to_owned(),
            _ => indent,
        };
        self.document.replace((from, to), &format!("\n{indent}"))
    }

    /// A closing brace at the beginning of a line belongs one level further out.
    fn close(&mut self, c: char, key: Key, out: &mut Out) -> Change {
        let at = self.document.cursor();
        let blank = self.document.line(at.row).chars().take(at.at).all(|c| c == ' ');
        if self.document.selection().is_some() || !blank || at.at < INDENT.len() {
            return self.document.edit(key, out);
        }
        let from = Spot { at: at.at - INDENT.len(), ..at };
        self.document.replace((from, at), c.encode_utf8(&mut [0; 4]))
    }

    /// Learns the room there is, and scrolls the cursor into view.
    pub fn fit(&mut self, area: Rect) {
        let at = self.document.cursor();
        self.height = usize::from(area.height).max(1);
        self.top = self.top.min(at.row).max((at.row + 1).saturating_sub(self.height));
        let room = usize::from(area.width.saturating_sub(self.gutter(area))).max(1);
        let column = clusters::column(self.document.line(at.row), at.at);
        // Some of what surrounds the cursor comes into view with it.
        if column < self.left {
            self.left = column.saturating_sub(room / 4);
        } else if column >= self.left + room {
            self.left = column + 1 + (room / 4).min(room - 1) - room;
        }
    }

    /// Draws what is in view, with a place (line and column from 1) marked as wrong; gives where the cursor stands.
    pub fn draw(&self, area: Rect, wrong: Option<(usize, usize)>, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let gutter = self.gutter(area);
        let wrong = wrong.map(|(line, column)| {
            let row = line.saturating_sub(1);
            Spot { row, at: clusters::border_before(self.document.line(row), column.saturating_sub(1)) }
        });
        let at = self.document.cursor();
        let mut cursor = None;
        for (y, row) in (area.y..area.bottom()).zip(self.top..self.document.lines().len()) {
            let number = width::pad_left(&(row + 1).to_string(), usize::from(gutter.saturating_sub(1)));
            let role = if row == at.row { Role::Dim } else { Role::Hint };
            if gutter > 0 {
                cells::write(buf, (area.x, y), &number, usize::from(gutter), ctx.style(role));
            }
            let strip = Rect { x: area.x + gutter, y, width: area.width.saturating_sub(gutter), height: 1 };
            let strip = Strip { area: strip, scroll: self.left };
            self.draw_line(row, strip, wrong, buf, ctx);
            if row == at.row {
                cursor = strip.position(clusters::column(self.document.line(row), at.at));
            }
        }
        cursor
    }

    fn draw_line(&self, row: usize, strip: Strip, wrong: Option<Spot>, buf: &mut Buffer, ctx: &Context) {
        let line = self.document.line(row);
        let (roles, selection) = (json::roles(line), self.document.selection());
        let style = |at: usize| {
            let style = ctx.style(roles.get(at).copied().unwrap_or(Role::Text));
            let spot = Spot { row, at };
            if wrong == Some(spot) {
                style.patch(ctx.style(Role::Error)).patch(ctx.style(Role::Selection))
            } else if selection.is_some_and(|(from, to)| from <= spot && spot < to) {
                style.patch(ctx.style(Role::Selection))
            } else {
                style
            }
        };
        strip.draw(line, style, buf);
        // Behind the last character: a line end that is selected, or where something is missing.
        if let Some(end) = strip.position(width::columns(line)) {
            buf[end].set_style(style(line.chars().count()));
        }
    }

    /// Columns of the line numbers, with the blank behind them.
    fn gutter(&self, area: Rect) -> u16 {
        let digits = self.document.lines().len().to_string().len().max(2) as u16;
        if area.width >= NUMBERED { digits + 1 } else { 0 }
    }
}

/// Draws a line of JSON under its number, and a caret below a place in it (characters before it).
pub fn excerpt(line: &str, number: usize, at: usize, area: Rect, buf: &mut Buffer, ctx: &Context) {
    let mut start = Line::new(buf, area, 0);
    start.put(&format!("{number} "), ctx.style(Role::Dim));
    let strip = Rect { x: start.x(), width: start.room() as u16, height: area.height.min(1), ..area };
    let (column, room) = (clusters::column(line, clusters::border_before(line, at)), usize::from(strip.width));
    let ahead = (column + room / 4).min(width::columns(line).max(column));
    let strip = Strip { area: strip, scroll: (ahead + 1).saturating_sub(room) };
    if strip.area.is_empty() {
        return;
    }
    let roles = json::roles(line);
    strip.draw(line, |at| ctx.style(roles.get(at).copied().unwrap_or(Role::Text)), buf);
    if let Some(place) = strip.position(column) {
        let below = Rect { x: place.x, width: area.right().saturating_sub(place.x), ..area };
        Line::new(buf, below, 1).put("^", ctx.style(Role::Error));
    }
}

#[cfg(test)]
impl Editor {
    /// For the tests of what all texts have in common.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }
}
