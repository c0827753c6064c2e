use super::{Then, lines, popup};
use crate::domain::account::Account;
use crate::domain::audience::Reach;
use crate::domain::id::OpenId;
use crate::domain::message::Message;
use crate::domain::template::Template;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::TestSendEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{Msg, TestSendMsg};
use crate::tui::out::Out;
use crate::tui::panes::compose::excluded_words;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Most people a test may go to: it asks no questions.
const MOST: usize = 20;
/// Columns of the labels.
const LABELS: usize = 12;

/// The message in the form, sent at once to one's own openids.
#[derive(Debug)]
pub struct TestSend {
    account: Account,
    message: Message,
    template: Template,
    field: Field,
    /// Of the openids in the field: what the first is called, and how many can be sent to.
    known: Option<(String, Reach)>,
    refused: Option<String>,
    waiting: bool,
}

/// Why what was typed is not a list of openids.
#[derive(Debug, PartialEq, Eq)]
enum Wrong {
    Nobody,
    TooMany(usize),
    NotAnOpenid(String),
}

impl TestSend {
    /// Offers the openids that the account remembers, and those of `added` that are not among them.
    pub fn new(account: Account, (message, template): (Message, Template), added: Vec<OpenId>, out: &mut Out) -> Self {
        let mut openids = account.test_openids.clone();
        openids.extend(added.into_iter().filter(|openid| !account.test_openids.contains(openid)));
        let openids: Vec<&str> = openids.iter().map(OpenId::as_str).collect();
        let field = Field::new(&openids.join(" "));
        let layer = Self { account, message, template, field, known: None, refused: None, waiting: false };
        layer.look_up(out);
        layer
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter => self.start(out),
            _ if self.field.edit(key, out) == Change::Text => self.edited(out),
            _ => {}
        }
        Then::Stay
    }

    /// What is pasted are openids of their own, not the rest of the one before the cursor.
    pub fn on_paste(&mut self, text: &str, out: &mut Out) {
        self.field.on_key(Key::plain(Code::Char(' ')));
        self.field.paste(text);
        self.edited(out);
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::TestSend(TestSendMsg::LookedUp { account, openids, first, reach })
                if *account == self.account.id && Ok(openids) == parse(self.field.text()).as_ref() =>
            {
                self.known = Some((first.clone(), *reach));
            }
            Msg::TestSend(TestSendMsg::Begun { account, .. }) if self.waiting && *account == self.account.id => {
                return Then::Close;
            }
            Msg::TestSend(TestSendMsg::Refused { text }) => {
                self.waiting = false;
                self.refused = Some(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let hint = ctx.say(if self.waiting { "test.sending" } else { "test.hint" });
        let room = popup(area, (76, 16), ctx.say("test.title"), hint, buf, ctx);
        let from = format!("{}  {}", self.account.name, self.account.appid.short());
        for (row, (label, text)) in
            [(ctx.say("confirm.account"), &from), (ctx.say("confirm.template"), &self.template.title)].into_iter().enumerate()
        {
            Line::new(buf, room, row).column(label, LABELS, ctx.style(Role::Dim)).put(text, ctx.style(Role::Strong));
        }
        let at = self.view_field(3, room, buf, ctx);
        let beside = Rect { x: room.x + LABELS as u16, width: room.width.saturating_sub(LABELS as u16), ..room };
        let mut row = 4;
        for (role, text) in self.said(ctx) {
            row = lines(buf, beside, row, &width::wrap(&text, usize::from(beside.width)), role, ctx);
        }
        let about = width::wrap(ctx.say("test.about"), usize::from(room.width));
        let last = usize::from(room.height).saturating_sub(about.len());
        if row <= last {
            lines(buf, room, last, &about, Role::Hint, ctx);
        }
        at
    }

    fn view_field(&self, row: usize, room: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut line = Line::new(buf, room, row);
        line.column(ctx.say("test.openids"), LABELS, ctx.style(Role::Strong));
        let area = Rect { x: line.x(), y: room.y + row as u16, width: line.room() as u16, height: 1 };
        self.field.draw(area, buf, Look::new(Role::Value, true, ctx))
    }

    /// What there is to say of the openids as they stand.
    fn said(&self, ctx: &Context) -> Vec<(Role, String)> {
        let mut said = match parse(self.field.text()) {
            Err(wrong) => vec![wrong_words(&wrong, ctx)],
            Ok(openids) => self.known_words(&openids, ctx),
        };
        said.extend(self.refused.iter().map(|text| (Role::Error, format!("✗ {text}"))));
        said
    }

    fn known_words(&self, openids: &[OpenId], ctx: &Context) -> Vec<(Role, String)> {
        let count = openids.len().to_string();
        let mut words = ctx.say_with("test.count", &[("count", &count)]);
        let mut said = Vec::new();
        if let Some((first, reach)) = &self.known {
            if !first.is_empty() {
                words = ctx.say_with("test.first", &[("count", &count), ("name", first)]);
            }
            let excluded = excluded_words(&reach.excluded, ctx);
            if !excluded.is_empty() {
                said.push((Role::Warning, format!("! {excluded}")));
            }
            if reach.recipients == 0 {
                said.push((Role::Error, format!("✗ {}", ctx.say("test.nobody"))));
            }
        }
        if let Some(odd) = openids.iter().find(|openid| !openid.has_usual_length()) {
            let odd = width::cut(odd.as_str(), 30);
            said.push((Role::Warning, format!("! {}", ctx.say_with("test.odd_length", &[("openid", &odd)]))));
        }
        said.insert(0, (Role::Ok, words));
        said
    }

    fn edited(&mut self, out: &mut Out) {
        (self.known, self.refused) = (None, None);
        self.look_up(out);
    }

    fn look_up(&self, out: &mut Out) {
        if let Ok(openids) = parse(self.field.text()) {
            out.ask(TestSendEffect::LookUp { account: self.account.id, openids });
        }
    }

    fn start(&mut self, out: &mut Out) {
        let nobody = self.known.as_ref().is_some_and(|(_, reach)| reach.recipients == 0);
        let Ok(openids) = parse(self.field.text()) else { return };
        if self.waiting || nobody {
            return;
        }
        (self.waiting, self.refused) = (true, None);
        let (message, template) = (self.message.clone(), Box::new(self.template.clone()));
        out.ask(TestSendEffect::Start { account: self.account.id, message, template, openids });
    }
}

/// The openids in a text, each once, in their order.
fn parse(text: &str) -> Result<Vec<OpenId>, Wrong> {
    let mut openids: Vec<OpenId> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || ",，、;；".contains(c)).filter(|word| !word.is_empty()) {
        let openid = OpenId::parse(word).map_err(|_| Wrong::NotAnOpenid(word.to_owned()))?;
        if !openids.contains(&openid) {
            openids.push(openid);
        }
    }
    match openids.len() {
        0 => Err(Wrong::Nobody),
        1..=MOST => Ok(openids),
        many => Err(Wrong::TooMany(many)),
    }
}

fn wrong_words(wrong: &Wrong, ctx: &Context) -> (Role, String) {
    let text = match wrong {
        Wrong::Nobody => return (Role::Hint, ctx.say_with("test.none", &[("key", &ctx.key(Action::TestSend))])),
        Wrong::TooMany(count) => {
            ctx.say_with("test.too_many", &[("most", &MOST.to_string()), ("count", &number::thousands(*count as u64))])
        }
        Wrong::NotAnOpenid(word) => ctx.say_with("test.not_an_openid", &[("text", &width::cut(word, 30))]),
    };
    (Role::Error, format!("✗ {text}"))
}
