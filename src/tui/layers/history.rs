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
use crate::tui::widgets::{Cursor, Finder, Line, Sought};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

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
    finder: Finder,
    /// Of the newest answer that was taken in.
    generation: Generation,
    /// Whether there may be older ones than the last.
    more: bool,
}

impl History {
    /// The jobs that are known by now, with this one selected.
    pub fn new(jobs: &[Job], selected: Option<JobId>) -> Self {
        let mut history = Self {
            jobs: jobs.to_vec(),
            cursor: Cursor::default(),
            finder: Finder::default(),
            generation: Generation::default(),
            more: false,
        };
        history.select(selected);
        history
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.finder.is_typing()
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if self.finder.is_typing() {
            match self.finder.on_key(key) {
                Sought::Step(step) => _ = self.cursor.on_action(step, self.shown().len()),
                Sought::Text => self.cursor.clamp(self.shown().len()),
                Sought::Kept | Sought::Nothing => {}
            }
            return Then::Stay;
        }
        match key.code {
            Code::Enter => {
                if let Some(job) = self.current() {
                    out.tell(SendMsg::JobChosen { job: job.id });
                }
                return Then::Close;
            }
            Code::Char('o') => {
                let Some(job) = self.current() else { return Then::Stay };
                out.tell(DraftsMsg::JobTaken { job: Box::new(job.clone()) });
                return Then::Close;
            }
            Code::Char(sign @ ('+' | '-' | '&')) => {
                let Some(job) = self.current() else { return Then::Stay };
                let join = match sign {
                    '+' => Join::Union,
                    '-' => Join::Difference,
                    _ => Join::Intersection,
                };
                out.tell(AudienceMsg::Joined { join, set: UserSet::Job(job.id, Outcome::Sent) });
                return Then::Close;
            }
            Code::Char('/') => self.finder.begin(),
            Code::Esc if self.finder.clear() => self.cursor.clamp(self.jobs.len()),
            Code::Esc | Code::Char('H') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            _ => {}
        }
        let len = self.shown().len();
        if self.cursor.on_key(key, len) && self.more && self.cursor.at + MARGIN >= len {
            self.more = false;
            out.tell(SendMsg::OlderJobsWanted);
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        if self.finder.is_typing() {
            self.finder.paste(text);
            self.cursor.clamp(self.shown().len());
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        let Msg::Send(msg) = msg else { return Then::Stay };
        match msg {
            SendMsg::JobsLoaded { generation, jobs, more } if *generation >= self.generation => {
                let selected = self.current().map(|job| job.id);
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
        let search = usize::from(self.finder.is_shown());
        self.cursor.fit(self.shown().len(), usize::from(area.height).saturating_sub(6 + DETAILS + search));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let shown = self.shown();
        let of = shown.len() as u64;
        let (at, of) = (number::thousands(of.min(self.cursor.at as u64 + 1)), number::thousands(of));
        let title = ctx.say_with("history.title", &[("at", &at), ("of", &of)]);
        let room = popup(area, size(area), &title, ctx.say("history.hint"), buf, ctx);
        let (list, cursor) = self.finder.view(true, room, buf, ctx);
        let Some(selected) = self.current() else {
            let text = ctx.say(if self.jobs.is_empty() { "history.empty" } else { "list.no_match" });
            Line::new(buf, list, 0).put(text, ctx.style(Role::Dim));
            return cursor;
        };
        let counts = self.jobs.iter().map(|job| width::columns(&counts_words(job))).max().unwrap_or_default();
        for (at, index) in self.cursor.visible(shown.len()) {
            let (job, chosen) = (&self.jobs[shown[index]], index == self.cursor.at);
            view_row((job, chosen), counts, Line::new(buf, list, at), ctx);
        }
        let height = room.height.min(DETAILS as u16);
        let below = Rect { y: room.bottom().saturating_sub(height), height, ..room };
        view_details(selected, below, buf, ctx);
        cursor
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let len = self.shown().len();
        let mut area = popup_room(window, size(window));
        let search = u16::from(self.finder.is_shown()).min(area.height);
        (area.y, area.height) = (area.y + search, area.height - search);
        Rows { area, cursor: &mut self.cursor, len }
    }

    /// The job under the cursor.
    fn current(&self) -> Option<&Job> {
        self.shown().get(self.cursor.at).and_then(|index| self.jobs.get(*index))
    }

    /// The jobs in view of the search.
    fn shown(&self) -> Vec<usize> {
        let fits = |finder: &Finder, index: usize| {
            let job = &self.jobs[index];
            finder.fits(&[&job.title, &job.audience, &job.id.to_string()])
        };
        self.finder.shown(self.jobs.len(), fits)
    }

    fn select(&mut self, job: Option<JobId>) {
        let place = |id| self.shown().iter().position(|index| self.jobs[*index].id == id);
        self.cursor.at = job.and_then(place).unwrap_or(0);
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

/// One job in a line.
fn view_row((job, chosen): (&Job, bool), counts: usize, mut line: Line, ctx: &Context) {
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
