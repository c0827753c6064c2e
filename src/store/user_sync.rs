//! Storing what a sync of users brings, page by page, so that one cut off midway leaves the old data usable and goes on.

use super::{Store, StoreResult, migrate, millis, timestamp};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::UserStanding;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};
use std::collections::HashMap;

/// Pages kept in memory during a sync, in KiB: openids are scattered over their index, and with few pages in memory each of them
/// would be written many times over.
const SYNC_CACHE_KIB: i64 = 48 * 1024;

/// Where the sync of an account's users stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    /// Number of the full sync under way. Who was not seen in it has left.
    pub generation: i64,
    /// Last openid of the last page that was stored.
    pub next: Option<OpenId>,
    /// What is being fetched.
    pub stage: Stage,
}

/// What a sync of users is fetching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Pages of openids.
    List,
    /// Remarks, tags and times of those listed.
    Details,
}

/// What is known of a user beyond the openid (`wechat-api.md §9.2`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetail {
    /// Who.
    pub openid: OpenId,
    /// Whether this user still follows.
    pub subscribed: bool,
    /// Id across the accounts of one Open Platform account.
    pub unionid: Option<String>,
    /// Empty since 2021.
    pub nickname: String,
    /// The operator's note.
    pub remark: String,
    /// Such as `zh_CN`.
    pub language: String,
    /// When this user last followed.
    pub subscribe_time: Option<Timestamp>,
    /// How this user came.
    pub subscribe_scene: String,
    /// Tags of this user.
    pub tags: Vec<TagId>,
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

    /// Takes up the sync that was cut off, or begins a new one.
    pub async fn begin_user_sync(&self, account: AccountId) -> StoreResult<SyncState> {
        self.cache
            .write(move |db| {
                let sql = "SELECT generation, next_openid, stage FROM user_syncs WHERE account = ?1";
                let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, row.get::<_, String>(2)?));
                let (generation, next, stage) = match db.query_row(sql, [account.0], read).optional()? {
                    Some((generation, next, stage)) if stage != "done" => (generation, next, stage),
                    last => {
                        let generation = last.map_or(1, |(generation, _, _)| generation + 1);
                        let sql = "INSERT INTO user_syncs (account, generation, stage) VALUES (?1, ?2, 'list')
                                   ON CONFLICT DO UPDATE SET generation = ?2, next_openid = NULL, stage = 'list', added = 0, returned = 0, unsubscribed = 0";
                        db.execute(sql, params![account.0, generation])?;
                        (generation, None, "list".to_owned())
                    }
                };
                let stage = if stage == "list" { Stage::List } else { Stage::Details };
                Ok(SyncState { generation, next: next.map(OpenId::trusted), stage })
            })
            .await
    }

    /// Stores a page of openids as seen in this generation.
    pub async fn put_openids(
        &self,
        account: AccountId,
        generation: i64,
        openids: Vec<OpenId>,
        next: Option<OpenId>,
    ) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let (mut added, mut returned) = (0, 0);
                // In the order of their index, which is as if each page of it was touched once; numbered in the order of the list,
                // which is that in which they came.
                let first: i64 = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM users", [], |row| row.get(0))?;
                let mut numbered: Vec<(i64, &OpenId)> = (first..).zip(&openids).collect();
                numbered.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
                for (id, openid) in numbered {
                    match see(db, account, generation, id, openid)? {
                        Seen::New => added += 1,
                        Seen::Back => returned += 1,
                        Seen::Still => {}
                    }
                }
                let sql = "UPDATE user_syncs SET next_openid = coalesce(?2, next_openid), added = added + ?3, returned = returned + ?4 WHERE account = ?1";
                db.execute(sql, params![account.0, next.as_ref().map(OpenId::as_str), added, returned])?;
                Ok(())
            })
            .await
    }

    /// All pages are in: who was not seen has left.
    pub async fn end_openids(&self, account: AccountId, generation: i64) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "UPDATE users SET subscribed = 0 WHERE account = ?1 AND generation < ?2 AND subscribed = 1";
                let left = db.execute(sql, params![account.0, generation])?;
                let sql = "UPDATE user_syncs SET stage = 'details', unsubscribed = ?2 WHERE account = ?1";
                db.execute(sql, params![account.0, left as i64])?;
                Ok(())
            })
            .await
    }

    /// How far what is known of an account's followers goes.
    pub async fn user_standing(&self, account: AccountId) -> StoreResult<UserStanding> {
        self.reader
            .read(move |db| {
                let sql = "SELECT stage, finished_at FROM cache.user_syncs WHERE account = ?1";
                let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?));
                let Some((stage, finished)) = db.query_row(sql, [account.0], read).optional()? else {
                    return Ok(UserStanding::default());
                };
                let sql = "SELECT count(*), count(nullif(detailed, 0)) FROM cache.users WHERE account = ?1 AND subscribed = 1";
                let (followers, detailed) = db.query_row(sql, [account.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok(UserStanding { listed: stage != "list", followers, detailed, finished_at: finished.map(timestamp) })
            })
            .await
    }

    /// When the followers of an account were synced as a whole last; nothing if they never were.
    pub async fn users_synced_at(&self, account: AccountId) -> StoreResult<Option<Timestamp>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT finished_at FROM cache.user_syncs WHERE account = ?1";
                let finished: Option<Option<i64>> = db.query_row(sql, [account.0], |row| row.get(0)).optional()?;
                Ok(finished.flatten().map(timestamp))
            })
            .await
    }

    /// Followers whose details were not fetched since this sync.
    pub async fn count_without_details(&self, account: AccountId, since: i64) -> StoreResult<u64> {
        self.reader
            .read(move |db| {
                let sql = "SELECT count(*) FROM cache.users WHERE account = ?1 AND subscribed = 1 AND detailed < ?2";
                Ok(db.query_row(sql, params![account.0, since], |row| row.get(0))?)
            })
            .await
    }

    /// Followers whose details were not fetched since this sync, by row after `after`.
    pub async fn without_details(
        &self,
        account: AccountId,
        since: i64,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<(i64, OpenId)>> {
        self.reader
            .read(move |db| {
                // By row: through an index on the account, each part would go through all of them.
                let sql = "SELECT id, openid FROM cache.users NOT INDEXED
                           WHERE id > ?3 AND account = ?1 AND subscribed = 1 AND detailed < ?2 ORDER BY id LIMIT ?4";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, OpenId::trusted(row.get::<_, String>(1)?)));
                let users = statement.query_map(params![account.0, since, after, limit], read)?.collect::<Result<_, _>>()?;
                Ok(users)
            })
            .await
    }

    /// Stores details as they come in. `rows` are the rows of users where they are known: to look each up is half the work.
    pub async fn put_details(
        &self,
        account: AccountId,
        generation: i64,
        details: Vec<UserDetail>,
        rows: HashMap<OpenId, i64>,
    ) -> StoreResult<()> {
        self.cache.write(move |db| details.iter().try_for_each(|detail| put_detail(db, account, generation, detail, &rows))).await
    }

    /// Stores who is blocked by the account.
    pub async fn put_blacklist(&self, account: AccountId, openids: Vec<OpenId>) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                db.execute("UPDATE users SET blacklisted = 0 WHERE account = ?1 AND blacklisted = 1", [account.0])?;
                let mut block = db.prepare_cached("UPDATE users SET blacklisted = 1 WHERE account = ?1 AND openid = ?2")?;
                for openid in &openids {
                    block.execute(params![account.0, openid.as_str()])?;
                }
                Ok(())
            })
            .await
    }

    /// Begins to take in who has a tag. Beside the cache: it may be a million, and who had it before is replaced at the end.
    pub async fn begin_tag_members(&self) -> StoreResult<()> {
        self.cache
            .write(|db| {
                Ok(db.execute_batch(
                    "CREATE TEMP TABLE IF NOT EXISTS members (user INTEGER PRIMARY KEY); DELETE FROM temp.members",
                )?)
            })
            .await
    }

    /// So many more have it.
    pub async fn add_tag_members(&self, account: AccountId, openids: Vec<OpenId>) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "INSERT OR IGNORE INTO temp.members SELECT id FROM users WHERE account = ?1 AND openid = ?2";
                let mut insert = db.prepare_cached(sql)?;
                for openid in &openids {
                    insert.execute(params![account.0, openid.as_str()])?;
                }
                Ok(())
            })
            .await
    }

    /// All of them are in: of the followers, nobody else has it. Of who left the last is kept that was known.
    pub async fn end_tag_members(&self, account: AccountId, tag: TagId) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "DELETE FROM user_tags WHERE account = ?1 AND tag = ?2 AND user NOT IN (SELECT user FROM temp.members)
                           AND user IN (SELECT id FROM users WHERE subscribed = 1)";
                db.execute(sql, params![account.0, tag.0])?;
                let sql = "INSERT OR IGNORE INTO user_tags (account, tag, user) SELECT ?1, ?2, user FROM temp.members";
                db.execute(sql, params![account.0, tag.0])?;
                db.execute("DELETE FROM temp.members", [])?;
                Ok(())
            })
            .await
    }

    /// The sync has come to its end.
    pub async fn end_user_sync(&self, account: AccountId, now: Timestamp) -> StoreResult<UserChanges> {
        let changes = self
            .cache
            .write(move |db| {
                let sql = "UPDATE user_syncs SET stage = 'done', next_openid = NULL, finished_at = ?2 WHERE account = ?1";
                db.execute(sql, params![account.0, millis(now)])?;
                let sql = "SELECT (SELECT count(*) FROM users WHERE account = ?1), (SELECT count(*) FROM users WHERE account = ?1 AND subscribed = 1),
                           added, returned, unsubscribed FROM user_syncs WHERE account = ?1";
                let read = |row: &rusqlite::Row<'_>| {
                    let [total, subscribed, added, returned, unsubscribed] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
                    Ok(UserChanges { total, subscribed, added, returned, unsubscribed })
                };
                Ok(db.query_row(sql, [account.0], read)?)
            })
            .await?;
        self.lay_names(account).await?;
        self.cache.empty_log().await;
        Ok(changes)
    }
}

