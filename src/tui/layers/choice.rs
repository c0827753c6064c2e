use super::{Then, lines, popup, popup_room};
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{Effect, RunningJobs, SystemEffect};
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Pressed};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One of several things to do. The first is chosen at the start, so it has to be the harmless one: whoever types when this opens
/// does no damage.
#[derive(Debug)]
pub struct Choice {
    title: String,
    text: String,
    hint: &'static str,
    items: Vec<Item>,
    at: usize,
}

#[derive(Debug)]
struct Item {
    key: char,
    text: String,
    /// Nothing: the layer closes, and that is all.
    out: Out,
}

impl Choice {
    /// A question with its text; `hint` says how to choose, and what escape does.
    pub fn new(title: impl Into<String>, text: impl Into<String>, hint: &'static str) -> Self {
        Self { title: title.into(), text: text.into(), hint, items: Vec::new(), at: 0 }
    }

    /// One more thing to do, and the letter that does it.
    pub fn or(self, key: char, text: impl Into<String>, effect: Option<Effect>) -> Self {
        self.or_does(key, text, Out { effects: effect.into_iter().collect(), ..Out::default() })
    }

    /// The same, where more belongs to it than an effect.
    pub fn or_does(mut self, key: char, text: impl Into<String>, out: Out) -> Self {
        self.items.push(Item { key, text: text.into(), out });
        self
    }

    /// What becomes of the jobs that run when the screen is left.
    pub fn quit(queued: u64, ctx: &Context) -> Self {
        let leave = |jobs| Some(SystemEffect::Quit { jobs }.into());
        let mut text = ctx.say_with("quit.text", &[("count", &number::thousands(queued))]);
        if !ctx.settings.can_hand_over {
            text = format!("{text}\n\n{}", ctx.say("send.no_hand_over"));
        }
        let choice = Self::new(ctx.say("quit.title"), text, ctx.say("quit.hint"))
            .or('p', ctx.say("quit.pause"), leave(RunningJobs::Pause))
            .or('f', ctx.say("quit.finish"), leave(RunningJobs::Finish));
        if ctx.settings.can_hand_over {
            return choice.or('b', ctx.say("quit.hand_over"), leave(RunningJobs::HandOver));
        }
        choice
    }

    /// Whether it has something to do under a letter.
    pub fn names(&self, letter: char) -> bool {
        self.items.iter().any(|item| item.key == letter)
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if let Some(at) = self.items.iter().position(|item| key.typed() == Some(item.key)) {
            return self.choose(at, out);
        }
        match key.code {
            Code::Enter => return self.choose(self.at, out),
            Code::Up | Code::BackTab => self.at = (self.at + self.items.len() - 1) % self.items.len().max(1),
            Code::Down | Code::Tab => self.at = (self.at + 1) % self.items.len().max(1),
            Code::Esc | Code::Char('n') => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let (wrapped, size) = self.size(area);
        let room = popup(area, size, &self.title, self.hint, buf, ctx);
        // Where there is not room for all of it, the things to do are what has to be seen.
        let shown = self.shown(&wrapped, room);
        let row = lines(buf, room, 0, &wrapped[..shown], Role::Text, ctx);
        for (at, item) in self.items.iter().enumerate() {
            let chosen = at == self.at;
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row + 1 + at);
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
            line.put(&item.key.to_string(), style.patch(ctx.style(Role::Key))).put(&format!("  {}", item.text), style);
        }
    }

    /// Chooses the thing to do at a place.
    pub(super) fn press(&mut self, at: Position, window: Rect) -> Pressed {
        let (wrapped, size) = self.size(window);
        let room = popup_room(window, size);
        let first = usize::from(room.y) + self.shown(&wrapped, room) + 1;
        match usize::from(at.y).checked_sub(first) {
            Some(index) if room.contains(at) && index < self.items.len() => {
                if std::mem::replace(&mut self.at, index) == index {
                    Pressed::Again
                } else {
                    Pressed::Selected
                }
            }
            _ => Pressed::Nothing,
        }
    }

    fn size(&self, area: Rect) -> (Vec<String>, (usize, usize)) {
        let columns = 64.min(usize::from(area.width).saturating_sub(8));
        let wrapped = width::wrap(&self.text, columns);
        let size = (columns + 6, wrapped.len() + self.items.len() + 6);
        (wrapped, size)
    }

    /// How many lines of its text find room.
    fn shown(&self, wrapped: &[String], room: Rect) -> usize {
        wrapped.len().min(usize::from(room.height).saturating_sub(self.items.len() + 1))
    }

    fn choose(&mut self, at: usize, out: &mut Out) -> Then {
        if let Some(item) = self.items.get_mut(at) {
            out.append(std::mem::take(&mut item.out));
        }
        Then::Close
    }
}
