use super::{Performer, Services};
use crate::config::Settings;
use crate::domain::account::{Account, NewAccount};
use crate::domain::id::AccountId;
use crate::store::StoreResult;
use crate::tui::effect::{AccountsEffect, TypedSecret};
use crate::tui::msg::AccountsMsg;
use jiff::Timestamp;

impl Performer {
    /// Runs each command that prints an AppSecret of these accounts. What fails is told when something is to be done with it.
    pub async fn prepare_commands(&self, accounts: &[Account]) {
        self.0.sessions.prepare_commands(accounts).await;
    }
}

impl Services {
    pub(super) async fn accounts(&self, effect: AccountsEffect) {
        match effect {
            AccountsEffect::LoadAccounts => self.load_accounts().await,
            AccountsEffect::AddAccount { account, secret } => match self.add_account(account, secret).await {
                Ok(id) => self.tell(AccountsMsg::Added { id }),
                Err(error) => self.tell(AccountsMsg::AddRefused { text: self.said(&error) }),
            },
            AccountsEffect::OpenAccount { account } => self.open_account(account).await,
        }
    }

    async fn load_accounts(&self) {
        match self.store.accounts().await {
            Ok(accounts) => {
                let last = Settings::load(&self.home).ok().and_then(|settings| settings.account);
                let active = accounts.iter().find(|account| Some(&account.name) == last.as_ref()).map(|account| account.id);
                self.tell(AccountsMsg::Loaded { accounts, active });
            }
            Err(error) => self.tell_failure(&error),
        }
    }

    async fn add_account(&self, account: NewAccount, secret: TypedSecret) -> StoreResult<AccountId> {
        // The account first: if its AppID is already there, the secret in the vault must stay as it is.
        let appid = account.appid.clone();
        let id = self.store.add_account(account, Timestamp::now()).await?;
        self.store.put_secret(appid, Some(secret.0)).await?;
        Ok(id)
    }

    async fn open_account(&self, id: AccountId) {
        let Ok(account) = self.account(id).await else { return };
        self.save_settings(|settings| settings.account = Some(account.name.clone()));
        // A secret that cannot be had is told when something is to be done with it.
        if let Ok(session) = self.sessions.get(&account).await {
            self.tell_token(id, &session).await;
        }
    }
}
