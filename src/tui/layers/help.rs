use super::{Then, popup, scrolled};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::{Binding, Place};
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Every key and what it does, made from the key table.
#[derive(Debug, Default)]
pub struct Help {
    /// The place whose keys come first.
    here: Option<Place>,
    offset: usize,
    search: Field,
    searching: bool,
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

/// Columns for the keys.
const KEYS: usize = 20;

enum Row {
    Heading(Place),
    Key(Keys),
    Gap,
}

/// Keys, what they do, and what `keys.toml` calls that.
struct Keys {
    pressed: String,
    text: String,
    name: String,
}

impl Help {
    /// Opens at the keys of a place.
    pub fn at(place: Place) -> Self {
        Self { here: Some(place), ..Self::default() }
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.searching
    }

    pub fn on_key(&mut self, key: Key) -> Then {
        match key.code {
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset += 1,
            Code::PageUp => self.offset = self.offset.saturating_sub(10),
            Code::PageDown => self.offset += 10,
            Code::Enter if self.searching => self.searching = false,
            Code::Esc if self.has_search() => {
                (self.search, self.searching) = (Field::default(), false);
            }
            _ if self.searching => {
                self.search.on_key(key);
                self.offset = 0;
            }
            Code::Char(' ') => self.offset += 10,
            Code::Char('/') => self.searching = true,
            _ => return Then::Close,
        }
        // The number of rows depends on the language; more than this there are never.
        self.offset = self.offset.min(300);
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        if self.searching {
            self.search.paste(text);
        }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let rows = self.rows(ctx);
        let hint = ctx.say(if self.has_search() { "help.hint_search" } else { "help.hint" });
        // While something is looked for, the window keeps its size.
        let height = if self.has_search() { usize::from(area.height) } else { rows.len() + 5 };
        let mut room = popup(area, (72, height), ctx.say("help.title"), hint, buf, ctx);
        let mut cursor = None;
        if self.has_search() {
            let mut line = Line::new(buf, room, 0);
            line.put("/ ", ctx.style(Role::Key));
            let field = Rect { x: line.x(), width: line.room() as u16, height: room.height.min(1), ..room };
            let look = Look::new(Role::Strong, self.searching, ctx).hint(ctx.say("palette.search"));
            cursor = self.search.draw(field, buf, look);
            room = Rect { y: room.y + 1, height: room.height.saturating_sub(1), ..room };
        }
        if rows.is_empty() {
            Line::new(buf, room, 0).put(ctx.say("help.nothing"), ctx.style(Role::Dim));
        }
        let offset = scrolled(self.offset, rows.len(), usize::from(room.height));
        for (at, row) in rows.iter().skip(offset).take(usize::from(room.height)).enumerate() {
            let mut line = Line::new(buf, room, at);
            match row {
                Row::Heading(place) => {
                    line.right(&format!("[{}]", place.name()), ctx.style(Role::Dim));
                    line.put(ctx.say(place.text_key()), ctx.style(Role::Strong));
                }
                Row::Key(Keys { pressed, text, name }) => {
                    let keys = width::cut(&format!("  {pressed}"), KEYS).into_owned();
                    line.column(&keys, KEYS, ctx.style(Role::Key)).put(" ", ctx.style(Role::Text));
                    if width::columns(text) + width::columns(name) + 2 <= line.room() {
                        line.right(name, ctx.style(Role::Dim));
                    }
                    line.put(text, ctx.style(Role::Text));
                }
                Row::Gap => {}
            }
        }
        cursor
    }

    fn has_search(&self) -> bool {
        self.searching || !self.search.text().is_empty()
    }

    /// The rows of each place, with its heading if there are any.
    fn rows(&self, ctx: &Context) -> Vec<Row> {
        let near = self.here.map_or(&[][..], Place::reach);
        let others = Place::ALL.into_iter().filter(|place| !near.contains(place));
        let mut rows = Vec::new();
        for place in near.iter().copied().chain(others) {
            let mut keys: Vec<Keys> = ctx.keys.of(place).map(|row| key_row(row, ctx)).collect();
            if place == Place::Edit {
                keys.extend(WRITING.iter().map(|(keys, text)| Keys {
                    pressed: (*keys).to_owned(),
                    text: ctx.say(text).to_owned(),
                    name: String::new(),
                }));
            }
            keys.retain(|row| self.fits(row));
            if keys.is_empty() {
                continue;
            }
            if !rows.is_empty() {
                rows.push(Row::Gap);
            }
            rows.push(Row::Heading(place));
            rows.extend(keys.into_iter().map(Row::Key));
        }
        rows
    }

    /// Whether a key, its sentence or its name is looked for.
    fn fits(&self, Keys { pressed, text, name }: &Keys) -> bool {
        let wanted = self.search.text().trim().to_lowercase();
        text.to_lowercase().contains(&wanted)
            || name.contains(&wanted)
            || pressed.split([' ', ',']).any(|key| key.to_lowercase() == wanted)
    }
}

/// Its keys, and what they do. What the operator took the keys from is in the palette still.
fn key_row(row: &Binding, ctx: &Context) -> Keys {
    let keys: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
    // A chord has a blank in it, so that others need more between them.
    let between = if row.keys.iter().any(|key| key.keys().len() > 1) { ", " } else { " " };
    let keys = if keys.is_empty() { ctx.say("help.no_key").to_owned() } else { keys.join(between) };
    Keys { pressed: keys, text: ctx.say_with(&row.text, &[]), name: row.name.clone() }
}
