//! Storing what a sync of users brings, page by page, so that one cut off midway leaves the old data usable and goes on.

use super::{Store, StoreResult, migrate, millis, timestamp};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::{Listed, UserStanding};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// Pages kept in memory during a sync, in KiB: openids are scattered over their index, and with few pages in memory each of them
/// would be written many times over.
const SYNC_CACHE_KIB: i64 = 48 * 1024;

/// Walks over the list of an account are numbered. One after which all details are read anew begins the next so many.
const WALKS: i64 = 1 << 20;

/// Where the sync of an account's users stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    /// Number of the walk over the list that is under way. Who was not seen in it has left.
    pub generation: i64,
    /// Last openid of the last page that was stored.
    pub next: Option<OpenId>,
    /// What is being fetched.
    pub stage: Stage,
    /// When the list was whole last.
    pub listed_at: Option<Timestamp>,
}

impl SyncState {
    /// Details that were fetched in an earlier walk than this are to be fetched: those that never were, and all of them from
    /// before they were last wished for anew.
    pub fn details_since(&self) -> i64 {
        (self.generation - self.generation % WALKS).max(1)
    }

    /// Whether this walk is one after which all details are read anew.
    pub fn begins_anew(&self) -> bool {
        self.generation % WALKS == 0
    }
}

/// What a sync of users is fetching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Pages of openids.
    List,
    /// Who has which tag, who is blocked, and remarks and times of those listed.
    Details,
}

/// What is to be walked through again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// The list.
    List,
    /// The list, and after it the details of everyone on it.
    Details,
}

/// What a sync of users changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserChanges {
    /// Rows known, those who left among them.
    pub total: u64,
    /// Who follows now.
    pub subscribed: u64,
    /// Never seen before.
    pub added: u64,
    /// Had left and came back.
    pub returned: u64,
    /// Left since the last sync.
    pub unsubscribed: u64,
}

impl Store {
    /// Keeps more pages in memory, for the time of a sync.
    pub async fn widen_cache(&self) -> StoreResult<()> {
        self.cache.set_pages(SYNC_CACHE_KIB).await
    }

    /// Gives that memory back.
    pub async fn narrow_cache(&self) -> StoreResult<()> {
        self.cache.set_pages(migrate::CACHE.cache_kib()).await
    }

    /// How old what is known of an account's followers is.
    pub async fn listed(&self, account: AccountId) -> StoreResult<Listed> {
        self.reader
            .read(move |db| {
                let sql = "SELECT finished_at, stage = 'done' FROM cache.user_syncs WHERE account = ?1";
                let read = |row: &Row<'_>| Ok(Listed { at: row.get::<_, Option<i64>>(0)?.map(timestamp), whole: row.get(1)? });
                Ok(db.prepare_cached(sql)?.query_row([account.0], read).optional()?.unwrap_or_default())
            })
            .await
    }

    /// How far what is known of an account's followers goes.
    pub async fn user_standing(&self, account: AccountId) -> StoreResult<UserStanding> {
        self.reader
            .read(move |db| {
                let sql = "SELECT stage, finished_at FROM cache.user_syncs WHERE account = ?1";
                let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?));
                let Some((stage, listed)) = db.query_row(sql, [account.0], read).optional()? else {
                    return Ok(UserStanding::default());
                };
                let sql = "SELECT count(*), count(nullif(detailed, 0)) FROM cache.users WHERE account = ?1 AND subscribed = 1";
                let (followers, detailed) = db.query_row(sql, [account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(UserStanding { listed: stage != "list", followers, detailed, listed_at: listed.map(timestamp) })
            })
            .await
    }

    /// Takes up the sync that was cut off, or begins a new one.
    pub async fn begin_user_sync(&self, account: AccountId) -> StoreResult<SyncState> {
        self.cache
            .write(move |db| match state(db, account)? {
                Some((state, false)) => Ok(state),
                last => {
                    let generation = last.map_or(1, |(last, _)| last.generation + 1);
                    let sql = "INSERT INTO user_syncs (account, generation, stage) VALUES (?1, ?2, 'list')
                               ON CONFLICT DO UPDATE SET generation = ?2, next_openid = NULL, stage = 'list', added = 0, returned = 0, unsubscribed = 0";
                    db.execute(sql, params![account.0, generation])?;
                    Ok(state(db, account)?.map_or_else(|| first(generation), |(state, _)| state))
                }
            })
            .await
    }

    /// Begins the sync under way from its start, with what it has found so far still counted.
    pub async fn walk_again(&self, account: AccountId, again: Again) -> StoreResult<SyncState> {
        self.cache
            .write(move |db| {
                let last = state(db, account)?.map_or(0, |(state, _)| state.generation);
                let generation = match again {
                    Again::List => last + 1,
                    Again::Details => last - last % WALKS + WALKS,
                };
                let sql = "UPDATE user_syncs SET generation = ?2, next_openid = NULL, stage = 'list' WHERE account = ?1";
                db.execute(sql, params![account.0, generation])?;
                Ok(state(db, account)?.map_or_else(|| first(generation), |(state, _)| state))
            })
            .await
    }

    /// Where the last whole walk over the list ended, if none is under way: who came since may stand after it.
    pub async fn end_of_list(&self, account: AccountId) -> StoreResult<Option<SyncState>> {
        self.cache
            .read(move |db| Ok(state(db, account)?.map(|(state, _)| state).filter(|state| state.stage == Stage::Details)))
            .await
    }

