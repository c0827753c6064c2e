use super::{notice, row};
use crate::domain::alias::Aliases;
use crate::domain::id::{AccountId, TemplateId};
use crate::domain::template::{Generation as TemplateGeneration, Template};
use crate::tui::context::Context;
use crate::tui::effect::ListsEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{AccountsMsg, ComposeMsg, Generation, ListsMsg, Msg, SyncMsg, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Cursor, Field, Line, Look, Panel, Pressed};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The templates of the account.
#[derive(Debug, Default)]
pub struct Templates {
    account: Option<AccountId>,
    rows: Vec<Template>,
    aliases: Aliases,
    /// The rows that fit the search, by index.
    shown: Vec<usize>,
    cursor: Cursor,
    search: Field,
    searching: bool,
    generation: Generation,
    loaded: bool,
    /// The one to select when the list has been read: just added.
    added: Option<TemplateId>,
}

impl Templates {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.searching
    }

    /// Moves, searches, or chooses the selected template.
    pub fn on_action(&mut self, action: Action, out: &mut Out) {
        if self.cursor.on_action(action, self.shown.len()) {
            return;
        }
        match action {
            Action::Act => {
                if let Some(template) = self.selected().cloned() {
                    out.tell(ComposeMsg::TemplateChosen { template });
                }
            }
            Action::Search => self.searching = true,
            Action::Back => self.stop_searching(),
            _ => {}
        }
    }

    /// Selects the row on a line; the search is above the rows.
    pub fn press(&mut self, line: usize) -> Pressed {
        let row = line.checked_sub(usize::from(self.has_search()));
        row.map_or(Pressed::Nothing, |row| self.cursor.press(row, self.shown.len()))
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match key.code {
            Code::Esc => self.stop_searching(),
            Code::Enter => {
                self.searching = false;
                self.on_action(Action::Act, out);
            }
            Code::Tab => self.searching = false,
            Code::Up => self.on_action(Action::Up, out),
            Code::Down => self.on_action(Action::Down, out),
            _ => {
                if self.search.on_key(key) == Change::Text {
                    self.filter();
                }
            }
        }
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str) {
        self.search.paste(text);
        self.filter();
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
            Msg::Lists(ListsMsg::TemplatesLoaded { generation, templates, aliases }) if *generation == self.generation => {
                self.aliases.clone_from(aliases);
                self.take(templates);
            }
            Msg::Templates(TemplatesMsg::Added { account, id, .. }) if Some(*account) == self.account => {
                self.added = Some(id.clone());
                self.stop_searching();
                self.load(out);
            }
            Msg::Templates(
                TemplatesMsg::Deleted { account, .. }
                | TemplatesMsg::Refreshed { account, .. }
                | TemplatesMsg::Weighed { account, .. }
                | TemplatesMsg::IndustriesSet { account, .. }
                | TemplatesMsg::Aliased { account, .. },
            ) if Some(*account) == self.account => self.load(out),
            _ => {}
        }
    }

    /// Learns how many rows are in view.
    pub fn fit(&mut self, height: usize) {
        self.cursor.fit(self.shown.len(), height.saturating_sub(usize::from(self.has_search())));
    }

    /// Draws the rows, and the search above them.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let mut inner = panel.draw(area, buf, ctx);
        let mut at = None;
        if self.has_search() && inner.height > 0 {
            at = search_line(&self.search, self.searching && panel.focused, inner, buf, ctx);
            inner = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        }
        if self.shown.is_empty() {
            notice(buf, inner, &self.empty_text(ctx), ctx);
        }
        for (at, index) in self.cursor.visible(self.shown.len()) {
            let template = &self.rows[self.shown[index]];
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            if template.generation() == TemplateGeneration::Historical {
                line.right(ctx.say("templates.historical"), style.patch(ctx.style(Role::Dim)));
            }
            if let Some(alias) = self.aliases.of(&template.id) {
                line.put(alias, style.patch(ctx.style(Role::Accent))).put(" ", style);
            }
            line.put(if template.title.is_empty() { template.id.as_str() } else { &template.title }, style);
        }
        at
    }

    fn empty_text(&self, ctx: &Context) -> String {
        let key = ctx.key(Action::Sync);
        match (self.account, self.loaded, self.rows.is_empty()) {
            (Some(_), true, true) => ctx.say_with("templates.empty", &[("key", &key)]),
            (Some(_), true, false) => ctx.say("list.no_match").to_owned(),
            _ => String::new(),
        }
    }

    /// The one under the cursor.
    pub fn selected(&self) -> Option<&Template> {
        self.shown.get(self.cursor.at).and_then(|index| self.rows.get(*index))
    }

    /// Puts the cursor on one, if it is in view.
    pub fn select(&mut self, template: &TemplateId) {
        let at = self.shown.iter().position(|index| self.rows[*index].id == *template);
        self.cursor.at = at.unwrap_or(self.cursor.at);
    }

    /// What the operator calls one.
    pub fn alias_of(&self, template: &TemplateId) -> Option<&str> {
        self.aliases.of(template)
    }

    /// The selection stays with its template, wherever the list has it now; one just added is selected.
    fn take(&mut self, templates: &[Template]) {
        let wanted = self.added.take().or_else(|| self.selected().map(|template| template.id.clone()));
        self.rows = templates.to_vec();
        self.loaded = true;
        self.filter();
        if let Some(at) = self.shown.iter().position(|index| Some(&self.rows[*index].id) == wanted.as_ref()) {
            self.cursor.at = at;
        }
    }

    fn has_search(&self) -> bool {
        self.searching || !self.search.text().is_empty()
    }

    fn stop_searching(&mut self) {
        self.searching = false;
        self.search = Field::default();
        self.filter();
    }

    fn load(&mut self, out: &mut Out) {
        if let Some(account) = self.account {
            let generation = self.generation.advance();
            out.ask(ListsEffect::Templates { generation, account });
        }
    }

    fn filter(&mut self) {
        let wanted = self.search.text().trim().to_lowercase();
        let fits = |template: &Template| {
            let alias = self.aliases.of(&template.id).unwrap_or_default();
            let names = [&template.title, alias].map(str::to_lowercase);
            names.iter().any(|name| name.contains(&wanted)) || template.id.as_str().contains(wanted.as_str())
        };
        self.shown = (0..self.rows.len()).filter(|index| fits(&self.rows[*index])).collect();
        self.cursor.clamp(self.shown.len());
    }
}

/// The line in which a list is searched.
pub(super) fn search_line(field: &Field, focused: bool, inner: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
    let mut line = Line::new(buf, inner, 0);
    line.put(" / ", ctx.style(Role::Key));
    let area = Rect { x: line.x(), width: line.room() as u16, height: 1, ..inner };
    let look = Look::new(Role::Strong, focused, ctx).hint(ctx.say("list.search"));
    field.draw(area, buf, look)
}
