//! Names that the operator gave users: kept in the ledger, laid over the nicknames in the cache.

use super::{Store, StoreResult};
use crate::domain::id::{AccountId, OpenId};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// Names that are laid over the cache in one transaction.
const LAID_AT_ONCE: u32 = 50_000;

/// A name to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// Whose.
    pub openid: OpenId,
    /// None takes away the one there is.
    pub name: Option<String>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameKept {
    /// Whether the account's cache has this user. The name is kept all the same: they may come.
    pub known: bool,
    /// Whether there was one before.
    pub was_named: bool,
}

impl Store {
    /// Keeps names, the last one where a user has several; answers in the order given. Those in the cache are shown once they are
    /// laid over it.
    pub async fn put_names(&self, account: AccountId, names: Vec<NewName>) -> StoreResult<Vec<NameKept>> {
        let removed = names.iter().filter(|name| name.name.is_none()).map(|name| name.openid.clone()).collect();
        // Before they are forgotten: what is cut off after this is put right by the next sync.
        self.lift_names(account, removed).await?;
        self.ledger
            .write(move |db| {
                // In the order of their index, which is as if each page of it was touched once; of one user's names the last stays.
                let mut order: Vec<usize> = (0..names.len()).collect();
                order.sort_by_key(|at| names.get(*at).map(|name| &name.openid));
                let mut kept = vec![NameKept { known: false, was_named: false }; names.len()];
                for at in order {
                    if let (Some(name), Some(kept)) = (names.get(at), kept.get_mut(at)) {
                        *kept = keep(db, account, name)?;
                    }
                }
                Ok(kept)
            })
            .await
    }

    /// Lays the names that were given over the nicknames in the cache, wherever these differ.
    pub async fn lay_names(&self, account: AccountId) -> StoreResult<()> {
        let mut after = String::new();
        loop {
            let mut differ = self.differing_names(account, after).await?;
            let Some((last, _, _)) = differ.last() else { return Ok(()) };
            after = last.clone();
            differ.sort_unstable_by_key(|(_, _, row)| *row);
            self.cache
                .write(move |db| {
                    let mut lay = db.prepare_cached("UPDATE users SET nickname = ?2 WHERE id = ?1")?;
                    Ok(differ.iter().try_for_each(|(_, name, row)| lay.execute(params![row, name]).map(drop))?)
                })
                .await?;
            self.rosters.note_change();
        }
    }

    /// Names that the cache does not have yet, with the rows of their users, by openid.
    async fn differing_names(&self, account: AccountId, after: String) -> StoreResult<Vec<(String, String, i64)>> {
        self.scans
            .read(move |db| {
                // In this order: few have a name, where a million follow.
                let sql = "SELECT n.openid, n.name, u.id FROM names n CROSS JOIN cache.users u
                           WHERE n.account = ?1 AND n.openid > ?2 AND u.account = ?1 AND u.openid = n.openid AND u.nickname <> n.name
                           ORDER BY n.openid LIMIT ?3";
                let mut statement = db.prepare_cached(sql)?;
                let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                let differ = statement.query_map(params![account.0, after, LAID_AT_ONCE], read)?.collect::<Result<_, _>>()?;
                Ok(differ)
            })
            .await
    }

    /// Takes names that were given out of the cache.
    async fn lift_names(&self, account: AccountId, openids: Vec<OpenId>) -> StoreResult<()> {
        if openids.is_empty() {
            return Ok(());
        }
        let named: Vec<(String, String)> = self
            .scans
            .read(move |db| {
                let mut find = db.prepare_cached("SELECT openid, name FROM names WHERE account = ?1 AND openid = ?2")?;
                let mut named = Vec::new();
                for openid in &openids {
                    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                    named.extend(find.query_row(params![account.0, openid.as_str()], read).optional()?);
                }
                Ok(named)
            })
            .await?;
        self.cache
            .write(move |db| {
                let sql = "UPDATE users SET nickname = '' WHERE account = ?1 AND openid = ?2 AND nickname = ?3";
                let mut lift = db.prepare_cached(sql)?;
                Ok(named.iter().try_for_each(|(openid, name)| lift.execute(params![account.0, openid, name]).map(drop))?)
            })
            .await?;
        self.rosters.note_change();
        Ok(())
    }
}

fn keep(db: &Transaction<'_>, account: AccountId, new: &NewName) -> StoreResult<NameKept> {
    let key = params![account.0, new.openid.as_str()];
    let known = db.prepare_cached("SELECT 1 FROM cache.users WHERE account = ?1 AND openid = ?2")?.exists(key)?;
    let was_named = db.prepare_cached("SELECT 1 FROM names WHERE account = ?1 AND openid = ?2")?.exists(key)?;
    if let Some(name) = &new.name {
        let sql = "INSERT INTO names (account, openid, name) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET name = ?3";
        db.prepare_cached(sql)?.execute(params![account.0, new.openid.as_str(), name])?;
    } else {
        db.prepare_cached("DELETE FROM names WHERE account = ?1 AND openid = ?2")?.execute(key)?;
    }
    Ok(NameKept { known, was_named })
}
