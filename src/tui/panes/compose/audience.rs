use super::Compose;
use crate::domain::audience::{Audience, Reach, UserSet};
use crate::tui::effect::AudienceEffect;
use crate::tui::msg::AudienceMsg;
use crate::tui::out::Out;

/// What is known of the number of recipients.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Count {
    /// Nobody was chosen.
    #[default]
    Nobody,
    /// It is being counted.
    Asked,
    /// So many.
    Known(Reach),
    /// It could not be counted.
    Failed(String),
}

impl Compose {
    /// Takes in what happened to the audience.
    pub(super) fn on_audience(&mut self, msg: &AudienceMsg, out: &mut Out) {
        match msg {
            AudienceMsg::Chosen { set } => {
                self.audience = Audience::of(set.clone());
                self.count(out);
            }
            AudienceMsg::Joined { join, set } => {
                self.audience.push(*join, set.clone());
                self.count(out);
            }
            AudienceMsg::Edited { audience } => {
                self.audience = audience.clone();
                self.count(out);
            }
            AudienceMsg::Cleared => {
                self.audience = Audience::default();
                self.count(out);
            }
            AudienceMsg::Counted { generation, reach, .. } if *generation == self.generation => self.count = Count::Known(*reach),
            AudienceMsg::CountFailed { generation, text } if *generation == self.generation => {
                self.count = Count::Failed(text.clone());
            }
            AudienceMsg::Selected { set } => {
                self.marked = Some(set.clone()).filter(|set| !matches!(set, UserSet::Users(users) if users.is_empty()));
            }
            _ => {}
        }
    }

    /// Asks how many they are.
    pub(super) fn count(&mut self, out: &mut Out) {
        let generation = self.generation.advance();
        match self.account {
            Some(account) if !self.audience.is_empty() => {
                self.count = Count::Asked;
                out.ask(AudienceEffect::CountAudience { generation, account, audience: self.audience.clone() });
            }
            _ => self.count = Count::Nobody,
        }
    }
}