    /// Stores a page of openids as seen in this generation; gives those who are new or came back.
    pub async fn put_openids(
        &self,
        account: AccountId,
        generation: i64,
        openids: Vec<OpenId>,
        next: Option<OpenId>,
    ) -> StoreResult<Vec<(i64, OpenId)>> {
        self.cache
            .write(move |db| {
                let (mut added, mut returned, mut came) = (0, 0, Vec::new());
                let mut seen = Seen::Still;
                for openid in openids {
                    let row;
                    // One newcomer is mostly followed by another: then there is no use in looking first.
                    (seen, row) = see(db, account, generation, &openid, matches!(seen, Seen::New))?;
                    match seen {
                        Seen::New => added += 1,
                        Seen::Back => returned += 1,
                        Seen::Still => continue,
                    }
                    came.push((row, openid));
                }
                let sql = "UPDATE user_syncs SET next_openid = coalesce(?2, next_openid), added = added + ?3, returned = returned + ?4 WHERE account = ?1";
                db.execute(sql, params![account.0, next.as_ref().map(OpenId::as_str), added, returned])?;
                Ok(came)
            })
            .await
    }

    /// Users were changed after a sync had come to its end: who searches should see it.
    pub fn note_newcomers(&self) {
        self.rosters.note_change();
    }

    /// How many this walk has seen so far.
    pub async fn count_seen(&self, account: AccountId, generation: i64) -> StoreResult<u64> {
        self.cache
            .read(move |db| {
                let sql = "SELECT count(*) FROM users NOT INDEXED WHERE account = ?1 AND generation = ?2";
                Ok(db.query_row(sql, params![account.0, generation], |row| row.get(0))?)
            })
            .await
    }

    /// All pages are in: who was not seen has left.
    pub async fn end_openids(&self, account: AccountId, generation: i64, now: Timestamp) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "UPDATE users SET subscribed = 0 WHERE account = ?1 AND generation < ?2 AND subscribed = 1";
                let left = db.execute(sql, params![account.0, generation])?;
                let sql = "UPDATE user_syncs SET stage = 'details', unsubscribed = unsubscribed + ?2, finished_at = ?3 WHERE account = ?1";
                db.execute(sql, params![account.0, left as i64, millis(now)])?;
                Ok(())
            })
            .await
    }

    /// The sync has come to its end.
    pub async fn end_user_sync(&self, account: AccountId) -> StoreResult<UserChanges> {
        self.cache
            .write(move |db| {
                db.execute("UPDATE user_syncs SET stage = 'done' WHERE account = ?1", [account.0])?;
                Ok(())
            })
            .await?;
        self.lay_names(account).await?;
        self.user_changes(account).await
    }

    /// What the sync under way, or the last one, has changed.
    pub async fn user_changes(&self, account: AccountId) -> StoreResult<UserChanges> {
        let changes = self
            .cache
            .read(move |db| {
                let sql = "SELECT (SELECT count(*) FROM users WHERE account = ?1), (SELECT count(*) FROM users WHERE account = ?1 AND subscribed = 1),
                           added, returned, unsubscribed FROM user_syncs WHERE account = ?1";
                let read = |row: &Row<'_>| {
                    let [total, subscribed, added, returned, unsubscribed] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
                    Ok(UserChanges { total, subscribed, added, returned, unsubscribed })
                };
                Ok(db.query_row(sql, [account.0], read)?)
            })
            .await?;
        self.cache.empty_log().await;
        Ok(changes)
    }
}

/// Where a sync stands, and whether it is done.
fn state(db: &Connection, account: AccountId) -> StoreResult<Option<(SyncState, bool)>> {
    let sql = "SELECT generation, next_openid, stage, finished_at FROM user_syncs WHERE account = ?1";
    let read = |row: &Row<'_>| {
        let stage: String = row.get(2)?;
        let state = SyncState {
            generation: row.get(0)?,
            next: row.get::<_, Option<String>>(1)?.map(OpenId::trusted),
            stage: if stage == "list" { Stage::List } else { Stage::Details },
            listed_at: row.get::<_, Option<i64>>(3)?.map(timestamp),
        };
        Ok((state, stage == "done"))
    };
    Ok(db.query_row(sql, [account.0], read).optional()?)
}

fn first(generation: i64) -> SyncState {
    SyncState { generation, next: None, stage: Stage::List, listed_at: None }
}

#[derive(Clone, Copy)]
enum Seen {
    New,
    Back,
    Still,
}

/// Stores that somebody is on the list; gives the row.
fn see(db: &Transaction<'_>, account: AccountId, generation: i64, openid: &OpenId, expect_new: bool) -> StoreResult<(Seen, i64)> {
    let insert = || -> StoreResult<bool> {
        let sql = "INSERT INTO users (account, openid, subscribed, generation) VALUES (?1, ?2, 1, ?3) ON CONFLICT DO NOTHING";
        Ok(db.prepare_cached(sql)?.execute(params![account.0, openid.as_str(), generation])? == 1)
    };
    if expect_new && insert()? {
        return Ok((Seen::New, db.last_insert_rowid()));
    }
    let before: Option<(i64, bool, i64)> = db
        .prepare_cached("SELECT id, subscribed, generation FROM users WHERE account = ?1 AND openid = ?2")?
        .query_row(params![account.0, openid.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match before {
        None => {
            insert()?;
            Ok((Seen::New, db.last_insert_rowid()))
        }
        Some((row, true, seen)) => {
            // Listed twice in one walk.
            if seen != generation {
                db.prepare_cached("UPDATE users SET generation = ?2 WHERE id = ?1")?.execute(params![row, generation])?;
            }
            Ok((Seen::Still, row))
        }
        Some((row, false, _)) => {
            // What was known of this user is shown until it is fetched anew.
            let sql = "UPDATE users SET subscribed = 1, generation = ?2, detailed = 0 WHERE id = ?1";
            db.prepare_cached(sql)?.execute(params![row, generation])?;
            Ok((Seen::Back, row))
        }
    }
}
