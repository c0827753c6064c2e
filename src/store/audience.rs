//! An audience as SQL: a compound SELECT is evaluated from left to right, just as the expression is.

use super::{Store, StoreResult};
use crate::domain::audience::{Audience, Excluded, Join, Reach, UserSet};
use crate::domain::id::{AccountId, OpenId};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

impl Store {
    /// How many an audience would reach, and who is left out.
    pub async fn reach(&self, account: AccountId, audience: Audience) -> StoreResult<Reach> {
        self.reader.read(move |db| reach(db, account, &audience)).await
    }

    /// The first whom an audience would reach, for the preview.
    pub async fn first_recipient(&self, account: AccountId, audience: Audience) -> StoreResult<Option<OpenId>> {
        self.reader
            .read(move |db| {
                let query = Query::new(account, &audience);
                let sql = format!("{} SELECT openid FROM judged WHERE reason = 'none' LIMIT 1", query.judged());
                let mut statement = db.prepare(&sql)?;
                let mut rows = statement.query(params_from_iter(query.values))?;
                Ok(rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?.map(OpenId::trusted))
            })
            .await
    }
}

/// Counts an audience on a connection that has the cache attached.
pub fn reach(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<Reach> {
    let query = Query::new(account, audience);
    let sql = format!("{} SELECT reason, count(*) FROM judged GROUP BY reason", query.judged());
    let mut reach = Reach::default();
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(query.values))?;
    while let Some(row) = rows.next()? {
        let count = row.get(1)?;
        match row.get::<_, String>(0)?.as_str() {
            "none" => reach.recipients = count,
            "unknown_user" => reach.excluded.unknown_user = count,
            "blacklisted" => reach.excluded.blacklisted = count,
            _ => reach.excluded.unsubscribed = count,
        }
    }
    reach.excluded.duplicate = duplicates(db, account, audience)?;
    Ok(reach)
}

/// Writes the recipients of an audience as the rows of a job. Gives their number and who was left out.
pub fn fill_job(db: &Connection, job: i64, account: AccountId, audience: &Audience) -> StoreResult<(u64, Excluded)> {
    let excluded = reach(db, account, audience)?.excluded;
    let query = Query::new(account, audience);
    let sql = format!(
        "INSERT INTO deliveries (id, openid) {} SELECT ({job} << 32) + row_number() OVER () - 1, openid FROM judged WHERE reason = 'none'",
        query.judged()
    );
    let total = db.execute(&sql, params_from_iter(query.values))?;
    Ok((total as u64, excluded))
}

/// Everyone named twice: within one list, and by a union with what is already there.
fn duplicates(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<u64> {
    let mut twice = 0;
    for (i, (join, set)) in audience.terms.iter().enumerate() {
        if let UserSet::Users(users) = set {
            let distinct: std::collections::HashSet<_> = users.iter().collect();
            if *join == Join::Union {
                twice += (users.len() - distinct.len()) as u64;
            }
        }
        if i > 0 && *join == Join::Union {
            let mut both = Audience { terms: audience.terms.iter().take(i).cloned().collect() };
            both.push(Join::Intersection, set.clone());
            let query = Query::new(account, &both);
            let sql = format!("SELECT count(*) FROM ({})", query.picked);
            twice += db.query_row(&sql, params_from_iter(query.values), |row| row.get::<_, u64>(0))?;
        }
    }
    Ok(twice)
}

/// The SELECT that gives the openids of an audience, and what it binds.
struct Query {
    picked: String,
    values: Vec<Value>,
    account: AccountId,
}

impl Query {
    fn new(account: AccountId, audience: &Audience) -> Self {
        let mut query = Self { picked: String::new(), values: Vec::new(), account };
        for (i, (join, set)) in audience.terms.iter().enumerate() {
            let word = match (i, join) {
                (0, Join::Union) => "",
                (0, _) => "SELECT NULL AS openid WHERE 0 EXCEPT ",
                (_, Join::Union) => " UNION ",
                (_, Join::Intersection) => " INTERSECT ",
                (_, Join::Difference) => " EXCEPT ",
            };
            query.picked.push_str(word);
            query.push_set(set);
        }
        if audience.is_empty() {
            query.picked.push_str("SELECT NULL AS openid WHERE 0");
        }
        query
    }

    fn push_set(&mut self, set: &UserSet) {
        let account = self.account.0;
        let sql = match set {
            UserSet::All => format!("SELECT openid FROM cache.users WHERE account = {account} AND subscribed = 1"),
            UserSet::Tag(tag) => format!(
                "SELECT u.openid FROM cache.user_tags t JOIN cache.users u ON u.id = t.user WHERE t.account = {account} AND t.tag = {}",
                tag.0
            ),
            UserSet::Users(users) => {
                let openids: Vec<&str> = users.iter().map(OpenId::as_str).collect();
                self.values.push(Value::from(serde_json::to_string(&openids).unwrap_or_default()));
                "SELECT DISTINCT value AS openid FROM json_each(?)".to_owned()
            }
        };
        self.picked.push_str(&sql);
    }

    /// Everyone picked, with the reason to leave them out. Only where users were synced can one be unknown.
    fn judged(&self) -> String {
        let account = self.account.0;
        format!(
            "WITH picked AS ({picked}), judged AS (
                 SELECT p.openid AS openid, CASE
                     WHEN u.id IS NULL THEN CASE
                         WHEN EXISTS (SELECT 1 FROM cache.user_syncs WHERE account = {account} AND finished_at IS NOT NULL)
                         THEN 'unknown_user' ELSE 'none' END
                     WHEN u.blacklisted THEN 'blacklisted'
                     WHEN NOT u.subscribed THEN 'unsubscribed'
                     ELSE 'none' END AS reason
                 FROM picked p LEFT JOIN cache.users u ON u.account = {account} AND u.openid = p.openid)",
            picked = self.picked
        )
    }
}
