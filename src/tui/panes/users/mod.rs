//! The followers of the account.

mod reopen;
mod view;
mod window;

use crate::domain::audience::{Join, UserSet};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::{PageAt, Tag, User, UserFilter, UserKey, UserOrder, Who};
use crate::tui::effect::ListsEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::layers::{FilterUsers, ImportNames, Layer, UserHistory};
use crate::tui::msg::Change as Edit;
use crate::tui::msg::{
    AccountsMsg, AudienceMsg, Generation, Jump, ListsMsg, Msg, PeopleMsg, ProfileMsg, SyncMsg, SystemMsg, UserRow,
};
use crate::tui::out::Out;
use crate::tui::widgets::{Change, Cursor, Field, Pressed};
use std::collections::{BTreeMap, BTreeSet};

/// Rows asked for at once.
const PAGE: u32 = 100;
/// Most rows held.
const WINDOW: usize = 400;
/// How near to the end of the window the next page is asked for.
const MARGIN: usize = 30;

/// The followers: a window of rows around the selection, however many there are.
#[derive(Debug, Default)]
pub struct Users {
    account: Option<AccountId>,
    rows: Vec<UserRow>,
    cursor: Cursor,
    /// How many fit what is counted; nothing until they are.
    total: Option<u64>,
    counted: Option<UserFilter>,
    /// Whether the window ends where the list does.
    ends: Ends,
    asked: Option<Asked>,
    generation: Generation,
    /// Of the request whose filter is in force: its count comes later.
    filtered: Generation,
    search: Field,
    searching: bool,
    tag: Option<Tag>,
    who: Who,
    never_sent: bool,
    order: UserOrder,
    selected: BTreeSet<OpenId>,
    tag_names: BTreeMap<TagId, String>,
    loaded: bool,
}

/// What is done with the rows that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// They are shown, from an end of the list.
    Anew(PageAt<UserKey>),
    /// They are shown, from somewhere in it.
    Jump,
    /// They are what is shown, as it is now.
    Again,
    /// They join what is shown.
    More(PageAt<UserKey>),
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ends {
    first: bool,
    last: bool,
}

impl Users {
    /// All that fit the search and filter; nothing while they are being counted.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Whether the title has to say that they are being counted: where not everyone is shown, it takes its time.
    pub fn is_counting(&self) -> bool {
        self.total.is_none() && self.counted.as_ref().is_some_and(|filter| *filter != UserFilter::default())
    }

