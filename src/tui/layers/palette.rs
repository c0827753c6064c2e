use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::{Action, Place};
use crate::tui::msg::SystemMsg;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Rows in view.
const ROWS: usize = 14;
/// Columns and lines, frame included.
const SIZE: (usize, usize) = (60, ROWS + 7);
/// Lines above the rows.
const HEAD: u16 = 2;

/// Every action that works here, to be found by a word.
#[derive(Debug)]
pub struct Palette {
    place: Place,
    search: Field,
    cursor: Cursor,
}

impl Palette {
    /// The actions of a place and of everywhere.
    pub fn new(place: Place) -> Self {
        let mut cursor = Cursor::default();
        cursor.fit(ROWS, ROWS);
        Self { place, search: Field::default(), cursor }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        let found = self.found(ctx);
        let step = match key.code {
            Code::Esc => return Then::Close,
            Code::Enter => {
                if let Some((action, ..)) = found.get(self.cursor.at) {
                    out.tell(SystemMsg::Picked { action: *action });
                }
                return Then::Close;
            }
            Code::Up => Some(Action::Up),
            Code::Down => Some(Action::Down),
            _ => None,
        };
        match step {
            Some(step) => _ = self.cursor.on_action(step, found.len()),
            None if self.search.on_key(key) == Change::Text => self.cursor.at = 0,
            None => {}
        }
        self.cursor.fit(self.found(ctx).len(), ROWS);
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.search.paste(text);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let room = popup(area, SIZE, ctx.say("palette.title"), ctx.say("palette.hint"), buf, ctx);
        let look = Look::new(Role::Strong, true, ctx).hint(ctx.say("palette.search"));
        let at = self.search.draw(Rect { height: room.height.min(1), ..room }, buf, look);
        let found = self.found(ctx);
        for (row, index) in self.cursor.visible(found.len()) {
            let (_, text, key) = &found[index];
            let selected = index == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row + usize::from(HEAD));
            line.fill(style).right(key, style.patch(ctx.style(Role::Key)));
            line.put(if selected { "▸ " } else { "  " }, style).put(text, style);
        }
        at
    }

    pub(super) fn rows(&mut self, window: Rect, ctx: &Context) -> Rows<'_> {
        let room = popup_room(window, SIZE);
        let area = Rect { y: room.y + HEAD, height: room.height.saturating_sub(HEAD), ..room };
        let len = self.found(ctx).len();
        Rows { area, cursor: &mut self.cursor, len }
    }

    fn found(&self, ctx: &Context) -> Vec<(Action, String, String)> {
        let wanted = self.search.text().trim().to_lowercase();
        // Moving through rows by name helps nobody.
        let places = self.place.reach().iter().filter(|place| **place != Place::List);
        let rows = places.flat_map(|place| ctx.keys.of(*place));
        rows.map(|row| (row.action, ctx.say_with(&row.text, &[]), row.keys.first().map(Key::to_string).unwrap_or_default()))
            .filter(|(action, text, _)| *action != Action::Palette && text.to_lowercase().contains(&wanted))
            .collect()
    }
}
