//! Changing templates and industries at WeChat: what is opened for it, and what is told of it.

use super::app::App;
use super::effect::TemplatesEffect;
use super::keys::Action;
use super::layers::{AddAccount, AddTemplate, DeleteTemplate, Industries, Layer, Notice, TemplateAlias};
use super::msg::{Level, SystemMsg, TemplatesMsg};
use super::out::Out;
use super::templates_news::{self, Said, name_of};

impl App {
    /// Opens what an action on templates or industries begins with.
    pub(super) fn manage_templates(&mut self, action: Action, out: &mut Out) {
        let Some(account) = self.accounts.active().cloned() else {
            return out.open(Layer::AddAccount(Box::new(AddAccount::new())));
        };
        match (action, self.templates.selected().cloned()) {
            (Action::AddTemplate, _) => out.open(Layer::AddTemplate(Box::new(AddTemplate::new(account)))),
            (Action::Industries, _) => {
                let layer = Industries::new(account, out);
                out.open(Layer::Industries(Box::new(layer)));
            }
            (Action::DeleteTemplate, Some(template)) => {
                let layer = DeleteTemplate::new(account, template, out);
                out.open(Layer::DeleteTemplate(Box::new(layer)));
            }
            (Action::AliasTemplate, Some(template)) => {
                let alias = self.templates.alias_of(&template.id).unwrap_or_default().to_owned();
                out.open(Layer::TemplateAlias(Box::new(TemplateAlias::new(account.id, template, &alias))));
            }
            (Action::RefreshTemplate, Some(template)) => {
                let title = name_of(&template).to_owned();
                let text = self.ctx.say_with("refresh_template.reading", &[("title", &title)]);
                out.tell(SystemMsg::Noted { level: Level::Info, text });
                out.ask(TemplatesEffect::Refresh { account: account.id, template: template.id, title });
            }
            _ => {}
        }
    }

    /// Says what became of it, unless the layer that asked for it does.
    pub(super) fn tell_of_templates(&mut self, msg: &TemplatesMsg, out: &mut Out) {
        let shown = matches!(msg, TemplatesMsg::AddRefused { .. })
            && self.layers.iter().any(|layer| matches!(layer, Layer::AddTemplate(_)));
        match templates_news::said(msg, &self.ctx).filter(|_| !shown) {
            Some(Said::Footer(text)) => self.say(Level::Info, text),
            Some(Said::Notice(level, text)) => out.open(Layer::Notice(Notice::new(level, text))),
            None => {}
        }
    }
}
