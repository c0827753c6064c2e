//! The sessions of this process: one an account, opened when first needed.

use super::{RequestLog, Session, SessionError};
use crate::domain::account::Account;
use crate::domain::id::AccountId;
use crate::store::Store;
use crate::wechat::Observer;
use futures_util::future::join_all;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Opens sessions and keeps them, so that all jobs of an account share one token and one pace.
pub struct Sessions {
    store: Store,
    log: Arc<RequestLog>,
    places: Mutex<HashMap<AccountId, Place>>,
}

/// Where the session of one account is kept, or is being opened: the others need not wait for a command that prints a secret.
type Place = Arc<tokio::sync::Mutex<Option<Arc<Session>>>>;

impl Sessions {
    /// None open yet.
    pub fn new(store: Store) -> Self {
        Self { store, log: Arc::new(RequestLog::default()), places: Mutex::default() }
    }

    /// None open yet; somebody is told of each call when it ends.
    pub fn overheard(store: Store, observer: Observer) -> Self {
        Self { store, log: Arc::new(RequestLog::overheard_by(observer)), places: Mutex::default() }
    }

    /// The session of an account; a changed account gets a new one.
    pub async fn get(&self, account: &Account) -> Result<Arc<Session>, SessionError> {
        let place = Arc::clone(self.places().entry(account.id).or_default());
        let mut open = place.lock().await;
        if let Some(session) = open.as_ref().filter(|session| same_calls(session.account(), account)) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(Session::open(account.clone(), self.store.clone(), &self.log).await?);
        *open = Some(Arc::clone(&session));
        Ok(session)
    }

    /// Opens the sessions of those accounts whose secret a command prints, all at once. One that cannot be opened is tried again
    /// when it is needed, and says then why.
    pub async fn prepare_commands(&self, accounts: &[Account]) {
        join_all(accounts.iter().filter(|account| account.secret.is_command()).map(|account| self.get(account))).await;
    }

    /// Forgets the session of an account, for example because its secret was changed.
    pub fn forget(&self, account: AccountId) {
        self.places().remove(&account);
    }

    /// The last calls of all accounts.
    pub fn log(&self) -> &Arc<RequestLog> {
        &self.log
    }

    /// The map is whole at any time, so a panic elsewhere does not matter.
    fn places(&self) -> MutexGuard<'_, HashMap<AccountId, Place>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nothing changed that calls depend on. The pace is no part of it: a second one beside that of a running job would
/// be one too many.
fn same_calls(a: &Account, b: &Account) -> bool {
    (&a.appid, &a.secret, &a.api_base, a.token) == (&b.appid, &b.secret, &b.api_base, b.token)
}
