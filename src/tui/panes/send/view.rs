use super::Send;
use crate::domain::delivery::{Delivery, State};
use crate::domain::errcode::explain_on;
use crate::domain::job::{JobState, StopReason};
use crate::domain::lang::Lang;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::DeliveryFilter;
use crate::tui::keys::Action;
use crate::tui::msg::JobProgress;
use crate::tui::panes::{notice, row};
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Panel, gauge};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

/// The call whose codes are explained here.
pub const SEND_CALL: &str = "/cgi-bin/message/template/send";

impl Send {
    /// Draws gauge and rows in a frame.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let inner = panel.draw(area, buf, ctx);
        let body = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        if self.job().is_none() {
            return notice(buf, inner, &empty_text(ctx), ctx);
        }
        self.view_gauge(body, buf, ctx);
        let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        if self.rows.is_empty() {
            notice(buf, rows, &self.no_rows_text(ctx), ctx);
        }
        for (at, index) in self.cursor.visible(self.rows.len()) {
            self.view_row(index, (buf, rows, at), panel.focused, ctx);
        }
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
        self.view_gauge(rest, buf, ctx);
    }

    /// What stands in the title: the job and its filter.
    pub fn title(&self, ctx: &Context) -> String {
        match self.job() {
            Some(job) => {
                let id = job.id.to_string();
                format!(
                    "{} · {}",
                    ctx.say_with("send.job", &[("id", &id), ("title", &job.title)]),
                    job_state_word(job.state, ctx)
                )
            }
            None => ctx.say("send.title").to_owned(),
        }
    }

    /// What stands at the right of the title.
    pub fn aside(&self, ctx: &Context) -> String {
        match self.job() {
            Some(_) => format!("{}  {}/{}", filter_word(self.filter, ctx), self.shown + 1, self.jobs.len()),
            None => String::new(),
        }
    }

    fn view_gauge(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let Some(job) = self.job() else { return };
        let counts = job.counts;
        let progress = self.progress.as_ref().filter(|progress| progress.job == job.id);
        let mut line = Line::new(buf, area, 0);
        let width = (usize::from(area.width) / 5).clamp(6, 30);
        let (full, empty) = gauge(counts.settled(), counts.total, width, ctx.settings.ascii);
        line.put(&full, ctx.style(Role::Accent)).put(&empty, ctx.style(Role::Border));
        let text = |n: u64| number::thousands(n);
        line.put(&format!(" {}/{} ", text(counts.settled()), text(counts.total)), ctx.style(Role::Strong));
        match (job.state, progress) {
            (JobState::Running, Some(progress)) => {
                line.put(&format!(" {} ", number::rate(progress.rate_per_sec)), ctx.style(Role::Busy));
                line.put(&eta(progress, ctx), ctx.style(Role::Busy));
            }
            (state, _) => {
                let role = if state == JobState::Done { Role::Ok } else { Role::Warning };
                line.put(&format!(" {} ", job_state_word(state, ctx)), ctx.style(role));
            }
        }
        let retrying = progress.map_or(0, |progress| progress.retrying);
        for (count, key, role, always) in [
            (counts.accepted, "send.ok", Role::Ok, true),
            (counts.failed, "send.failed", Role::Error, true),
            (counts.unknown, "send.unknown", Role::Warning, false),
            (counts.skipped, "send.skipped", Role::Dim, false),
            (retrying, "send.retrying", Role::Busy, false),
        ] {
            if always || count > 0 {
                let role = if count == 0 { Role::Dim } else { role };
                line.put(&format!(" {} {} ", ctx.say(key), text(count)), ctx.style(role));
            }
        }
        if let Some(reason) = &job.reason {
            line.put(&format!(" {}", stop_words(reason, ctx)), ctx.style(Role::Warning));
        }
    }

    fn view_row(&self, index: usize, (buf, area, at): (&mut Buffer, Rect, usize), focused: bool, ctx: &Context) {
        let (delivery, name) = &self.rows[index];
        let (mut line, style) = row(buf, area, at, index == self.cursor.at, focused, ctx);
        let dim = style.patch(ctx.style(Role::Dim));
        let wide = area.width >= 100;
        line.column(name, if wide { 12 } else { 8 }, style).put(" ", style);
        line.column(delivery.openid.as_str(), if wide { 18 } else { 10 }, dim).put(" ", style);
        let (word, role) = (state_word(delivery.state, ctx), state_role(delivery.state));
        line.column(word, 9, style.patch(ctx.style(role))).put(" ", style);
        line.put(&format!("{}× ", delivery.attempts), dim);
        line.put(&width::pad_left(&delivery.errcode.map_or_else(|| "-".to_owned(), |code| code.to_string()), 6), style)
            .put("  ", style);
        line.put(&meaning(delivery, ctx), style);
    }

    fn no_rows_text(&self, ctx: &Context) -> String {
        let key = ctx.key(Action::Filter);
        match self.filter {
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

fn eta(progress: &JobProgress, ctx: &Context) -> String {
    if progress.rate_per_sec < 0.05 {
        return String::new();
    }
    let seconds = progress.counts.queued() as f64 / progress.rate_per_sec;
    let time = number::duration(Duration::from_secs(seconds.ceil() as u64), ctx.settings.lang);
    ctx.say_with("send.eta", &[("time", &time)])
}

fn filter_word(filter: DeliveryFilter, ctx: &Context) -> &'static str {
    match filter {
        DeliveryFilter::Problems => ctx.say("send.filter_problems"),
        DeliveryFilter::All => ctx.say("send.filter_all"),
        DeliveryFilter::Only(state) => state_word(state, ctx),
    }
}

/// The state in a word.
pub fn state_word(state: State, ctx: &Context) -> &'static str {
    match state {
        State::Queued => ctx.say("state.queued"),
        State::Sending => ctx.say("state.sending"),
        State::Accepted => ctx.say("state.accepted"),
        State::Failed => ctx.say("state.failed"),
        State::Unknown => ctx.say("state.unknown"),
        State::Skipped => ctx.say("state.skipped"),
    }
}

