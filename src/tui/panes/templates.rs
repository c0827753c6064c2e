use super::{notice, row};
use crate::domain::alias::Aliases;
use crate::domain::id::{AccountId, TemplateId};
use crate::domain::template::{Generation as TemplateGeneration, Template};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::ListsEffect;
use crate::tui::input::{Code, Key};
use crate::tui::keys::Action;
use crate::tui::msg::{AccountsMsg, ComposeMsg, Generation, ListsMsg, Msg, SyncMsg, SystemMsg, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Cursor, Finder, Panel, Pressed, Sought};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// So much of a title is left beside what is said of its template, or else nothing is said.
const LEAST_OF_A_TITLE: usize = 8;

/// The templates of the account.
#[derive(Debug, Default)]
pub struct Templates {
    account: Option<AccountId>,
    rows: Vec<Template>,
    aliases: Aliases,
    /// The rows that fit the search, by index.
    shown: Vec<usize>,
    cursor: Cursor,
    finder: Finder,
    generation: Generation,
    loaded: bool,
    /// The one to select when the list has been read: just added, or selected when the account was left.
    added: Option<TemplateId>,
}

impl Templates {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        self.finder.is_typing()
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
            Action::Search => self.finder.begin(),
            Action::Back => self.stop_searching(),
            _ => {}
        }
    }

    /// Selects the row on a line; the search is above the rows.
    pub fn press(&mut self, line: usize) -> Pressed {
        self.finder.press(line, &mut self.cursor, self.shown.len())
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match self.finder.on_key(key) {
            Sought::Kept if key.code == Code::Enter => self.on_action(Action::Act, out),
            Sought::Step(step) => self.on_action(step, out),
            Sought::Text => self.filter(),
            Sought::Kept | Sought::Nothing => {}
        }
    }

    /// Pasted while searching.
    pub fn on_paste(&mut self, text: &str) {
        self.finder.paste(text);
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
            Msg::System(SystemMsg::Reopened { view }) => self.added = TemplateId::parse(&view.template).ok(),
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
        self.cursor.fit(self.shown.len(), height.saturating_sub(usize::from(self.finder.is_shown())));
    }

    /// Draws the rows, and the search above them.
    pub fn view(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let inner = panel.draw(area, buf, ctx);
        let (inner, at) = self.finder.view(panel.focused, inner, buf, ctx);
        if self.shown.is_empty() {
            notice(buf, inner, &self.empty_text(ctx), ctx);
        }
        for (at, index) in self.cursor.visible(self.shown.len()) {
            let template = &self.rows[self.shown[index]];
            let (mut line, style) = row(buf, inner, at, index == self.cursor.at, panel.focused, ctx);
            let mark = ctx.say("templates.historical");
            let room = usize::from(inner.width).saturating_sub(width::columns(mark));
            if template.generation() == TemplateGeneration::Historical && room >= LEAST_OF_A_TITLE {
                line.right(mark, style.patch(ctx.style(Role::Dim)));
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

    fn stop_searching(&mut self) {
        self.finder.clear();
        self.filter();
    }

    fn load(&mut self, out: &mut Out) {
        if let Some(account) = self.account {
            let generation = self.generation.advance();
            out.ask(ListsEffect::Templates { generation, account });
        }
    }

    fn filter(&mut self) {
        let fits = |finder: &Finder, index: usize| {
            let template: &Template = &self.rows[index];
            finder.fits(&[&template.title, self.aliases.of(&template.id).unwrap_or_default(), template.id.as_str()])
        };
        self.shown = self.finder.shown(self.rows.len(), fits);
        self.cursor.clamp(self.shown.len());
    }
}
