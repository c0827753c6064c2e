//! The window of rows around the selection: pages come as one nears its ends.

use super::{Asked, Ends, MARGIN, PAGE, Users, WINDOW};
use crate::domain::user::{PageAt, UserFilter, UserKey, UserOrder};
use crate::tui::effect::ListsEffect;
use crate::tui::keys::Action;
use crate::tui::msg::UsersPage;
use crate::tui::out::Out;
use crate::tui::widgets::Cursor;

impl Users {
    /// Asks for the rows at a place; those that come take the place of what is shown, or join it.
    pub(super) fn load(&mut self, at: PageAt<UserKey>, out: &mut Out) {
        let asked = match at {
            PageAt::First | PageAt::Last => Asked::Anew(at),
            PageAt::After(_) | PageAt::Before(_) => Asked::More(at),
        };
        self.ask(asked, at, out);
    }

    /// Shows the list from a key on.
    pub(super) fn jump(&mut self, to: UserKey, out: &mut Out) {
        // What comes after the key that would come right before it.
        let before = UserKey { id: to.id + 1, ..to };
        self.ask(Asked::Jump, PageAt::After(before), out);
    }

    /// Reads the rows in view anew; the selection stays with its user.
    pub(super) fn refresh(&mut self, out: &mut Out) {
        let at_top = self.ends.first && self.cursor.at == 0;
        match self.rows.first() {
            Some(first) if !at_top => {
                // By name there is no place right before the first; and the first is as far from the selection as it can be.
                let newest = self.order == UserOrder::Newest;
                let before = if newest { UserKey { id: first.key.id + 1, ..first.key } } else { first.key };
                let at = if newest || !self.ends.first { PageAt::After(before) } else { PageAt::First };
                self.ask(Asked::Again, at, out);
            }
            _ => self.load(PageAt::First, out),
        }
    }

    fn ask(&mut self, asked: Asked, at: PageAt<UserKey>, out: &mut Out) {
        let Some(account) = self.account else { return };
        let generation = self.generation.advance();
        self.asked = Some(asked);
        let filter = self.filter();
        let other = self.counted.as_ref() != Some(&filter);
        let counted = other || at == PageAt::First || asked == Asked::Again;
        if other {
            (self.total, self.counted) = (None, Some(filter.clone()));
        }
        if counted {
            self.filtered = generation;
        }
        let count = if asked == Asked::Again { PAGE.max(self.rows.len() as u32) } else { PAGE };
        out.ask(ListsEffect::Users { generation, account, filter, at, count, counted });
    }

    /// What the list shows.
    pub fn filter(&self) -> UserFilter {
        UserFilter {
            search: self.search.text().trim().to_owned(),
            tag: self.tag.as_ref().map(|tag| tag.id),
            who: self.who,
            never_sent: self.never_sent,
            order: self.order,
        }
    }

    /// Asks for more rows when the selection comes near an end of the window that is not an end of the list.
    pub(super) fn load_margin(&mut self, out: &mut Out) {
        if self.asked.is_some() {
            return;
        }
        let near_end = self.cursor.at + MARGIN >= self.rows.len();
        match (self.rows.first(), self.rows.last()) {
            (_, Some(last)) if near_end && !self.ends.last => self.load(PageAt::After(last.key), out),
            (Some(first), _) if self.cursor.at < MARGIN && !self.ends.first => self.load(PageAt::Before(first.key), out),
            _ => {}
        }
    }

    pub(super) fn take_page(&mut self, page: UsersPage, out: &mut Out) {
        let Some(asked) = self.asked.take() else { return };
        self.loaded = true;
        match asked {
            Asked::Anew(PageAt::Last) => {
                self.rows = page.rows;
                self.ends = Ends { first: !page.more, last: true };
                self.cursor.on_action(Action::Bottom, self.rows.len());
            }
            Asked::Anew(_) => {
                self.rows = page.rows;
                self.ends = Ends { first: true, last: !page.more };
                self.cursor = Cursor::default();
            }
            Asked::Jump => {
                self.rows = page.rows;
                // Whether somebody comes before is found out when one goes there.
                self.ends = Ends { first: false, last: !page.more };
                self.cursor = Cursor::default();
            }
            Asked::Again => {
                let selected = self.current().map(|user| user.openid.clone());
                self.rows = page.rows;
                // Somebody may have come in front of them.
                self.ends = Ends { first: false, last: !page.more };
                let place = self.rows.iter().position(|row| Some(&row.user.openid) == selected.as_ref());
                self.cursor.at = place.unwrap_or(self.cursor.at);
                self.cursor.clamp(self.rows.len());
                self.load_margin(out);
            }
            Asked::More(PageAt::Before(_)) => {
                self.cursor.shift(page.rows.len() as isize);
                self.rows.splice(0..0, page.rows);
                self.ends.first = !page.more;
                self.ends.last &= self.rows.len() <= WINDOW;
                self.rows.truncate(WINDOW);
            }
            Asked::More(_) => {
                self.rows.extend(page.rows);
                self.ends.last = !page.more;
                self.drop_first_rows();
            }
        }
    }

    fn drop_first_rows(&mut self) {
        let surplus = self.rows.len().saturating_sub(WINDOW);
        if surplus > 0 {
            self.rows.drain(..surplus);
            self.cursor.shift(-(surplus as isize));
            self.ends.first = false;
        }
    }
}
