use super::{Then, lines, popup};
use crate::domain::account::Account;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, Refusal, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::templates_news::refusal_words;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the labels.
const LABELS: usize = 16;

/// Taking a template from the library, by its number there and the names of its keywords.
#[derive(Debug)]
pub struct AddTemplate {
    account: Account,
    short_id: Field,
    keywords: Field,
    /// Whether the keywords are being typed.
    at_keywords: bool,
    waiting: bool,
    /// Why it was not added.
    wrong: Option<Wrong>,
}

#[derive(Debug)]
enum Wrong {
    NoNumber,
    Refused(Refusal),
}

impl AddTemplate {
    /// Nothing is asked of WeChat until both are there.
    pub fn new(account: Account) -> Self {
        let (short_id, keywords) = (Field::default(), Field::default());
        Self { account, short_id, keywords, at_keywords: false, waiting: false, wrong: None }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Up | Code::Down | Code::Tab | Code::BackTab => self.at_keywords = !self.at_keywords,
            Code::Enter if !self.at_keywords => self.at_keywords = true,
            Code::Enter => self.start(out),
            _ if self.field().edit(key, out) == Change::Text => self.wrong = None,
            _ => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.field().paste(text);
        self.wrong = None;
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Templates(TemplatesMsg::Added { account, .. }) if self.waiting && *account == self.account.id => {
                return Then::Close;
            }
            Msg::Templates(TemplatesMsg::AddRefused { account, refusal }) if *account == self.account.id => {
                self.waiting = false;
                self.wrong = Some(Wrong::Refused(refusal.clone()));
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 80.min(usize::from(area.width).saturating_sub(8));
        let below = self.below(columns, ctx);
        let hint = ctx.say(if self.waiting { "add_template.waiting" } else { "add_template.hint" });
        let room = popup(area, (columns + 6, below.len() + 9), ctx.say("add_template.title"), hint, buf, ctx);
        Line::new(buf, room, 0)
            .column(ctx.say("confirm.account"), LABELS, ctx.style(Role::Dim))
            .put(&format!("{}  {}", self.account.name, self.account.appid.short()), ctx.style(Role::Strong));
        let labels = [ctx.say("add_template.short_id"), ctx.say("add_template.keywords")];
        let hints = [ctx.say("add_template.short_id_hint"), ctx.say("add_template.keywords_hint")];
        let mut cursor = None;
        for (at, field) in [&self.short_id, &self.keywords].into_iter().enumerate() {
            let focused = (at == 1) == self.at_keywords;
            let mut line = Line::new(buf, room, 2 + at);
            line.column(labels[at], LABELS, ctx.style(if focused { Role::Strong } else { Role::Dim }));
            let place = Rect { x: line.x(), y: room.y + 2 + at as u16, width: line.room() as u16, height: 1 };
            let drawn = field.draw(place, buf, Look::new(Role::Value, focused, ctx).hint(hints[at]));
            cursor = if focused { drawn } else { cursor };
        }
        for (row, (text, role)) in below.iter().enumerate() {
            lines(buf, room, 4 + row, std::slice::from_ref(text), *role, ctx);
        }
        cursor
    }

    /// What stands below the fields: the keywords as they are read, what is wrong, and where both are found.
    fn below(&self, columns: usize, ctx: &Context) -> Vec<(String, Role)> {
        let mut below = Vec::new();
        let mut add = |text: &str, role| below.extend(width::wrap(text, columns).into_iter().map(|line| (line, role)));
        let keywords = keywords(self.keywords.text());
        if !keywords.is_empty() {
            let count = keywords.len().to_string();
            add(&ctx.say_with("add_template.read_as", &[("count", &count), ("names", &keywords.join(" · "))]), Role::Ok);
        }
        match &self.wrong {
            Some(Wrong::NoNumber) => add(&format!("✗ {}", ctx.say("add_template.no_number")), Role::Error),
            Some(Wrong::Refused(refusal)) => add(&format!("✗ {}", refusal_words(refusal, "\n", ctx)), Role::Error),
            None => {}
        }
        add("", Role::Text);
        add(ctx.say("add_template.where"), Role::Hint);
        below
    }

    fn field(&mut self) -> &mut Field {
        if self.at_keywords { &mut self.keywords } else { &mut self.short_id }
    }

    fn start(&mut self, out: &mut Out) {
        let short_id = self.short_id.text().trim();
        if self.waiting {
            return;
        }
        if short_id.is_empty() {
            (self.wrong, self.at_keywords) = (Some(Wrong::NoNumber), false);
            return;
        }
        let (short_id, keywords) = (short_id.to_owned(), keywords(self.keywords.text()));
        out.ask(TemplatesEffect::Add { account: self.account.id, short_id, keywords });
        (self.waiting, self.wrong) = (true, None);
    }
}

/// The names in a text, in their order.
fn keywords(text: &str) -> Vec<String> {
    let names = text.split(|c: char| c.is_whitespace() || ",，、;；".contains(c));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
