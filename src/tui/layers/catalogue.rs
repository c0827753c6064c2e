use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::domain::errcode::{self, Entry};
use crate::domain::lang::Lang;
use crate::domain::reply::{ErrmsgParts, Shape, shape};
use crate::text::{explain, width};
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of a code.
const CODE: usize = 8;
/// Lines of the selected code in full, with the rule above it.
const DETAILS: usize = 9;
/// Columns of the frame at most.
const WIDTH: usize = 110;

/// Every code of WeChat's, to be found by number, text or area; a whole reply can be pasted too.
#[derive(Debug)]
pub struct Catalogue {
    search: Field,
    found: Vec<Entry>,
    cursor: Cursor,
    copied: bool,
}

impl Catalogue {
    /// Opens with something to look for; nothing: with everything.
    pub fn new(text: &str) -> Self {
        let mut catalogue = Self { search: Field::new(text), found: Vec::new(), cursor: Cursor::default(), copied: false };
        catalogue.look();
        catalogue
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        self.copied = false;
        let step = match key.code {
            Code::Esc => return Then::Close,
            Code::Enter => {
                self.copy(ctx, out);
                return Then::Stay;
            }
            Code::Up => Some(Action::Up),
            Code::Down => Some(Action::Down),
            Code::PageUp => Some(Action::PageUp),
            Code::PageDown => Some(Action::PageDown),
            _ => None,
        };
        match step {
            Some(step) => _ = self.cursor.on_action(step, self.found.len()),
            None if self.search.edit(key, out) == Change::Text => self.look(),
            None => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.search.paste(text);
        self.look();
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let room = popup_room(area, size(area));
        self.cursor.fit(self.found.len(), rows_in(room));
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let room = popup_room(window, size(window));
        let area = Rect { y: room.y + 2, height: rows_in(room) as u16, ..room };
        Rows { area, len: self.found.len(), cursor: &mut self.cursor }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let title = ctx.say_with("catalogue.title", &[("count", &self.found.len().to_string())]);
        let hint = ctx.say(if self.copied { "catalogue.copied" } else { "catalogue.hint" });
        let room = popup(area, size(area), &title, hint, buf, ctx);
        let look = Look::new(Role::Strong, true, ctx).hint(ctx.say("catalogue.search"));
        let at = self.search.draw(Rect { height: room.height.min(1), ..room }, buf, look);
        let list = Rect { y: room.y + 2, height: rows_in(room) as u16, ..room };
        for (row, index) in self.cursor.visible(self.found.len()) {
            view_row(&self.found[index], index == self.cursor.at, Line::new(buf, list, row), ctx);
        }
        let below = Rect { y: list.bottom(), height: room.bottom().saturating_sub(list.bottom()), ..room };
        match self.found.get(self.cursor.at) {
            Some(entry) => self.view_details(entry, below, buf, ctx),
            None => _ = Line::new(buf, list, 0).put(ctx.say("catalogue.nothing"), ctx.style(Role::Dim)),
        }
        at
    }

    /// A reply is read for its code; anything else is looked for as it is.
    fn look(&mut self) {
        let text = self.search.text().trim();
        let words = text.split_whitespace().count();
        self.found = match shape(text) {
            Shape::Code(code) if words > 1 || text.starts_with('{') => errcode::lookup(code).into_iter().collect(),
            // Those that a sender meets come first.
            Shape::Nothing => {
                let mut all = errcode::all();
                all.sort_by_key(|entry| entry.is_generic(Lang::En));
                all
            }
            _ => errcode::search(text, None),
        };
        self.cursor.at = 0;
    }

    fn copy(&mut self, ctx: &Context, out: &mut Out) {
        let Some(entry) = self.found.get(self.cursor.at) else { return };
        let (meaning, remedy) = self.told(entry, ctx);
        out.ask(SystemEffect::CopyToClipboard { text: format!("{} {}\n{meaning}\n{remedy}\n", entry.errcode, entry.errmsg) });
        self.copied = true;
    }

    fn told(&self, entry: &Entry, ctx: &Context) -> (String, String) {
        let told = explain::explain(entry.errcode, self.search.text(), None, ctx.settings.lang);
        (told.meaning.into_owned(), told.remedy.into_owned())
    }

    fn view_details(&self, entry: &Entry, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let (lang, columns) = (ctx.settings.lang, usize::from(area.width));
        let rule = if ctx.settings.ascii { "-" } else { "─" };
        Line::new(buf, area, 0).put(&rule.repeat(columns), ctx.style(Role::Border));
        let mut line = Line::new(buf, area, 1);
        line.put(&format!("{}  ", entry.errcode), ctx.style(Role::Strong));
        line.put(&format!("{} · {}  ", entry.area_name(lang), entry.class.label(lang)), ctx.style(Role::Name));
        line.put(entry.errmsg, ctx.style(Role::Dim));
        let (meaning, remedy) = self.told(entry, ctx);
        let rid = ErrmsgParts::read(self.search.text()).rid.map(|rid| format!("rid {rid}")).unwrap_or_default();
        let mut row = 2;
        for (text, role) in [(meaning, Role::Error), (remedy, Role::Ok), (rid, Role::Dim)] {
            for text in width::wrap(&text, columns).iter().filter(|text| !text.is_empty()) {
                Line::new(buf, area, row).put(text, ctx.style(role));
                row += 1;
            }
        }
    }
}

fn view_row(entry: &Entry, chosen: bool, mut line: Line, ctx: &Context) {
    let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
    line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
    line.put(&width::pad_left(&entry.errcode.to_string(), CODE), style.patch(ctx.style(Role::Strong)));
    line.put("  ", style).put(&entry.meaning(ctx.settings.lang), style);
}

fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width).saturating_sub(4).min(WIDTH), usize::from(area.height).saturating_sub(2).min(34))
}

/// The search and a gap above, the selected code below.
fn rows_in(room: Rect) -> usize {
    usize::from(room.height).saturating_sub(2 + DETAILS).max(1)
}
