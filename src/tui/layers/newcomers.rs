use super::{Layer, Then, lines, popup, popup_room};
use crate::domain::audience::UserSet;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::User;
use crate::sync::Look;
use crate::text::{number, width};
use crate::tui::context::Context;
use crate::tui::effect::{SyncEffect, SystemEffect};
use crate::tui::input::{Code, Key};
use crate::tui::msg::{AudienceMsg, Msg, SyncMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::collections::BTreeSet;

/// Followers shown besides those who came.
const NEWEST: u32 = 50;

/// "Which one am I?": WeChat gives no names, so somebody is found by following anew while one looks.
#[derive(Debug)]
pub struct Newcomers {
    account: AccountId,
    /// Who came first, newest first; then the others, newest first.
    users: Vec<User>,
    /// Who came since this was opened.
    came: BTreeSet<OpenId>,
    state: State,
    cursor: Cursor,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Nobody has looked yet.
    Fresh,
    Looking,
    /// So many came, found there, with so many calls.
    Looked(usize, Look, u64),
    Failed(String),
}

impl Newcomers {
    /// Opens with those who are known by now.
    pub fn open(account: AccountId, out: &mut Out) {
        out.ask(SyncEffect::LoadNewest { account, count: NEWEST });
        let (users, came, cursor) = (Vec::new(), BTreeSet::new(), Cursor::default());
        out.open(Layer::Newcomers(Box::new(Self { account, users, came, state: State::Fresh, cursor })));
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        let looking = self.state == State::Looking;
        match key.code {
            Code::Esc | Code::Char('q' | 'W') => return self.close(out),
            Code::Char('c') if key.ctrl => return self.close(out),
            Code::Char('c') => self.copy(out),
            Code::Char('r') if !looking => self.look(out),
            Code::Enter if self.came.is_empty() && !looking => self.look(out),
            Code::Enter if !looking => return self.choose(out),
            Code::Char('t') => return self.choose(out),
            _ => _ = self.cursor.on_key(key, self.users.len()),
        }
        Then::Stay
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Sync(SyncMsg::NewestLoaded { account, users }) if *account == self.account => {
                self.users.clone_from(users);
                self.put_first();
            }
            Msg::Sync(SyncMsg::Looked { account, came, look, requests }) if *account == self.account => {
                self.came.extend(came.iter().cloned());
                self.state = State::Looked(came.len(), *look, *requests);
                self.cursor = Cursor::default();
                self.put_first();
            }
            Msg::Sync(SyncMsg::LookFailed { account, text }) if *account == self.account => {
                self.state = State::Failed(text.clone());
            }
            _ => {}
        }
        Then::Stay
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, area: Rect) {
        let room = popup_room(area, Self::size(area));
        self.cursor.fit(self.users.len(), usize::from(room.height).saturating_sub(GUIDE + 2));
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let hint = if self.state == State::Looking {
            "newcomers.hint_looking"
        } else if self.came.is_empty() {
            "newcomers.hint"
        } else {
            "newcomers.hint_found"
        };
        let room = popup(area, Self::size(area), ctx.say("newcomers.title"), ctx.say(hint), buf, ctx);
        let guide = ["newcomers.step_1", "newcomers.step_2", "newcomers.step_3"].map(|key| ctx.say(key).to_owned());
        lines(buf, room, 0, &guide, Role::Dim, ctx);
        let (role, text) = self.state_words(ctx);
        let said = width::wrap(&text, usize::from(room.width));
        lines(buf, room, GUIDE - 2, said.get(..said.len().min(2)).unwrap_or_default(), role, ctx);
        let list = Rect { y: room.y + GUIDE as u16 + 1, height: room.height.saturating_sub(GUIDE as u16 + 1), ..room };
        for (at, index) in self.cursor.visible(self.users.len()) {
            if let Some(user) = self.users.get(index) {
                self.view_row(user, index == self.cursor.at, Line::new(buf, list, at), ctx);
            }
        }
    }

    fn view_row(&self, user: &User, chosen: bool, mut line: Line, ctx: &Context) {
        let style = ctx.style(if chosen { Role::Selected } else { Role::Text });
        let as_role = |role| style.patch(ctx.style(role));
        line.fill(style).put(if chosen { "▸ " } else { "  " }, style);
        let came = self.came.contains(&user.openid);
        line.put(if came { "● " } else { "  " }, as_role(Role::Ok));
        let since = user.subscribe_time.map(|at| number::day_and_clock(at, &ctx.settings.zone)).unwrap_or_default();
        line.column(&since, 11, as_role(Role::Dim)).put("  ", style);
        line.put(user.openid.as_str(), if came { as_role(Role::Strong) } else { style }).put("  ", style);
        line.put(user.label(), as_role(Role::Name));
    }

    fn state_words(&self, ctx: &Context) -> (Role, String) {
        match &self.state {
            State::Fresh => (Role::Text, ctx.say("newcomers.fresh").to_owned()),
            State::Looking => (Role::Busy, ctx.say("newcomers.looking").to_owned()),
            State::Looked(0, look, calls) => {
                let key = if *look == Look::AtEnd { "newcomers.none_at_end" } else { "newcomers.none" };
                (Role::Warning, ctx.say_with(key, &[("calls", &number::thousands(*calls))]))
            }
            State::Looked(count, _, calls) => {
                let [count, calls] = [*count as u64, *calls].map(number::thousands);
                (Role::Ok, ctx.say_with("newcomers.found", &[("count", &count), ("calls", &calls)]))
            }
            State::Failed(text) => (Role::Error, text.clone()),
        }
    }

    fn size(area: Rect) -> (usize, usize) {
        (usize::from(area.width).saturating_sub(4).min(90), usize::from(area.height).saturating_sub(2).min(30))
    }

    fn put_first(&mut self) {
        let came = &self.came;
        self.users.sort_by_key(|user| !came.contains(&user.openid));
    }

    /// At the end of the list first, which is cheap; where nobody was found there, everywhere.
    fn look(&mut self, out: &mut Out) {
        let look = if matches!(self.state, State::Looked(0, Look::AtEnd, _)) { Look::Everywhere } else { Look::AtEnd };
        self.state = State::Looking;
        out.ask(SyncEffect::LookForNewcomers { account: self.account, look });
    }

    fn choose(&self, out: &mut Out) -> Then {
        let Some(user) = self.users.get(self.cursor.at) else { return Then::Stay };
        out.tell(AudienceMsg::Chosen { set: UserSet::Users(vec![user.openid.clone()]) });
        Then::Close
    }

    fn copy(&self, out: &mut Out) {
        if let Some(user) = self.users.get(self.cursor.at) {
            out.ask(SystemEffect::CopyToClipboard { text: user.openid.to_string() });
        }
    }

    fn close(&self, out: &mut Out) -> Then {
        if self.state == State::Looking {
            out.ask(SyncEffect::CancelSync { account: self.account });
        }
        Then::Close
    }
}

/// Lines above the list: the guide, a blank one, and what came of the last look.
const GUIDE: usize = 6;
