use super::super::{lines, popup, popup_room};
use super::check::Checked;
use super::{FileName, JsonEditor, Purpose, Said};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Look, excerpt};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Rows below the text: where the cursor is, a sentence, and the line it is about with a caret below.
const SAID: u16 = 6;

/// Where the text goes, and where what is said of it.
struct Areas {
    text: Rect,
    said: Rect,
}

impl Areas {
    fn of(window: Rect) -> Self {
        let room = popup_room(window, size(window));
        let height = room.height.saturating_sub(SAID);
        let text = Rect { height, ..room };
        Self { text, said: Rect { y: text.bottom(), height: room.height - height, ..room } }
    }
}

/// All but the last line, in which things are said.
fn size(window: Rect) -> (usize, usize) {
    (usize::from(window.width), usize::from(window.height).saturating_sub(1))
}

impl JsonEditor {
    /// Learns the room there is.
    pub fn fit(&mut self, window: Rect) {
        self.editor.fit(Areas::of(window).text);
    }

    pub fn view(&self, window: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let title = match self.purpose {
            Purpose::Edit => ctx.say("json.title"),
            Purpose::Import => ctx.say("json.title_import"),
        };
        let hint = ctx.say(if self.file.is_some() { "json.hint_file" } else { "json.hint" });
        popup(window, size(window), title, hint, buf, ctx);
        let areas = Areas::of(window);
        let cursor = self.editor.draw(areas.text, self.checked.place(), buf, ctx);
        if let Some(file) = &self.file {
            return file.view(areas.said, buf, ctx);
        }
        self.view_said(areas.said, buf, ctx);
        cursor
    }

    fn view_said(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let mut line = Line::new(buf, area, 0);
        match self.told(ctx) {
            Some(told) => line.put(&told, ctx.style(Role::Warning)),
            None => line.right(&place_words("json.place", self.editor.place(), ctx), ctx.style(Role::Dim)),
        };
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        match &self.checked {
            Checked::Empty => {
                let text = width::wrap(ctx.say("json.empty"), usize::from(area.width));
                lines(buf, below, 0, &text, Role::Hint, ctx);
            }
            Checked::Body(_) => self.view_notes(below, buf, ctx),
            Checked::Wrong(_) => self.view_error(below, buf, ctx),
        }
    }

    /// What the last key led to, if it is worth a word.
    fn told(&self, ctx: &Context) -> Option<String> {
        let text = match (self.said?, self.checked.place()) {
            (Said::Refused, _) => ctx.say("json.refused").to_owned(),
            (Said::TooLong, _) => ctx.say("json.too_long").to_owned(),
            (Said::Dropping, None) => ctx.say("json.dropping").to_owned(),
            (Said::Dropping, Some(place)) => place_words("json.dropping_at", place, ctx),
        };
        Some(text)
    }

    fn view_error(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let place = self.checked.place();
        let sentence = self.checked.error(ctx).unwrap_or_default();
        let wrapped = width::wrap(&format!("✗ {sentence}"), usize::from(area.width));
        let room = usize::from(area.height).saturating_sub(if place.is_some() { 2 } else { 0 });
        let shown = wrapped.get(..room.min(wrapped.len())).unwrap_or_default();
        let row = lines(buf, area, 0, shown, Role::Error, ctx);
        if let Some((line, column)) = place {
            let below = Rect { y: area.y + row as u16, height: area.height.saturating_sub(row as u16), ..area };
            excerpt(self.editor.line(line.saturating_sub(1)), line, column.saturating_sub(1), below, buf, ctx);
        }
    }

    fn view_notes(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let valid = if self.is_changed() { ctx.say("json.valid") } else { ctx.say("json.unchanged") };
        Line::new(buf, area, 0).put(&format!("✓ {valid}"), ctx.style(Role::Ok));
        let notes = self.checked.notes(ctx);
        let columns = usize::from(area.width).saturating_sub(2);
        let mut row = 1;
        for (told, note) in notes.iter().enumerate() {
            let wrapped = width::wrap(note, columns);
            let room = usize::from(area.height).saturating_sub(row);
            let is_last = told + 1 == notes.len();
            if wrapped.len() + usize::from(!is_last) > room {
                let rest = (notes.len() - told).to_string();
                Line::new(buf, area, row).put(&ctx.say_with("json.more", &[("count", &rest)]), ctx.style(Role::Warning));
                return;
            }
            Line::new(buf, area, row).put("! ", ctx.style(Role::Warning));
            let beside = Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
            row = lines(buf, beside, row, &wrapped, Role::Warning, ctx);
        }
    }
}

impl FileName {
    fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut line = Line::new(buf, area, 1);
        line.put(ctx.say("json.file"), ctx.style(Role::Strong)).put(" ▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: area.y + 1, width: line.room() as u16, height: 1 }.intersection(area);
        let (text, role) = match (&self.trouble, self.waiting) {
            (Some(trouble), _) => (format!("✗ {}", ctx.say_with(trouble.key(), &[("error", trouble.error())])), Role::Error),
            (None, true) => (ctx.say("json.loading").to_owned(), Role::Busy),
            (None, false) => (ctx.say("json.about_file").to_owned(), Role::Dim),
        };
        lines(buf, area, 3, &width::wrap(&text, usize::from(area.width)), role, ctx);
        self.name.draw(field, buf, Look::new(Role::Value, true, ctx))
    }
}

fn place_words(key: &str, (line, column): (usize, usize), ctx: &Context) -> String {
    ctx.say_with(key, &[("line", &line.to_string()), ("column", &column.to_string())])
}
