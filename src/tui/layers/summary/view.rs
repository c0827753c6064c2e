//! The page, from the title down to what to do next; where there is little room, it gets shorter and says the same.

use super::super::popup;
use super::Summary;
use crate::domain::delivery::State;
use crate::domain::errcode::explain_on;
use crate::domain::job::Call;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::panes::{audience_of, job_state_word, state_word};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, bars, in_columns};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

/// Columns of the page.
const COLUMNS: usize = 92;
/// Columns of a count and of a code.
const NUMBERS: (usize, usize) = (7, 8);

/// What is written together: a text and the part it plays.
type Span = (String, Role);

/// What is wished for, if there is room: so many more lines, and what becomes of the plan.
type Wish = (usize, fn(&mut Plan));

/// Lines that there are more or fewer of by the room there is.
#[derive(Debug, Default, Clone, Copy)]
struct Plan {
    blank: usize,
    gauge: usize,
    chart: usize,
    codes: usize,
}

impl Summary {
    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        // The frame and what is around it take six columns; five lines.
        let columns = COLUMNS.min(usize::from(area.width).saturating_sub(8));
        let (counts, facts, offers) = (self.counts(columns, ctx), self.facts(ctx), self.offered(columns, ctx));
        let margin = if area.height < 20 { 5 } else { 7 };
        let fixed = 2 + counts.len() + facts.len() + offers.len();
        let plan = self.plan(usize::from(area.height).saturating_sub(margin + fixed));
        let height = fixed + 4 * plan.blank + plan.gauge + plan.chart + plan.codes;
        let args = [("id", &*self.job.id.to_string()), ("state", job_state_word(self.job.state, ctx))];
        let title = ctx.say_with("summary.title", &args);
        let room = popup(area, (columns + 6, height + 5), &title, ctx.say("summary.hint"), buf, ctx);
        let mut page = Page { buf, room, row: 0, ctx };
        self.head(&mut page);
        page.row += plan.blank;
        self.gauge(plan.gauge, &mut page);
        page.spans(&counts);
        page.row += plan.blank;
        page.spans(&facts);
        self.chart(plan.chart, &mut page);
        page.row += plan.blank;
        self.codes(plan.codes, &mut page);
        page.row += plan.blank;
        page.spans(&offers);
    }

    /// Spends the lines that are left on what is worth the most first.
    fn plan(&self, mut left: usize) -> Plan {
        let mut plan = Plan { gauge: 1, codes: 1, ..Plan::default() };
        left = left.saturating_sub(2);
        let codes = self.codes.as_ref().map_or(3, |_| self.code_lines().len().max(1));
        let has_course = self.course.len() > 1;
        let wishes: [Wish; 7] = [
            (codes.min(2) - 1, |plan| plan.codes = 2),
            (4, |plan| plan.blank = 1),
            (usize::from(has_course), |plan| plan.chart = 1),
            (codes.clamp(2, 3) - 2, |plan| plan.codes = 3),
            (1, |plan| plan.gauge = 2),
            (codes.clamp(3, 4) - 3, |plan| plan.codes = 4),
            (usize::from(has_course), |plan| plan.chart = 2),
        ];
        for (cost, grant) in wishes {
            if cost > 0 && cost <= left {
                left -= cost;
                grant(&mut plan);
            }
        }
        if plan.codes > 2 {
            plan.codes = codes.min(plan.codes + left).min(6);
        }
        plan
    }

    /// What was sent, from whom and to whom, and how much of it was accepted.
    fn head(&self, page: &mut Page) {
        let (job, ctx) = (&self.job, page.ctx);
        let counts = job.counts;
        let [accepted, total] = [counts.accepted, counts.total].map(number::thousands);
        // Never rounded up: all of them is all of them.
        let mille = (u128::from(counts.accepted) * 1000).checked_div(u128::from(counts.total)).unwrap_or(1000);
        let role = if counts.accepted == counts.total { Role::Ok } else { Role::Strong };
        let mut line = page.line();
        line.right(&format!("{accepted}/{total}   {}.{} %", mille / 10, mille % 10), ctx.style(role));
        line.put(&job.title, ctx.style(Role::Strong));
        let mut line = page.line();
        let excluded = job.excluded.total();
        if excluded > 0 {
            let words = ctx.say_with("summary.excluded", &[("count", &number::thousands(excluded))]);
            line.right(&words, ctx.style(Role::Dim));
        }
        line.put(&self.account, ctx.style(Role::Text)).put(" → ", ctx.style(Role::Dim));
        line.put(&audience_of(job, ctx), ctx.style(Role::Text));
    }

    /// How many ended how, with the sign that stands for it in the gauge.
    fn shares(&self) -> [(State, u64, &'static str, Role); 4] {
        let counts = self.job.counts;
        [
            (State::Accepted, counts.accepted, "█", Role::Ok),
            (State::Failed, counts.failed, "✗", Role::Error),
            (State::Unknown, counts.unknown, "?", Role::Warning),
            (State::Skipped, counts.skipped, "░", Role::Dim),
        ]
    }

    /// A bar in which each has its share, and nothing that happened is too little to be seen.
    fn gauge(&self, rows: usize, page: &mut Page) {
        let ctx = page.ctx;
        let shares = self.shares();
        let columns = split(shares.map(|(_, count, _, _)| count), usize::from(page.room.width));
        for _ in 0..rows {
            let mut line = page.line();
            for ((_, _, sign, role), columns) in shares.into_iter().zip(columns) {
                line.put(&sign.repeat(columns), ctx.style(role));
            }
        }
    }

    fn counts(&self, columns: usize, ctx: &Context) -> Vec<Vec<Span>> {
        let shares = self.shares().into_iter().filter(|(state, count, _, _)| *count > 0 || *state == State::Accepted);
        let words = shares.map(|(state, count, sign, role)| {
            let text = format!(" {} {}", state_word(state, ctx), number::thousands(count));
            vec![(sign.to_owned(), role), (text, role)]
        });
        flow(words, columns)
    }

    /// How long it took, and how fast that was.
    fn facts(&self, ctx: &Context) -> Vec<Vec<Span>> {
        let job = &self.job;
        let time = number::duration(Duration::from_millis(job.running_ms), ctx.settings.lang);
        let took = match job.finished_at {
            Some(at) => {
                let at = number::date_time(at, &ctx.settings.zone);
                ctx.say_with("summary.took_until", &[("time", &time), ("at", &at)])
            }
            None => time,
        };
        let average = (job.running_ms > 0).then(|| job.counts.settled() as f64 * 1000.0 / job.running_ms as f64);
        let said = |key, rate: f64| ctx.say_with(key, &[("rate", &number::rate(rate, ctx.settings.lang))]);
        // Seen from outside, the best of a short run may be less than what it was as a whole.
        let best = self.best.map(|best| best.max(average.unwrap_or_default()));
        let speed = average.map(|rate| said("summary.average", rate)).into_iter();
        let speed: Vec<String> = speed.chain(best.map(|rate| said("summary.best", rate))).collect();
        let facts = [("summary.took", took), ("summary.speed", speed.join(" · "))];
        let labels = facts.each_ref().map(|(label, _)| ctx.say(label));
        let label = labels.iter().map(|label| width::columns(label)).max().unwrap_or_default() + 2;
        let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
        facts.map(|(key, text)| vec![(width::pad(ctx.say(key), label), Role::Dim), (text, Role::Text)]).collect()
    }

    /// The speed over the whole run.
    fn chart(&self, rows: usize, page: &mut Page) {
        if rows > 0 {
            let values = in_columns(&self.course, usize::from(page.room.width));
            for row in bars(&values, rows, page.ctx.settings.ascii) {
                page.spans(&[vec![(row, Role::Busy)]]);
            }
        }
    }

    /// What went wrong, the most frequent first: how many, the code, and what it is. Those without a code come last.
    fn code_lines(&self) -> Vec<(u64, Option<i64>)> {
        let codes = self.codes.as_deref().unwrap_or_default();
        let counts = self.job.counts;
        let ended = counts.failed + counts.unknown + counts.skipped;
        let without = ended.saturating_sub(codes.iter().map(|code| code.count).sum());
        let lines = codes.iter().map(|code| (code.count, Some(code.errcode)));
        lines.chain((without > 0).then_some((without, None))).collect()
    }

    fn codes(&self, rows: usize, page: &mut Page) {
        let ctx = page.ctx;
        if self.codes.is_none() {
            page.spans(&[vec![(ctx.say("errors.counting").to_owned(), Role::Busy)]]);
            page.row += rows.saturating_sub(1);
            return;
        }
        let all = self.code_lines();
        if all.is_empty() {
            return page.spans(&[vec![(ctx.say("summary.all_well").to_owned(), Role::Ok)]]);
        }
        // Where there is a line only, it is for the most frequent.
        let shown = if all.len() > rows { rows.saturating_sub(1).max(1) } else { all.len() };
        for (count, code) in &all[..shown] {
            let words = match code {
                Some(code) => explain_on(*code, Call::Send.path(), ctx.settings.lang).meaning.into_owned(),
                None => ctx.say("errors.without").to_owned(),
            };
            let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
            page.spans(&[vec![
                (width::pad_left(&number::thousands(*count), NUMBERS.0), Role::Error),
                (width::pad_left(&code, NUMBERS.1), Role::Strong),
                (format!("  {words}"), Role::Text),
            ]]);
        }
        if shown < rows.min(all.len()) {
            let others = number::thousands(all[shown..].iter().map(|(count, _)| count).sum());
            page.spans(&[vec![
                (width::pad_left(&others, NUMBERS.0), Role::Dim),
                (format!("  {}", ctx.say("summary.more_codes")), Role::Dim),
            ]]);
        }
    }

    fn offered(&self, columns: usize, ctx: &Context) -> Vec<Vec<Span>> {
        let offers = self.offers();
        flow(
            offers.map(|(letter, _, key)| vec![(letter.to_string(), Role::Key), (format!(" {}", ctx.say(key)), Role::Text)]),
            columns,
        )
    }
}

