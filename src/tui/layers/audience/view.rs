use super::super::press::Rows;
use super::super::{popup, popup_room};
use super::sets::Entry;
use super::{AudienceBuilder, Focus};
use crate::domain::audience::{Join, UserSet};
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::panes::compose::{audience_words, excluded_words, recipients, set_words};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The whole popup.
const SIZE: (usize, usize) = (86, 30);
/// Most lines of chips.
const CHIPS: usize = 3;
/// Lines below the chips: how many there are, who is left out, and what is looked for or a name.
const TOLD: usize = 4;

impl AudienceBuilder {
    /// Learns what room there is.
    pub fn fit(&mut self, area: Rect) {
        let room = popup_room(area, SIZE);
        self.cursor.fit(self.entries.len(), usize::from(room.height).saturating_sub(CHIPS + TOLD));
    }

    /// None while keys go elsewhere than to the list.
    pub fn rows(&mut self, window: Rect) -> Option<Rows<'_>> {
        let (room, head) = (popup_room(window, SIZE), (CHIPS + TOLD) as u16);
        let area = Rect { y: room.y + head, height: room.height.saturating_sub(head), ..room };
        let len = self.entries.len();
        matches!(self.focus, Focus::List).then_some(Rows { area, cursor: &mut self.cursor, len })
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = match self.focus {
            Focus::List => "audience.hint",
            Focus::Chip(_) => "audience.hint_chip",
            Focus::Find => "audience.hint_find",
            Focus::Name(_) => "audience.hint_name",
        };
        let room = popup(area, SIZE, ctx.say("audience.title"), ctx.say(hint), buf, ctx);
        self.draw_chips(room, buf, ctx);
        self.draw_reach(room, buf, ctx);
        let top = CHIPS + TOLD;
        for (row, index) in self.cursor.visible(self.entries.len()) {
            if let Some(entry) = self.entries.get(index) {
                let selected = index == self.cursor.at && matches!(self.focus, Focus::List | Focus::Find);
                self.draw_entry(entry, selected, Line::new(buf, room, top + row), ctx);
            }
        }
        self.draw_field(room, buf, ctx)
    }

    /// What was joined, as often as it fits; the end is what matters while one edits.
    fn draw_chips(&self, room: Rect, buf: &mut Buffer, ctx: &Context) {
        if self.audience.is_empty() {
            Line::new(buf, room, 0).put(ctx.say("compose.nobody"), ctx.style(Role::Dim));
            return;
        }
        let chips: Vec<Chip> = (0..self.audience.terms.len()).map(|at| self.chip(at, ctx)).collect();
        let rows = rows_of(&chips, usize::from(room.width));
        let chosen = if let Focus::Chip(at) = self.focus { Some(at) } else { None };
        // The row of the chosen chip stays in view, else the last one.
        let wanted = rows.iter().position(|row| chosen.is_some_and(|at| row.contains(&at))).unwrap_or(rows.len() - 1);
        let skipped = (wanted + 1).saturating_sub(CHIPS);
        for (at, row) in rows.iter().skip(skipped).take(CHIPS).enumerate() {
            let mut line = Line::new(buf, room, at);
            for index in row.clone() {
                let Some(chip) = chips.get(index) else { continue };
                let role = if chosen == Some(index) { Role::Selected } else { Role::Strong };
                line.put(&chip.name, ctx.style(role)).put(&chip.count, ctx.style(Role::Dim)).skip(2);
            }
        }
    }

    fn chip(&self, at: usize, ctx: &Context) -> Chip {
        let Some((join, set)) = self.audience.terms.get(at) else { return Chip::default() };
        let sign = match join {
            Join::Union if at == 0 => "",
            Join::Union => "+ ",
            Join::Intersection => "& ",
            Join::Difference => "− ",
        };
        let count = self.count_of(&self.beginning(at)).map_or("…".to_owned(), |reach| number::thousands(reach.recipients));
        Chip { name: format!(" {sign}{} ", set_words(set, &self.tags, ctx)), count: format!(" {count}") }
    }

    fn draw_reach(&self, room: Rect, buf: &mut Buffer, ctx: &Context) {
        if self.audience.is_empty() {
            return;
        }
        let Some(reach) = self.count_of(&self.audience) else {
            Line::new(buf, room, CHIPS).put(ctx.say("audience.counting"), ctx.style(Role::Busy));
            return;
        };
        let role = if reach.recipients > 0 { Role::Ok } else { Role::Error };
        Line::new(buf, room, CHIPS).put(&recipients(reach, ctx), ctx.style(role));
        let left_out = excluded_words(&reach.excluded, ctx);
        for (row, text) in width::wrap(&left_out, usize::from(room.width)).iter().take(2).enumerate() {
            Line::new(buf, room, CHIPS + 1 + row).put(text, ctx.style(Role::Dim));
        }
    }

    fn draw_entry(&self, entry: &Entry, selected: bool, mut line: Line<'_>, ctx: &Context) {
        let style = ctx.style(if selected { Role::Selected } else { Role::Text });
        let dim = style.patch(ctx.style(Role::Dim));
        line.fill(style);
        let (words, aside) = match entry {
            Entry::Kept(index) => match self.sets.kept.get(*index) {
                Some(kept) => (format!("★ {}", kept.name), audience_words(&kept.audience, &self.tags, ctx)),
                None => return,
            },
            Entry::Job(index) => match self.sets.jobs.get(*index) {
                Some(job) => {
                    let words = set_words(&UserSet::Job(job.id, self.outcome), &self.tags, ctx);
                    (if selected { format!("{words} ◂▸") } else { words }, job.title.clone())
                }
                None => return,
            },
            Entry::Set(set @ UserSet::Tag(id)) => {
                let count = self.tags.iter().find(|tag| tag.id == *id).map(|tag| number::thousands(tag.count));
                (set_words(set, &self.tags, ctx), count.unwrap_or_default())
            }
            Entry::Set(set @ UserSet::File(file)) => {
                let people = self.sets.files.iter().find(|read| read.set == *file).map_or(0, |read| read.people);
                let aside = ctx.say_with("audience.people", &[("count", &number::thousands(people))]);
                (set_words(set, &self.tags, ctx), aside)
            }
            Entry::Set(set) => (set_words(set, &self.tags, ctx), String::new()),
        };
        let room = line.room();
        line.right(&width::cut(&aside, room / 2), dim);
        line.put(if selected { "▸ " } else { "  " }, style).put(&words, style);
    }

    /// What is looked for, or the name to keep the audience by.
    fn draw_field(&self, room: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let row = CHIPS + TOLD - 1;
        let (label, field, typing) = match &self.focus {
            Focus::Name(field) => (ctx.say("audience.keep_as"), field.as_ref(), true),
            Focus::Find => ("/", &self.find, true),
            _ if !self.find.text().is_empty() => ("/", &self.find, false),
            _ => return None,
        };
        let mut line = Line::new(buf, room, row);
        line.put(label, ctx.style(Role::Accent)).skip(1);
        let area = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 }.intersection(room);
        field.draw(area, buf, Look::new(Role::Value, typing, ctx)).filter(|_| typing)
    }
}

#[derive(Default)]
struct Chip {
    name: String,
    count: String,
}

/// Which chips stand in which line.
fn rows_of(chips: &[Chip], columns: usize) -> Vec<std::ops::Range<usize>> {
    let (mut rows, mut begin, mut used) = (Vec::new(), 0, 0);
    for (at, chip) in chips.iter().enumerate() {
        let wide = width::columns(&chip.name) + width::columns(&chip.count) + 2;
        if at > begin && used + wide > columns + 2 {
            rows.push(begin..at);
            (begin, used) = (at, 0);
        }
        used += wide;
    }
    rows.push(begin..chips.len());
    rows
}
