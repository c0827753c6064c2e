use super::{Layer, Save, Then, popup, scrolled};
use crate::dispatch::{DryRun, Noticed};
use crate::domain::audience::Exclusion;
use crate::domain::rules::Level;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{Content, SendOrder};
use crate::tui::input::{Code, Key};
use crate::tui::keys::{Action, Place};
use crate::tui::msg::{Generation, Msg, ReportsMsg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A send without sending: who would get it, who would not and why, and what to know before.
#[derive(Debug)]
pub struct Rehearsal {
    order: SendOrder,
    /// The audience as the screen says it.
    to: String,
    generation: Generation,
    state: State,
    offset: usize,
}

#[derive(Debug)]
enum State {
    Running,
    Done(Box<DryRun>),
    Failed(String),
}

impl Rehearsal {
    /// Waits for the dry run with this number.
    pub fn new(order: SendOrder, to: String, generation: Generation) -> Self {
        Self { order, to, generation, state: State::Running, offset: 0 }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match key.code {
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset = (self.offset + 1).min(1000),
            Code::PageUp => self.offset = self.offset.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.offset = (self.offset + 10).min(1000),
            Code::Char('w') => {
                let what = Content::Verdicts { order: self.order.clone() };
                out.open(Layer::Save(Box::new(Save::new(what, ctx.say("save.verdicts").to_owned(), "muban-dry-run.csv"))));
            }
            Code::Char('s') => {
                out.tell(SystemMsg::Picked { place: Place::Everywhere, action: Action::Send });
                return Then::Close;
            }
            _ => return Then::Close,
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Reports(ReportsMsg::RanDry { generation, run }) if *generation == self.generation => {
                self.state = State::Done(run.clone());
            }
            Msg::Reports(ReportsMsg::DryRunFailed { generation, text }) if *generation == self.generation => {
                self.state = State::Failed(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let columns = 76.min(usize::from(area.width).saturating_sub(10));
        let rows = self.rows(columns, ctx);
        let room = popup(area, (columns + 6, rows.len() + 5), ctx.say("dry_run.title"), ctx.say("dry_run.hint"), buf, ctx);
        let offset = scrolled(self.offset, rows.len(), usize::from(room.height));
        for (at, (text, role)) in rows.iter().skip(offset).take(usize::from(room.height)).enumerate() {
            Line::new(buf, room, at).put(text, ctx.style(*role));
        }
    }

    fn rows(&self, columns: usize, ctx: &Context) -> Vec<(String, Role)> {
        let mut rows = Vec::new();
        let mut add = |text: &str, role| rows.extend(width::wrap(text, columns).into_iter().map(|line| (line, role)));
        add(&format!("{} → {}", self.order.template.title, self.to), Role::Strong);
        add("", Role::Text);
        match &self.state {
            State::Running => add(ctx.say("dry_run.running"), Role::Busy),
            State::Failed(text) => add(text, Role::Error),
            State::Done(run) => {
                for (text, role) in verdicts(run, ctx) {
                    add(&text, role);
                }
                add("", Role::Text);
                if run.findings.is_empty() {
                    add(ctx.say("dry_run.nothing_found"), Role::Ok);
                }
                for noticed in &run.findings {
                    let role = if noticed.finding.level == Level::Error { Role::Error } else { Role::Warning };
                    add(&finding_words(noticed, ctx), role);
                }
                if run.more_findings > 0 {
                    add(&ctx.say_with("cli.more_findings", &[("count", &number::thousands(run.more_findings))]), Role::Dim);
                }
            }
        }
        rows
    }
}

/// How many would get it, and how many would not for which reason.
fn verdicts(run: &DryRun, ctx: &Context) -> Vec<(String, Role)> {
    let line = |count, words: &str| format!("{}  {words}", width::pad_left(&number::thousands(count), 10));
    let recipients = run.reach.recipients;
    let first = (line(recipients, ctx.say("cli.verdict_ok")), if recipients > 0 { Role::Ok } else { Role::Error });
    let left_out = Exclusion::ALL.into_iter().filter_map(|reason| {
        let count = run.reach.excluded.of(reason);
        let words = ctx.say_with(&format!("cli.verdict_{}", reason.as_str()), &[]);
        (count > 0).then(|| (line(count, &words), Role::Dim))
    });
    std::iter::once(first).chain(left_out).collect()
}

fn finding_words(noticed: &Noticed, ctx: &Context) -> String {
    let finding = &noticed.finding;
    let sign = if finding.level == Level::Error { "✗" } else { "!" };
    let about = noticed.openid.as_ref().map(ToString::to_string).or_else(|| finding.field.clone());
    let text = ctx.texts().finding(finding);
    let text = about.map_or_else(|| text.clone(), |about| format!("{about}: {text}"));
    match noticed.row {
        Some(row) => format!("{sign} {}", ctx.say_with("cli.in_row", &[("row", &row.to_string()), ("text", &text)])),
        None => format!("{sign} {text}"),
    }
}
