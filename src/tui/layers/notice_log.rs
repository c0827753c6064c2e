use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::notices::{Note, role, sign};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Lines of the selected one in full, with the rule above it.
const DETAILS: usize = 8;
/// Columns of the frame at most.
const WIDTH: usize = 110;

/// Everything that was told since the start, the newest first.
#[derive(Debug)]
pub struct NoticeLog {
    notes: Vec<Note>,
    cursor: Cursor,
    copied: bool,
}

impl NoticeLog {
    /// Over what was told so far.
    pub fn new(notes: Vec<Note>) -> Self {
        Self { notes, cursor: Cursor::default(), copied: false }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        self.copied = false;
        match key.code {
            Code::Esc | Code::Enter => return Then::Close,
            Code::Char('c') => {
                if let Some(note) = self.notes.get(self.cursor.at) {
                    out.ask(SystemEffect::CopyToClipboard { text: note.text.clone() });
                    self.copied = true;
                }
            }
            _ => _ = self.cursor.on_key(key, self.notes.len()),
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        self.cursor.fit(self.notes.len(), rows_in(popup_room(area, size(area))));
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let room = popup_room(window, size(window));
        let area = Rect { height: rows_in(room) as u16, ..room };
        Rows { area, len: self.notes.len(), cursor: &mut self.cursor }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let hint = ctx.say(if self.copied { "catalogue.copied" } else { "notices.hint" });
        let room = popup(area, size(area), ctx.say("notices.title"), hint, buf, ctx);
        let Some(selected) = self.notes.get(self.cursor.at) else {
            Line::new(buf, room, 0).put(ctx.say("notices.none"), ctx.style(Role::Dim));
            return;
        };
        for (at, index) in self.cursor.visible(self.notes.len()) {
            let (note, chosen) = (&self.notes[index], index == self.cursor.at);
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, at);
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
            line.put(&number::clock(note.at, &ctx.settings.zone), style.patch(ctx.style(Role::Dim)));
            line.put(&format!(" {} ", sign(note.level)), style.patch(ctx.style(role(note.level))));
            line.put(note.text.lines().next().unwrap_or_default(), style);
        }
        let top = room.y + rows_in(room) as u16;
        let below = Rect { y: top, height: room.bottom().saturating_sub(top), ..room };
        let rule = if ctx.settings.ascii { "-" } else { "─" };
        Line::new(buf, below, 0).put(&rule.repeat(usize::from(below.width)), ctx.style(Role::Border));
        for (at, text) in width::wrap(&selected.text, usize::from(below.width)).iter().enumerate() {
            Line::new(buf, below, at + 1).put(text, ctx.style(role(selected.level)));
        }
    }
}

fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width).saturating_sub(4).min(WIDTH), usize::from(area.height).saturating_sub(2).min(30))
}

fn rows_in(room: Rect) -> usize {
    usize::from(room.height).saturating_sub(DETAILS).max(1)
}
