//! The mouse on what lies uppermost.

use super::{Layer, Then};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::widgets::{Cursor, Pressed};
use ratatui::layout::{Position, Rect};

/// The rows of a list: where they are, and which one is selected.
pub struct Rows<'a> {
    pub area: Rect,
    pub cursor: &'a mut Cursor,
    pub len: usize,
}

impl Layer {
    /// Selects the row at a place, or does what enter does if it is selected; anywhere else nothing happens.
    pub fn press(&mut self, at: Position, window: Rect, ctx: &Context, out: &mut Out) -> Then {
        let pressed = match self {
            Self::Choice(layer) => layer.press(at, window),
            Self::Findings(layer) => layer.press(at, window),
            _ => self.rows(window, ctx).map_or(Pressed::Nothing, |rows| rows.press(at)),
        };
        match pressed {
            Pressed::Again => self.on_key(Key::plain(Code::Enter), ctx, out),
            Pressed::Selected | Pressed::Nothing => Then::Stay,
        }
    }

    /// Moves by so many rows, or scrolls, as the arrows do.
    pub fn wheel(&mut self, by: isize, ctx: &Context, out: &mut Out) -> Then {
        let code = if by < 0 { Code::Up } else { Code::Down };
        let mut then = Then::Stay;
        for _ in 0..by.unsigned_abs() {
            if then == Then::Stay {
                then = self.on_key(Key::plain(code), ctx, out);
            }
        }
        then
    }

    fn rows(&mut self, window: Rect, ctx: &Context) -> Option<Rows<'_>> {
        match self {
            Self::Audience(layer) => layer.rows(window),
            Self::Palette(layer) => Some(layer.rows(window, ctx)),
            Self::History(layer) => Some(layer.rows(window)),
            Self::Errors(layer) => Some(layer.rows(window)),
            Self::Drafts(layer) => layer.rows(window),
            Self::TagUsers(layer) => Some(layer.rows(window)),
            Self::Settings(layer) => Some(layer.rows(window)),
            Self::Catalogue(layer) => Some(layer.rows(window)),
            Self::NoticeLog(layer) => Some(layer.rows(window)),
            Self::Export(layer) => Some(layer.rows(window)),
            _ => None,
        }
    }
}

impl Rows<'_> {
    fn press(self, at: Position) -> Pressed {
        if self.area.contains(at) { self.cursor.press(usize::from(at.y - self.area.y), self.len) } else { Pressed::Nothing }
    }
}
