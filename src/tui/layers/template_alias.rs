use super::{Then, lines, popup};
use crate::domain::alias::AliasError;
use crate::domain::id::{AccountId, TemplateId};
use crate::domain::template::Template;
use crate::text::lang::Texts;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::TemplatesEffect;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{Msg, TemplatesMsg};
use crate::tui::out::Out;
use crate::tui::templates_news::name_of;
use crate::tui::theme::Role;
use crate::tui::widgets::{Change, Field, Line, Look};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the labels.
const LABELS: usize = 10;

/// What the operator calls a template.
#[derive(Debug)]
pub struct TemplateAlias {
    account: AccountId,
    template: Template,
    field: Field,
    /// Why it is not called so.
    wrong: Option<AliasError>,
}

impl TemplateAlias {
    /// Begins with what it is called now.
    pub fn new(account: AccountId, template: Template, alias: &str) -> Self {
        Self { account, template, field: Field::new(alias), wrong: None }
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            _ if key.ctrl && key.code == Code::Char('c') => return Then::Close,
            Code::Enter => {
                let alias = Some(self.field.text().trim().to_owned()).filter(|alias| !alias.is_empty());
                out.ask(TemplatesEffect::SetAlias { account: self.account, template: self.template.id.clone(), alias });
            }
            _ if self.field.edit(key, out) == Change::Text => self.wrong = None,
            _ => {}
        }
        Then::Stay
    }

    pub fn on_paste(&mut self, text: &str) {
        self.field.paste(text);
        self.wrong = None;
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::Templates(TemplatesMsg::Aliased { account, template, .. }) if self.is_of(*account, template) => Then::Close,
            Msg::Templates(TemplatesMsg::AliasRefused { account, template, error }) if self.is_of(*account, template) => {
                self.wrong = Some(error.clone());
                Then::Stay
            }
            _ => Then::Stay,
        }
    }

    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        let columns = 66.min(usize::from(area.width).saturating_sub(8));
        let (text, role) = match &self.wrong {
            Some(error) => (format!("✗ {}", Texts::of(ctx.settings.lang).alias_error(error)), Role::Error),
            None => (ctx.say("template_alias.does").to_owned(), Role::Hint),
        };
        let below = width::wrap(&text, columns);
        let hint = ctx.say("template_alias.hint");
        let room = popup(area, (columns + 6, below.len() + 9), ctx.say("template_alias.title"), hint, buf, ctx);
        Line::new(buf, room, 0)
            .column(ctx.say("template_alias.of"), LABELS, ctx.style(Role::Dim))
            .put(name_of(&self.template), ctx.style(Role::Text));
        let mut line = Line::new(buf, room, 1);
        line.column(ctx.say("template_alias.name"), LABELS, ctx.style(Role::Strong));
        let place = Rect { x: line.x(), y: room.y + 1, width: line.room() as u16, height: room.height.min(2).saturating_sub(1) };
        lines(buf, room, 3, &below, role, ctx);
        self.field.draw(place, buf, Look::new(Role::Value, true, ctx).hint(ctx.say("template_alias.name_hint")))
    }

    fn is_of(&self, account: AccountId, template: &TemplateId) -> bool {
        account == self.account && *template == self.template.id
    }
}
