use super::templates::search_line;
use super::{notice, row};
use crate::domain::audience::{Join, UserSet};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::{PageAt, Tag, User, UserFilter, UserKey};
use crate::text::number;
use crate::tui::context::Context;
use crate::tui::effect::ListsEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::layers::{Newcomers, UserHistory};
use crate::tui::msg::{AccountsMsg, AudienceMsg, Generation, ListsMsg, Msg, SyncMsg, UserRow, UsersPage};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Panel};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
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
    total: Option<u64>,
    /// Whether the window ends where the list does.
    ends: Ends,
    asked: Option<PageAt<UserKey>>,
    generation: Generation,
    /// Of the request whose filter is in force: its count comes later.
    filtered: Generation,
    search: Field,
    searching: bool,
    tag: Option<Tag>,
    selected: BTreeSet<OpenId>,
    tag_names: BTreeMap<TagId, String>,
    loaded: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Ends {
    first: bool,
    last: bool,
}

impl Users {
    /// All that fit the search, where counted.
    pub fn total(&self) -> Option<u64> {
        self.total
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
            Action::Search => self.searching = true,
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
            Action::Newcomers => _ = self.account.map(|account| Newcomers::open(account, out)),
            _ => {}
        }
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
            Msg::Sync(SyncMsg::Finished { account, .. } | SyncMsg::Cancelled { account } | SyncMsg::Looked { account, .. })
                if Some(*account) == self.account =>
            {
                self.load(PageAt::First, out);
            }
            Msg::Lists(ListsMsg::TagsLoaded { tags, .. }) => {
                self.tag_names = tags.iter().map(|tag| (tag.id, tag.name.clone())).collect();
            }
            Msg::Lists(ListsMsg::UsersLoaded { generation, page }) if *generation == self.generation => {
                self.take_page(page.clone());
            }
            Msg::Lists(ListsMsg::UsersCounted { generation, total }) if *generation == self.filtered => self.total = Some(*total),
            Msg::Audience(AudienceMsg::TagOpened { tag }) => {
                self.tag = Some(tag.clone());
                self.search = Field::default();
                self.load(PageAt::First, out);
            }
            _ => {}
        }
    }

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
        let asked_for_all = self.search.text().is_empty() && self.tag.is_none();
        match (self.account, self.loaded) {
            (Some(_), true) if asked_for_all => ctx.say_with("users.empty", &[("key", &ctx.key(Action::Sync))]),
            (Some(_), true) => ctx.say("list.no_match").to_owned(),
            _ => String::new(),
        }
    }

    /// What stands at the right of the title: how many there are, and how many are marked.
    pub fn aside(&self, ctx: &Context) -> String {
        match self.selected.len() {
            0 => String::new(),
            marked => ctx.say_with("users.marked", &[("count", &number::thousands(marked as u64))]),
        }
    }

    fn current(&self) -> Option<&User> {
        self.rows.get(self.cursor.at).map(|row| &row.user)
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

    /// Out of the search, then out of the tag.
    fn step_back(&mut self, out: &mut Out) {
        let had_search = self.has_search();
        self.searching = false;
        if !self.search.text().is_empty() {
            self.search = Field::default();
            self.load(PageAt::First, out);
        } else if !had_search && self.tag.take().is_some() {
            self.load(PageAt::First, out);
        }
    }

    fn has_search(&self) -> bool {
        self.searching || !self.search.text().is_empty()
    }

    fn load(&mut self, at: PageAt<UserKey>, out: &mut Out) {
        let Some(account) = self.account else { return };
        let generation = self.generation.advance();
        self.asked = Some(at);
        if at == PageAt::First {
            self.filtered = generation;
        }
        let filter = UserFilter { search: self.search.text().trim().to_owned(), tag: self.tag.as_ref().map(|tag| tag.id) };
        out.ask(ListsEffect::Users { generation, account, filter, at, count: PAGE });
    }

    /// Asks for more rows when the selection comes near an end of the window that is not an end of the list.
    fn load_margin(&mut self, out: &mut Out) {
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

    fn take_page(&mut self, page: UsersPage) {
        let Some(at) = self.asked.take() else { return };
        self.loaded = true;
        match at {
            PageAt::First => {
                self.rows = page.rows;
                self.ends = Ends { first: true, last: !page.more };
                self.cursor = Cursor::default();
            }
            PageAt::Last => {
                self.rows = page.rows;
                self.ends = Ends { first: !page.more, last: true };
                self.cursor.on_action(Action::Bottom, self.rows.len());
            }
            PageAt::After(_) => {
                self.rows.extend(page.rows);
                self.ends.last = !page.more;
                self.drop_first_rows();
            }
            PageAt::Before(_) => {
                self.cursor.shift(page.rows.len() as isize);
                self.rows.splice(0..0, page.rows);
                self.ends.first = !page.more;
                self.ends.last &= self.rows.len() <= WINDOW;
                self.rows.truncate(WINDOW);
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
