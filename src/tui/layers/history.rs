use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::domain::audience::{Join, Outcome, UserSet};
use crate::domain::id::JobId;
use crate::domain::job::Job;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AudienceMsg, DraftsMsg, Generation, JobProgress, Msg, SendMsg};
use crate::tui::out::Out;
use crate::tui::panes::compose::excluded_words;
use crate::tui::panes::{audience_of, job_role, job_sign, job_state_word, stop_words};
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Lines below the rows, for the selected job.
const DETAILS: usize = 5;
/// From this room on the audience has a column of its own.
const WIDE: usize = 100;
/// More jobs are asked for when so few are left below the selection.
const MARGIN: usize = 20;

/// The jobs of an account, newest first; enter shows one in the send pane.
#[derive(Debug)]
pub struct History {
    jobs: Vec<Job>,
    cursor: Cursor,
    /// Of the newest answer that was taken in.
    generation: Generation,
    /// Whether there may be older ones than the last.
    more: bool,
}

impl History {
    /// The jobs that are known by now, with this one selected.
    pub fn new(jobs: &[Job], selected: Option<JobId>) -> Self {
        let mut history = Self { jobs: jobs.to_vec(), cursor: Cursor::default(), generation: Generation::default(), more: false };
        history.select(selected);
        history
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Enter => {
                if let Some(job) = self.jobs.get(self.cursor.at) {
                    out.tell(SendMsg::JobChosen { job: job.id });
                }
                return Then::Close;
            }
            Code::Char('o') => {
                let Some(job) = self.jobs.get(self.cursor.at) else { return Then::Stay };
                out.tell(DraftsMsg::JobTaken { job: Box::new(job.clone()) });
                return Then::Close;
            }
            Code::Char(sign @ ('+' | '-' | '&')) => {
                let Some(job) = self.jobs.get(self.cursor.at) else { return Then::Stay };
                let join = match sign {
                    '+' => Join::Union,
                    '-' => Join::Difference,
                    _ => Join::Intersection,
                };
                out.tell(AudienceMsg::Joined { join, set: UserSet::Job(job.id, Outcome::Sent) });
                return Then::Close;
            }
            Code::Esc | Code::Char('H') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            _ => {}
        }
        if self.cursor.on_key(key, self.jobs.len()) && self.more && self.cursor.at + MARGIN >= self.jobs.len() {
            self.more = false;
            out.tell(SendMsg::OlderJobsWanted);
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        let Msg::Send(msg) = msg else { return Then::Stay };
        match msg {
            SendMsg::JobsLoaded { generation, jobs, more } if *generation >= self.generation => {
                let selected = self.jobs.get(self.cursor.at).map(|job| job.id);
                self.jobs.clone_from(jobs);
                (self.generation, self.more) = (*generation, *more);
                self.select(selected);
            }
            SendMsg::Progressed(progress) => self.advance(progress),
            SendMsg::Ended { job } | SendMsg::Started { job } => {
                if let Some(known) = self.jobs.iter_mut().find(|known| known.id == job.id) {
                    known.clone_from(job);
                }
            }
            _ => {}
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        self.cursor.fit(self.jobs.len(), usize::from(area.height).saturating_sub(6 + DETAILS));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let (at, of) = (number::thousands(self.cursor.at as u64 + 1), number::thousands(self.jobs.len() as u64));
        let title = ctx.say_with("history.title", &[("at", &at), ("of", &of)]);
        let room = popup(area, size(area), &title, ctx.say("history.hint"), buf, ctx);
        let Some(selected) = self.jobs.get(self.cursor.at) else {
            Line::new(buf, room, 0).put(ctx.say("history.empty"), ctx.style(Role::Dim));
            return;
        };
        let counts = self.jobs.iter().map(|job| width::columns(&counts_words(job))).max().unwrap_or_default();
        for (at, index) in self.cursor.visible(self.jobs.len()) {
            self.view_row(index, counts, Line::new(buf, room, at), ctx);
        }
        let height = room.height.min(DETAILS as u16);
        let below = Rect { y: room.bottom().saturating_sub(height), height, ..room };
        view_details(selected, below, buf, ctx);
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let len = self.jobs.len();
        Rows { area: popup_room(window, size(window)), cursor: &mut self.cursor, len }
    }

    fn view_row(&self, index: usize, counts: usize, mut line: Line, ctx: &Context) {
        let (job, chosen) = (&self.jobs[index], index == self.cursor.at);
        let wide = line.room() >= WIDE;
        let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
        let as_role = |role| style.patch(ctx.style(role));
        line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
        line.put(&width::pad_left(&job.id.to_string(), 5), style).put("  ", style);
        line.put(&number::day_and_clock(job.created_at, &ctx.settings.zone), as_role(Role::Dim)).put("  ", style);
        let state = format!("{} {}", job_sign(job.state), job_state_word(job.state, ctx));
        line.column(&state, 11, as_role(job_role(job.state))).put("  ", style);
        line.column(&counts_words(job), counts, as_role(counts_role(job))).put("  ", style);
        let rest = line.room();
        if wide {
            line.column(&job.title, rest / 2, style).put("  ", style).put(&audience_of(job, ctx), as_role(Role::Name));
        } else {
            line.put(&job.title, style);
        }
    }

    fn select(&mut self, job: Option<JobId>) {
        self.cursor.at = job.and_then(|id| self.jobs.iter().position(|job| job.id == id)).unwrap_or(0);
    }

    fn advance(&mut self, progress: &JobProgress) {
        if let Some(job) = self.jobs.iter_mut().find(|job| job.id == progress.job) {
            (job.counts, job.state, job.pace) = (progress.counts, progress.state, progress.pace);
            job.reason.clone_from(&progress.reason);
        }
    }
}

fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width).saturating_sub(2).min(130), usize::from(area.height))
}

