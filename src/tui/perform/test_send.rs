use super::Services;
use crate::dispatch::{self, Confirmed};
use crate::domain::audience::{Audience, UserSet};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::message::Message;
use crate::domain::template::Template;
use crate::store::StoreResult;
use crate::tui::effect::TestSendEffect;
use crate::tui::msg::TestSendMsg;
use std::sync::Arc;

impl Services {
    pub(super) async fn test_send(self: Arc<Self>, effect: TestSendEffect) {
        let done = match effect {
            TestSendEffect::LookUp { account, openids } => {
                self.look_up(account, openids).await.map(|msg| self.tell(msg)).map_err(|error| self.said(&error))
            }
            TestSendEffect::Start { account, message, template, openids } => {
                Arc::clone(&self).start_test(account, (message, *template), openids).await
            }
        };
        if let Err(text) = done {
            self.tell(TestSendMsg::Refused { text });
        }
    }

    async fn look_up(&self, account: AccountId, openids: Vec<OpenId>) -> StoreResult<TestSendMsg> {
        let reach = self.store.reach(account, Audience::of(UserSet::Users(openids.clone()))).await?;
        let first = match openids.first() {
            Some(openid) => self.user(account, openid.clone()).await?.label().to_owned(),
            None => String::new(),
        };
        Ok(TestSendMsg::LookedUp { account, openids, first, reach })
    }

    /// The session comes first: an account that cannot be called should not leave a job behind.
    async fn start_test(
        self: Arc<Self>,
        id: AccountId,
        (message, template): (Message, Template),
        openids: Vec<OpenId>,
    ) -> Result<(), String> {
        self.session(id).await?;
        let account = self.account(id).await?;
        let audience = Audience::of(UserSet::Users(openids.clone()));
        // A test is repeated on purpose.
        let (pace, attempts, zone) = (account.pace, dispatch::ATTEMPTS, self.zone());
        let confirmed = Confirmed { message, template, zone, audience, pace, attempts, again: true, expected: None };
        let prepared = dispatch::create(&self.store, &account, confirmed).await.map_err(|error| self.said(&error))?;
        self.store.set_test_openids(id, openids.clone()).await.map_err(|error| self.said(&error))?;
        self.tell(TestSendMsg::Begun { account: id, openids });
        self.work(prepared.job).await
    }
}
