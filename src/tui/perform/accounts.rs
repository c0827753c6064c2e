use super::{Performer, Services};
use crate::config::Settings;
use crate::domain::account::{Account, NewAccount};
use crate::domain::id::AccountId;
use crate::store::StoreResult;
use crate::text::lang::Texts;
use crate::tui::effect::{AccountsEffect, TypedSecret};
use crate::tui::msg::{AccountsMsg, Level, SystemMsg};
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
            AccountsEffect::ChangeAccount { account, secret } => {
                let id = account.id;
                match self.change_account(*account, secret).await {
                    Ok(()) => self.tell(AccountsMsg::Changed { id }),
                    Err(error) => self.tell(AccountsMsg::AddRefused { text: self.said(&error) }),
                }
            }
            AccountsEffect::RenewToken { account } => self.renew_token(account).await,
            AccountsEffect::OpenAccount { account } => self.open_account(account).await,
        }
    }

    async fn load_accounts(&self) {
        match self.store.accounts().await {
            Ok(accounts) => {
                let last = self.settings().account;
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

    async fn change_account(&self, account: Account, secret: Option<TypedSecret>) -> StoreResult<()> {
        let (id, appid) = (account.id, account.appid.clone());
        self.store.update_account(account).await?;
        if let Some(secret) = secret {
            self.store.put_secret(appid, Some(secret.0)).await?;
        }
        // What was opened before knows the secret of before.
        self.sessions.forget(id);
        Ok(())
    }

    async fn renew_token(&self, id: AccountId) {
        let session = match self.session(id).await {
            Ok(session) => session,
            Err(text) => return self.tell(SystemMsg::Noted { level: Level::Error, text }),
        };
        let renewed = session.renew_token().await;
        self.tell_token(id, &session).await;
        self.tell(match renewed {
            Ok(()) => SystemMsg::Noted {
                level: Level::Info,
                text: Texts::of(self.language()).say("help_with.token_renewed").to_owned(),
            },
            Err(error) => SystemMsg::Noted { level: Level::Error, text: self.explained(&error, "") },
        });
    }

    async fn open_account(&self, id: AccountId) {
        let Ok(account) = self.account(id).await else { return };
        // What is wrong with the file was said at the start.
        let _ = Settings::change(&self.home, |settings| settings.account = Some(account.name.clone()));
        // A secret that cannot be had is told when something is to be done with it.
        if let Ok(session) = self.sessions.get(&account).await {
            self.tell_token(id, &session).await;
        }
    }
}
