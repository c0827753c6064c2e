//! One token for every caller of an account, and for every process of this home (`wechat-api.md §2`).

use super::SessionError;
use crate::domain::account::{Account, TokenSource};
use crate::domain::errcode::{self, Class};
use crate::domain::id::AppId;
use crate::domain::secret::{AccessToken, AppSecret};
use crate::store::{FileLock, Store, StoredToken};
use crate::wechat::Client;
use jiff::Timestamp;
use std::time::Duration;
use tokio::sync::Mutex;

/// A token is no longer used this long before WeChat lets it end; for short-lived ones, a quarter of their life.
const MARGIN: Duration = Duration::from_mins(5);

/// Tokens live two hours; one that claims more than a day is asked for anew after it.
const LONGEST: Duration = Duration::from_hours(24);

/// Whether a code says that the token was refused.
pub fn is_refusal(errcode: i64) -> bool {
    errcode::class_of(errcode) == Class::RefreshToken
}

/// Holds the token of one account.
pub struct TokenKeeper {
    client: Client,
    appid: AppId,
    source: TokenSource,
    /// Host and endpoint, under which the vault keeps the token.
    issuer: String,
    secret: AppSecret,
    store: Store,
    held: Mutex<Option<StoredToken>>,
}

impl TokenKeeper {
    pub fn new(client: Client, account: &Account, secret: AppSecret, store: Store) -> Self {
        Self {
            client,
            appid: account.appid.clone(),
            source: account.token,
            issuer: format!("{} {}", account.api_base, account.token.as_str()),
            secret,
            store,
            held: Mutex::new(None),
        }
    }

    /// The token in hand, in the vault, or a new one; all callers wait for the same fetch.
    pub async fn current(&self) -> Result<AccessToken, SessionError> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.as_ref().filter(|token| is_good(token)) {
            return Ok(token.token.clone());
        }
        let token = self.load(None).await?;
        let current = token.token.clone();
        *held = Some(token);
        Ok(current)
    }

    /// Replaces the token only if the refused one is still the current one.
    pub async fn after(&self, refused: &AccessToken) -> Result<AccessToken, SessionError> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.as_ref().filter(|token| token.token != *refused && is_good(token)) {
            return Ok(token.token.clone());
        }
        *held = None;
        let token = self.load(Some(refused)).await?;
        if token.token == *refused {
            return Err(SessionError::SameToken);
        }
        let current = token.token.clone();
        *held = Some(token);
        Ok(current)
    }

    /// Until when the token in hand is used.
    pub async fn until(&self) -> Option<Timestamp> {
        self.held.lock().await.as_ref().filter(|token| is_good(token)).map(|token| token.use_until)
    }

    /// Sets all daily counters of the account back, without a token.
    pub async fn clear_quota(&self) -> Result<(), SessionError> {
        Ok(self.client.clear_quota_v2(&self.appid, &self.secret).await?)
    }

    /// Asks WeChat anew, whatever is in hand.
    pub async fn renew(&self) -> Result<(), SessionError> {
        let mut held = self.held.lock().await;
        let _lock = self.turn().await?;
        *held = Some(self.fetch().await?);
        Ok(())
    }

    /// Waits until no other process of this home fetches a token of the account.
    async fn turn(&self) -> Result<FileLock, SessionError> {
        let dir = self.store.dir().to_owned();
        let name = format!("token-{}", self.appid);
        let lock = tokio::task::spawn_blocking(move || FileLock::wait(&dir, &name)).await;
        Ok(lock.map_err(|_| crate::store::StoreError::Closed)??)
    }

    /// From the vault if another process was quicker, else from WeChat, under a lock that all processes of this home share.
    async fn load(&self, refused: Option<&AccessToken>) -> Result<StoredToken, SessionError> {
        if let Some(token) = self.stored(refused).await? {
            return Ok(token);
        }
        let _lock = self.turn().await?;
        if let Some(token) = self.stored(refused).await? {
            return Ok(token);
        }
        self.fetch().await
    }

    async fn stored(&self, refused: Option<&AccessToken>) -> Result<Option<StoredToken>, SessionError> {
        let stored = self.store.token(self.appid.clone(), self.issuer.clone()).await?;
        Ok(stored.filter(|token| is_good(token) && refused != Some(&token.token)))
    }

    async fn fetch(&self) -> Result<StoredToken, SessionError> {
        let issued = match self.source {
            TokenSource::Stable => self.client.stable_token(&self.appid, &self.secret, false).await,
            TokenSource::Legacy => self.client.legacy_token(&self.appid, &self.secret).await,
        };
        let issued = issued.map_err(SessionError::Token)?;
        // The server's word, but within what a clock can add.
        let promised = issued.expires_in.min(LONGEST);
        let life = promised.saturating_sub(MARGIN.min(promised / 4));
        let token = StoredToken { token: issued.token, use_until: Timestamp::now() + life };
        self.store.put_token(self.appid.clone(), self.issuer.clone(), token.clone()).await?;
        Ok(token)
    }
}

fn is_good(token: &StoredToken) -> bool {
    Timestamp::now() < token.use_until
}
