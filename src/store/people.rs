//! What the operator changed at WeChat, so that nobody has to sync to see it.

use super::{Store, StoreResult};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::Tag;
use rusqlite::{Transaction, params};

impl Store {
    async fn change_users<F>(&self, work: F) -> StoreResult<()>
    where
        F: FnOnce(&Transaction<'_>) -> StoreResult<()> + Send + 'static,
    {
        let changed = self.cache.write(work).await;
        self.rosters.note_change();
        changed
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
