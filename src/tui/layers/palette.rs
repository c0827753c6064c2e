use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::domain::lang::Lang;
use crate::text::fuzzy;
use crate::text::lang::Texts;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::keys::{Action, Binding, Chord, Place};
use crate::tui::msg::SystemMsg;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use std::cmp::Reverse;

/// Rows in view, where there is room for them.
const ROWS: usize = 14;
/// Columns and lines, frame included.
const SIZE: (usize, usize) = (76, ROWS + 7);
/// Lines above the rows.
const HEAD: u16 = 2;

/// Something that can be done, somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    place: Place,
    action: Action,
    /// Name of its sentence.
    text: String,
    /// Its name in the key table.
    name: String,
    key: String,
    /// Why it cannot be done now.
    why: Option<String>,
    /// How many were done since, if it is among those done last.
    recent: Option<usize>,
}

impl Entry {
    /// A row of the key table.
    pub fn new(row: &Binding, why: Option<String>, recent: Option<usize>) -> Self {
        let key = row.keys.first().map(Chord::to_string).unwrap_or_default();
        Self { place: row.place, action: row.action, text: row.text.clone(), name: row.name.clone(), key, why, recent }
    }
}

/// Every action, to be found by some letters of its sentence.
#[derive(Debug)]
pub struct Palette {
    entries: Vec<Entry>,
    search: Field,
    cursor: Cursor,
}

/// An entry that fits the search.
struct Found<'a> {
    entry: &'a Entry,
    score: i32,
    /// The letters of its sentence that were found.
    at: Vec<usize>,
    /// Its English sentence, where it was found by that.
    english: Option<&'a str>,
}

impl Palette {
    /// These actions, those of the place where one is first. What can be done to the message in several places is there once.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut kept: Vec<Entry> = Vec::new();
        for entry in entries {
            let is_there =
                |known: &Entry| known.action == entry.action && known.text == entry.text && known.place.shares(entry.place);
            if !kept.iter().any(is_there) {
                kept.push(entry);
            }
        }
        let mut entries = kept;
        entries.sort_by_key(|entry| entry.recent.unwrap_or(usize::MAX));
        let mut cursor = Cursor::default();
        cursor.fit(ROWS, ROWS);
        Self { entries, search: Field::default(), cursor }
    }

    /// What is listed.
    #[cfg(test)]
    pub fn actions(&self) -> Vec<Action> {
        self.entries.iter().map(|entry| entry.action).collect()
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        let found = self.found(ctx);
        let step = match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter => {
                if let Some(Found { entry, .. }) = found.get(self.cursor.at) {
                    out.tell(SystemMsg::Picked { place: entry.place, action: entry.action });
                    return Then::Close;
                }
                return Then::Stay;
            }
            Code::Up => Some(Action::Up),
            Code::Down => Some(Action::Down),
            Code::PageUp => Some(Action::PageUp),
            Code::PageDown => Some(Action::PageDown),
            _ => None,
        };
        let len = found.len();
        match step {
            Some(step) => _ = self.cursor.on_action(step, len),
            None if self.search.on_key(key) == Change::Text => self.cursor.at = 0,
            None => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.search.paste(text);
        self.cursor.at = 0;
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect, ctx: &Context) {
        let len = self.found(ctx).len();
        self.cursor.fit(len, ROWS.min(usize::from(area.height).saturating_sub(7)));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let room = popup(area, SIZE, ctx.say("palette.title"), ctx.say("palette.hint"), buf, ctx);
        let look = Look::new(Role::Strong, true, ctx).hint(ctx.say("palette.search"));
        let at = self.search.draw(Rect { height: room.height.min(1), ..room }, buf, look);
        let found = self.found(ctx);
        if found.is_empty() {
            Line::new(buf, room, 2).put(ctx.say("palette.nothing"), ctx.style(Role::Dim));
        }
        for (row, index) in self.cursor.visible(found.len()) {
            view_row(&found[index], index == self.cursor.at, Line::new(buf, room, row + usize::from(HEAD)), ctx);
        }
        at
    }

    pub(super) fn rows(&mut self, window: Rect, ctx: &Context) -> Rows<'_> {
        let room = popup_room(window, SIZE);
        let area = Rect { y: room.y + HEAD, height: room.height.saturating_sub(HEAD), ..room };
        let len = self.found(ctx).len();
        Rows { area, cursor: &mut self.cursor, len }
    }

    /// What fits the search, the best first.
    fn found(&self, ctx: &Context) -> Vec<Found<'_>> {
        let wanted = self.search.text();
        let mut found: Vec<Found<'_>> = self.entries.iter().filter_map(|entry| find(wanted, entry, ctx)).collect();
        if !wanted.trim().is_empty() {
            found.sort_by_key(|found| Reverse(found.score));
            // Letters that are strewn about are no find beside ones that are together.
            let best = found.first().map_or(0, |found| found.score);
            found.retain(|found| found.score * 2 >= best);
        }
        found
    }
}

/// Looks in the sentence in the language of the screen, then in the English one and in the name that `keys.toml` has.
fn find<'a>(wanted: &str, entry: &'a Entry, ctx: &Context) -> Option<Found<'a>> {
    let here = fuzzy::find(wanted, &ctx.say_with(&entry.text, &[]));
    let english = Texts::of(Lang::En).say(&entry.text);
    let names = [english, &entry.name.replace('_', " ")];
    let elsewhere = names.iter().filter_map(|text| fuzzy::find(wanted, text)).map(|found| found.score).max();
    let (score, at, english) = match (here, elsewhere) {
        (Some(here), elsewhere) => (here.score.max(elsewhere.unwrap_or(here.score)), here.at, None),
        (None, Some(score)) => (score, Vec::new(), Some(english)),
        (None, None) => return None,
    };
    Some(Found { entry, score, at, english })
}

/// The sentence with the letters that were found, why it cannot be done, where it works, and its key.
fn view_row(found: &Found<'_>, selected: bool, mut line: Line, ctx: &Context) {
    let Found { entry, at, .. } = found;
    let style = ctx.style(if selected { Role::Selected } else { Role::Text });
    let role = |role| style.patch(ctx.style(role));
    let text_style = if entry.why.is_some() { role(Role::Dim) } else { style };
    line.fill(style).right(&entry.key, role(Role::Key));
    line.put(if selected { "▸ " } else { "  " }, style);
    put_marked(&mut line, &ctx.say_with(&entry.text, &[]), at, (text_style, role(Role::Accent)));
    if let Some(english) = found.english.filter(|_| ctx.settings.lang != Lang::En) {
        line.put("  ", style).put(english, role(Role::Dim));
    }
    match &entry.why {
        Some(why) => line.put("  ", style).put(why, role(Role::Warning)),
        None if entry.place == Place::Everywhere => return,
        None => {
            let place = ctx.say(entry.place.text_key());
            if width::columns(place) + 2 > line.room() {
                return;
            }
            line.put("  ", style).put(place, role(Role::Dim))
        }
    };
}

/// Writes a text, some of its characters in another style.
fn put_marked(line: &mut Line, text: &str, marked: &[usize], (style, mark): (Style, Style)) {
    for (at, c) in text.chars().enumerate() {
        line.put(c.encode_utf8(&mut [0; 4]), if marked.contains(&at) { mark } else { style });
    }
}