fn state_role(state: State) -> Role {
    match state {
        State::Queued | State::Skipped => Role::Dim,
        State::Sending => Role::Busy,
        State::Accepted => Role::Ok,
        State::Failed => Role::Error,
        State::Unknown => Role::Warning,
    }
}

fn job_state_word(state: JobState, ctx: &Context) -> &'static str {
    match state {
        JobState::Running => ctx.say("job.running"),
        JobState::Paused => ctx.say("job.paused"),
        JobState::Done => ctx.say("job.done"),
        JobState::Cancelled => ctx.say("job.cancelled"),
    }
}

/// Why a job stopped, in a sentence.
fn stop_words(reason: &StopReason, ctx: &Context) -> String {
    let lang = ctx.settings.lang;
    match reason {
        StopReason::Operator => ctx.say("stop.operator").to_owned(),
        StopReason::Cancelled => ctx.say("stop.cancelled").to_owned(),
        StopReason::Interrupted => ctx.say("stop.interrupted").to_owned(),
        StopReason::Refused { errcode, .. } => format!("{errcode}: {}", explained(*errcode, lang)),
        StopReason::SameFailure { errcode, times, .. } => {
            let (code, times) = (errcode.to_string(), times.to_string());
            let text = ctx.say_with("stop.same_failure", &[("errcode", &code), ("times", &times)]);
            format!("{text}: {}", explained(*errcode, lang))
        }
        StopReason::Network { detail } => ctx.say_with("stop.network", &[("detail", detail)]),
        StopReason::Secret { detail } => ctx.say_with("stop.secret", &[("detail", detail)]),
        StopReason::Store { detail } => ctx.say_with("stop.store", &[("detail", detail)]),
    }
}

/// What happened to a delivery and what to do, in one line.
fn meaning(delivery: &Delivery, ctx: &Context) -> String {
    match (delivery.errcode, &delivery.errmsg) {
        (Some(0) | None, None) => String::new(),
        (None, Some(errmsg)) => errmsg.clone(),
        (Some(0), Some(_)) => String::new(),
        (Some(code), _) => explained(code, ctx.settings.lang),
    }
}

fn explained(code: i64, lang: Lang) -> String {
    let explanation = explain_on(code, SEND_CALL, lang);
    format!("{} → {}", explanation.meaning, explanation.remedy)
}
