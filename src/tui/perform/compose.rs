use super::Services;
use crate::dispatch::{self, Intent};
use crate::domain::audience::Audience;
use crate::domain::id::OpenId;
use crate::domain::user::Recipient;
use crate::store::Side;
use crate::tui::effect::{ComposeEffect, SendOrder, Step};
use crate::tui::msg::{ComposeMsg, ListsMsg};

/// Sorts after every openid: their alphabet ends before it.
const LAST: &str = "\u{7f}";

impl Services {
    pub(super) async fn compose(&self, effect: ComposeEffect) {
        match effect {
            ComposeEffect::LoadKnown { account, template } => {
                match dispatch::known(&self.store, account, &template, &Audience::default()).await {
                    Ok(known) => self.tell(ComposeMsg::KnownLoaded { template: template.id, known }),
                    Err(error) => self.tell_failure(&error),
                }
            }
            ComposeEffect::StepRecipient { generation, order, from, step } => match self.step(&order, from, step).await {
                Ok(recipient) => self.tell(ComposeMsg::Stepped { generation, step, recipient }),
                Err(text) => self.tell(ListsMsg::LoadFailed { text }),
            },
            ComposeEffect::LookWith { generation, account, audience, openid } => {
                match self.recipient(account, &audience, openid).await {
                    Ok(recipient) => self.tell(ComposeMsg::Stepped { generation, step: Step::Next, recipient: Some(recipient) }),
                    Err(error) => self.tell_failure(&error),
                }
            }
        }
    }

    async fn step(&self, order: &SendOrder, from: OpenId, step: Step) -> Result<Option<Recipient>, String> {
        let first = || OpenId::trusted("");
        let found = match step {
            Step::Next => self.beside(order, Side::After, [from, first()]).await?,
            Step::Previous => self.beside(order, Side::Before, [from, OpenId::trusted(LAST)]).await?,
            Step::NextFlawed => match self.flawed(order, from.clone()).await? {
                None if !from.as_str().is_empty() => self.flawed(order, first()).await?,
                found => found,
            },
        };
        match found {
            Some(openid) => {
                let found = self.recipient(order.account, &order.audience, openid).await;
                found.map(Some).map_err(|error| self.said(&error))
            }
            None => Ok(None),
        }
    }

    /// The recipient beside the first of the places that has one.
    async fn beside(&self, order: &SendOrder, side: Side, places: [OpenId; 2]) -> Result<Option<OpenId>, String> {
        for from in places {
            let found = self.store.recipient_beside(order.account, order.audience.clone(), from, side).await;
            if let Some(openid) = found.map_err(|error| self.said(&error))? {
                return Ok(Some(openid));
            }
        }
        Ok(None)
    }

    async fn flawed(&self, order: &SendOrder, after: OpenId) -> Result<Option<OpenId>, String> {
        let SendOrder { account, template, message, audience, .. } = order;
        let intent = Intent { account: *account, template, message, audience, zone: &self.zone() };
        dispatch::next_flawed(&self.store, intent, after).await.map_err(|error| self.said(&error))
    }
}
