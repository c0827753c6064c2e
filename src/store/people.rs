//! What the operator changed at WeChat, so that nobody has to sync to see it.

use super::{Store, StoreResult};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::Tag;
use rusqlite::{OptionalExtension, Transaction, params};

/// What the cache knows of a user who is to get a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagStanding {
    /// Whether the last sync saw that this user left.
    pub left: bool,
    /// Tags of this user.
    pub tags: u64,
    /// Whether the tag in question is among them.
    pub has: bool,
}

impl Store {
    /// How each of these stands to a tag; of whoever is not known nothing stands against it.
    pub async fn tag_standings(&self, account: AccountId, tag: TagId, openids: Vec<OpenId>) -> StoreResult<Vec<TagStanding>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT NOT u.subscribed, (SELECT count(*) FROM cache.user_tags t WHERE t.user = u.id),
                           EXISTS (SELECT 1 FROM cache.user_tags t WHERE t.account = ?1 AND t.tag = ?2 AND t.user = u.id)
                           FROM cache.users u WHERE u.account = ?1 AND u.openid = ?3";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &rusqlite::Row<'_>| Ok(TagStanding { left: row.get(0)?, tags: row.get(1)?, has: row.get(2)? });
                let mut standings = Vec::with_capacity(openids.len());
                for openid in &openids {
                    let found = statement.query_row(params![account.0, tag.0, openid.as_str()], read).optional()?;
                    standings.push(found.unwrap_or_default());
                }
                Ok(standings)
            })
            .await
    }

    /// How many users of the cache have a tag.
    pub async fn count_tagged(&self, account: AccountId, tag: TagId) -> StoreResult<u64> {
        self.reader
            .read(move |db| {
                let sql = "SELECT count(*) FROM cache.user_tags WHERE account = ?1 AND tag = ?2";
                Ok(db.prepare_cached(sql)?.query_row(params![account.0, tag.0], |row| row.get(0))?)
            })
            .await
    }

    /// A tag that was made, or got another name.
    pub async fn put_tag(&self, account: AccountId, tag: Tag) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let sql = "INSERT INTO tags (account, tag, name, count) VALUES (?1, ?2, ?3, ?4)
                           ON CONFLICT (account, tag) DO UPDATE SET name = excluded.name";
                db.execute(sql, params![account.0, tag.id.0, tag.name, tag.count])?;
                Ok(())
            })
            .await
    }

    /// Changes users, and has nobody search them by what was before.
    async fn change_users(&self, work: impl FnOnce(&Transaction<'_>) -> StoreResult<()> + Send + 'static) -> StoreResult<()> {
        self.cache.write(work).await?;
        self.rosters.note_change();
        Ok(())
    }

    /// A tag that was deleted; nobody has it any more.
    pub async fn drop_tag(&self, account: AccountId, tag: TagId) -> StoreResult<()> {
        self.change_users(move |db| {
            db.execute("DELETE FROM user_tags WHERE account = ?1 AND tag = ?2", params![account.0, tag.0])?;
            db.execute("DELETE FROM tags WHERE account = ?1 AND tag = ?2", params![account.0, tag.0])?;
            Ok(())
        })
        .await
    }

    /// Users who got a tag (`has`), or from whom it was taken.
    pub async fn set_tagged(&self, account: AccountId, tag: TagId, openids: Vec<OpenId>, has: bool) -> StoreResult<()> {
        self.change_users(move |db| {
                let sql = if has {
                    "INSERT OR IGNORE INTO user_tags (account, tag, user) SELECT ?1, ?2, id FROM users WHERE account = ?1 AND openid = ?3"
                } else {
                    "DELETE FROM user_tags WHERE account = ?1 AND tag = ?2 AND user = (SELECT id FROM users WHERE account = ?1 AND openid = ?3)"
                };
                let mut change = db.prepare_cached(sql)?;
                let mut changed = 0;
                for openid in &openids {
                    changed += change.execute(params![account.0, tag.0, openid.as_str()])? as i64;
                }
                let more = if has { changed } else { -changed };
                let sql = "UPDATE tags SET count = max(0, count + ?3) WHERE account = ?1 AND tag = ?2";
                db.execute(sql, params![account.0, tag.0, more])?;
                Ok(())
            })
        .await
    }

    /// What the operator calls a user from now on.
    pub async fn set_remark(&self, account: AccountId, openid: OpenId, remark: String) -> StoreResult<()> {
        self.change_users(move |db| {
            let sql = "UPDATE users SET remark = ?3 WHERE account = ?1 AND openid = ?2";
            db.execute(sql, params![account.0, openid.as_str(), remark])?;
            Ok(())
        })
        .await
    }

    /// A user follows no longer, as a send was told. The next sync of everyone knows better if that is wrong.
    pub async fn set_gone(&self, account: AccountId, openid: OpenId) -> StoreResult<()> {
        self.change_users(move |db| {
            let sql = "UPDATE users SET subscribed = 0 WHERE account = ?1 AND openid = ?2";
            db.execute(sql, params![account.0, openid.as_str()])?;
            Ok(())
        })
        .await
    }

    /// Users who were blocked, or are no longer.
    pub async fn set_blocked(&self, account: AccountId, openids: Vec<OpenId>, blocked: bool) -> StoreResult<()> {
        self.change_users(move |db| {
            let mut set = db.prepare_cached("UPDATE users SET blacklisted = ?3 WHERE account = ?1 AND openid = ?2")?;
            for openid in &openids {
                set.execute(params![account.0, openid.as_str(), blocked])?;
            }
            Ok(())
        })
        .await
    }
}
