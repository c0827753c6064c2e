use super::super::{notice, row};
use super::Users;
use crate::domain::user::{User, UserFilter, UserOrder, Who};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::keys::Action;
use crate::tui::theme::Role;
use crate::tui::widgets::{Panel, search_line};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Users {
    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        self.cursor.fit(self.rows.len(), height.saturating_sub(usize::from(self.has_search())));
    }

    /// Draws the rows in view.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut inner = panel.draw(area, buf, ctx);
        let mut at = None;
        if self.has_search() && inner.height > 0 {
            at = search_line(&self.search, self.searching && panel.focused, inner, buf, ctx);
            inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        }
        if self.rows.is_empty() {
            notice(buf, inner, &self.empty_text(ctx), ctx);
        }
        for (at, index) in self.cursor.visible(self.rows.len()) {
            self.draw_row(index, (buf, inner, at), panel.focused, ctx);
        }
        at
    }

    fn draw_row(&self, index: usize, (buf, inner, at): (&mut Buffer, Rect, usize), focused: bool, ctx: &Context) {
        let user = &self.rows[index].user;
        let (mut line, style) = row(buf, inner, at, index == self.cursor.at, focused, ctx);
        let marked = self.selected.contains(&user.openid);
        line.put(if marked { "✓ " } else { "  " }, style.patch(ctx.style(Role::Ok)));
        let dim = style.patch(ctx.style(Role::Dim));
        if !user.subscribed {
            line.right(ctx.say("users.left"), style.patch(ctx.style(Role::Warning)));
        } else if user.blacklisted {
            line.right(ctx.say("users.blocked"), style.patch(ctx.style(Role::Warning)));
        }
        if user.label().is_empty() {
            line.put(user.openid.as_str(), style);
        } else {
            line.put(user.label(), style).put("  ", style).put(&self.tags_of(user), style.patch(ctx.style(Role::Name)));
            line.put(user.openid.as_str(), dim);
        }
    }

    fn tags_of(&self, user: &User) -> String {
        let names: Vec<&str> = user.tags.iter().filter_map(|id| self.tag_names.get(id)).map(String::as_str).collect();
        if names.is_empty() { String::new() } else { format!("{}  ", names.join(" ")) }
    }

    fn empty_text(&self, ctx: &Context) -> String {
        let asked_for_all = self.filter() == UserFilter { order: self.order, ..UserFilter::default() };
        match (self.account, self.loaded) {
            (Some(_), true) if asked_for_all => ctx.say_with("users.empty", &[("key", &ctx.key(Action::Sync))]),
            (Some(_), true) => ctx.say("list.no_match").to_owned(),
            _ => String::new(),
        }
    }

    /// What stands at the right of the title: what is shown of all, and how many are marked.
    pub fn aside(&self, ctx: &Context) -> String {
        let marked = self.selected.len();
        let marked = (marked > 0).then(|| ctx.say_with("users.marked", &[("count", &number::thousands(marked as u64))]));
        let who = match self.who {
            Who::Everyone => None,
            Who::Following => Some("users.only_following"),
            Who::Left => Some("users.only_left"),
            Who::Blocked => Some("users.only_blocked"),
        };
        let never_sent = self.never_sent.then_some("users.only_never_sent");
        let by_name = (self.order == UserOrder::Name).then_some("users.by_name");
        let shown: Vec<&str> = [who, never_sent, by_name].into_iter().flatten().collect();
        // There is little room: more than one is in the filter to see.
        let shown = match shown.as_slice() {
            [] => None,
            [one] => Some(ctx.say(one).to_owned()),
            many => Some(ctx.say_with("users.filters", &[("count", &many.len().to_string())])),
        };
        shown.into_iter().chain(marked).collect::<Vec<_>>().join(" · ")
    }
}
