//! Lists of users, in the cache: pages by key, newest follower first.

use super::{Store, StoreResult, timestamp};
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::{PageAt, User, UserFilter, UserKey};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use std::fmt::Write;

/// A window of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserPage {
    /// Users with their places, in list order.
    pub rows: Vec<(UserKey, User)>,
}

const COLUMNS: &str = "u.id, u.openid, u.nickname, u.remark, u.subscribed, u.blacklisted, u.subscribe_time,
    (SELECT group_concat(t.tag) FROM cache.user_tags t WHERE t.user = u.id)";

impl Store {
    /// One page of the users that the filter lets through.
    pub async fn users(&self, account: AccountId, filter: UserFilter, at: PageAt<UserKey>, limit: u32) -> StoreResult<UserPage> {
        self.reader.read(move |db| page(db, account, &filter, at, limit)).await
    }

    /// How many users the filter lets through.
    pub async fn count_users(&self, account: AccountId, filter: UserFilter) -> StoreResult<u64> {
        self.reader
            .read(move |db| {
                let (condition, values) = condition(account, &filter);
                let sql = format!("SELECT count(*) FROM cache.users u WHERE {condition}");
                Ok(db.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?)
            })
            .await
    }

    /// One user.
    pub async fn user(&self, account: AccountId, openid: OpenId) -> StoreResult<Option<User>> {
        self.reader
            .read(move |db| {
                let sql = format!("SELECT {COLUMNS} FROM cache.users u WHERE u.account = ?1 AND u.openid = ?2");
                let user = db.prepare_cached(&sql)?.query_row(params![account.0, openid.as_str()], read).optional()?;
                Ok(user.map(|(_, user)| user))
            })
            .await
    }
}

fn page(db: &Connection, account: AccountId, filter: &UserFilter, at: PageAt<UserKey>, limit: u32) -> StoreResult<UserPage> {
    let (mut condition, mut values) = condition(account, filter);
    let (key, sign, order) = match at {
        PageAt::First => (None, "", "DESC"),
        PageAt::After(key) => (Some(key), "<", "DESC"),
        PageAt::Before(key) => (Some(key), ">", "ASC"),
        PageAt::Last => (None, "", "ASC"),
    };
    if let Some(key) = key {
        let _ = write!(condition, " AND (u.subscribe_time, u.id) {sign} (?, ?)");
        values.extend([Value::from(key.subscribe_time), Value::from(key.id)]);
    }
    values.push(Value::from(limit));
    let sql =
        format!("SELECT {COLUMNS} FROM cache.users u WHERE {condition} ORDER BY u.subscribe_time {order}, u.id {order} LIMIT ?");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query_map(params_from_iter(values), read)?.collect::<Result<Vec<_>, _>>()?;
    if order == "ASC" {
        rows.reverse();
    }
    Ok(UserPage { rows })
}

fn condition(account: AccountId, filter: &UserFilter) -> (String, Vec<Value>) {
    let mut sql = "u.account = ?".to_owned();
    let mut values = vec![Value::from(account.0)];
    if let Some(tag) = filter.tag {
        sql.push_str(" AND u.id IN (SELECT user FROM cache.user_tags WHERE account = ? AND tag = ?)");
        values.extend([Value::from(account.0), Value::from(tag.0)]);
    }
    if !filter.search.is_empty() {
        sql.push_str(r" AND (u.openid LIKE ? ESCAPE '\' OR u.remark LIKE ? ESCAPE '\' OR u.nickname LIKE ? ESCAPE '\')");
        let pattern = Value::from(like(&filter.search));
        values.extend([pattern.clone(), pattern.clone(), pattern]);
    }
    (sql, values)
}

/// A pattern that finds the text anywhere, its own `%` and `_` taken literally.
fn like(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn read(row: &Row<'_>) -> rusqlite::Result<(UserKey, User)> {
    let subscribe_time: i64 = row.get(6)?;
    let tags: Option<String> = row.get(7)?;
    let user = User {
        openid: OpenId::trusted(row.get::<_, String>(1)?),
        nickname: row.get(2)?,
        remark: row.get(3)?,
        subscribed: row.get(4)?,
        blacklisted: row.get(5)?,
        subscribe_time: (subscribe_time > 0).then(|| timestamp(subscribe_time)),
        tags: tags.iter().flat_map(|tags| tags.split(',')).filter_map(|tag| tag.parse().ok()).map(TagId).collect(),
    };
    Ok((UserKey { subscribe_time, id: row.get(0)? }, user))
}
