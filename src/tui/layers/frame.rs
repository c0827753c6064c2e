//! Frames in the middle of the screen, and what is written into them.

use crate::text::width;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Panel};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

/// A frame in the middle of the screen, with its hint in the last line; gives the room between.
pub fn popup(area: Rect, size: (usize, usize), title: &str, hint: &str, buf: &mut Buffer, ctx: &Context) -> Rect {
    let frame = popup_frame(area, size);
    clear(frame, buf);
    Panel { title, focused: true, ..Panel::default() }.draw(frame, buf, ctx);
    let room = popup_room(area, size);
    let hints = Rect { y: frame.bottom().saturating_sub(2), height: frame.height.saturating_sub(2).min(1), ..room };
    Line::new(buf, hints, 0).put(hint, ctx.style(Role::Dim));
    room
}

fn popup_frame(area: Rect, size: (usize, usize)) -> Rect {
    let width = (size.0 as u16).min(area.width.saturating_sub(2));
    let height = (size.1 as u16).min(area.height);
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The room that a frame of this size leaves.
pub fn popup_room(area: Rect, size: (usize, usize)) -> Rect {
    let frame = popup_frame(area, size);
    let (width, height) = (frame.width.saturating_sub(6), frame.height.saturating_sub(5));
    Rect { x: frame.x + 3, y: frame.y + 2, width, height }
}

/// Empties an area; a wide character that is cut in half by its edge goes too.
pub fn clear(area: Rect, buf: &mut Buffer) {
    if area.x > 0 {
        for y in area.top()..area.bottom().min(buf.area.bottom()) {
            let left = &mut buf[(area.x - 1, y)];
            if width::columns(left.symbol()) > 1 {
                left.set_symbol(" ");
            }
        }
    }
    Clear.render(area, buf);
}

/// Writes lines of text from a row on; gives the row after them.
pub fn lines(buf: &mut Buffer, area: Rect, row: usize, texts: &[String], role: Role, ctx: &Context) -> usize {
    for (at, text) in texts.iter().enumerate() {
        Line::new(buf, area, row + at).put(text, ctx.style(role));
    }
    row + texts.len()
}

/// How far one may scroll.
pub fn scrolled(offset: usize, len: usize, height: usize) -> usize {
    offset.min(len.saturating_sub(height))
}