enum Seen {
    New,
    Back,
    Still,
}

/// Notes that a follower is there; `id` is their row if they have none.
fn see(db: &Transaction<'_>, account: AccountId, generation: i64, id: i64, openid: &OpenId) -> StoreResult<Seen> {
    let key = params![account.0, openid.as_str()];
    let before: Option<bool> = db
        .prepare_cached("SELECT subscribed FROM users WHERE account = ?1 AND openid = ?2")?
        .query_row(key, |row| row.get(0))
        .optional()?;
    let values = params![account.0, openid.as_str(), generation];
    match before {
        None => {
            let sql = "INSERT INTO users (id, account, openid, subscribed, generation) VALUES (?4, ?1, ?2, 1, ?3)";
            db.prepare_cached(sql)?.execute(params![account.0, openid.as_str(), generation, id])?;
            Ok(Seen::New)
        }
        Some(subscribed) => {
            // Who came back may have another remark and other tags.
            let sql = if subscribed {
                "UPDATE users SET generation = ?3 WHERE account = ?1 AND openid = ?2"
            } else {
                "UPDATE users SET subscribed = 1, generation = ?3, detailed = 0 WHERE account = ?1 AND openid = ?2"
            };
            db.prepare_cached(sql)?.execute(values)?;
            Ok(if subscribed { Seen::Still } else { Seen::Back })
        }
    }
}

