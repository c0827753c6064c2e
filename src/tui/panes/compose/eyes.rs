use super::Compose;
use crate::domain::id::OpenId;
use crate::domain::placeholders::Params;
use crate::domain::seen::Known;
use crate::domain::user::{Recipient, User};
use crate::tui::context::Context;
use crate::tui::effect::{ComposeEffect, SendOrder, Step};
use crate::tui::msg::{AudienceMsg, ComposeMsg, Generation, Level, SystemMsg};
use crate::tui::out::Out;
use std::collections::BTreeMap;

/// With whose eyes the message is seen, and what is known beside it.
#[derive(Debug, Default)]
pub struct Eyes {
    /// Whom the operator chose to look with.
    chosen: Option<Recipient>,
    /// The first recipient of the audience.
    first: Option<Recipient>,
    /// What placeholders can name, and which values were taken before.
    pub known: Known,
    /// The same without the columns of files.
    learned: Known,
    /// The columns that files of the audience have.
    columns: Vec<String>,
    /// Of the newest step that was asked for.
    stepped: Generation,
}

impl Eyes {
    /// Whose they are; nobody's as long as there is nobody.
    pub fn user(&self) -> Option<&User> {
        self.recipient().map(|recipient| &recipient.user)
    }

    fn recipient(&self) -> Option<&Recipient> {
        self.chosen.as_ref().or(self.first.as_ref())
    }

    /// What the placeholders of the message stand for.
    pub fn params(&self, ctx: &Context) -> Option<Params> {
        let Recipient { user, columns } = self.recipient()?;
        Some(Params::new(&user.openid, &user.nickname, &user.remark, ctx.now, &ctx.settings.zone).with_columns(columns))
    }
}

impl Eyes {
    /// Takes in what is known of a template.
    pub fn learn(&mut self, known: Known) {
        self.known = known.clone().with_columns(&self.columns);
        self.learned = known;
    }
}

impl Compose {
    /// Takes in what concerns whose eyes they are; whether that changed anything.
    pub(super) fn on_eyes(&mut self, msg: &AudienceMsg, ctx: &Context, out: &mut Out) -> bool {
        let eyes = &mut self.eyes;
        match msg {
            AudienceMsg::PreviewAs { user } => {
                eyes.chosen = user.clone().map(|user| Recipient { user, columns: BTreeMap::new() });
                self.ask_what_files_say(out);
            }
            AudienceMsg::Chosen { .. } | AudienceMsg::Cleared => (eyes.chosen, eyes.first) = (None, None),
            AudienceMsg::Counted { generation, first, columns, .. } if *generation == self.generation => {
                eyes.first = first.as_deref().cloned();
                let before = std::mem::replace(&mut eyes.columns, columns.clone());
                eyes.known = eyes.learned.clone().with_columns(columns);
                // Once: what is emptied afterwards stays empty.
                let new: Vec<String> = columns.iter().filter(|column| !before.contains(column)).cloned().collect();
                self.take_columns(&new, ctx, out);
            }
            _ => return false,
        }
        true
    }

    /// What a file says of each goes into the empty fields of the same name.
    fn take_columns(&mut self, columns: &[String], ctx: &Context, out: &mut Out) {
        let taken = self.form.as_mut().map(|form| form.take_columns(columns)).unwrap_or_default();
        if !taken.is_empty() {
            note(&ctx.say_with("compose.took_columns", &[("names", &taken.join(", "))]), out);
            self.edited(ctx, out);
        }
    }

    /// Of whoever was chosen in the list of users, only the files know what they say.
    fn ask_what_files_say(&mut self, out: &mut Out) {
        let (Some(account), Some(chosen)) = (self.account, &self.eyes.chosen) else { return };
        if self.audience.files().next().is_some() {
            let (audience, openid) = (self.audience.clone(), chosen.user.openid.clone());
            let generation = self.eyes.stepped.advance();
            out.ask(ComposeEffect::LookWith { generation, account, audience, openid });
        }
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
        let ComposeMsg::Stepped { generation, step, recipient } = msg else { return };
        if *generation != self.eyes.stepped {
            return;
        }
        match (recipient, step) {
            (Some(recipient), _) => self.eyes.chosen = Some(recipient.clone()),
            (None, Step::NextFlawed) => note(ctx.say("preview.none_flawed"), out),
            (None, _) => note(ctx.say("preview.no_other"), out),
        }
    }
}

fn note(text: &str, out: &mut Out) {
    out.tell(SystemMsg::Noted { level: Level::Info, text: text.to_owned() });
}
