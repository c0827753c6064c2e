//! The followers of an account in memory, newest first: a search for any part of a name goes through a block of text, as fast
//! as memory is, where the cache would have to read a million rows.

mod build;
mod index;

#[cfg(test)]
pub use index::LOOK_EVERY;
pub use index::{Roster, Window};

use super::{Store, StoreResult, Wanted};
use crate::domain::id::{AccountId, TagId};
use crate::domain::user::{PageAt, UserFilter, UserKey, UserOrder};
use rusqlite::{OptionalExtension, Row};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

/// Beyond so much text an account is searched in its file: memory is for few lists only.
const MOST_BYTES: usize = 512 << 20;

/// What was there when a roster was made: the last whole list, how far the sync after it was, and what was changed by hand since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    listed_at: Option<i64>,
    /// Whether tags and details are still coming in.
    growing: bool,
    changes: u64,
}

/// The roster of the account that was searched last, and what makes it old. One at a time: each takes some ten bytes a user, and
/// as much as is said of them.
#[derive(Debug, Default)]
pub struct Rosters {
    made: Mutex<Option<(AccountId, Version, State)>>,
    /// Held while one is made, so that nobody makes the same beside it.
    making: tokio::sync::Mutex<()>,
    changes: AtomicU64,
}

#[derive(Debug, Clone)]
enum State {
    /// Somebody makes it.
    Being,
    Ready(Arc<Roster>),
    /// It would be too large.
    Never,
}

impl Rosters {
    /// Users were changed otherwise than by a sync. For after the change is written: what is read before that is old.
    pub fn note_change(&self) {
        self.changes.fetch_add(1, Relaxed);
    }

    fn of(&self, account: AccountId, version: Version) -> Option<State> {
        let made = lock(&self.made);
        made.as_ref().filter(|(whose, of, _)| (*whose, *of) == (account, version)).map(|(_, _, state)| state.clone())
    }

    fn keep(&self, account: AccountId, version: Version, state: State) {
        *lock(&self.made) = Some((account, version, state));
    }
}

impl Store {
    /// The roster of an account, if there is one that is not old. Asks for one to be made where there is none.
    pub(super) async fn roster(&self, account: AccountId, wait: bool) -> StoreResult<Option<Arc<Roster>>> {
        let version = self.version(account).await?;
        if version.listed_at.is_none() {
            return Ok(None);
        }
        match self.rosters.of(account, version) {
            Some(State::Ready(roster)) => return Ok(Some(roster)),
            Some(State::Never) => return Ok(None),
            Some(State::Being) if !wait => return Ok(None),
            _ if wait => return self.make_roster(account, version).await,
            _ => {}
        }
        self.rosters.keep(account, version, State::Being);
        let store = self.clone();
        tokio::spawn(async move { store.make_roster(account, version).await });
        Ok(None)
    }

    /// Makes sure that a search finds a roster soon.
    pub async fn warm_roster(&self, account: AccountId) -> StoreResult<()> {
        self.roster(account, false).await.map(drop)
    }

    async fn make_roster(&self, account: AccountId, version: Version) -> StoreResult<Option<Arc<Roster>>> {
        let _alone = self.rosters.making.lock().await;
        match self.rosters.of(account, version) {
            Some(State::Ready(roster)) => return Ok(Some(roster)),
            Some(State::Never) => return Ok(None),
            // An old one goes before the new one comes.
            Some(State::Being) | None => self.rosters.keep(account, version, State::Being),
        }
        let made = self.scans.read(move |db| build::roster(db, account, MOST_BYTES)).await;
        let state = match &made {
            Ok(Some(roster)) => State::Ready(Arc::clone(roster)),
            Ok(None) => State::Never,
            Err(_) => {
                *lock(&self.rosters.made) = None;
                return made;
            }
        };
        self.rosters.keep(account, version, state);
        made
    }

