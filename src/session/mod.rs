//! An account made ready to call: its secret resolved, its client built, one token for all, one pace for all.

mod error;
mod pace;
mod pauses;
mod registry;
mod request_log;
mod secret;
mod token;

pub use error::{BadCommand, BadVariable, SessionError};
pub use pace::{Go, Pace, PaceView, Slot};
pub use pauses::Pauses;
pub use registry::Sessions;
pub use request_log::{LoggedCall, RequestLog};

use crate::domain::account::Account;
use crate::domain::secret::AccessToken;
use crate::store::Store;
use crate::wechat::{CallError, Client};
use std::sync::Arc;
use token::TokenKeeper;

/// One account, ready to call.
pub struct Session {
    account: Account,
    client: Client,
    tokens: TokenKeeper,
    pace: Arc<Pace>,
}

impl Session {
    /// Builds the client and finds the secret; calls nothing.
    pub async fn open(account: Account, store: Store, log: &Arc<RequestLog>) -> Result<Self, SessionError> {
        let options = crate::wechat::ClientOptions {
            idle_connections: crate::domain::account::PaceLimits::MAX_CONCURRENCY as usize,
            ..Default::default()
        };
        let client = Client::new(&account.api_base, &options, Some(log.observer()))?;
        let secret = secret::resolve(&account, &store).await?;
        let tokens = TokenKeeper::new(client.clone(), &account, secret, store);
        let pace = Arc::new(Pace::new(account.pace));
        Ok(Self { account, client, tokens, pace })
    }

    /// The account as it was when the session was opened.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The client, for sends with a token of one's own choosing.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The pace shared by all jobs of the account in this process.
    pub fn pace(&self) -> &Arc<Pace> {
        &self.pace
    }

    /// The current token, fetched once however many callers wait.
    pub async fn token(&self) -> Result<AccessToken, SessionError> {
        self.tokens.current().await
    }

    /// The token to use after `refused` was refused: the current one if that is another, else a new one.
    pub async fn token_after(&self, refused: &AccessToken) -> Result<AccessToken, SessionError> {
        self.tokens.after(refused).await
    }

    /// Asks WeChat for the token anew, whatever is in hand. A stable token that is still good comes back as it is, so nobody else
    /// who uses it is kicked out (`wechat-api.md §2.1`).
    pub async fn renew_token(&self) -> Result<(), SessionError> {
        self.tokens.renew().await
    }

    /// Until when the token in hand is used; none if there is none.
    pub async fn token_until(&self) -> Option<jiff::Timestamp> {
        self.tokens.until().await
    }

    /// Sets all daily counters of the account back with its AppSecret, which stays in here: for when the fetching of tokens is
    /// what ran out (`wechat-api.md §3`).
    pub async fn clear_quota_by_secret(&self) -> Result<(), SessionError> {
        self.tokens.clear_quota().await
    }

    /// Makes a call that may be repeated. A refused token is replaced once, never in a loop.
    pub async fn call<T, F>(&self, call: impl Fn(Client, AccessToken) -> F) -> Result<T, SessionError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let token = self.token().await?;
        match call(self.client.clone(), token.clone()).await {
            Err(CallError::Api(failure)) if token::is_refusal(failure.errcode) => {
                let token = self.token_after(&token).await?;
                Ok(call(self.client.clone(), token).await?)
            }
            result => Ok(result?),
        }
    }
}

#[cfg(test)]
mod tests;
