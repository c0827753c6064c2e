//! What was told: toasts over the footer that go by themselves or at the next key, and a log of everything.

use super::context::Context;
use super::layers::Layer;
use super::msg::Level;
use super::theme::Role;
use super::widgets::Line;
use crate::text::width;
use jiff::{SignedDuration, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::VecDeque;

/// How long a toast stays if no key is pressed.
const STAYS: SignedDuration = SignedDuration::from_secs(8);
/// Most toasts at once, the one in the footer among them.
const STACKED: usize = 4;
/// Most that the log keeps.
const KEPT: usize = 200;

/// Something that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// How bad it was.
    pub level: Level,
    /// For people.
    pub text: String,
}

/// Toasts and log.
#[derive(Debug, Default)]
pub struct Notices {
    /// The newest last.
    log: VecDeque<Note>,
    /// So many of the newest are shown as toasts.
    shown: usize,
}

impl Notices {
    /// Tells something in a toast.
    pub fn toast(&mut self, level: Level, text: String, at: Timestamp) {
        self.keep(Note { at, level, text });
        self.shown = (self.shown + 1).min(STACKED).min(self.log.len());
    }

    /// Keeps what is told in a layer, which stays until it is read.
    pub fn note_layers(&mut self, layers: &[Layer], at: Timestamp) {
        for layer in layers {
            if let Layer::Notice(notice) = layer {
                let (level, text) = notice.told();
                self.keep(Note { at, level, text: text.to_owned() });
                self.shown = 0;
            }
        }
    }

    /// A key was pressed: what was shown was seen.
    pub fn dismiss(&mut self) {
        self.shown = 0;
    }

    /// When the next toast goes; none if none is there.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.toasts().next().map(|note| note.at + STAYS)
    }

    /// Lets those go whose time is over.
    pub fn expire(&mut self, now: Timestamp) {
        self.shown = self.toasts().filter(|note| note.at + STAYS > now).count();
    }

    /// The toasts, the newest last.
    pub fn toasts(&self) -> impl Iterator<Item = &Note> {
        self.log.iter().skip(self.log.len() - self.shown)
    }

    /// Everything that was told, the newest first.
    pub fn log(&self) -> Vec<Note> {
        self.log.iter().rev().cloned().collect()
    }

    fn keep(&mut self, note: Note) {
        if self.log.len() == KEPT {
            self.log.pop_front();
        }
        self.log.push_back(note);
    }

    /// Draws those that do not stand in the footer, at the right above it.
    pub fn view(&self, footer: Rect, buf: &mut Buffer, ctx: &Context) {
        let older: Vec<&Note> = self.toasts().collect();
        let older = older.split_last().map_or(&[][..], |(_, older)| older);
        for (at, note) in older.iter().rev().enumerate() {
            let text = format!(" {} {} ", sign(note.level), note.text);
            let columns = (width::columns(&text) as u16).min(footer.width);
            let y = footer.y.saturating_sub(at as u16 + 1);
            let area = Rect { x: footer.right() - columns, y, width: columns, height: 1 };
            super::layers::clear(area, buf);
            let style = ctx.style(Role::Marked).patch(ctx.style(role(note.level)));
            Line::new(buf, area, 0).fill(style).put(&text, style);
        }
    }
}

/// How bad it is, as a sign.
pub fn sign(level: Level) -> &'static str {
    match level {
        Level::Info => "✓",
        Level::Warning => "!",
        Level::Error => "✗",
    }
}

/// How it is drawn.
pub fn role(level: Level) -> Role {
    match level {
        Level::Info => Role::Ok,
        Level::Warning => Role::Warning,
        Level::Error => Role::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toasts_stack_and_go_and_the_log_keeps_them() {
        let mut notices = Notices::default();
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        for second in 0..6 {
            notices.toast(Level::Info, format!("{second}"), at(second));
        }
        let texts = |notices: &Notices| notices.toasts().map(|note| note.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&notices), ["2", "3", "4", "5"]);
        assert_eq!(notices.next_expiry(), Some(at(10)));
        notices.expire(at(11));
        assert_eq!(texts(&notices), ["4", "5"]);
        notices.dismiss();
        assert_eq!((texts(&notices).len(), notices.next_expiry()), (0, None));
        assert_eq!(notices.log().iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["5", "4", "3", "2", "1", "0"]);
        for _ in 0..KEPT {
            notices.toast(Level::Error, "x".into(), at(20));
        }
        assert_eq!((notices.log().len(), texts(&notices).len()), (KEPT, STACKED));
    }
}