    async fn version(&self, account: AccountId) -> StoreResult<Version> {
        let changes = self.rosters.changes.load(Relaxed);
        let (listed_at, growing) = self
            .reader
            .read(move |db| {
                let sql = "SELECT finished_at, stage = 'details' FROM cache.user_syncs WHERE account = ?1";
                let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                Ok(db.prepare_cached(sql)?.query_row([account.0], read).optional()?.unwrap_or_default())
            })
            .await?;
        Ok(Version { listed_at, growing, changes })
    }

    /// The rows of a page, by the roster: in list order, and no more than `limit`. Fewer where nobody waits for it any more.
    pub(super) async fn look_up(
        &self,
        roster: &Arc<Roster>,
        account: AccountId,
        filter: &UserFilter,
        (at, limit): (PageAt<UserKey>, u32),
        wanted: Wanted,
    ) -> StoreResult<Vec<i64>> {
        // Who was sent something is looked up anew when a list is, and not while one goes through it.
        if filter.never_sent && matches!(at, PageAt::First | PageAt::Last) {
            self.refresh_sent_to(roster, account).await?;
        }
        let window = self.window(roster, account, filter).await?;
        let roster = Arc::clone(roster);
        let page = move || roster.page(&window, at, limit as usize, || wanted.still());
        tokio::task::spawn_blocking(page).await.map_err(|_| super::StoreError::Closed)
    }

    /// How many a filter lets through, by the roster; nothing where nobody waits for it any more.
    pub(super) async fn count_by(
        &self,
        roster: &Arc<Roster>,
        account: AccountId,
        filter: &UserFilter,
        wanted: Wanted,
    ) -> StoreResult<Option<u64>> {
        let window = self.window(roster, account, filter).await?;
        let roster = Arc::clone(roster);
        let count = move || roster.count(&window, || wanted.still());
        tokio::task::spawn_blocking(count).await.map_err(|_| super::StoreError::Closed)
    }

    async fn window(&self, roster: &Arc<Roster>, account: AccountId, filter: &UserFilter) -> StoreResult<Window> {
        let tagged = match filter.tag {
            Some(tag) => Some(self.marked(roster, account, Marks::Tag(tag)).await?),
            None => None,
        };
        let sent_to = if filter.never_sent { Some(self.marked(roster, account, Marks::SentTo).await?) } else { None };
        if filter.order == UserOrder::Name {
            let roster = Arc::clone(roster);
            tokio::task::spawn_blocking(move || roster.sort_by_name()).await.map_err(|_| super::StoreError::Closed)?;
        }
        Ok(Window::new(filter, tagged, sent_to))
    }

    /// Forgets who got something where that may have changed.
    async fn refresh_sent_to(&self, roster: &Arc<Roster>, account: AccountId) -> StoreResult<()> {
        let of = Arc::clone(roster);
        let build = move |db: &mut rusqlite::Connection| {
            // Of the ledger: it changes with every batch of outcomes, whichever process writes it.
            let state: i64 = db.pragma_query_value(Some("main"), "data_version", |row| row.get(0))?;
            if of.sent_state() != Some(state) {
                let bits = build::marks(db, account, &of, Marks::SentTo)?;
                of.keep_sent_to(state, bits);
            }
            Ok(())
        };
        self.scans.read(build).await
    }

    /// Who has a tag, or got something; read once a roster.
    async fn marked(&self, roster: &Arc<Roster>, account: AccountId, marks: Marks) -> StoreResult<Arc<Vec<u64>>> {
        if let Some(bits) = roster.marks(marks) {
            return Ok(bits);
        }
        let of = Arc::clone(roster);
        let bits = self.scans.read(move |db| build::marks(db, account, &of, marks)).await?;
        Ok(roster.keep_marks(marks, bits))
    }
}

/// What users can be marked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// They have this tag.
    Tag(TagId),
    /// They got something, or may have got it.
    SentTo,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
