use super::{notice, row};
use crate::domain::audience::{Join, UserSet};
use crate::domain::id::{AccountId, TagId};
use crate::domain::user::Tag;
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::ListsEffect;
use crate::tui::keys::Action;
use crate::tui::msg::{AccountsMsg, AudienceMsg, Generation, ListsMsg, Msg, PeopleMsg, SyncMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Panel, Pressed};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The tags of the account. The first row stands for every follower.
#[derive(Debug, Default)]
pub struct Tags {
    account: Option<AccountId>,
    rows: Vec<Tag>,
    cursor: Cursor,
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
        self.cursor.at.checked_sub(1).and_then(|index| self.rows.get(index))
    }

    /// Puts the cursor on one, if it is there.
    pub fn select(&mut self, tag: TagId) {
        self.cursor.at = self.rows.iter().position(|row| row.id == tag).map_or(self.cursor.at, |index| index + 1);
    }

    /// Whether there is nothing to choose from.
    pub fn has_no_rows(&self) -> bool {
        self.row_count() == 0
    }

    /// Moves, or makes the selected tag part of the audience.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
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
        self.cursor.press(line, self.row_count())
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
        self.cursor.fit(self.row_count(), height);
    }

    /// Draws the rows.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let inner = panel.draw(area, buf, ctx);
        if self.row_count() == 0 {
            let key = ctx.key(Action::Sync);
            let text = if self.loaded { ctx.say_with("tags.empty", &[("key", &key)]) } else { String::new() };
            return notice(buf, inner, &text, ctx);
        }
        for (at, index) in self.cursor.visible(self.row_count()) {
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            match index.checked_sub(1).and_then(|index| self.rows.get(index)) {
                None => line.put(ctx.say("tags.everyone"), style),
                Some(tag) => {
                    line.right(&number::thousands(tag.count), style.patch(ctx.style(Role::Dim)));
                    line.put(&tag.name, style)
                }
            };
        }
    }

    fn row_count(&self) -> usize {
        if self.rows.is_empty() { 0 } else { self.rows.len() + 1 }
    }

    fn load(&mut self, out: &mut Out) {
        if let Some(account) = self.account {
            let generation = self.generation.advance();
            out.ask(ListsEffect::Tags { generation, account });
        }
    }
}
