use super::Compose;
use crate::domain::id::OpenId;
use crate::domain::placeholders::Params;
use crate::domain::seen::Known;
use crate::domain::user::User;
use crate::tui::context::Context;
use crate::tui::effect::{ComposeEffect, SendOrder, Step};
use crate::tui::msg::{AudienceMsg, ComposeMsg, Generation, Level, SystemMsg};
use crate::tui::out::Out;

/// With whose eyes the message is seen, and what is known beside it.
#[derive(Debug, Default)]
pub struct Eyes {
    /// Whom the operator chose to look with.
    chosen: Option<User>,
    /// The first recipient of the audience.
    first: Option<User>,
    /// What placeholders can name, and which values were taken before.
    pub known: Known,
    /// Of the newest step that was asked for.
    stepped: Generation,
}

impl Eyes {
    /// Whose they are; nobody's as long as there is nobody.
    pub fn user(&self) -> Option<&User> {
        self.chosen.as_ref().or(self.first.as_ref())
    }

    /// What the placeholders of the message stand for.
    pub fn params(&self, ctx: &Context) -> Option<Params> {
        let user = self.user()?;
        Some(Params::new(&user.openid, &user.nickname, &user.remark, ctx.now, &ctx.settings.zone))
    }
}

impl Compose {
    /// Takes in what concerns whose eyes they are; whether that changed anything.
    pub(super) fn on_eyes(&mut self, msg: &AudienceMsg) -> bool {
        let eyes = &mut self.eyes;
        match msg {
            AudienceMsg::PreviewAs { user } => eyes.chosen.clone_from(user),
            AudienceMsg::Chosen { .. } | AudienceMsg::Cleared => (eyes.chosen, eyes.first) = (None, None),
            AudienceMsg::Counted { generation, first, .. } if *generation == self.generation => eyes.first.clone_from(first),
            _ => return false,
        }
        true
    }

    /// Another account: nobody is known any more, and whoever is still looked for is of no interest.
    pub(super) fn forget_eyes(&mut self) {
        let mut stepped = self.eyes.stepped;
        stepped.advance();
        self.eyes = Eyes { stepped, ..Eyes::default() };
    }

    /// Goes on to another recipient of the audience, to see the message with their eyes.
    pub fn step_recipient(&mut self, step: Step, ctx: &Context, out: &mut Out) {
        let Some(form) = &self.form else { return };
        let (Some(account), false) = (self.account, self.audience.is_empty()) else {
            return note(ctx.say("preview.nobody_to_step"), out);
        };
        let from = self.eyes.user().map_or_else(|| OpenId::trusted(""), |user| user.openid.clone());
        let order = SendOrder {
            account,
            message: form.message.clone(),
            template: Box::new(form.template.clone()),
            audience: self.audience.clone(),
            words: self.words(),
        };
        let generation = self.eyes.stepped.advance();
        out.ask(ComposeEffect::StepRecipient { generation, order: Box::new(order), from, step });
    }

    /// Takes in whom a step led to.
    pub(super) fn on_stepped(&mut self, msg: &ComposeMsg, ctx: &Context, out: &mut Out) {
        let ComposeMsg::Stepped { generation, step, user } = msg else { return };
        if *generation != self.eyes.stepped {
            return;
        }
        match (user, step) {
            (Some(user), _) => self.eyes.chosen = Some(user.clone()),
            (None, Step::NextFlawed) => note(ctx.say("preview.none_flawed"), out),
            (None, _) => note(ctx.say("preview.no_other"), out),
        }
    }
}

fn note(text: &str, out: &mut Out) {
    out.tell(SystemMsg::Noted { level: Level::Info, text: text.to_owned() });
}
