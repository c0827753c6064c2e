//! What was in view of the followers, noted and taken up again.

use super::Users;
use crate::config::LastView;
use crate::domain::id::TagId;
use crate::domain::user::{PageAt, Tag, UserFilter, UserOrder, Who};
use crate::tui::effect::ListsEffect;
use crate::tui::out::Out;
use crate::tui::widgets::Field;

const WHO: [(Who, &str); 4] =
    [(Who::Everyone, ""), (Who::Following, "following"), (Who::Left, "left"), (Who::Blocked, "blocked")];

impl Users {
    /// Notes it. The selected one only where the list is everyone: elsewhere there is no way to go to somebody.
    pub fn note_view(&self, view: &mut LastView) {
        self.search.text().trim().clone_into(&mut view.search);
        view.tag = self.tag.as_ref().map(|tag| tag.id.0);
        view.tag_name = self.tag.as_ref().map(|tag| tag.name.clone()).unwrap_or_default();
        view.who = WHO.iter().find(|(who, _)| *who == self.who).map(|(_, name)| (*name).to_owned()).unwrap_or_default();
        view.never_sent = self.never_sent;
        view.by_name = self.order == UserOrder::Name;
        if self.filter() == UserFilter::default() && self.cursor.at > 0 {
            view.user = self.current().map(|user| user.openid.to_string()).unwrap_or_default();
        }
    }

    /// Takes it up again.
    pub(super) fn reopen(&mut self, view: &LastView, out: &mut Out) {
        self.search = Field::new(&view.search);
        self.tag = view.tag.map(|id| Tag { id: TagId(id), name: view.tag_name.clone(), count: 0 });
        self.who = WHO.iter().find(|(_, name)| *name == view.who).map_or(Who::Everyone, |(who, _)| *who);
        self.never_sent = view.never_sent;
        self.order = if view.by_name { UserOrder::Name } else { UserOrder::Newest };
        if self.filter() != UserFilter::default() {
            return self.load(PageAt::First, out);
        }
        if let Some(account) = self.account.filter(|_| !view.user.is_empty()) {
            out.ask(ListsEffect::FindUser { account, prefix: view.user.clone() });
        }
    }
}
