use super::{notice, row};
use crate::domain::audience::{Join, UserSet};
use crate::domain::id::{AccountId, TagId};
use crate::domain::user::Tag;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::ListsEffect;
use crate::tui::input::Key;
use crate::tui::keys::Action;
use crate::tui::msg::{AccountsMsg, AudienceMsg, Generation, ListsMsg, Msg, PeopleMsg, SyncMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Finder, Panel, Pressed, Sought};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The tags of the account. The first row stands for every follower.
#[derive(Debug, Default)]
pub struct Tags {
    account: Option<AccountId>,
    rows: Vec<Tag>,
    cursor: Cursor,
    finder: Finder,
    generation: Generation,
    loaded: bool,
}

impl Tags {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// All of them.
    pub fn rows(&self) -> &[Tag] {
        &self.rows
    }

    /// The one under the cursor; none for the row of every follower.
    pub fn selected(&self) -> Option<&Tag> {
        self.shown().get(self.cursor.at)?.checked_sub(1).and_then(|index| self.rows.get(index))
    }

    /// Puts the cursor on one, if it is there.
    pub fn select(&mut self, tag: TagId) {
        let is_it = |index: &usize| index.checked_sub(1).is_some_and(|index| self.rows[index].id == tag);
        self.cursor.at = self.shown().iter().position(is_it).unwrap_or(self.cursor.at);
    }

    /// Whether there is nothing to choose from.
    pub fn has_no_rows(&self) -> bool {
        self.row_count() == 0
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.finder.is_typing()
    }

    /// Whether rows are kept from view by a search.
    pub fn is_narrow(&self) -> bool {
        self.finder.is_narrow()
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match self.finder.on_key(key) {
            Sought::Step(step) => self.on_action(step, out),
            Sought::Text => self.cursor.clamp(self.row_count()),
            Sought::Kept | Sought::Nothing => {}
        }
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str) {
        self.finder.paste(text);
        self.cursor.clamp(self.row_count());
    }

    /// Moves, searches, or makes the selected tag part of the audience.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        match action {
            Action::Search => return self.finder.begin(),
            Action::Back => _ = self.finder.clear(),
            _ => {}
        }
        if self.cursor.on_action(action, self.row_count()) || self.row_count() == 0 {
            return;
        }
        let tag = self.selected();
        let set = tag.map_or(UserSet::All, |tag| UserSet::Tag(tag.id));
        match (action, tag) {
            (Action::Act, _) => out.tell(AudienceMsg::Chosen { set }),
            (Action::Join, _) => out.tell(AudienceMsg::Joined { join: Join::Union, set }),
            (Action::Subtract, _) => out.tell(AudienceMsg::Joined { join: Join::Difference, set }),
            (Action::Intersect, _) => out.tell(AudienceMsg::Joined { join: Join::Intersection, set }),
            (Action::ShowUsers, Some(tag)) => out.tell(AudienceMsg::TagOpened { tag: tag.clone() }),
            _ => {}
        }
    }

    /// Selects the row on a line.
    pub fn press(&mut self, line: usize) -> Pressed {
        let len = self.shown().len();
        self.finder.press(line, &mut self.cursor, len)
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                *self = Self { account: Some(account.id), generation: self.generation, ..Self::default() };
                self.load(out);
            }
            Msg::Sync(SyncMsg::Finished { account, .. } | SyncMsg::Cancelled { account }) if Some(*account) == self.account => {
                self.load(out);
            }
            Msg::People(PeopleMsg::Changed { account, .. }) if Some(*account) == self.account => self.load(out),
            // A refusal may have shown that other tags are there than was thought.
            Msg::People(PeopleMsg::Refused { .. }) => self.load(out),
            Msg::Lists(ListsMsg::TagsLoaded { generation, tags }) if *generation == self.generation => {
                self.rows.clone_from(tags);
                if !self.loaded {
                    // Nobody should hit every follower by pressing enter twice.
                    self.cursor.at = 1;
                }
                self.loaded = true;
                self.cursor.clamp(self.row_count());
            }
            _ => {}
        }
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        self.cursor.fit(self.row_count(), height.saturating_sub(usize::from(self.finder.is_shown())));
    }

    /// Draws the rows.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let inner = panel.draw(area, buf, ctx);
        let (inner, cursor) = self.finder.view(panel.focused, inner, buf, ctx);
        let shown = self.shown();
        if shown.is_empty() {
            notice(buf, inner, &self.empty_text(ctx), ctx);
        }
        for (at, index) in self.cursor.visible(shown.len()) {
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            match shown[index].checked_sub(1).and_then(|index| self.rows.get(index)) {
                None => line.put(ctx.say("tags.everyone"), style),
                Some(tag) => {
                    line.right(&number::thousands(tag.count), style.patch(ctx.style(Role::Dim)));
                    line.put(&tag.name, style)
                }
            };
        }
        cursor
    }

    fn empty_text(&self, ctx: &Context) -> String {
        match (self.loaded, self.rows.is_empty()) {
            (false, _) => String::new(),
            (true, true) => ctx.say_with("tags.empty", &[("key", &ctx.key(Action::Sync))]),
            (true, false) => ctx.say("list.no_match").to_owned(),
        }
    }

    fn row_count(&self) -> usize {
        self.shown().len()
    }

    /// The rows in view of the search: 0 is everyone, who is found by no name.
    fn shown(&self) -> Vec<usize> {
        let len = if self.rows.is_empty() { 0 } else { self.rows.len() + 1 };
        let fits = |finder: &Finder, index: usize| {
            index.checked_sub(1).and_then(|index| self.rows.get(index)).is_some_and(|tag| finder.fits(&[&tag.name]))
        };
        self.finder.shown(len, fits)
    }

    fn load(&mut self, out: &mut Out) {
        if let Some(account) = self.account {
            let generation = self.generation.advance();
            out.ask(ListsEffect::Tags { generation, account });
        }
    }
}