    /// The tag whose users are shown.
    pub fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.searching
    }

    /// The marked users, or the one under the cursor.
    pub fn chosen(&self) -> Vec<OpenId> {
        if self.selected.is_empty() {
            self.current().map(|user| user.openid.clone()).into_iter().collect()
        } else {
            self.selected.iter().cloned().collect()
        }
    }

    /// The same as far as they are in view of the list; the others by their openid alone.
    pub fn chosen_users(&self) -> Vec<User> {
        let known = |openid: OpenId| {
            let row = self.rows.iter().find(|row| row.user.openid == openid);
            row.map_or_else(|| User::stranger(openid), |row| row.user.clone())
        };
        self.chosen().into_iter().map(known).collect()
    }

    /// The one under the cursor.
    pub fn current(&self) -> Option<&User> {
        self.rows.get(self.cursor.at).map(|row| &row.user)
    }

    /// Puts the cursor on one, if it is among the rows that are held.
    pub fn select(&mut self, openid: &OpenId) {
        self.cursor.at = self.rows.iter().position(|row| row.user.openid == *openid).unwrap_or(self.cursor.at);
    }

    /// Whether any are marked.
    pub fn has_marks(&self) -> bool {
        !self.selected.is_empty()
    }

    /// Moves, searches, marks, or makes users the audience.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        match action {
            Action::Top if !self.ends.first => return self.load(PageAt::First, out),
            Action::Bottom if !self.ends.last => return self.load(PageAt::Last, out),
            _ => {}
        }
        if self.cursor.on_action(action, self.rows.len()) {
            return self.load_margin(out);
        }
        match action {
            Action::Search => {
                self.searching = true;
                if let Some(account) = self.account {
                    out.ask(ListsEffect::WarmUsers { account });
                }
            }
            Action::Back => self.step_back(out),
            Action::Select => self.toggle(out),
            Action::ClearSelection => {
                self.selected.clear();
                self.tell_selection(out);
            }
            Action::PreviewAs => out.tell(AudienceMsg::PreviewAs { user: self.current().cloned() }),
            Action::Act => {
                if let Some(set) = self.set() {
                    out.tell(AudienceMsg::Chosen { set });
                }
            }
            Action::Join => self.join(Join::Union, out),
            Action::Subtract => self.join(Join::Difference, out),
            Action::UserHistory => self.open_history(out),
            Action::Filter => {
                let layer = FilterUsers::new(self.who, self.never_sent, self.order);
                out.open(Layer::FilterUsers(Box::new(layer)));
            }
            Action::GoTo => out.open(Layer::GoTo(Box::default())),
            Action::ImportNames => {
                if let Some(account) = self.account {
                    out.open(Layer::ImportNames(Box::new(ImportNames::new(account))));
                }
            }
            _ => {}
        }
    }

    /// Selects the row on a line; the search is above the rows.
    pub fn press(&mut self, line: usize, out: &mut Out) -> Pressed {
        let row = line.checked_sub(usize::from(self.has_search()));
        let pressed = row.map_or(Pressed::Nothing, |row| self.cursor.press(row, self.rows.len()));
        self.load_margin(out);
        pressed
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match key.code {
            Code::Esc => self.step_back(out),
            Code::Enter | Code::Tab => self.searching = false,
            Code::Up => self.on_action(Action::Up, out),
            Code::Down => self.on_action(Action::Down, out),
            _ => {
                if self.search.on_key(key) == Change::Text {
                    self.load(PageAt::First, out);
                }
            }
        }
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str, out: &mut Out) {
        self.search.paste(text);
        self.load(PageAt::First, out);
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) {
        match msg {
            Msg::Accounts(AccountsMsg::Chosen { account }) => {
                *self = Self { account: Some(account.id), generation: self.generation, ..Self::default() };
                self.load(PageAt::First, out);
            }
            Msg::Sync(SyncMsg::Finished { account, .. } | SyncMsg::Cancelled { account }) if Some(*account) == self.account => {
                self.refresh(out);
            }
            Msg::System(SystemMsg::Reopened { view }) => self.reopen(view, out),
            Msg::Lists(ListsMsg::UsersFiltered { who, never_sent, order }) => {
                (self.who, self.never_sent, self.order) = (*who, *never_sent, *order);
                self.load(PageAt::First, out);
            }
            Msg::Lists(ListsMsg::JumpWanted { to }) => self.jump_to(to, out),
            Msg::Lists(ListsMsg::UserFound { account, key }) if Some(*account) == self.account => match key {
                Some(key) => self.jump(*key, out),
                None => out.tell(ListsMsg::NobodyThere),
            },
            Msg::Lists(ListsMsg::TagsLoaded { tags, .. }) => {
                self.tag_names = tags.iter().map(|tag| (tag.id, tag.name.clone())).collect();
            }
            Msg::Lists(ListsMsg::UsersLoaded { generation, page }) if *generation == self.generation => {
                self.take_page(page.clone(), out);
            }
            Msg::Lists(ListsMsg::UsersCounted { generation, total }) if *generation == self.filtered => self.total = Some(*total),
            Msg::Profile(ProfileMsg::NamesImported { account, .. }) if Some(*account) == self.account => self.refresh(out),
            Msg::Profile(ProfileMsg::LookedUp { account, openid, found: Ok(told) }) if Some(*account) == self.account => {
                for row in self.rows.iter_mut().filter(|row| row.user.openid == *openid) {
                    row.user.clone_from(&told.profile.user);
                }
            }
            Msg::People(PeopleMsg::Changed { account, change, .. }) if Some(*account) == self.account => self.take_change(change),
            Msg::Audience(AudienceMsg::TagOpened { tag }) => {
                self.tag = Some(tag.clone());
                self.search = Field::default();
                self.load(PageAt::First, out);
            }
            _ => {}
        }
    }

    /// What was changed at WeChat is so in the rows at once.
    fn take_change(&mut self, change: &Edit) {
        for UserRow { user, .. } in &mut self.rows {
            match change {
                Edit::Tagged { tag, openids, has } if openids.contains(&user.openid) => {
                    user.tags.retain(|id| *id != tag.id);
                    user.tags.extend(has.then_some(tag.id));
                }
                Edit::TagDeleted(tag) => user.tags.retain(|id| *id != tag.id),
                Edit::Remarked { openid, remark } if *openid == user.openid => user.remark.clone_from(remark),
                Edit::Blocked { openids, blocked } if openids.contains(&user.openid) => user.blacklisted = *blocked,
                _ => {}
            }
        }
    }

    fn set(&self) -> Option<UserSet> {
        Some(self.chosen()).filter(|chosen| !chosen.is_empty()).map(UserSet::Users)
    }

    fn join(&self, join: Join, out: &mut Out) {
        if let Some(set) = self.set() {
            out.tell(AudienceMsg::Joined { join, set });
        }
    }

    /// Everything that the user under the cursor was ever sent.
    fn open_history(&self, out: &mut Out) {
        if let (Some(account), Some(user)) = (self.account, self.current()) {
            UserHistory::open(account, user.openid.clone(), user.label().to_owned(), out);
        }
    }

    fn toggle(&mut self, out: &mut Out) {
        let Some(openid) = self.current().map(|user| user.openid.clone()) else { return };
        if !self.selected.remove(&openid) {
            self.selected.insert(openid);
        }
        self.tell_selection(out);
        self.on_action(Action::Down, out);
    }

    fn tell_selection(&self, out: &mut Out) {
        out.tell(AudienceMsg::Selected { set: UserSet::Users(self.selected.iter().cloned().collect()) });
    }

    /// Shows the list from a day or an openid on; everyone is shown there.
    fn jump_to(&mut self, to: &Jump, out: &mut Out) {
        self.search = Field::default();
        (self.searching, self.tag, self.who, self.never_sent) = (false, None, Who::Everyone, false);
        self.order = UserOrder::Newest;
        match to {
            Jump::Before(time) => self.jump(UserKey { subscribe_time: *time, id: -1 }, out),
            Jump::Openid(prefix) => {
                if let Some(account) = self.account {
                    out.ask(ListsEffect::FindUser { account, prefix: prefix.clone() });
                }
            }
        }
    }

    /// Out of the search, then out of the filter, then out of the tag.
    fn step_back(&mut self, out: &mut Out) {
        let had_search = self.has_search();
        self.searching = false;
        if !self.search.text().is_empty() {
            self.search = Field::default();
        } else if had_search {
            return;
        } else if self.filter() == (UserFilter { tag: self.filter().tag, ..UserFilter::default() }) {
            if self.tag.take().is_none() {
                return;
            }
        } else {
            (self.who, self.never_sent, self.order) = (Who::Everyone, false, UserOrder::Newest);
        }
        self.load(PageAt::First, out);
    }

    fn has_search(&self) -> bool {
        self.searching || !self.search.text().is_empty()
    }
}
