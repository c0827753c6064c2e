//! Who has which tag, and who is blocked, as WeChat lists it.

use super::{Store, StoreResult};
use crate::domain::id::{AccountId, OpenId, TagId};
use rusqlite::{OptionalExtension, params};

/// A set of rows: a bit for each, so that even ten million members are little memory.
#[derive(Debug, Default)]
pub struct Rows(Vec<u64>);

impl Rows {
    fn insert(&mut self, row: i64) {
        let (word, bit) = place(row);
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn contains(&self, row: i64) -> bool {
        let (word, bit) = place(row);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

fn place(row: i64) -> (usize, u64) {
    let row = usize::try_from(row).unwrap_or_default();
    (row / 64, 1 << (row % 64))
}

impl Store {
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

    /// Stores some of those who have a tag, and adds them to those `seen`.
    pub async fn put_tag_members(
        &self,
        account: AccountId,
        tag: TagId,
        openids: Vec<OpenId>,
        mut seen: Rows,
    ) -> StoreResult<Rows> {
        self.cache
            .write(move |db| {
                let mut find = db.prepare_cached("SELECT id FROM users WHERE account = ?1 AND openid = ?2")?;
                let mut insert = db.prepare_cached("INSERT OR IGNORE INTO user_tags (account, tag, user) VALUES (?1, ?2, ?3)")?;
                for openid in &openids {
                    let row = find.query_row(params![account.0, openid.as_str()], |row| row.get::<_, i64>(0)).optional()?;
                    if let Some(row) = row {
                        seen.insert(row);
                        insert.execute(params![account.0, tag.0, row])?;
                    }
                }
                Ok(seen)
            })
            .await
    }

    /// All who have a tag were seen: whoever else had it has it no more.
    pub async fn end_tag_members(&self, account: AccountId, tag: TagId, seen: Rows) -> StoreResult<()> {
        self.cache
            .write(move |db| {
                let mut all = db.prepare_cached("SELECT user FROM user_tags WHERE account = ?1 AND tag = ?2")?;
                let rows = all.query_map(params![account.0, tag.0], |row| row.get::<_, i64>(0))?;
                let gone =
                    rows.filter(|row| !row.as_ref().is_ok_and(|row| seen.contains(*row))).collect::<Result<Vec<_>, _>>()?;
                let mut delete = db.prepare_cached("DELETE FROM user_tags WHERE account = ?1 AND tag = ?2 AND user = ?3")?;
                Ok(gone.iter().try_for_each(|row| delete.execute(params![account.0, tag.0, row]).map(drop))?)
            })
            .await
    }
}
