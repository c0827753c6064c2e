//! From the cache into memory.

use super::super::error::StoreResult;
use super::Marks;
use super::index::{Builder, Roster};
use crate::domain::delivery::State;
use crate::domain::id::AccountId;
use rusqlite::{Connection, params};
use std::sync::Arc;

/// All users of an account, newest first; nothing if they would take more than so many bytes.
pub fn roster(db: &Connection, account: AccountId, most: usize) -> StoreResult<Option<Arc<Roster>>> {
    let count: u32 = db.query_row("SELECT count(*) FROM cache.users WHERE account = ?1", [account.0], |row| row.get(0))?;
    let mut builder = Builder::with_capacity(count as usize);
    // Followers come into the file nearly in the order of their times, so that this walks along it.
    let sql = "SELECT id, subscribe_time, subscribed, blacklisted, openid, nickname, remark FROM cache.users
               WHERE account = ?1 ORDER BY subscribe_time DESC, id DESC";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([account.0])?;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column).map(|value| value.as_str().unwrap_or_default());
        builder.push(row.get(0)?, row.get(1)?, (row.get(2)?, row.get(3)?), [text(4)?, text(5)?, text(6)?]);
        if builder.bytes() > most {
            return Ok(None);
        }
    }
    Ok(Some(Arc::new(builder.finish())))
}

/// Which rows of the roster are marked, a bit each.
pub fn marks(db: &Connection, account: AccountId, roster: &Roster, marks: Marks) -> StoreResult<Vec<u64>> {
    let mut bits = vec![0; roster.len().div_ceil(64)];
    let mut set = |id: i64| {
        if let Some(at) = roster.place_of(id)
            && let Some(word) = bits.get_mut(at / 64)
        {
            *word |= 1 << (at % 64);
        }
    };
    match marks {
        Marks::Tag(tag) => {
            let mut statement = db.prepare("SELECT user FROM cache.user_tags WHERE account = ?1 AND tag = ?2")?;
            let mut rows = statement.query(params![account.0, tag.0])?;
            while let Some(row) = rows.next()? {
                set(row.get(0)?);
            }
        }
        Marks::SentTo => {
            let sql = format!(
                "SELECT u.id FROM jobs j JOIN deliveries d ON d.id BETWEEN j.id << 32 AND (j.id << 32) + 4294967295
                 JOIN cache.users u ON u.account = j.account AND u.openid = d.openid
                 WHERE j.account = ?1 AND d.state IN ({}, {})",
                State::Accepted.code(),
                State::Unknown.code()
            );
            let mut statement = db.prepare(&sql)?;
            let mut rows = statement.query([account.0])?;
            while let Some(row) = rows.next()? {
                set(row.get(0)?);
            }
        }
    }
    Ok(bits)
}
