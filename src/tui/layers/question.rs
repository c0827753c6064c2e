use super::{Then, lines, popup};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::Effect;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Yes or no; yes asks for the effect.
#[derive(Debug)]
pub struct Question {
    text: String,
    effect: Option<Effect>,
}

impl Question {
    pub fn new(text: impl Into<String>, effect: impl Into<Effect>) -> Self {
        Self { text: text.into(), effect: Some(effect.into()) }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Enter | Code::Char('y' | 'Y') => out.effects.extend(self.effect.take()),
            Code::Esc | Code::Char('n' | 'N') => {}
            _ => return Then::Stay,
        }
        Then::Close
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = 60.min(usize::from(area.width).saturating_sub(8));
        let wrapped = width::wrap(&self.text, columns);
        let room = popup(area, (columns + 6, wrapped.len() + 5), ctx.say("question.title"), ctx.say("question.hint"), buf, ctx);
        lines(buf, room, 0, &wrapped, Role::Text, ctx);
    }
}
