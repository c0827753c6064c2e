use super::Services;
use super::reports::in_full;
use crate::audience::{NameChoices, import_names};
use crate::domain::id::{AccountId, OpenId};
use crate::sync::{self, LookedUp};
use crate::tui::effect::ProfileEffect;
use crate::tui::msg::{ProfileMsg, Refusal};
use crate::wechat::USER_INFO_PATH;

impl Services {
    pub(super) async fn profile(&self, effect: ProfileEffect) {
        match effect {
            ProfileEffect::Load { account, openid } => {
                let found = self.store.profile(account, openid.clone()).await;
                let found = found.map(|profile| profile.map(Box::new)).map_err(|error| self.said(&error));
                self.tell(ProfileMsg::Loaded { account, openid, found });
            }
            ProfileEffect::LookUp { account, openid } => {
                let found = self.ask_of(account, &openid).await.map(Box::new);
                self.tell(ProfileMsg::LookedUp { account, openid, found });
            }
            ProfileEffect::ImportNames { account, path, column } => {
                let path = in_full(&path).display().to_string();
                let choices = NameChoices { name_column: column, ..NameChoices::default() };
                self.tell(match import_names(&self.store, account, &path, &choices).await {
                    Ok(imported) => ProfileMsg::NamesImported { account, imported: Box::new(imported) },
                    Err(error) => ProfileMsg::NamesNotImported { account, text: self.said(&error) },
                });
            }
        }
    }

    async fn ask_of(&self, account: AccountId, openid: &OpenId) -> Result<LookedUp, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let found = sync::look_up(&session, &self.store, openid).await;
        self.tell_token(account, &session).await;
        found.map_err(|error| self.refusal(&error, USER_INFO_PATH))
    }
}
