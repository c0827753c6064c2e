use super::Send;
use super::words::{delivery_role, filter_words, job_state_word, meaning, state_word};
use crate::domain::job::Job;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::DeliveryFilter;
use crate::tui::keys::Action;
use crate::tui::panes::{notice, row};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Panel};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Send {
    /// Draws gauge and rows in a frame.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let inner = panel.draw(area, buf, ctx);
        let body = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if self.job().is_none() {
            notice(buf, inner, &empty_text(ctx), ctx);
            return None;
        }
        self.view_gauge(body, buf, ctx);
        self.view_pace(body, buf, ctx);
        let head = self.head_lines() as u16;
        let rows = Rect { y: inner.y + head, height: inner.height.saturating_sub(head), ..inner };
        let (rows, cursor) = self.rows.finder.view(panel.focused, rows, buf, ctx);
        if self.rows.shown.is_empty() {
            notice(buf, rows, &self.no_rows_text(ctx), ctx);
        }
        for (at, index) in self.rows.cursor.visible(self.rows.shown.len()) {
            self.view_row(index, (buf, rows, at), panel.focused, ctx);
        }
        cursor
    }

    /// Draws the gauge alone, in one line without a frame.
    pub fn view_line(&self, number: u8, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let mut line = Line::new(buf, area, 0);
        line.put(&format!(" {number} "), ctx.style(Role::Key))
            .put(ctx.say("send.title"), ctx.style(Role::Title))
            .put("  ", ctx.style(Role::Dim));
        if self.job().is_none() {
            line.put(&empty_text(ctx), ctx.style(Role::Dim));
            return;
        }
        let rest = Rect { x: line.x(), width: line.room() as u16, ..area };
        self.view_short_gauge(rest, buf, ctx);
    }

    /// What stands in the title: the job and its filter.
    pub fn title(&self, ctx: &Context) -> String {
        match self.job() {
            Some(job) => {
                let id = job.id.to_string();
                let title = ctx.say_with("send.job", &[("id", &id), ("title", &job.title)]);
                let title = format!("{title} · {}", self.state_word(job, ctx));
                match self.rows.filter {
                    filter @ DeliveryFilter::Code(_) => format!("{title} · {}", filter_words(filter, ctx)),
                    _ => title,
                }
            }
            None => ctx.say("send.title").to_owned(),
        }
    }

    fn state_word(&self, job: &Job, ctx: &Context) -> &'static str {
        if self.jobs.runs_elsewhere(job) { ctx.say("job.elsewhere") } else { job_state_word(job.state, ctx) }
    }

    /// What stands at the right of the title.
    pub fn aside(&self, ctx: &Context) -> String {
        match self.job() {
            Some(_) => {
                let (at, of) = self.jobs.place();
                match self.rows.filter {
                    DeliveryFilter::Code(_) => format!("{at}/{of}"),
                    filter => format!("{}  {at}/{of}", filter_words(filter, ctx)),
                }
            }
            None => String::new(),
        }
    }

    fn view_row(&self, index: usize, (buf, area, at): (&mut Buffer, Rect, usize), focused: bool, ctx: &Context) {
        let (delivery, name) = &self.rows.list[self.rows.shown[index]];
        let (mut line, style) = row(buf, area, at, index == self.rows.cursor.at, focused, ctx);
        let dim = style.patch(ctx.style(Role::Dim));
        let wide = area.width >= 100;
        line.column(name, if wide { 12 } else { 8 }, style).put(" ", style);
        line.column(delivery.openid.as_str(), if wide { 18 } else { 10 }, dim).put(" ", style);
        let (word, role) = (state_word(delivery.state, ctx), delivery_role(delivery));
        line.column(word, 9, style.patch(ctx.style(role))).put(" ", style);
        line.put(&format!("{}× ", delivery.attempts), dim);
        line.put(&width::pad_left(&delivery.errcode.map_or_else(|| "-".to_owned(), |code| code.to_string()), 6), style)
            .put("  ", style);
        let job = self.job().map(|job| (job, self.template_of(job)));
        line.put(&meaning(delivery, job, ctx), style);
    }

    fn no_rows_text(&self, ctx: &Context) -> String {
        let key = ctx.key(Action::Filter);
        match self.rows.filter {
            _ if !self.rows.list.is_empty() && self.rows.has_more() => {
                let count = number::thousands(self.rows.list.len() as u64);
                ctx.say_with("send.not_found", &[("count", &count), ("key", &ctx.key(Action::Bottom))])
            }
            _ if !self.rows.list.is_empty() => ctx.say("list.no_match").to_owned(),
            DeliveryFilter::Problems => ctx.say_with("send.no_problems", &[("key", &key)]),
            _ => ctx.say_with("send.no_rows", &[("key", &key)]),
        }
    }
}

/// The way to a first send.
fn empty_text(ctx: &Context) -> String {
    let keys = [ctx.key(Action::FocusTemplates), ctx.key(Action::FocusTags), ctx.key(Action::Send)];
    ctx.say_with("send.first_steps", &[("templates", &keys[0]), ("tags", &keys[1]), ("send", &keys[2])])
}
