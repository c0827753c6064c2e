//! How far the shown job is, in a line.

use super::Send;
use super::words::{job_state_word, stop_words};
use crate::domain::job::JobState;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::msg::JobProgress;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, gauge};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::time::Duration;

impl Send {
    pub(super) fn view_gauge(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
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
}

fn eta(progress: &JobProgress, ctx: &Context) -> String {
    if progress.rate_per_sec < 0.05 {
        return String::new();
    }
    let seconds = progress.counts.queued() as f64 / progress.rate_per_sec;
    let time = number::duration(Duration::from_secs(seconds.ceil() as u64), ctx.settings.lang);
    ctx.say_with("send.eta", &[("time", &time)])
}