fn put_detail(
    db: &Transaction<'_>,
    account: AccountId,
    generation: i64,
    detail: &UserDetail,
    rows: &HashMap<OpenId, i64>,
) -> StoreResult<()> {
    let id = if let Some(id) = rows.get(&detail.openid) {
        Some(*id)
    } else {
        let key = params![account.0, detail.openid.as_str()];
        let mut find = db.prepare_cached("SELECT id FROM users WHERE account = ?1 AND openid = ?2")?;
        find.query_row(key, |row| row.get::<_, i64>(0)).optional()?
    };
    let Some(id) = id else { return Ok(()) };
    if !detail.subscribed {
        // Left between the list and this reply; what was known of this user stays.
        db.prepare_cached("UPDATE users SET subscribed = 0, detailed = ?2 WHERE id = ?1")?.execute(params![id, generation])?;
        return Ok(());
    }
    let sql = "UPDATE users SET unionid = coalesce(?2, unionid), nickname = coalesce(nullif(?3, ''), nickname), remark = ?4, language = ?5, subscribe_time = ?6,
               subscribe_scene = ?7, detailed = ?8 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![
        id,
        detail.unionid,
        detail.nickname,
        detail.remark,
        detail.language,
        detail.subscribe_time.map_or(0, millis),
        detail.subscribe_scene,
        generation,
    ])?;
    db.prepare_cached("DELETE FROM user_tags WHERE user = ?1")?.execute([id])?;
    for tag in &detail.tags {
        let sql = "INSERT OR IGNORE INTO user_tags (account, tag, user) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?.execute(params![account.0, tag.0, id])?;
    }
    Ok(())
}
