use super::{Then, popup, popup_room, scrolled};
use crate::check::{Check, Health, Line as Found};
use crate::domain::account::Account;
use crate::domain::id::AccountId;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::CheckupEffect;
use crate::tui::input::{Code, Key};
use crate::tui::layers::Layer;
use crate::tui::msg::{AccountHelp, AccountsMsg, CheckupMsg, Generation, Msg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::Line;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns of the sign and the name of a check.
const NAMES: usize = 18;
/// Columns of the frame at most.
const WIDTH: usize = 100;

/// An account checked step by step, each line as it is known.
#[derive(Debug)]
pub struct Checkup {
    account: AccountId,
    name: String,
    generation: Generation,
    lines: Vec<Found>,
    ended: bool,
    offset: usize,
}

impl Checkup {
    /// Opens, and begins.
    pub fn open(account: &Account, out: &mut Out) {
        let mut checkup = Self {
            account: account.id,
            name: account.name.clone(),
            generation: Generation::default(),
            lines: Vec::new(),
            ended: false,
            offset: 0,
        };
        checkup.begin(out);
        out.open(Layer::Checkup(Box::new(checkup)));
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Up => self.offset = self.offset.saturating_sub(1),
            Code::Down => self.offset += 1,
            Code::PageUp => self.offset = self.offset.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.offset += 10,
            Code::Char('r') if self.ended => self.begin(out),
            Code::Char('e') => out.tell(AccountsMsg::Wanted { account: self.account, what: AccountHelp::Edit }),
            Code::Esc | Code::Enter => {
                if !self.ended {
                    out.ask(CheckupEffect::GiveUp);
                }
                return Then::Close;
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Checkup(CheckupMsg::Found { generation, line }) if *generation == self.generation => {
                self.lines.push(line.clone());
            }
            Msg::Checkup(CheckupMsg::Ended { generation }) if *generation == self.generation => self.ended = true,
            _ => {}
        }
        Then::Stay
    }

    /// Keeps to the lines there are.
    pub fn fit(&mut self, area: Rect, ctx: &Context) {
        let room = popup_room(area, size(area));
        self.offset = scrolled(self.offset, self.rows(usize::from(room.width), ctx).len(), usize::from(room.height));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let title = ctx.say_with("checkup.title", &[("name", &self.name)]);
        let hint = ctx.say(if self.ended { "checkup.hint" } else { "checkup.hint_running" });
        let room = popup(area, size(area), &title, hint, buf, ctx);
        let rows = self.rows(usize::from(room.width), ctx);
        for (at, row) in rows.iter().skip(self.offset).take(usize::from(room.height)).enumerate() {
            let mut line = Line::new(buf, room, at);
            line.column(&row.name, NAMES, ctx.style(row.name_role)).put(&row.text, ctx.style(row.role));
        }
    }

    fn begin(&mut self, out: &mut Out) {
        self.lines.clear();
        (self.ended, self.offset) = (false, 0);
        let generation = self.generation.advance();
        out.ask(CheckupEffect::Begin { generation, account: self.account });
    }

    fn rows(&self, columns: usize, ctx: &Context) -> Vec<Row> {
        let columns = columns.saturating_sub(NAMES);
        let mut rows = Vec::new();
        for line in &self.lines {
            let (sign, role) = sign_of(line.health);
            let name = format!("{sign} {}", name_of(line.check, ctx));
            let said = width::wrap(&line.said(ctx.texts()), columns);
            let said = said.into_iter().map(|text| (text, if line.health == Health::Fine { Role::Text } else { role }));
            let remedy = line.remedy(ctx.texts()).map(|text| width::wrap(&text, columns)).unwrap_or_default();
            let texts = said.chain(remedy.into_iter().map(|text| (text, Role::Text)));
            rows.extend(texts.enumerate().map(|(at, (text, text_role))| Row {
                name: if at == 0 { name.clone() } else { String::new() },
                name_role: role,
                text,
                role: text_role,
            }));
        }
        let failed = self.lines.iter().filter(|line| line.health == Health::Failed).count();
        let (key, role) = match (self.ended, failed) {
            (false, _) => ("checkup.running", Role::Busy),
            (true, 0) => ("checkup.summary_ok", Role::Ok),
            (true, _) => ("checkup.summary_failed", Role::Error),
        };
        let text = ctx.say_with(key, &[("count", &failed.to_string())]);
        rows.push(Row { name: String::new(), name_role: role, text, role });
        rows
    }
}

struct Row {
    name: String,
    name_role: Role,
    text: String,
    role: Role,
}

fn sign_of(health: Health) -> (&'static str, Role) {
    match health {
        Health::Fine => ("✓", Role::Ok),
        Health::Warning => ("!", Role::Warning),
        Health::Failed => ("✗", Role::Error),
        Health::NotTried => ("·", Role::Dim),
    }
}

fn name_of(check: Check, ctx: &Context) -> String {
    ctx.say_with(&format!("checkup.{}", check.as_str()), &[])
}

fn size(area: Rect) -> (usize, usize) {
    (usize::from(area.width).saturating_sub(4).min(WIDTH), usize::from(area.height).saturating_sub(2).min(30))
}
