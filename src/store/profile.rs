//! All that is known of one user.

use super::{Store, StoreResult, UserDetail, timestamp};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::profile::{Profile, Read};
use crate::domain::user::User;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::HashMap;

impl Store {
    /// All that is known of a user; nothing of one whom the cache does not have.
    pub async fn profile(&self, account: AccountId, openid: OpenId) -> StoreResult<Option<Profile>> {
        let Some(user) = self.user(account, openid).await? else { return Ok(None) };
        self.reader.read(move |db| profile(db, account, &user)).await
    }

    /// Stores what WeChat just told of one user, if the cache has them.
    pub async fn put_looked_up(&self, account: AccountId, detail: UserDetail) -> StoreResult<()> {
        let (openid, subscribed) = (detail.openid.clone(), detail.subscribed);
        let generation = self
            .reader
            .read(move |db| {
                let sql = "SELECT generation FROM cache.user_syncs WHERE account = ?1";
                Ok(db.query_row(sql, [account.0], |row| row.get(0)).optional()?)
            })
            .await?;
        self.put_details(account, generation.unwrap_or(1), vec![detail], HashMap::new()).await?;
        self.cache
            .write(move |db| {
                let sql = "UPDATE users SET subscribed = ?3 WHERE account = ?1 AND openid = ?2";
                db.execute(sql, params![account.0, openid.as_str(), subscribed])?;
                Ok(())
            })
            .await?;
        self.rosters.note_change();
        Ok(())
    }
}

fn profile(db: &Connection, account: AccountId, user: &User) -> StoreResult<Option<Profile>> {
    let sql =
        "SELECT u.unionid, u.language, u.subscribe_scene, u.detailed, s.generation, s.finished_at, s.stage = 'done', n.name, u.id
               FROM cache.users u LEFT JOIN cache.user_syncs s ON s.account = u.account
               LEFT JOIN names n ON n.account = u.account AND n.openid = u.openid
               WHERE u.account = ?1 AND u.openid = ?2";
    let read = |row: &Row<'_>| {
        let (detailed, generation): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
        let finished = row.get::<_, Option<i64>>(5)?.filter(|_| row.get(6).unwrap_or(false)).map(timestamp);
        let read = match detailed {
            0 => Read::Never,
            last if Some(last) == generation => Read::LastSync(finished),
            _ => Read::Earlier,
        };
        let profile = Profile {
            user: user.clone(),
            name: row.get(7)?,
            tags: Vec::new(),
            unionid: row.get(0)?,
            language: row.get(1)?,
            scene: row.get(2)?,
            read,
        };
        Ok((profile, row.get::<_, i64>(8)?))
    };
    let found = db.prepare_cached(sql)?.query_row(params![account.0, user.openid.as_str()], read).optional()?;
    let Some((mut profile, row)) = found else { return Ok(None) };
    let sql = "SELECT t.tag, coalesce(g.name, '') FROM cache.user_tags t
               LEFT JOIN cache.tags g ON g.account = t.account AND g.tag = t.tag WHERE t.user = ?1 ORDER BY t.tag";
    let tag = |row: &Row<'_>| Ok((TagId(row.get(0)?), row.get(1)?));
    profile.tags = db.prepare_cached(sql)?.query_map([row], tag)?.collect::<Result<_, _>>()?;
    Ok(Some(profile))
}
