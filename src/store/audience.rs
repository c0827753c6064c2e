//! An audience as SQL: a compound SELECT is evaluated from left to right, just as the expression is.

use super::jobs::row_range;
use super::scan::{Found, Scan};
use super::{Store, StoreResult};
use crate::domain::audience::{Audience, Excluded, Exclusion, Join, Reach, UserSet};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::placeholders::Params;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};
use std::collections::HashSet;

/// One whom an audience names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Who.
    pub openid: OpenId,
    /// What they call themselves; few are known.
    pub nickname: String,
    /// What the operator calls them.
    pub remark: String,
    /// Why they are left out; nothing for a recipient.
    pub left_out: Option<Exclusion>,
}

impl Judged {
    /// The best human label there is; empty if there is none.
    pub fn name(&self) -> &str {
        if self.remark.is_empty() { &self.nickname } else { &self.remark }
    }
}

/// Where to look from a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To those who come after.
    After,
    /// To those who come before.
    Before,
}

/// Freezes what a message needs to know of a recipient; nothing for one whose message would break a rule, who is left out.
pub type Freeze = Box<dyn FnMut(&Judged) -> Option<Params> + Send>;

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

    /// The recipient who comes right after or before an openid, by openid; nobody at the end. For stepping through a
    /// preview; on the reader for scans, since a large tag has to be sorted for it.
    pub async fn recipient_beside(
        &self,
        account: AccountId,
        audience: Audience,
        from: OpenId,
        side: Side,
    ) -> StoreResult<Option<OpenId>> {
        self.scans
            .read(move |db| {
                let query = Query::new(account, &audience);
                let (sign, order) = match side {
                    Side::After => (">", "ASC"),
                    Side::Before => ("<", "DESC"),
                };
                let sql = format!(
                    "{} SELECT openid FROM judged WHERE openid {sign} ? AND reason = 'none' ORDER BY openid {order} LIMIT 1",
                    query.judged()
                );
                let mut statement = db.prepare(&sql)?;
                let values = query.values.into_iter().chain([Value::from(from.as_str().to_owned())]);
                let mut rows = statement.query(params_from_iter(values))?;
                Ok(rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?.map(OpenId::trusted))
            })
            .await
    }

    /// The recipients after an openid, by openid.
    pub fn scan_recipients(&self, account: AccountId, audience: Audience, after: OpenId) -> StoreResult<Scan<Judged>> {
        self.scans.scan(move |db, found| {
            let query = Query::new(account, &audience);
            let sql = format!(
                "{} SELECT openid, nickname, remark FROM judged WHERE openid > ? AND reason = 'none' ORDER BY openid",
                query.judged()
            );
            let mut statement = db.prepare(&sql)?;
            let values = query.values.into_iter().chain([Value::from(after.as_str().to_owned())]);
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                found.push(named(row)?)?;
            }
            Ok(())
        })
    }

    /// Everyone whom an audience names, each once, and then who was named more than once, as often as they were beyond the
    /// first time: the rows behind the numbers of [`Store::reach`].
    pub fn scan_audience(&self, account: AccountId, audience: Audience) -> StoreResult<Scan<Judged>> {
        self.scans.scan(move |db, found| {
            let query = Query::new(account, &audience);
            let sql = format!("{} SELECT openid, nickname, remark, reason FROM judged", query.judged());
            let mut statement = db.prepare(&sql)?;
            let mut rows = statement.query(params_from_iter(query.values))?;
            while let Some(row) = rows.next()? {
                found.push(Judged { left_out: Exclusion::parse(&row.get::<_, String>(3)?), ..named(row)? })?;
            }
            drop(rows);
            scan_duplicates(db, account, &audience, found)
        })
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
        match Exclusion::parse(&row.get::<_, String>(0)?) {
            None => reach.recipients = count,
            Some(reason) => reach.excluded.add(reason, count),
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

/// The same, where the message differs from one recipient to the next.
pub fn fill_personal_job(
    db: &Connection,
    job: i64,
    account: AccountId,
    audience: &Audience,
    freeze: &mut Freeze,
) -> StoreResult<(u64, Excluded)> {
    let mut excluded = reach(db, account, audience)?.excluded;
    let query = Query::new(account, audience);
    let sql = format!("{} SELECT openid, nickname, remark FROM judged WHERE reason = 'none'", query.judged());
    let mut everyone = db.prepare(&sql)?;
    let mut everyone = everyone.query(params_from_iter(query.values))?;
    let mut insert = db.prepare("INSERT INTO deliveries (id, openid, params) VALUES (?1, ?2, ?3)")?;
    let mut total = 0;
    while let Some(row) = everyone.next()? {
        let person = named(row)?;
        let Some(known) = freeze(&person) else {
            excluded.add(Exclusion::Invalid, 1);
            continue;
        };
        let known = serde_json::to_string(&known).unwrap_or_default();
        insert.execute(params![(job << 32) + total, person.openid.as_str(), known])?;
        total += 1;
    }
    Ok((total as u64, excluded))
}

/// Everyone named twice: within one list, and by a union with what is already there.
fn duplicates(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<u64> {
    let mut twice = 0;
    for (i, (join, set)) in audience.terms.iter().enumerate() {
        if let UserSet::Users(users) = set {
            let distinct: HashSet<_> = users.iter().collect();
            if *join == Join::Union {
                twice += (users.len() - distinct.len()) as u64;
            }
        }
        if i > 0 && *join == Join::Union {
            let query = Query::new(account, &already_named(audience, i, set));
            let sql = format!("SELECT count(*) FROM ({})", query.picked);
            twice += db.query_row(&sql, params_from_iter(query.values), |row| row.get::<_, u64>(0))?;
        }
    }
    Ok(twice)
}

/// Hands over everyone whom [`duplicates`] counts.
fn scan_duplicates(db: &Connection, account: AccountId, audience: &Audience, found: &mut Found<Judged>) -> StoreResult<()> {
    let mut hand_over = |audience: &Audience| {
        let query = Query::new(account, audience);
        let mut statement = db.prepare(&query.named())?;
        let mut rows = statement.query(params_from_iter(query.values))?;
        while let Some(row) = rows.next()? {
            found.push(Judged { left_out: Some(Exclusion::Duplicate), ..named(row)? })?;
        }
        StoreResult::Ok(())
    };
    for (i, (_, set)) in audience.terms.iter().enumerate().filter(|(_, (join, _))| *join == Join::Union) {
        if let UserSet::Users(users) = set {
            let mut seen = HashSet::new();
            for twice in users.iter().filter(|user| !seen.insert(*user)) {
                hand_over(&Audience::of(UserSet::Users(vec![twice.clone()])))?;
            }
        }
        if i > 0 {
            hand_over(&already_named(audience, i, set))?;
        }
    }
    Ok(())
}

/// Who of the set is in what stands left of it.
fn already_named(audience: &Audience, place: usize, set: &UserSet) -> Audience {
    let mut both = Audience { terms: audience.terms.iter().take(place).cloned().collect() };
    both.push(Join::Intersection, set.clone());
    both
}

fn named(row: &Row<'_>) -> StoreResult<Judged> {
    Ok(Judged { openid: OpenId::trusted(row.get::<_, String>(0)?), nickname: row.get(1)?, remark: row.get(2)?, left_out: None })
}

/// What a user is called, of a row of users that may not be there.
const NAMES: &str = "coalesce(u.nickname, '') AS nickname, coalesce(u.remark, '') AS remark";

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
            UserSet::Job(job, outcome) => {
                let (from, to) = row_range(*job);
                let states: Vec<String> = outcome.states().iter().map(|state| state.code().to_string()).collect();
                format!("SELECT openid FROM deliveries WHERE id BETWEEN {from} AND {to} AND state IN ({})", states.join(", "))
            }
            UserSet::Users(users) => {
                let openids: Vec<&str> = users.iter().map(OpenId::as_str).collect();
                self.values.push(Value::from(serde_json::to_string(&openids).unwrap_or_default()));
                "SELECT DISTINCT value AS openid FROM json_each(?)".to_owned()
            }
        };
        self.picked.push_str(&sql);
    }

    /// Everyone picked, with their names.
    fn named(&self) -> String {
        format!(
            "SELECT p.openid, {NAMES} FROM ({}) p LEFT JOIN cache.users u ON u.account = {} AND u.openid = p.openid",
            self.picked, self.account.0
        )
    }

    /// Everyone picked, with the reason to leave them out. Only where users were synced can one be unknown. What WeChat itself
    /// lists is an openid whatever it looks like; of what a person or a file named, the alphabet is checked
    /// ([`OpenId::parse`]).
    fn judged(&self) -> String {
        let account = self.account.0;
        format!(
            "WITH picked AS ({picked}), judged AS (
                 SELECT p.openid AS openid, {NAMES}, CASE
                     WHEN u.id IS NULL THEN CASE
                         WHEN p.openid = '' OR length(p.openid) > 128 OR p.openid GLOB '*[^A-Za-z0-9_-]*' THEN 'invalid'
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
