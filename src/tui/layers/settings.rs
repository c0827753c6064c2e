use super::press::Rows;
use super::{Then, popup, popup_room};
use crate::config::Settings as Kept;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns of a setting's name.
const NAME: usize = 22;
/// Lines below the rows: a rule, and what the selected setting is for.
const DETAILS: usize = 4;
/// Columns of the frame at most.
const WIDTH: usize = 84;

/// The settings of `config.toml`, each with what it can be; a change is written at once.
#[derive(Debug)]
pub struct Settings {
    file: String,
    rows: Vec<Row>,
    cursor: Cursor,
    /// Something was changed that holds from the next start on.
    later: bool,
}

/// One setting.
#[derive(Debug)]
struct Row {
    key: &'static str,
    /// What it can be, as the file has it; nothing: the row is not in the file.
    choices: Vec<Option<String>>,
    at: usize,
    /// Whether it holds from the next start on only.
    later: bool,
}

impl Row {
    fn new(key: &'static str, kept: &Kept, choices: &[&str], later: bool) -> Self {
        let now = value_of(kept, key);
        let mut choices: Vec<Option<String>> =
            choices.iter().map(|choice| (!choice.is_empty()).then(|| (*choice).to_owned())).collect();
        // Whatever people wrote by hand is one of the choices.
        let at = choices.iter().position(|choice| *choice == now).unwrap_or_else(|| {
            choices.push(now);
            choices.len() - 1
        });
        Self { key, choices, at, later }
    }

    fn value(&self) -> Option<&str> {
        self.choices.get(self.at).and_then(Option::as_deref)
    }
}

/// A setting as TOML writes it.
fn value_of(kept: &Kept, key: &str) -> Option<String> {
    kept.values().into_iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

impl Settings {
    /// Opens with what is in the file.
    pub fn new(kept: &Kept, file: String, ctx: &Context) -> Self {
        let themes: Vec<String> = ctx.settings.themes.names().map(|name| format!("\"{}\"", name.as_str())).collect();
        let themes: Vec<&str> = std::iter::once("").chain(themes.iter().map(String::as_str)).collect();
        let row = |key, choices: &[&str], later| Row::new(key, kept, choices, later);
        let rows = vec![
            row("lang", &["", "\"en\"", "\"zh\""], false),
            row("theme", &themes, false),
            row("mouse", &["false", "true"], false),
            row("notify", &["", "\"none\"", "\"bell\"", "\"osc9\""], false),
            row("confirm_above", &["0", "10", "100", "1000", "10000"], false),
            row("stale_after", &["1", "6", "24", "72", "168"], false),
            row("sync_details", &["true", "false"], false),
            row("time_zone", &["", "\"Asia/Shanghai\"", "\"UTC\""], false),
            row("window_title", &["false", "true"], true),
            row("ascii", &["", "true", "false"], true),
            row("ambiguous_width", &["1", "2"], true),
        ];
        Self { file, rows, cursor: Cursor::default(), later: false }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            Code::Enter | Code::Right | Code::Char(' ' | 'l') => self.change(1, out),
            Code::Left | Code::Char('h') => self.change(-1, out),
            _ => _ = self.cursor.on_key(key, self.rows.len()),
        }
        Then::Stay
    }

    /// What was not written is not so.
    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        if let Msg::System(SystemMsg::SettingsRead { settings, .. }) = msg {
            for row in &mut self.rows {
                let now = value_of(settings, row.key);
                row.at = row.choices.iter().position(|choice| *choice == now).unwrap_or(row.at);
            }
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let room = popup_room(area, self.size(area));
        self.cursor.fit(self.rows.len(), rows_in(room));
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let room = popup_room(window, self.size(window));
        let area = Rect { height: rows_in(room) as u16, ..room };
        Rows { area, len: self.rows.len(), cursor: &mut self.cursor }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let room = popup(area, self.size(area), ctx.say("settings.title"), ctx.say("settings.hint"), buf, ctx);
        for (at, index) in self.cursor.visible(self.rows.len()) {
            let (row, chosen) = (&self.rows[index], index == self.cursor.at);
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, at);
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
            line.column(&name_of(row.key, ctx), NAME, style).put(" ", style);
            line.put(&value_words(row, ctx), style.patch(ctx.style(if chosen { Role::Strong } else { Role::Value })));
        }
        let top = room.y + rows_in(room) as u16;
        let below = Rect { y: top, height: room.bottom().saturating_sub(top), ..room };
        let rule = if ctx.settings.ascii { "-" } else { "─" };
        Line::new(buf, below, 0).put(&rule.repeat(usize::from(below.width)), ctx.style(Role::Border));
        let Some(row) = self.rows.get(self.cursor.at) else { return };
        let mut about = ctx.say_with(&format!("settings.{}_about", row.key), &[]);
        if row.later {
            about = format!("{about} {}", ctx.say("settings.later"));
        }
        let file = ctx.say_with("settings.file", &[("file", &self.file)]);
        let later = if self.later { ctx.say("settings.changed_later") } else { "" };
        let mut at = 1;
        for (text, role) in [(about.as_str(), Role::Text), (later, Role::Warning), (&file, Role::Dim)] {
            for text in width::wrap(text, usize::from(below.width)).iter().filter(|text| !text.is_empty()) {
                Line::new(buf, below, at).put(text, ctx.style(role));
                at += 1;
            }
        }
    }

    fn change(&mut self, by: isize, out: &mut Out) {
        let Some(row) = self.rows.get_mut(self.cursor.at) else { return };
        row.at = (row.at as isize + by).rem_euclid(row.choices.len().max(1) as isize) as usize;
        self.later |= row.later;
        out.ask(SystemEffect::ChangeSetting { key: row.key, value: row.value().map(str::to_owned) });
    }

    fn size(&self, area: Rect) -> (usize, usize) {
        let lines = self.rows.len() + DETAILS + 7;
        (usize::from(area.width).saturating_sub(4).min(WIDTH), usize::from(area.height).saturating_sub(2).min(lines))
    }
}

fn name_of(key: &str, ctx: &Context) -> String {
    ctx.say_with(&format!("settings.{key}"), &[])
}

/// What a setting is, in words where there are any.
fn value_words(row: &Row, ctx: &Context) -> String {
    let say = |key: &str| {
        let text = ctx.texts().say(key);
        (text != key).then(|| text.to_owned())
    };
    match (row.key, row.value()) {
        (_, None) => say(&format!("settings.{}_auto", row.key)).unwrap_or_else(|| ctx.say("settings.auto").to_owned()),
        (_, Some("true")) => ctx.say("settings.yes").to_owned(),
        (_, Some("false")) => ctx.say("settings.no").to_owned(),
        ("theme", Some(name)) => {
            let name = name.trim_matches('"');
            say(&format!("theme.{name}")).unwrap_or_else(|| name.to_owned())
        }
        (key, Some(value)) => {
            let value = value.trim_matches('"');
            say(&format!("settings.{key}_{value}")).unwrap_or_else(|| value.to_owned())
        }
    }
}

fn rows_in(room: Rect) -> usize {
    usize::from(room.height).saturating_sub(DETAILS + 2).max(1)
}
