//! The sessions of this process: one an account, opened when first needed.

use super::{RequestLog, Session, SessionError};
use crate::domain::account::Account;
use crate::domain::id::AccountId;
use crate::store::Store;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Opens sessions and keeps them, so that all jobs of an account share one token and one pace.
pub struct Sessions {
    store: Store,
    log: Arc<RequestLog>,
    open: Mutex<HashMap<AccountId, Arc<Session>>>,
}

impl Sessions {
    /// None open yet.
    pub fn new(store: Store) -> Self {
        Self { store, log: Arc::new(RequestLog::default()), open: Mutex::new(HashMap::new()) }
    }

    /// The session of an account; a changed account gets a new one.
    pub async fn get(&self, account: &Account) -> Result<Arc<Session>, SessionError> {
        let mut open = self.open.lock().await;
        if let Some(session) = open.get(&account.id).filter(|session| same_calls(session.account(), account)) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(Session::open(account.clone(), self.store.clone(), &self.log).await?);
        open.insert(account.id, Arc::clone(&session));
        Ok(session)
    }

    /// Forgets the session of an account, for example because its secret was changed.
    pub async fn forget(&self, account: AccountId) {
        self.open.lock().await.remove(&account);
    }

    /// The last calls of all accounts.
    pub fn log(&self) -> &Arc<RequestLog> {
        &self.log
    }
}

/// Whether nothing changed that calls depend on. The pace is no part of it: a second one beside that of a running job would
/// be one too many.
fn same_calls(a: &Account, b: &Account) -> bool {
    (&a.appid, &a.secret, &a.api_base, a.token) == (&b.appid, &b.secret, &b.api_base, b.token)
}
