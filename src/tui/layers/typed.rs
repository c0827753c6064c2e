use super::{lines, popup, popup_room};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::Key;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the texts.
const COLUMNS: usize = 70;

/// A name that has to be typed before something is done that cannot be undone.
#[derive(Debug, Default)]
pub struct Typed {
    field: Field,
    /// Enter was pressed under another one.
    refused: bool,
}

/// What is said around the field.
pub struct Around<'a> {
    pub title: &'a str,
    /// What would be done, in paragraphs.
    pub above: &'a [(String, Role)],
    /// What to type.
    pub ask: &'a str,
    /// It is not what was asked for.
    pub wrong: &'a str,
    pub hint: &'a str,
}

impl Typed {
    /// Whether this is the name; if not, that is said from now on.
    pub fn confirms(&mut self, name: &str) -> bool {
        self.refused = self.field.text().trim() != name.trim();
        !self.refused
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        self.refused &= self.field.edit(key, out) != Change::Text;
    }

    pub fn on_paste(&mut self, text: &str) {
        self.field.paste(text);
        self.refused = false;
    }

    /// Where there is not room for all of it, the question and the field are what has to be seen.
    pub fn view(&self, around: &Around, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = COLUMNS.min(usize::from(area.width).saturating_sub(8));
        let wrapped =
            |(text, role): &(String, Role)| width::wrap(text, columns).into_iter().map(|line| (line, *role)).collect::<Vec<_>>();
        let above: Vec<(String, Role)> = around.above.iter().flat_map(wrapped).collect();
        let ask = width::wrap(around.ask, columns);
        let needed = ask.len() + 2;
        let size = (columns + 6, above.len() + 1 + needed + 5);
        let shown = above.len().min(usize::from(popup_room(area, size).height).saturating_sub(needed + 1));
        let room = popup(area, size, around.title, around.hint, buf, ctx);
        for (row, (text, role)) in above.iter().take(shown).enumerate() {
            Line::new(buf, room, row).put(text, ctx.style(*role));
        }
        let row = lines(buf, room, shown + 1, &ask, Role::Strong, ctx);
        if self.refused {
            Line::new(buf, room, row + 1).put(&format!("✗ {}", around.wrong), ctx.style(Role::Error));
        }
        let is_in = row < usize::from(room.height);
        let place = Rect { y: room.y + row as u16, height: u16::from(is_in), ..room };
        self.field.draw(place, buf, Look::new(Role::Accent, true, ctx))
    }
}
