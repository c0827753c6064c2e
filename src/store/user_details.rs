//! What is known of users beyond their openids.

use super::{Store, StoreResult, millis};
use crate::domain::id::{AccountId, OpenId, TagId};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::collections::{HashMap, HashSet};

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

/// Whose details are to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DetailsWanted {
    /// Who follows.
    pub followers: u64,
    /// Those of them whose details are missing or too old.
    pub missing: u64,
    /// Those whose details are from this walk.
    pub fresh: u64,
}

impl Store {
    /// How many details are to be fetched after a walk, where those from walks `since` then are good enough.
    pub async fn wanted_details(&self, account: AccountId, generation: i64, since: i64) -> StoreResult<DetailsWanted> {
        self.cache
            .read(move |db| {
                let sql = "SELECT count(*), coalesce(sum(detailed < ?2), 0), coalesce(sum(detailed >= ?3), 0)
                           FROM users NOT INDEXED WHERE account = ?1 AND subscribed = 1";
                let read = |row: &Row<'_>| Ok(DetailsWanted { followers: row.get(0)?, missing: row.get(1)?, fresh: row.get(2)? });
                Ok(db.query_row(sql, params![account.0, since, generation], read)?)
            })
            .await
    }

    /// Followers whose details were not fetched in walks `since` then, by row after `after`.
    pub async fn without_details(
        &self,
        account: AccountId,
        since: i64,
        after: i64,
        limit: u32,
    ) -> StoreResult<Vec<(i64, OpenId)>> {
        self.scans
            .read(move |db| {
                // By row: through an index on the account, each part would go through all of them.
                let sql = "SELECT id, openid FROM cache.users NOT INDEXED
                           WHERE id > ?3 AND account = ?1 AND subscribed = 1 AND detailed < ?2 ORDER BY id LIMIT ?4";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &Row<'_>| Ok((row.get(0)?, OpenId::trusted(row.get::<_, String>(1)?)));
                let users = statement.query_map(params![account.0, since, after, limit], read)?;
                Ok(users.collect::<Result<_, _>>()?)
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
        self.cache
            .write(move |db| {
                let known = Known { tagged: tagged(db, &rows)?, rows };
                details.iter().try_for_each(|detail| put_detail(db, account, generation, detail, &known))
            })
            .await
    }

    /// Stores that WeChat gives no details of these users, so that they are not asked for in each sync.
    pub async fn put_refused(&self, generation: i64, rows: Vec<i64>) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let mut note = db.prepare_cached("UPDATE users SET detailed = ?2 WHERE id = ?1")?;
                Ok(rows.iter().try_for_each(|row| note.execute(params![row, generation]).map(drop))?)
            })
            .await
    }
}

/// What is known of the users whose details are stored.
struct Known {
    rows: HashMap<OpenId, i64>,
    /// Those of the rows that have tags by now; none if that was not looked up.
    tagged: Option<HashSet<i64>>,
}

/// Who has tags, where the rows are close to each other: in a first sync nobody has, and that is known at once.
fn tagged(db: &Transaction<'_>, rows: &HashMap<OpenId, i64>) -> StoreResult<Option<HashSet<i64>>> {
    let (Some(first), Some(last)) = (rows.values().min(), rows.values().max()) else { return Ok(None) };
    if last - first > 8 * rows.len() as i64 {
        return Ok(None);
    }
    let mut statement = db.prepare_cached("SELECT DISTINCT user FROM user_tags WHERE user BETWEEN ?1 AND ?2")?;
    let users = statement.query_map([first, last], |row| row.get(0))?;
    Ok(Some(users.collect::<Result<_, _>>()?))
}

fn put_detail(db: &Transaction<'_>, account: AccountId, generation: i64, detail: &UserDetail, known: &Known) -> StoreResult<()> {
    let row = known.rows.get(&detail.openid);
    let id = if let Some(id) = row {
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
    let has_none = row.is_some() && known.tagged.as_ref().is_some_and(|tagged| !tagged.contains(&id));
    if !has_none {
        db.prepare_cached("DELETE FROM user_tags WHERE user = ?1")?.execute([id])?;
    }
    for tag in &detail.tags {
        let sql = "INSERT OR IGNORE INTO user_tags (account, tag, user) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?.execute(params![account.0, tag.0, id])?;
    }
    Ok(())
}
