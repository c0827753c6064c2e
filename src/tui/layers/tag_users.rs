use super::press::Rows;
use super::{Layer, TagName, Then, popup, popup_room};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::people::is_system;
use crate::domain::user::{Tag, User};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::PeopleEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Change, Msg, PeopleMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::HashSet;

const SIZE: (usize, usize) = (62, 22);
/// Lines above the tags.
const HEAD: usize = 3;

/// The tags of the chosen users: given and taken, one by one.
#[derive(Debug)]
pub struct TagUsers {
    account: AccountId,
    tags: Vec<Tag>,
    users: Vec<User>,
    cursor: Cursor,
    state: State,
}

#[derive(Debug)]
enum State {
    Asking,
    Sent,
    Refused(String),
}

impl TagUsers {
    pub fn new(account: AccountId, tags: Vec<Tag>, users: Vec<User>) -> Self {
        Self { account, tags, users, cursor: Cursor::default(), state: State::Asking }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Char('n') => out.open(Layer::TagName(Box::new(TagName::new(self.account, None)))),
            Code::Char('+') => self.set(true, out),
            Code::Char('-') => self.set(false, out),
            // Whoever lacks it gets it; where nobody does, it is taken.
            Code::Enter | Code::Char(' ') => {
                let have = self.tags.get(self.cursor.at).map_or(0, |tag| self.have(tag));
                self.set(have < self.users.len(), out);
            }
            _ => _ = self.cursor.on_key(key, self.tags.len()),
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::People(PeopleMsg::Changed { change, .. }) => {
                self.state = State::Asking;
                match change {
                    Change::TagMade(tag) => {
                        self.tags.push(tag.clone());
                        self.cursor.at = self.tags.len() - 1;
                    }
                    Change::Tagged { tag, openids, has } => {
                        let openids: HashSet<&OpenId> = openids.iter().collect();
                        for user in self.users.iter_mut().filter(|user| openids.contains(&user.openid)) {
                            user.tags.retain(|id| *id != tag.id);
                            user.tags.extend(has.then_some(tag.id));
                        }
                    }
                    _ => {}
                }
            }
            Msg::People(PeopleMsg::Refused { text }) => self.state = State::Refused(text.clone()),
            _ => {}
        }
        Then::Stay
    }

    pub fn fit(&mut self, area: Rect) {
        let height = usize::from(popup_room(area, SIZE).height).saturating_sub(HEAD);
        self.cursor.fit(self.tags.len(), height);
    }

    pub(super) fn rows(&mut self, window: Rect) -> Rows<'_> {
        let (room, head) = (popup_room(window, SIZE), HEAD as u16);
        let area = Rect { y: room.y + head, height: room.height.saturating_sub(head), ..room };
        let len = self.tags.len();
        Rows { area, cursor: &mut self.cursor, len }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let room = popup(area, SIZE, ctx.say("people.tags_title"), ctx.say("people.tags_hint"), buf, ctx);
        let whom = match self.users.as_slice() {
            [one] if one.label().is_empty() => one.openid.to_string(),
            [one] => one.label().to_owned(),
            many => ctx.say_with("audience.users", &[("count", &number::thousands(many.len() as u64))]),
        };
        Line::new(buf, room, 0).put(&whom, ctx.style(Role::Strong));
        match &self.state {
            State::Asking => {}
            State::Sent => _ = Line::new(buf, room, 1).put(ctx.say("people.asking"), ctx.style(Role::Busy)),
            State::Refused(text) => {
                Line::new(buf, room, 1).put(text.lines().next().unwrap_or_default(), ctx.style(Role::Error));
            }
        }
        for (row, index) in self.cursor.visible(self.tags.len()) {
            let Some(tag) = self.tags.get(index) else { continue };
            let selected = index == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, HEAD + row);
            line.fill(style);
            let mark = match self.have(tag) {
                0 => "[ ] ",
                all if all == self.users.len() => "[✓] ",
                _ => "[-] ",
            };
            if is_system(tag.id) {
                line.right(ctx.say("people.system_tag"), style.patch(ctx.style(Role::Dim)));
            }
            line.put(if selected { "▸ " } else { "  " }, style).put(mark, style).put(&tag.name, style);
        }
    }

    /// How many of the users have it.
    fn have(&self, tag: &Tag) -> usize {
        self.users.iter().filter(|user| user.tags.contains(&tag.id)).count()
    }

    fn set(&mut self, has: bool, out: &mut Out) {
        let Some(tag) = self.tags.get(self.cursor.at).filter(|_| !matches!(self.state, State::Sent)) else { return };
        let concerned = self.users.iter().filter(|user| user.tags.contains(&tag.id) != has);
        let openids: Vec<_> = concerned.map(|user| user.openid.clone()).collect();
        if !openids.is_empty() {
            out.ask(PeopleEffect::SetTag { account: self.account, tag: tag.clone(), openids, has });
            self.state = State::Sent;
        }
    }
}
