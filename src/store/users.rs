//! Lists of users, in the cache: pages by key, newest follower first.

use super::{Store, StoreResult, Wanted, timestamp};
use crate::domain::delivery::State;
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::user::{PageAt, User, UserFilter, UserKey, UserOrder, Who};
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
    /// One page of the users that the filter lets through. Once an account was searched, by its roster.
    pub async fn users(&self, account: AccountId, filter: UserFilter, at: PageAt<UserKey>, limit: u32) -> StoreResult<UserPage> {
        self.users_while(account, filter, (at, limit), Wanted::default()).await
    }

    /// The same, with fewer rows or none where nobody waits for them any more.
    pub async fn users_while(
        &self,
        account: AccountId,
        filter: UserFilter,
        (at, limit): (PageAt<UserKey>, u32),
        wanted: Wanted,
    ) -> StoreResult<UserPage> {
        if !filter.is_plain()
            && let Some(roster) = self.roster(account, needs_roster(&filter)).await?
        {
            let ids = self.look_up(&roster, account, &filter, (at, limit), wanted).await?;
            return self.reader.read(move |db| rows(db, &ids)).await;
        }
        self.users_by_file(account, filter, at, limit).await
    }

    /// How many users the filter lets through; nothing where nobody waits for it any more.
    pub async fn count_users(&self, account: AccountId, filter: UserFilter, wanted: Wanted) -> StoreResult<Option<u64>> {
        if !filter.is_plain()
            && let Some(roster) = self.roster(account, needs_roster(&filter)).await?
        {
            return self.count_by(&roster, account, &filter, wanted).await;
        }
        self.count_users_by_file(account, filter).await.map(Some)
    }

    /// One page, by the file alone: for one look at a list.
    pub async fn users_by_file(
        &self,
        account: AccountId,
        filter: UserFilter,
        at: PageAt<UserKey>,
        limit: u32,
    ) -> StoreResult<UserPage> {
        self.reader.read(move |db| page(db, account, &filter, at, limit)).await
    }

    /// The place of the first user whose openid begins so, by openid; nothing if none does.
    pub async fn find_by_openid(&self, account: AccountId, prefix: String) -> StoreResult<Option<UserKey>> {
        self.reader
            .read(move |db| {
                let sql = "SELECT subscribe_time, id, openid FROM cache.users
                           WHERE account = ?1 AND openid >= ?2 ORDER BY openid LIMIT 1";
                let read = |row: &Row<'_>| {
                    let key = UserKey { subscribe_time: row.get(0)?, id: row.get(1)? };
                    Ok((key, row.get::<_, String>(2)?))
                };
                let found = db.prepare_cached(sql)?.query_row(params![account.0, prefix], read).optional()?;
                Ok(found.filter(|(_, openid)| openid.starts_with(&prefix)).map(|(key, _)| key))
            })
            .await
    }

    async fn count_users_by_file(&self, account: AccountId, filter: UserFilter) -> StoreResult<u64> {
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

/// What the file cannot do but by going through all of it is worth waiting for a roster.
fn needs_roster(filter: &UserFilter) -> bool {
    filter.order == UserOrder::Name || filter.never_sent
}

/// These rows, in this order.
fn rows(db: &Connection, ids: &[i64]) -> StoreResult<UserPage> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM cache.users u WHERE u.id = ?1"))?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(statement.query_row([id], read).optional()?);
    }
    Ok(UserPage { rows })
}

/// What the list by name is ordered by: who has no name comes last, and of the same name the newest comes first.
const BY_NAME: [&str; 4] =
    ["u.remark || u.nickname = ''", "lower(iif(u.remark = '', u.nickname, u.remark))", "-u.subscribe_time", "-u.id"];

fn page(db: &Connection, account: AccountId, filter: &UserFilter, at: PageAt<UserKey>, limit: u32) -> StoreResult<UserPage> {
    let (mut condition, mut values) = condition(account, filter);
    let (key, forward) = match at {
        PageAt::First => (None, true),
        PageAt::After(key) => (Some(key), true),
        PageAt::Before(key) => (Some(key), false),
        PageAt::Last => (None, false),
    };
    let by_name = filter.order == UserOrder::Name;
    let columns: &[&str] = if by_name { &BY_NAME } else { &["u.subscribe_time", "u.id"] };
    let (sign, direction) = if forward == by_name { (">", " ASC") } else { ("<", " DESC") };
    match key {
        Some(key) if by_name => {
            let columns = columns.join(", ");
            let _ = write!(condition, " AND ({columns}) {sign} (SELECT {columns} FROM cache.users u WHERE u.id = ?)");
            values.push(Value::from(key.id));
        }
        Some(key) => {
            let _ = write!(condition, " AND (u.subscribe_time, u.id) {sign} (?, ?)");
            values.extend([Value::from(key.subscribe_time), Value::from(key.id)]);
        }
        None => {}
    }
    values.push(Value::from(limit));
    let order = columns.join(&format!("{direction}, ")) + direction;
    let sql = format!("SELECT {COLUMNS} FROM cache.users u WHERE {condition} ORDER BY {order} LIMIT ?");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query_map(params_from_iter(values), read)?.collect::<Result<Vec<_>, _>>()?;
    if !forward {
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
    match filter.who {
        Who::Everyone => {}
        Who::Following => sql.push_str(" AND u.subscribed = 1"),
        Who::Left => sql.push_str(" AND u.subscribed = 0"),
        Who::Blocked => sql.push_str(" AND u.blacklisted = 1"),
    }
    if filter.never_sent {
        let _ = write!(
            sql,
            " AND u.openid NOT IN (SELECT d.openid FROM jobs j JOIN deliveries d ON d.id BETWEEN j.id << 32 AND (j.id << 32) + 4294967295
               WHERE j.account = {} AND d.state IN ({}, {}))",
            account.0,
            State::Accepted.code(),
            State::Unknown.code()
        );
    }
    for word in filter.search.split_whitespace() {
        sql.push_str(r" AND (u.openid LIKE ? ESCAPE '\' OR u.remark LIKE ? ESCAPE '\' OR u.nickname LIKE ? ESCAPE '\')");
        let pattern = Value::from(like(word));
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
