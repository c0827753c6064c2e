use super::press::Rows;
use super::{Layer, Save, Then, clear, lines, popup, popup_room, scrolled};
use crate::domain::account::Account;
use crate::domain::audience::Audience;
use crate::domain::command_line;
use crate::domain::curl;
use crate::domain::id::TagId;
use crate::domain::job::Call;
use crate::domain::message::Message;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::{Content, SystemEffect};
use crate::tui::input::{Code, Key};
use crate::tui::msg::Shown;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line, parts, pretty};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::borrow::Cow;

/// Columns of the names.
const NAMES: usize = 14;

/// The forms in which a message can be taken along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Curl,
    CommandLine,
}

/// A message in one of them.
#[derive(Debug)]
struct Form {
    kind: Kind,
    /// What is copied and saved.
    text: String,
}

/// The message to be taken along: copied, or saved to a file.
#[derive(Debug)]
pub struct Export {
    forms: [Form; 3],
    /// Whom the body is for.
    to: String,
    /// Whether the command line says who gets it.
    says_audience: bool,
    cursor: Cursor,
    offset: usize,
    /// Whether the selected form was just copied.
    copied: bool,
}

impl Export {
    /// A message of this account: as its recipient is shown it, and as it is written, with its audience where the options can
    /// say that.
    pub fn new(
        account: &Account,
        shown: &Shown,
        written: &Message,
        audience: &Audience,
        tag_name: impl Fn(TagId) -> Option<String>,
    ) -> Self {
        let body = shown.body();
        let line = command_line::send(&account.name, written, audience, tag_name);
        let says_audience = line.is_some();
        let line = line.unwrap_or_else(|| command_line::send_to_nobody_yet(&account.name, written));
        let curl = curl::post(&account.api_base, Call::Send.path(), &body);
        let form = |kind, text| Form { kind, text };
        Self {
            forms: [form(Kind::Json, body), form(Kind::Curl, curl), form(Kind::CommandLine, line)],
            to: shown.to.as_ref().map(|user| user.openid.to_string()).unwrap_or_default(),
            says_audience,
            cursor: Cursor::default(),
            offset: 0,
            copied: false,
        }
    }

    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        self.copied = false;
        match key.code {
            Code::Char('c') if key.ctrl => return Then::Close,
            Code::Esc => return Then::Close,
            Code::Enter | Code::Char('c') => self.copy(out),
            Code::Char('w') => self.save(ctx, out),
            Code::PageUp => self.offset = self.offset.saturating_sub(5),
            Code::PageDown | Code::Char(' ') => self.offset += 5,
            _ if self.cursor.on_key(key, self.forms.len()) => self.offset = 0,
            _ => {}
        }
        Then::Stay
    }

    fn copy(&mut self, out: &mut Out) {
        if let Some(form) = self.forms.get(self.cursor.at) {
            out.ask(SystemEffect::CopyToClipboard { text: form.text.clone() });
            self.copied = true;
        }
    }

    fn save(&self, ctx: &Context, out: &mut Out) {
        let Some(form) = self.forms.get(self.cursor.at) else { return };
        let suggestion = if form.kind == Kind::Json { "message.json" } else { "message.sh" };
        let about = format!("{}: {}", form.kind.name(), self.about(form, ctx));
        let what = Content::Text { text: format!("{}\n", form.text) };
        out.open(Layer::Save(Box::new(Save::new(what, about, suggestion))));
    }

    /// Learns the room there is: one scrolls no further than to the end.
    pub fn fit(&mut self, area: Rect) {
        self.cursor.fit(self.forms.len(), self.forms.len());
        let size = self.size(area);
        let columns = size.0.saturating_sub(6);
        if let Some(form) = self.forms.get(self.cursor.at) {
            let height = size.1.saturating_sub(5 + self.forms.len() + 1);
            self.offset = scrolled(self.offset, form.lines(columns).len(), height);
        }
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let (area, len) = (popup_room(window, self.size(window)), self.forms.len());
        Rows { area, cursor: &mut self.cursor, len }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let room = popup(area, self.size(area), ctx.say("export.title"), ctx.say("export.hint"), buf, ctx);
        if self.copied {
            let hint = Rect { y: room.bottom(), height: 2, ..room };
            clear(hint, buf);
            lines(buf, hint, 0, &width::wrap(ctx.say("export.copied"), usize::from(room.width)), Role::Ok, ctx);
        }
        for (at, form) in self.forms.iter().enumerate() {
            let chosen = at == self.cursor.at;
            let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, at);
            line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
            line.column(form.kind.name(), NAMES, style.patch(ctx.style(Role::Strong)));
            line.put(&self.about(form, ctx), style);
        }
        let rule = if ctx.settings.ascii { "-" } else { "─" };
        let head = self.forms.len();
        Line::new(buf, room, head).put(&rule.repeat(usize::from(room.width)), ctx.style(Role::Border));
        let Some(form) = self.forms.get(self.cursor.at) else { return };
        let text = form.lines(usize::from(room.width));
        for (at, part) in text.iter().skip(self.offset).enumerate() {
            Line::new(buf, room, head + 1 + at).put(part, ctx.style(Role::Value));
        }
    }

    /// A form in a few words: whom it is for, or what is not in it.
    fn about(&self, form: &Form, ctx: &Context) -> String {
        match form.kind {
            Kind::Json if self.to.is_empty() => ctx.say("export.json_sample").to_owned(),
            Kind::Json => ctx.say_with("export.json", &[("to", &self.to)]),
            Kind::Curl => ctx.say("export.curl").to_owned(),
            Kind::CommandLine if self.says_audience => ctx.say("export.command_line").to_owned(),
            Kind::CommandLine => ctx.say("export.without_audience").to_owned(),
        }
    }

    /// The same for every form, so that the frame stands still.
    fn size(&self, area: Rect) -> (usize, usize) {
        let width = usize::from(area.width).saturating_sub(2).min(110);
        let longest = self.forms.iter().map(|form| form.lines(width.saturating_sub(6)).len()).max().unwrap_or(0);
        let height = longest + self.forms.len() + 1 + 5;
        (width, height.min(usize::from(area.height).saturating_sub(2)))
    }
}

impl Kind {
    /// What it is called in every language.
    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Curl => "curl",
            Self::CommandLine => "muban send",
        }
    }
}

impl Form {
    /// The whole text, cut where the room ends; a body with line ends between its members.
    fn lines(&self, columns: usize) -> Vec<String> {
        let text = if self.kind == Kind::Json { Cow::from(pretty(&self.text)) } else { Cow::from(&self.text) };
        text.lines().flat_map(|line| parts(line, columns)).map(str::to_owned).collect()
    }
}
