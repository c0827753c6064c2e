use super::{Then, popup};
use crate::domain::account::{PaceLimits, Rate};
use crate::domain::id::JobId;
use crate::tui::context::Context;
use crate::tui::effect::SendEffect;
use crate::tui::input::{Code, Key};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the names before the fields.
const LABELS: usize = 22;

/// How fast a job goes, to be changed while it runs or waits.
#[derive(Debug)]
pub struct Pace {
    job: JobId,
    rate: Number,
    in_flight: Number,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Rate,
    InFlight,
}

/// A field with a number in it, which the first digit replaces: nobody means 5025 who types 25 over 50.
#[derive(Debug)]
struct Number {
    field: Field,
    untouched: bool,
    wrong: bool,
}

impl Pace {
    /// The pace that the job has now, to be changed.
    pub fn new(job: JobId, now: PaceLimits) -> Self {
        Self { job, rate: Number::new(now.rate.0), in_flight: Number::new(now.concurrency), at: At::Rate }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter => return self.apply(out),
            Code::Tab | Code::BackTab | Code::Up | Code::Down => {
                self.at = if self.at == At::Rate { At::InFlight } else { At::Rate };
            }
            _ => self.number_mut().edit(key),
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        let number = self.number_mut();
        number.field.set(text);
        (number.untouched, number.wrong) = (false, false);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let title = ctx.say_with("pace.title", &[("id", &self.job.to_string())]);
        let room = popup(area, (62, 11), &title, ctx.say("pace.hint"), buf, ctx);
        let most = PaceLimits::MAX_CONCURRENCY.to_string();
        let rate = (ctx.say("pace.rate"), ctx.say("pace.about_rate").to_owned());
        let in_flight = (ctx.say("pace.in_flight"), ctx.say_with("pace.about_in_flight", &[("most", &most)]));
        let first = self.rate.view(&rate, self.at == At::Rate, Rect { height: 2, ..room }, buf, ctx);
        let below = Rect { y: room.y + 3, height: 2, ..room }.intersection(room);
        first.or(self.in_flight.view(&in_flight, self.at == At::InFlight, below, buf, ctx))
    }

    /// Asks for the new pace, or shows which number is none.
    fn apply(&mut self, out: &mut Out) -> Then {
        let rate: Option<Rate> = self.rate.field.text().parse().ok();
        let in_flight: Option<u32> = self.in_flight.field.text().trim().parse().ok();
        let in_flight = in_flight.filter(|count| (1..=PaceLimits::MAX_CONCURRENCY).contains(count));
        (self.rate.wrong, self.in_flight.wrong) = (rate.is_none(), in_flight.is_none());
        let (Some(rate), Some(concurrency)) = (rate, in_flight) else {
            self.at = if rate.is_none() { At::Rate } else { At::InFlight };
            return Then::Stay;
        };
        out.ask(SendEffect::SetPace { job: self.job, pace: PaceLimits { rate, concurrency } });
        Then::Close
    }

    fn number_mut(&mut self) -> &mut Number {
        match self.at {
            At::Rate => &mut self.rate,
            At::InFlight => &mut self.in_flight,
        }
    }
}

impl Number {
    fn new(number: u32) -> Self {
        Self { field: Field::new(&number.to_string()), untouched: true, wrong: false }
    }

    fn edit(&mut self, key: Key) {
        if self.untouched && (key.typed().is_some() || key.code == Code::Backspace) {
            self.field.set("");
        }
        self.field.on_key(key);
        (self.untouched, self.wrong) = (false, false);
    }

    fn view(&self, (label, about): &(&str, String), here: bool, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut line = Line::new(buf, area, 0);
        line.put(if here { "▸ " } else { "  " }, ctx.style(Role::Accent));
        line.column(label, LABELS - 2, ctx.style(if here { Role::Strong } else { Role::Dim }));
        let field = Rect { x: line.x(), width: line.room() as u16, height: area.height.min(1), ..area };
        let role = if here && self.untouched { Role::Marked } else { Role::Value };
        let cursor = self.field.draw(field, buf, Look::new(role, here, ctx));
        let (about, role) = if self.wrong { (format!("✗ {about}"), Role::Error) } else { (about.clone(), Role::Hint) };
        Line::new(buf, area, 1).skip(LABELS).put(&about, ctx.style(role));
        cursor
    }
}
