use super::{Layer, Save, Then, lines, popup};
use crate::audience::{Choices, Format, Header};
use crate::domain::audience::{Audience, Exclusion, Join, UserSet};
use crate::domain::id::AccountId;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{AudienceEffect, Content};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AudienceMsg, FileSeen, Generation, Msg};
use crate::tui::out::Out;
use crate::tui::panes::compose::{excluded_words, recipients};
use crate::tui::theme::Role;
use crate::tui::widgets::{Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The whole popup.
const SIZE: (usize, usize) = (92, 26);
/// Columns of a row's number and of an openid.
const NUMBER: usize = 8;
const OPENID: usize = 30;
/// Narrowest column of anything else.
const NARROWEST: usize = 8;

/// A file of recipients: its path, then what is in it and what would become of it.
#[derive(Debug)]
pub struct ReadFile {
    account: AccountId,
    path: Field,
    choices: Choices,
    generation: Generation,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Reading { rows: u64 },
    Read(Box<FileSeen>),
    Failed(String),
}

impl ReadFile {
    pub fn new(account: AccountId) -> Self {
        let (path, choices) = (Field::new(""), Choices::default());
        Self { account, path, choices, generation: Generation::default(), state: State::Asking }
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        matches!(self.state, State::Asking | State::Failed(_))
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        if key.code == Code::Esc || key.ctrl && key.code == Code::Char('c') {
            out.ask(AudienceEffect::StopReading);
            return Then::Close;
        }
        match self.state {
            State::Read(_) => return self.on_read_key(key, ctx, out),
            State::Reading { .. } => {}
            State::Asking | State::Failed(_) => match key.code {
                Code::Enter if self.path.text().trim().is_empty() => {}
                Code::Enter => self.read(out),
                // Where no column was found, each can be tried.
                Code::Char('o') if key.ctrl => self.try_column(out),
                _ => {
                    self.path.edit(key, out);
                    self.state = State::Asking;
                }
            },
        }
        Then::Stay
    }

    fn on_read_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        let State::Read(file) = &self.state else { return Then::Stay };
        let set = UserSet::File(file.taken.file.set.clone());
        let join = match key.code {
            Code::Enter => {
                out.tell(AudienceMsg::Chosen { set });
                return Then::Close;
            }
            Code::Char('+') => Join::Union,
            Code::Char('-') => Join::Difference,
            Code::Char('&') => Join::Intersection,
            Code::Char('o') => {
                let shape = &file.taken.shape;
                self.choices.openid_column = Some(((shape.openid + 1) % shape.titles.len() + 1).to_string());
                self.read(out);
                return Then::Stay;
            }
            Code::Char('h') => {
                self.choices.header = match self.choices.header {
                    Header::Auto => Header::Yes,
                    Header::Yes => Header::No,
                    Header::No => Header::Auto,
                };
                self.read(out);
                return Then::Stay;
            }
            Code::Char('w') => {
                let what = Content::LeftOut { account: self.account, audience: Audience::of(set) };
                out.open(Layer::Save(Box::new(Save::new(what, ctx.say("save.left_out").to_owned(), "muban-left-out.csv"))));
                return Then::Stay;
            }
            _ => return Then::Stay,
        };
        out.tell(AudienceMsg::Joined { join, set });
        Then::Close
    }

    fn try_column(&mut self, out: &mut Out) {
        let tried = self.choices.openid_column.as_ref().and_then(|number| number.parse::<usize>().ok()).unwrap_or(0);
        self.choices.openid_column = Some((tried + 1).to_string());
        self.read(out);
    }

    fn read(&mut self, out: &mut Out) {
        let generation = self.generation.advance();
        let (account, path, choices) = (self.account, self.path.text().trim().to_owned(), self.choices.clone());
        self.state = State::Reading { rows: 0 };
        out.ask(AudienceEffect::ReadFile { generation, account, path, choices });
    }

    pub fn on_paste(&mut self, text: &str) {
        if matches!(self.state, State::Asking | State::Failed(_)) {
            self.path.paste(text);
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        let Msg::Audience(msg) = msg else { return Then::Stay };
        match msg {
            AudienceMsg::FileReading { generation, rows } if *generation == self.generation => {
                self.state = State::Reading { rows: *rows };
            }
            AudienceMsg::FileRead { generation, file } if *generation == self.generation => {
                self.state = State::Read(file.clone());
            }
            AudienceMsg::FileFailed { generation, text } if *generation == self.generation => {
                self.state = State::Failed(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = if matches!(self.state, State::Read(_)) { "read_file.hint_read" } else { "read_file.hint" };
        let room = popup(area, SIZE, ctx.say("read_file.title"), ctx.say(hint), buf, ctx);
        let columns = usize::from(room.width);
        let mut line = Line::new(buf, room, 0);
        line.put("▸ ", ctx.style(Role::Accent));
        let field = Rect { x: line.x(), y: room.y, width: line.room() as u16, height: 1 }.intersection(room);
        let typing = matches!(self.state, State::Asking | State::Failed(_));
        let cursor = self.path.draw(field, buf, Look::new(Role::Value, typing, ctx));
        match &self.state {
            State::Asking => _ = lines(buf, room, 2, &width::wrap(ctx.say("read_file.about"), columns), Role::Dim, ctx),
            State::Reading { rows } => {
                let text = ctx.say_with("read_file.reading", &[("rows", &number::thousands(*rows))]);
                Line::new(buf, room, 2).put(&text, ctx.style(Role::Busy));
            }
            State::Failed(text) => _ = lines(buf, room, 2, &width::wrap(text, columns), Role::Error, ctx),
            State::Read(file) => draw_file(file, room, buf, ctx),
        }
        cursor.filter(|_| typing)
    }
}

fn draw_file(file: &FileSeen, room: Rect, buf: &mut Buffer, ctx: &Context) {
    let columns = usize::from(room.width);
    let mut row = lines(buf, room, 1, &width::wrap(&shape_words(file, ctx), columns), Role::Dim, ctx);
    let role = if file.reach.recipients > 0 { Role::Ok } else { Role::Error };
    let rows = ctx.say_with("read_file.rows", &[("rows", &number::thousands(file.taken.file.rows))]);
    Line::new(buf, room, row).put(&format!("{rows} → {}", recipients(file.reach, ctx)), ctx.style(role));
    row = lines(buf, room, row + 1, &width::wrap(&excluded_words(&file.reach.excluded, ctx), columns), Role::Dim, ctx);
    let names: Vec<String> = file.taken.file.columns.iter().map(|name| format!("{{{{ {name} }}}}")).collect();
    if !names.is_empty() {
        let text = ctx.say_with("read_file.placeholders", &[("names", &names.join("  "))]);
        let text: Vec<String> = width::wrap(&text, columns).into_iter().take(2).collect();
        row = lines(buf, room, row, &text, Role::Accent, ctx);
    }
    draw_rows(file, row + 1, room, buf, ctx);
}

/// The first rows, with what would become of each.
fn draw_rows(file: &FileSeen, top: usize, room: Rect, buf: &mut Buffer, ctx: &Context) {
    let names = &file.taken.file.columns;
    let rest = usize::from(room.width).saturating_sub(NUMBER + OPENID);
    let shown = names.len().min(rest / NARROWEST / 2).max(usize::from(!names.is_empty()));
    let wide = (rest * 2 / 3).checked_div(shown).unwrap_or(0);
    let mut line = Line::new(buf, room, top);
    line.column(ctx.say("read_file.row"), NUMBER, ctx.style(Role::Strong)).column("openid", OPENID, ctx.style(Role::Strong));
    for name in names.iter().take(shown) {
        line.column(&width::cut(name, wide.saturating_sub(1)), wide, ctx.style(Role::Strong));
    }
    for (at, (row, verdict)) in file.taken.first.iter().zip(&file.verdicts).enumerate() {
        let mut line = Line::new(buf, room, top + 1 + at);
        line.column(&row.number.to_string(), NUMBER, ctx.style(Role::Dim));
        line.column(&width::cut(&row.openid, OPENID - 1), OPENID, ctx.style(Role::Text));
        for name in names.iter().take(shown) {
            let value = row.columns.get(name).map_or("", String::as_str);
            line.column(&width::cut(value, wide.saturating_sub(1)), wide, ctx.style(Role::Value));
        }
        let (words, role) = match verdict {
            None => ("✓", Role::Ok),
            Some(_) if row.openid.is_empty() => (ctx.say("read_file.blank"), Role::Warning),
            Some(reason) => (ctx.say(problem(*reason)), Role::Warning),
        };
        line.put(words, ctx.style(role));
    }
}

fn problem(reason: Exclusion) -> &'static str {
    match reason {
        Exclusion::Duplicate => "read_file.duplicate",
        Exclusion::Unsubscribed => "read_file.unsubscribed",
        Exclusion::Blacklisted => "read_file.blacklisted",
        Exclusion::UnknownUser => "read_file.unknown_user",
        Exclusion::Invalid => "read_file.invalid",
    }
}

/// `csv, GB18030, the first row names the columns, openids in “openid”`
fn shape_words(file: &FileSeen, ctx: &Context) -> String {
    let shape = &file.taken.shape;
    let format = match &shape.format {
        Format::Lines => ctx.say("read_file.lines").to_owned(),
        Format::Delimited('\t') => ctx.say("read_file.tabs").to_owned(),
        Format::Delimited(delimiter) => ctx.say_with("read_file.delimited", &[("delimiter", &delimiter.to_string())]),
        Format::Json => "JSON".to_owned(),
        Format::JsonLines => "JSONL".to_owned(),
        Format::Workbook { sheet } => ctx.say_with("read_file.sheet", &[("sheet", sheet)]),
    };
    let header = match shape.format {
        Format::Json | Format::JsonLines => None,
        _ => Some(ctx.say(if shape.has_header { "read_file.header" } else { "read_file.no_header" }).to_owned()),
    };
    let title = shape.titles.get(shape.openid).map_or("", String::as_str);
    let openid = ctx.say_with("read_file.openid_in", &[("column", title)]);
    let parts = [Some(format), shape.encoding.map(str::to_owned), header, Some(openid)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
