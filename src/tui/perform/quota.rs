use super::Services;
use crate::domain::account::QuotaSeen;
use crate::domain::id::AccountId;
use crate::manage::quota::{self, ClearForm};
use crate::session::Session;
use crate::tui::effect::QuotaEffect;
use crate::tui::msg::QuotaMsg;

impl Services {
    pub(super) async fn quota(&self, effect: QuotaEffect) {
        match effect {
            QuotaEffect::Look { account } => {
                let seen = match self.session(account).await {
                    Ok(session) => self.look_at_quota(account, &session).await,
                    Err(text) => Err(text),
                };
                if let Err(text) = seen {
                    self.tell(QuotaMsg::LookFailed { account, text });
                }
            }
            QuotaEffect::Clear { account, form } => {
                let told = self.clear_quota(account, form).await;
                self.tell(told);
            }
        }
    }

    async fn look_at_quota(&self, account: AccountId, session: &Session) -> Result<QuotaSeen, String> {
        let seen = quota::look(session, &self.store).await;
        self.tell_token(account, session).await;
        let quota = seen.map_err(|error| self.said(&error))?;
        self.tell(QuotaMsg::Seen { account, quota });
        Ok(quota)
    }

    async fn clear_quota(&self, account: AccountId, form: ClearForm) -> QuotaMsg {
        let session = match self.session(account).await {
            Ok(session) => session,
            Err(text) => return QuotaMsg::ClearRefused { text, code: None },
        };
        if let Err(error) = quota::clear(&session, form).await {
            return QuotaMsg::ClearRefused { text: self.said(&error), code: error.code_on(form.path()) };
        }
        let name = session.account().name.clone();
        QuotaMsg::Cleared { name, left: self.look_at_quota(account, &session).await }
    }
}