/// What was sent to whom, who was left out, and why it stopped.
fn view_details(job: &Job, area: Rect, buf: &mut Buffer, ctx: &Context) {
    let rule = if ctx.settings.ascii { "-" } else { "─" };
    Line::new(buf, area, 0).put(&rule.repeat(usize::from(area.width)), ctx.style(Role::Border));
    let mut line = Line::new(buf, area, 1);
    line.put(&job.title, ctx.style(Role::Strong)).put("  ", ctx.style(Role::Text));
    line.put(&audience_of(job, ctx), ctx.style(Role::Name)).put("  ", ctx.style(Role::Text));
    line.put(&excluded_words(&job.excluded, ctx), ctx.style(Role::Dim));
    let counts = job.counts;
    let mut line = Line::new(buf, area, 2);
    for (count, key, role) in [
        (counts.accepted, "send.ok", Role::Ok),
        (counts.failed, "send.failed", Role::Error),
        (counts.unknown, "send.unknown", Role::Warning),
        (counts.skipped, "send.skipped", Role::Dim),
        (counts.queued(), "state.queued", Role::Dim),
    ] {
        let role = if count == 0 { Role::Dim } else { role };
        line.put(&format!("{} {}  ", ctx.say(key), number::thousands(count)), ctx.style(role));
    }
    line.put(&ctx.say_with("history.of", &[("total", &number::thousands(counts.total))]), ctx.style(Role::Text));
    let reason = job.reason.as_ref().map(|reason| stop_words(reason, ctx)).unwrap_or_default();
    if let [first, rest @ ..] = width::wrap(&reason, usize::from(area.width)).as_slice() {
        Line::new(buf, area, 3).put(first, ctx.style(Role::Warning));
        // What does not fit into the second line is cut with a sign of it.
        Line::new(buf, area, 4).put(&rest.join(" "), ctx.style(Role::Warning));
    }
}

/// Accepted of all, then what went wrong, if anything did.
fn counts_words(job: &Job) -> String {
    let counts = job.counts;
    let mut words = vec![format!("{}/{}", number::thousands(counts.accepted), number::thousands(counts.total))];
    for (count, sign) in [(counts.failed, "✗"), (counts.unknown, "?")] {
        if count > 0 {
            words.push(format!("{}{sign}", number::thousands(count)));
        }
    }
    words.join(" ")
}

fn counts_role(job: &Job) -> Role {
    match (job.counts.failed, job.counts.unknown) {
        (0, 0) => Role::Text,
        (0, _) => Role::Warning,
        _ => Role::Error,
    }
}
