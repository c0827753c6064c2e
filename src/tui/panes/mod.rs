//! The panes of the workbench. Each has its state, its update and its view in one place and knows none of the others.

mod accounts;
pub mod compose;
mod preview;
mod send;
mod tags;
mod templates;
mod users;

pub use accounts::Accounts;
pub use compose::Compose;
pub use preview::Preview;
pub use send::{
    Send, audience_of, delivery_role, job_role, job_sign, job_state_word, meaning, retry, state_word, stop_words, told,
};
pub use tags::Tags;
pub use templates::Templates;
pub use users::Users;

use super::context::Context;
use super::theme::Role;
use super::widgets::Line;
use crate::text::width;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A pane, by the number that leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaneId {
    Accounts,
    Templates,
    Tags,
    Users,
    Compose,
    Preview,
    Send,
}

impl PaneId {
    /// In the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Accounts, Self::Templates, Self::Tags, Self::Users, Self::Compose, Self::Preview, Self::Send];

    /// The number on its frame and the key that leads to it.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The one after it, around.
    pub fn next(self, by: isize) -> Self {
        let len = Self::ALL.len() as isize;
        Self::ALL[(self as isize + by).rem_euclid(len) as usize]
    }
}

/// Starts a row of a list: the bar and the mark of the selection, then the text goes on with the style it gives.
fn row<'a>(buf: &'a mut Buffer, area: Rect, at: usize, selected: bool, focused: bool, ctx: &Context) -> (Line<'a>, Style) {
    let style = match (selected, focused) {
        (true, true) => ctx.style(Role::Selected),
        (true, false) => ctx.style(Role::SelectedElsewhere),
        _ => ctx.style(Role::Text),
    };
    let mut line = Line::new(buf, area, at);
    if selected && focused {
        line.fill(style);
    }
    line.put(if selected && focused { "▸ " } else { "  " }, style);
    (line, style)
}

/// Something other than rows: what is missing, and what to press.
fn notice(buf: &mut Buffer, area: Rect, text: &str, ctx: &Context) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    for (at, line) in width::wrap(text, usize::from(inner.width)).iter().enumerate().take(usize::from(inner.height)) {
        Line::new(buf, inner, at).put(line, ctx.style(Role::Dim));
    }
}
