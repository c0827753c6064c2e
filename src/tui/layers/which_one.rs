use super::{Then, lines, popup};
use crate::domain::audience::UserSet;
use crate::domain::id::AccountId;
use crate::domain::user::User;
use crate::sync::Look;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{PeopleEffect, SyncEffect};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AudienceMsg, Msg, PeopleMsg, SyncMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The whole popup.
const SIZE: (usize, usize) = (76, 22);

/// Which one of the followers somebody is: WeChat tells no names, but who follows anew is the newest.
#[derive(Debug)]
pub struct WhichOne {
    account: AccountId,
    /// The newest before anybody followed anew.
    before: Option<Vec<User>>,
    newest: Vec<User>,
    cursor: Cursor,
    state: State,
    /// Where is looked: at the end of the list, which is cheap; where nobody new was found there, everywhere.
    look: Look,
}

#[derive(Debug)]
enum State {
    /// The person is still to follow anew.
    Waiting,
    Looking,
    Found,
    Failed(String),
}

impl WhichOne {
    /// Remembers who is the newest now.
    pub fn new(account: AccountId, out: &mut Out) -> Self {
        out.ask(PeopleEffect::FindNewest { account });
        Self { account, before: None, newest: Vec::new(), cursor: Cursor::default(), state: State::Waiting, look: Look::AtEnd }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match (key.code, &self.state) {
            (Code::Esc, _) => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            (_, State::Looking) => {}
            (Code::Enter, State::Found) if !self.newest.is_empty() => {
                let Some(user) = self.newest.get(self.cursor.at) else { return Then::Stay };
                out.tell(AudienceMsg::Chosen { set: UserSet::Users(vec![user.openid.clone()]) });
                return Then::Close;
            }
            (Code::Enter | Code::Char('y'), _) => {
                let nobody = matches!(self.state, State::Found) && !self.anybody_new();
                self.look = if nobody && self.look == Look::AtEnd { Look::Everywhere } else { Look::AtEnd };
                out.ask(SyncEffect::FindNewcomers { account: self.account, look: self.look });
                self.state = State::Looking;
            }
            _ => _ = self.cursor.on_key(key, self.newest.len()),
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) -> Then {
        match msg {
            Msg::Sync(SyncMsg::Finished { account, .. }) if *account == self.account && matches!(self.state, State::Looking) => {
                out.ask(PeopleEffect::FindNewest { account: self.account });
            }
            Msg::Sync(SyncMsg::Failed { account, text, .. }) if *account == self.account => {
                self.state = State::Failed(text.clone());
            }
            Msg::Sync(SyncMsg::Cancelled { account }) if *account == self.account => self.state = State::Waiting,
            Msg::People(PeopleMsg::Newest { account, users }) if *account == self.account => {
                if self.before.is_none() {
                    self.before = Some(users.clone());
                } else {
                    self.newest.clone_from(users);
                    self.cursor = Cursor::default();
                    self.state = State::Found;
                }
            }
            _ => {}
        }
        Then::Stay
    }

    pub fn fit(&mut self, _area: Rect) {
        self.cursor.fit(self.newest.len(), SIZE.1);
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let found = matches!(self.state, State::Found);
        let hint = ctx.say(if found { "which_one.hint_found" } else { "which_one.hint" });
        let room = popup(area, SIZE, ctx.say("which_one.title"), hint, buf, ctx);
        let columns = usize::from(room.width);
        let mut row = 0;
        for step in ["which_one.step_1", "which_one.step_2", "which_one.step_3"] {
            row = lines(buf, room, row, &width::wrap(ctx.say(step), columns), Role::Text, ctx);
        }
        let (text, role) = match &self.state {
            State::Waiting => return,
            State::Looking => (ctx.say("which_one.looking").to_owned(), Role::Busy),
            State::Failed(text) => (text.clone(), Role::Error),
            State::Found if self.anybody_new() => (ctx.say("which_one.found").to_owned(), Role::Ok),
            State::Found if self.look == Look::AtEnd => (ctx.say("which_one.nobody_at_end").to_owned(), Role::Warning),
            State::Found => (ctx.say("which_one.nobody").to_owned(), Role::Warning),
        };
        row = lines(buf, room, row + 1, &width::wrap(&text, columns), role, ctx) + 1;
        for (at, user) in self.newest.iter().enumerate() {
            let selected = at == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let mut line = Line::new(buf, room, row + at);
            line.fill(style);
            if let Some(time) = user.subscribe_time {
                line.right(&number::date_time(time, &ctx.settings.zone), style.patch(ctx.style(Role::Dim)));
            }
            let mark = if self.is_new(user) { "● " } else { "  " };
            line.put(if selected { "▸ " } else { "  " }, style).column(
                mark,
                width::columns("● "),
                style.patch(ctx.style(Role::Ok)),
            );
            line.put(user.openid.as_str(), style).put("  ", style).put(user.label(), style);
        }
    }

    fn anybody_new(&self) -> bool {
        self.newest.iter().any(|user| self.is_new(user))
    }

    /// Whether somebody came, or came anew, since this was opened.
    fn is_new(&self, user: &User) -> bool {
        let known = |before: &User| before.openid == user.openid && before.subscribe_time == user.subscribe_time;
        self.before.as_ref().is_some_and(|before| !before.iter().any(known))
    }
}
