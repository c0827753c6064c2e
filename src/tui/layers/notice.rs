use super::{Then, lines, popup, scrolled};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::Level;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Something to read; any key that does not scroll closes it.
#[derive(Debug)]
pub struct Notice {
    level: Level,
    title: Option<String>,
    text: String,
    offset: usize,
}

impl Notice {
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        Self { level, title: None, text: text.into(), offset: 0 }
    }

    /// With a title of its own in place of how bad it is.
    pub fn titled(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }

    /// How bad it is, and the text.
    pub fn told(&self) -> (Level, &str) {
        (self.level, &self.text)
    }

    pub fn on_key(&mut self, key: Key) -> Then {
        match key.code {
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset = (self.offset + 1).min(1000),
            _ => return Then::Close,
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = 64.min(usize::from(area.width).saturating_sub(8));
        let wrapped = width::wrap(&self.text, columns);
        let (title, role) = match self.level {
            Level::Info => (ctx.say("notice.info"), Role::Text),
            Level::Warning => (ctx.say("notice.warning"), Role::Warning),
            Level::Error => (ctx.say("notice.error"), Role::Error),
        };
        let title = self.title.as_deref().unwrap_or(title);
        let scrolls = wrapped.len() + 5 > usize::from(area.height);
        let hint = ctx.say(if scrolls { "notice.hint_scroll" } else { "notice.hint" });
        let room = popup(area, (columns + 6, wrapped.len() + 5), title, hint, buf, ctx);
        let offset = scrolled(self.offset, wrapped.len(), usize::from(room.height));
        lines(buf, room, 0, &wrapped[offset..], role, ctx);
    }
}
