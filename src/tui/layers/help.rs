use super::{Then, popup, scrolled};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Place;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Every key and what it does, made from the key table.
#[derive(Debug, Default)]
pub struct Help {
    /// The place whose keys come first.
    here: Option<Place>,
    offset: usize,
}

/// What keys do in every text field, and in dialogs: they are the field's own and cannot be bound to anything else.
const WRITING: &[(&str, &str)] = &[
    ("ctrl-u ctrl-_", "writing.undo"),
    ("ctrl-r", "writing.redo"),
    ("ctrl-left alt-b", "writing.word_back"),
    ("ctrl-right alt-f", "writing.word_on"),
    ("ctrl-w alt-d", "writing.delete_word"),
    ("ctrl-k", "writing.delete_rest"),
    ("shift-←→ alt-a", "writing.select"),
    ("alt-c alt-x", "writing.copy"),
];

enum Row {
    Heading(&'static str),
    Key(String, String),
    Gap,
}

impl Help {
    /// Opens at the keys of a place.
    pub fn at(place: Place) -> Self {
        Self { here: Some(place), offset: 0 }
    }

    pub fn on_key(&mut self, key: Key) -> Then {
        match key.code {
            Code::Up | Code::Char('k') => self.offset = self.offset.saturating_sub(1),
            Code::Down | Code::Char('j') => self.offset += 1,
            Code::PageUp => self.offset = self.offset.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.offset += 10,
            _ => return Then::Close,
        }
        // The number of rows depends on the language; more than this there are never.
        self.offset = self.offset.min(200);
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let rows = self.rows(ctx);
        let room = popup(area, (72, rows.len() + 5), ctx.say("help.title"), ctx.say("help.hint"), buf, ctx);
        let offset = scrolled(self.offset, rows.len(), usize::from(room.height));
        for (at, row) in rows.iter().skip(offset).take(usize::from(room.height)).enumerate() {
            let mut line = Line::new(buf, room, at);
            match row {
                Row::Heading(text) => line.put(text, ctx.style(Role::Strong)),
                Row::Key(keys, text) => {
                    line.column(keys, 20, ctx.style(Role::Key)).put(" ", ctx.style(Role::Text)).put(text, ctx.style(Role::Text))
                }
                Row::Gap => continue,
            };
        }
    }

    fn rows(&self, ctx: &Context) -> Vec<Row> {
        let near = self.here.map_or(&[][..], Place::reach);
        let others = Place::ALL.into_iter().filter(|place| !near.contains(place));
        let mut rows = Vec::new();
        for place in near.iter().copied().chain(others) {
            if !rows.is_empty() {
                rows.push(Row::Gap);
            }
            rows.push(Row::Heading(ctx.say(place.text_key())));
            for binding in ctx.keys.of(place) {
                let keys: Vec<String> = binding.keys.iter().map(Key::to_string).collect();
                rows.push(Row::Key(
                    width::cut(&format!("  {}", keys.join(" ")), 20).into_owned(),
                    ctx.say_with(&binding.text, &[]),
                ));
            }
            if place == Place::Edit {
                rows.extend(WRITING.iter().map(|(keys, text)| Row::Key(format!("  {keys}"), ctx.say(text).to_owned())));
            }
        }
        rows
    }
}
