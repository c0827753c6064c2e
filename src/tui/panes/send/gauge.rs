//! How far the shown job is, and what holds it up: a line each.

use super::Send;
use super::speeds::Course;
use super::words::{hold_words, job_state_word, pace_words, slowed_words, stop_words};
use crate::domain::job::{Job, JobState};
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::msg::JobProgress;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, bars, gauge};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

/// Columns from which on a course of the speed can be seen as one.
const COURSE: usize = 10;

impl Send {
    /// Lines above the deliveries: the gauge, and for a job that has a pace another one.
    pub(super) fn head_lines(&self) -> usize {
        1 + usize::from(self.job().is_some_and(has_pace))
    }

    /// Gauge and counts.
    pub(super) fn view_gauge(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        if let Some(job) = self.job() {
            self.draw_gauge(job, area, buf, ctx);
        }
    }

    fn draw_gauge<'a>(&self, job: &Job, area: Rect, buf: &'a mut Buffer, ctx: &Context) -> Line<'a> {
        let mut line = Line::new(buf, area, 0);
        draw_bar(job, &mut line, usize::from(area.width) / 5, ctx);
        match self.progress_of(job) {
            Some(progress) => {
                line.put(&format!(" {} ", number::rate(progress.rate_per_sec, ctx.settings.lang)), ctx.style(Role::Busy));
                line.put(&eta(progress, ctx), ctx.style(Role::Busy));
            }
            None => draw_state(job, &mut line, ctx),
        }
        self.draw_counts(job, &mut line, ctx);
        if let Some(reason) = job.reason.as_ref().filter(|_| !has_pace(job)) {
            line.put(&format!(" {}", stop_words(reason, ctx)), ctx.style(Role::Warning));
        }
        line
    }

    /// The gauge alone, for a line that has to say everything: what holds the job up comes before its counts.
    pub(super) fn view_short_gauge(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let Some(job) = self.job() else { return };
        let Some((role, text)) = self.trouble(job, ctx) else {
            let mut line = self.draw_gauge(job, area, buf, ctx);
            return self.draw_course(job, &mut line, ctx);
        };
        let mut line = Line::new(buf, area, 0);
        draw_bar(job, &mut line, usize::from(area.width) / 10, ctx);
        if self.progress_of(job).is_none() {
            draw_state(job, &mut line, ctx);
        }
        line.put(&format!(" {text} "), ctx.style(role));
        self.draw_counts(job, &mut line, ctx);
    }

    /// What holds the job up, and how fast it may go.
    pub(super) fn view_pace(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let Some(job) = self.job().filter(|job| has_pace(job)) else { return };
        let mut line = Line::new(buf, area, 1);
        let (pace, trouble) = (pace_words(job.pace, ctx), self.trouble(job, ctx));
        let needed = trouble.as_ref().map_or(0, |(_, text)| width::columns(text) + 2);
        if needed + width::columns(&pace) <= line.room() {
            line.right(&pace, ctx.style(Role::Dim));
        }
        if let Some((role, text)) = trouble {
            line.put(&text, ctx.style(role)).put("  ", ctx.style(Role::Dim));
        }
        self.draw_course(job, &mut line, ctx);
    }

    /// The speed of the last minute, where there is room for it after everything else. It changes once a second.
    fn draw_course(&self, job: &Job, line: &mut Line, ctx: &Context) {
        let course = self.progress_of(job).and_then(|_| self.speeds.of(job.id));
        let Some(lately) = course.map(Course::lately).filter(|lately| lately.len() > 1) else { return };
        let words = |values: &[f64]| {
            let peak = number::rate(values.iter().copied().fold(0.0, f64::max), ctx.settings.lang);
            format!(" {}", ctx.say_with("summary.peak", &[("rate", &peak)]))
        };
        // The words are about what is shown, which is never faster than all of it.
        let (all, needed) = (line.room().saturating_sub(1), width::columns(&words(lately)));
        let (room, has_words) = if all >= COURSE + needed { (all - needed, true) } else { (all, false) };
        if room < COURSE {
            return;
        }
        let shown = &lately[lately.len().saturating_sub(room)..];
        let words = if has_words { words(shown) } else { String::new() };
        line.put(&bars(shown, 1, ctx.settings.ascii).concat(), ctx.style(Role::Busy)).put(&words, ctx.style(Role::Dim));
    }

    /// Why it does not go on as asked, if so.
    fn trouble(&self, job: &Job, ctx: &Context) -> Option<(Role, String)> {
        match job.state {
            JobState::Paused => job.reason.as_ref().map(|reason| (Role::Warning, stop_words(reason, ctx))),
            JobState::Running => self.progress_of(job).and_then(|progress| obstacle(progress, ctx)),
            JobState::Done | JobState::Cancelled => None,
        }
    }

    fn progress_of(&self, job: &Job) -> Option<&JobProgress> {
        self.progress.as_ref().filter(|progress| progress.job == job.id && job.state == JobState::Running)
    }

    fn draw_counts(&self, job: &Job, line: &mut Line, ctx: &Context) {
        let counts = job.counts;
        let retrying = self.progress_of(job).map_or(0, |progress| progress.retrying);
        for (count, key, role, always) in [
            (counts.accepted, "send.ok", Role::Ok, true),
            (counts.failed, "send.failed", Role::Error, true),
            (counts.unknown, "send.unknown", Role::Warning, false),
            (counts.skipped, "send.skipped", Role::Dim, false),
            (retrying, "send.retrying", Role::Busy, false),
        ] {
            if always || count > 0 {
                let role = if count == 0 { Role::Dim } else { role };
                line.put(&format!(" {} {} ", ctx.say(key), number::thousands(count)), ctx.style(role));
            }
        }
    }
}

/// What keeps a running job from going as fast as asked.
fn obstacle(progress: &JobProgress, ctx: &Context) -> Option<(Role, String)> {
    match &progress.hold {
        Some(hold) => Some((Role::Warning, hold_words(hold, ctx))),
        None if progress.allowed != progress.pace => Some((Role::Warning, slowed_words(progress.allowed, progress.pace, ctx))),
        None => None,
    }
}

/// Whether it still goes on, or may go on.
fn has_pace(job: &Job) -> bool {
    matches!(job.state, JobState::Running | JobState::Paused)
}

fn draw_bar(job: &Job, line: &mut Line, width: usize, ctx: &Context) {
    let (settled, total) = (job.counts.settled(), job.counts.total);
    let (full, empty) = gauge(settled, total, width.clamp(6, 30), ctx.settings.ascii);
    line.put(&full, ctx.style(Role::Accent)).put(&empty, ctx.style(Role::Border));
    line.put(&format!(" {}/{} ", number::thousands(settled), number::thousands(total)), ctx.style(Role::Strong));
}

fn draw_state(job: &Job, line: &mut Line, ctx: &Context) {
    let role = if job.state == JobState::Done { Role::Ok } else { Role::Warning };
    line.put(&format!(" {} ", job_state_word(job.state, ctx)), ctx.style(role));
}

fn eta(progress: &JobProgress, ctx: &Context) -> String {
    if progress.rate_per_sec < 0.05 {
        return String::new();
    }
    let seconds = progress.counts.queued() as f64 / progress.rate_per_sec;
    let time = number::duration(Duration::from_secs(seconds.ceil() as u64), ctx.settings.lang);
    ctx.say_with("send.eta", &[("time", &time)])
}
