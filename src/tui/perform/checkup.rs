use super::{Services, lock, spawn};
use crate::check;
use crate::domain::id::AccountId;
use crate::session::SessionError;
use crate::tui::effect::CheckupEffect;
use crate::tui::keys::check_keys;
use crate::tui::msg::{CheckupMsg, Generation, Refusal};
use crate::wechat::{RID_PATH, RefusedCall};
use std::sync::Arc;

impl Services {
    pub(super) fn checkup(self: Arc<Self>, effect: CheckupEffect) {
        match effect {
            CheckupEffect::Begin { generation, account } => {
                let services = Arc::clone(&self);
                let task = tokio::spawn(async move { services.check_all(generation, account).await });
                self.put_checkup(Some(task.abort_handle()));
            }
            CheckupEffect::GiveUp => self.put_checkup(None),
            CheckupEffect::LookUpRid { account, rid } => spawn(async move {
                let found = self.refused_call(account, &rid).await.map(Box::new);
                self.tell(CheckupMsg::RidFound { rid, found });
            }),
        }
    }

    /// Only one runs at a time.
    fn put_checkup(&self, task: Option<tokio::task::AbortHandle>) {
        if let Some(earlier) = std::mem::replace(&mut *lock(&self.checkup), task) {
            earlier.abort();
        }
    }

    async fn check_all(&self, generation: Generation, account: AccountId) {
        let mut tell = |line| self.tell(CheckupMsg::Found { generation, line });
        for line in [check::files(&self.store).await, check::terminal(), check_keys(&self.home, self.language())] {
            tell(line);
        }
        if let Ok(Some(account)) = self.store.account(account).await {
            let settings = self.settings();
            let (lang, hours) = (settings.language(), settings.stale_after);
            check::account(&self.sessions, &self.store, &account, lang, hours, &mut tell).await;
        }
        self.tell(CheckupMsg::Ended { generation });
    }

    async fn refused_call(&self, account: AccountId, rid: &str) -> Result<RefusedCall, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let found = session.call(|client, token| async move { client.refused_call(&token, rid).await }).await;
        self.tell_token(account, &session).await;
        found.map_err(|error: SessionError| self.refusal(&error, RID_PATH))
    }
}
