use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::domain::errcode::explain_on;
use crate::domain::id::JobId;
use crate::domain::job::Call;
use crate::domain::job::Job;
use crate::store::CodeCount;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, SendMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Lines below the rows: a rule, and the selected code in full.
const DETAILS: usize = 8;
/// Columns of a count and of a code.
const NUMBERS: (usize, usize) = (9, 8);

/// The codes that a job's rows ended with, the most frequent first; enter lists the rows of one.
#[derive(Debug)]
pub struct Errors {
    job: JobId,
    /// Rows that ended other than accepted.
    ended: u64,
    /// None until they were counted.
    codes: Option<Vec<CodeCount>>,
    cursor: Cursor,
}

impl Errors {
    /// Waits for the codes to be counted.
    pub fn new(job: &Job) -> Self {
        let counts = job.counts;
        let ended = counts.failed + counts.unknown + counts.skipped;
        Self { job: job.id, ended, codes: None, cursor: Cursor::default() }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Enter => {
                if let Some(code) = self.codes().get(self.cursor.at) {
                    out.tell(SendMsg::CodeChosen { errcode: code.errcode });
                }
                return Then::Close;
            }
            Code::Esc | Code::Char('e') => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            _ => {}
        }
        let len = self.codes().len();
        self.cursor.on_key(key, len);
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::Send(SendMsg::ErrorsCounted { job, codes }) = msg
            && *job == self.job
        {
            self.codes = Some(codes.clone());
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let rows = self.rows_in(area);
        self.cursor.fit(self.codes().len(), rows);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let rows = self.rows_in(area);
        let title = ctx.say_with("errors.title", &[("id", &self.job.to_string())]);
        let room = popup(area, self.size(area), &title, ctx.say("errors.hint"), buf, ctx);
        let Some(codes) = &self.codes else {
            Line::new(buf, room, 0).put(ctx.say("errors.counting"), ctx.style(Role::Busy));
            return;
        };
        for (at, index) in self.cursor.visible(codes.len()) {
            view_row(codes[index], index == self.cursor.at, Line::new(buf, room, at), ctx);
        }
        let mut line = Line::new(buf, room, rows.min(codes.len()));
        let without = self.ended.saturating_sub(codes.iter().map(|code| code.count).sum());
        match (codes.is_empty(), without) {
            (true, 0) => _ = line.put(ctx.say("errors.none"), ctx.style(Role::Ok)),
            (_, 0) => {}
            (_, without) => {
                line.put("  ", ctx.style(Role::Dim)).put(&counted(without), ctx.style(Role::Dim));
                line.put(&width::pad_left("-", NUMBERS.1), ctx.style(Role::Dim));
                line.put(&format!("  {}", ctx.say("errors.without")), ctx.style(Role::Dim));
            }
        }
        if let Some(code) = codes.get(self.cursor.at) {
            let top = room.y + (rows.min(codes.len()) + 1) as u16;
            let details = Rect { y: top, height: room.bottom().saturating_sub(top), ..room };
            view_details(code.errcode, details, buf, ctx);
        }
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let area = popup_room(window, self.size(window));
        let len = self.codes().len();
        Rows { area, cursor: &mut self.cursor, len }
    }

    fn size(&self, area: Rect) -> (usize, usize) {
        (usize::from(area.width).saturating_sub(4).min(110), self.rows_in(area) + 1 + DETAILS + 5)
    }

    fn codes(&self) -> &[CodeCount] {
        self.codes.as_deref().unwrap_or_default()
    }

    /// As many rows as there are, as long as the details have their room.
    fn rows_in(&self, area: Rect) -> usize {
        self.codes().len().min(usize::from(area.height).saturating_sub(6 + DETAILS)).max(1)
    }
}

fn view_row(code: CodeCount, chosen: bool, mut line: Line, ctx: &Context) {
    let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
    line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
    line.put(&counted(code.count), style.patch(ctx.style(Role::Error)));
    line.put(&width::pad_left(&code.errcode.to_string(), NUMBERS.1), style.patch(ctx.style(Role::Strong)));
    let told = explain_on(code.errcode, Call::Send.path(), ctx.settings.lang);
    line.put(&format!("  {} → {}", told.meaning, told.remedy), style);
}

/// The code in full: what it means, and what to do.
fn view_details(errcode: i64, area: Rect, buf: &mut Buffer, ctx: &Context) {
    let rule = if ctx.settings.ascii { "-" } else { "─" };
    Line::new(buf, area, 0).put(&rule.repeat(usize::from(area.width)), ctx.style(Role::Border));
    let told = explain_on(errcode, Call::Send.path(), ctx.settings.lang);
    let mut row = 1;
    for (text, role) in [(&told.meaning, Role::Error), (&told.remedy, Role::Ok)] {
        for line in width::wrap(text, usize::from(area.width)) {
            Line::new(buf, area, row).put(&line, ctx.style(role));
            row += 1;
        }
    }
}

fn counted(count: u64) -> String {
    width::pad_left(&number::thousands(count), NUMBERS.0)
}
