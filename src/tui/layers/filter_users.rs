use super::{Then, popup};
use crate::domain::user::{UserOrder, Who};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::input::{Code, Key};
use crate::tui::msg::ListsMsg;
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Line};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What can be chosen, in the order of the screen.
const ROWS: [Row; 7] = [
    Row::Who(Who::Everyone),
    Row::Who(Who::Following),
    Row::Who(Who::Left),
    Row::Who(Who::Blocked),
    Row::NeverSent,
    Row::Order(UserOrder::Newest),
    Row::Order(UserOrder::Name),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Who(Who),
    NeverSent,
    Order(UserOrder),
}

/// Which users the list shows, and in which order; each choice is seen behind it at once.
#[derive(Debug)]
pub struct FilterUsers {
    who: Who,
    never_sent: bool,
    order: UserOrder,
    cursor: Cursor,
}

impl FilterUsers {
    pub fn new(who: Who, never_sent: bool, order: UserOrder) -> Self {
        let mut cursor = Cursor::default();
        cursor.fit(ROWS.len(), ROWS.len());
        Self { who, never_sent, order, cursor }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc | Code::Enter => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Char(' ') => self.choose(out),
            _ => _ = self.cursor.on_key(key, ROWS.len()),
        }
        Then::Stay
    }

    fn choose(&mut self, out: &mut Out) {
        match ROWS.get(self.cursor.at) {
            Some(Row::Who(who)) => self.who = *who,
            Some(Row::NeverSent) => self.never_sent = !self.never_sent,
            Some(Row::Order(order)) => self.order = *order,
            None => return,
        }
        out.tell(ListsMsg::UsersFiltered { who: self.who, never_sent: self.never_sent, order: self.order });
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let room = popup(area, (54, ROWS.len() + 7), ctx.say("filter_users.title"), ctx.say("filter_users.hint"), buf, ctx);
        let mut top = 0;
        for (index, row) in ROWS.iter().enumerate() {
            // A blank line before each group.
            top += usize::from(index > 0 && std::mem::discriminant(row) != std::mem::discriminant(&ROWS[index - 1]));
            let selected = index == self.cursor.at;
            let style = ctx.style(if selected { Role::Selected } else { Role::Text });
            let (key, chosen, box_like) = match row {
                Row::Who(who) => (who_key(*who), *who == self.who, false),
                Row::NeverSent => ("filter_users.never_sent", self.never_sent, true),
                Row::Order(UserOrder::Newest) => ("filter_users.newest", self.order == UserOrder::Newest, false),
                Row::Order(UserOrder::Name) => ("filter_users.name", self.order == UserOrder::Name, false),
            };
            let mark = match (box_like, chosen) {
                (true, true) => "[✓] ",
                (true, false) => "[ ] ",
                (false, true) => "(•) ",
                (false, false) => "( ) ",
            };
            let mut line = Line::new(buf, room, index + top);
            line.fill(style);
            line.put(if selected { "▸ " } else { "  " }, style).column(mark, width::columns("(•) "), style);
            line.put(ctx.say(key), style);
        }
    }
}

fn who_key(who: Who) -> &'static str {
    match who {
        Who::Everyone => "filter_users.everyone",
        Who::Following => "filter_users.following",
        Who::Left => "filter_users.left",
        Who::Blocked => "filter_users.blocked",
    }
}