/// Where the next line goes.
struct Page<'a> {
    buf: &'a mut Buffer,
    room: Rect,
    row: usize,
    ctx: &'a Context,
}

impl Page<'_> {
    fn line(&mut self) -> Line<'_> {
        self.row += 1;
        Line::new(self.buf, self.room, self.row - 1)
    }

    fn spans(&mut self, lines: &[Vec<Span>]) {
        let ctx = self.ctx;
        for spans in lines {
            let mut line = self.line();
            for (text, role) in spans {
                line.put(text, ctx.style(*role));
            }
        }
    }
}

/// Words side by side, in as many lines as they need; closer to each other where that saves a line.
fn flow(words: impl Iterator<Item = Vec<Span>>, columns: usize) -> Vec<Vec<Span>> {
    let words: Vec<Vec<Span>> = words.collect();
    let wide = flowed(&words, 3, columns);
    if wide.len() > 1 { flowed(&words, 2, columns) } else { wide }
}

fn flowed(words: &[Vec<Span>], gap: usize, columns: usize) -> Vec<Vec<Span>> {
    let width = |spans: &[Span]| spans.iter().map(|(text, _)| width::columns(text)).sum::<usize>();
    let mut lines: Vec<Vec<Span>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if width(line) + gap + width(word) <= columns => {
                line.push((" ".repeat(gap), Role::Text));
                line.extend(word.clone());
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}

/// Shares of so many columns, in proportion: what there is any of has one at least, at the cost of the largest.
fn split(counts: [u64; 4], columns: usize) -> [usize; 4] {
    let total = u128::from(counts.iter().sum::<u64>().max(1));
    let mut shares = counts.map(|count| match count {
        0 => 0,
        count => ((u128::from(count) * columns as u128 / total) as usize).max(1),
    });
    let largest = (0..4).max_by_key(|at| counts[*at]).unwrap_or_default();
    let others = shares.iter().sum::<usize>() - shares[largest];
    if counts[largest] > 0 {
        shares[largest] = columns.saturating_sub(others);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn shares_fill_the_bar_and_none_is_lost() {
        for (counts, expected) in [
            ([872, 0, 0, 0], [60, 0, 0, 0]),
            ([860, 8, 3, 1], [57, 1, 1, 1]),
            ([1, 3, 0, 0], [15, 45, 0, 0]),
            ([1_000_000, 1, 0, 0], [59, 1, 0, 0]),
            ([0, 0, 0, 7], [0, 0, 0, 60]),
            ([0, 0, 0, 0], [0, 0, 0, 0]),
        ] {
            assert_eq!(split(counts, 60), expected, "{counts:?}");
        }
    }
}
