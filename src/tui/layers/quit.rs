use super::{Then, lines, popup};
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Leaving while a job runs: pause it, or let it finish first, or stay.
#[derive(Debug)]
pub struct Quit {
    queued: u64,
    finish: bool,
}

impl Quit {
    pub fn new(queued: u64) -> Self {
        Self { queued, finish: false }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Up | Code::Down | Code::Tab | Code::Char('j' | 'k') => {
                self.finish = !self.finish;
                return Then::Stay;
            }
            Code::Char('p') => out.ask(SystemEffect::Quit { finish_jobs: false }),
            Code::Char('f') => out.ask(SystemEffect::Quit { finish_jobs: true }),
            Code::Enter => out.ask(SystemEffect::Quit { finish_jobs: self.finish }),
            Code::Esc | Code::Char('n' | 'q') => {}
            _ => return Then::Stay,
        }
        Then::Close
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let text = ctx.say_with("quit.text", &[("count", &number::thousands(self.queued))]);
        let wrapped = width::wrap(&text, 56);
        let room = popup(area, (64, wrapped.len() + 8), ctx.say("quit.title"), ctx.say("quit.hint"), buf, ctx);
        let row = lines(buf, room, 0, &wrapped, Role::Text, ctx);
        for (at, (key, text, chosen)) in
            [("p", ctx.say("quit.pause"), !self.finish), ("f", ctx.say("quit.finish"), self.finish)].into_iter().enumerate()
        {
            let mut line = Line::new(buf, room, row + 1 + at);
            let style = if chosen { ctx.style(Role::Selected) } else { ctx.style(Role::Text) };
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
            line.put(key, style.patch(ctx.style(Role::Key))).put(&format!("  {text}"), style);
        }
    }
}
