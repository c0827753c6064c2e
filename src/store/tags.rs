//! Tags, in the cache.

use super::{Store, StoreResult};
use crate::domain::id::{AccountId, TagId};
use crate::domain::user::Tag;
use rusqlite::params;

impl Store {
    /// The tags of an account, by number.
    pub async fn tags(&self, account: AccountId) -> StoreResult<Vec<Tag>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT tag, name, count FROM cache.tags WHERE account = ?1 ORDER BY tag";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &rusqlite::Row<'_>| Ok(Tag { id: TagId(row.get(0)?), name: row.get(1)?, count: row.get(2)? });
                let tags = statement.query_map([account.0], read)?.collect::<Result<_, _>>()?;
                Ok(tags)
            })
            .await
    }

    /// Replaces the tags of an account by what WeChat listed.
    pub async fn put_tags(&self, account: AccountId, tags: Vec<Tag>) -> StoreResult<()> {
        self.rosters.note_change();
        self.cache
            .write(move |db| {
                db.execute("DELETE FROM tags WHERE account = ?1", [account.0])?;
                for tag in &tags {
                    let sql = "INSERT OR REPLACE INTO tags (account, tag, name, count) VALUES (?1, ?2, ?3, ?4)";
                    db.prepare_cached(sql)?.execute(params![account.0, tag.id.0, tag.name, tag.count])?;
                }
                let sql = "DELETE FROM user_tags WHERE account = ?1 AND tag NOT IN (SELECT tag FROM tags WHERE account = ?1)";
                db.execute(sql, [account.0])?;
                Ok(())
            })
            .await
    }
}
