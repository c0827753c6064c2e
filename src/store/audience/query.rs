//! The SELECT that an audience is.

use super::super::error::{StoreError, StoreResult};
use super::super::files;
use super::super::jobs::row_range;
use super::Judged;
use crate::domain::audience::{Audience, Exclusion, Join, UserSet};
use crate::domain::id::{AccountId, OpenId};
use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a user is called, of a row of users that may not be there.
const NAMES: &str = "coalesce(u.nickname, '') AS nickname, coalesce(u.remark, '') AS remark";

/// Where the columns of files begin in what [`Query::row_columns`] names.
const FILES_AT: usize = 4;

/// The SELECT that gives the openids of an audience, and what it binds.
pub struct Query {
    picked: String,
    /// Bound in order.
    pub values: Vec<Value>,
    account: AccountId,
    /// The files that tell something of recipients, by their numbers in the cache.
    files: Vec<i64>,
}

impl Query {
    /// Fails if the audience has a file that is not kept any more.
    pub fn new(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<Self> {
        let mut query = Self { picked: String::new(), values: Vec::new(), account, files: Vec::new() };
        for (i, (join, set)) in audience.terms.iter().enumerate() {
            let word = match (i, join) {
                (0, Join::Union) => "",
                (0, _) => "SELECT NULL AS openid WHERE 0 EXCEPT ",
                (_, Join::Union) => " UNION ",
                (_, Join::Intersection) => " INTERSECT ",
                (_, Join::Difference) => " EXCEPT ",
            };
            query.picked.push_str(word);
            query.push_set(db, *join, set)?;
        }
        if audience.is_empty() {
            query.picked.push_str("SELECT NULL AS openid WHERE 0");
        }
        Ok(query)
    }

    fn push_set(&mut self, db: &Connection, join: Join, set: &UserSet) -> StoreResult<()> {
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
            UserSet::File(file) => {
                let gone = || StoreError::FileGone(file.name().to_owned());
                let id = files::find(db, self.account, &file.id)?.ok_or_else(gone)?;
                if join != Join::Difference {
                    self.files.push(id);
                }
                format!("SELECT DISTINCT openid FROM cache.file_rows WHERE file = {id} AND openid <> ''")
            }
            UserSet::Users(users) => {
                let openids: Vec<&str> = users.iter().map(OpenId::as_str).collect();
                self.values.push(Value::from(serde_json::to_string(&openids).unwrap_or_default()));
                "SELECT DISTINCT value AS openid FROM json_each(?)".to_owned()
            }
        };
        self.picked.push_str(&sql);
        Ok(())
    }

    /// Everyone picked.
    pub fn picked(&self) -> &str {
        &self.picked
    }

    /// Everyone picked, with what [`Self::row_columns`] names, as who is named twice.
    pub fn named_twice(&self) -> String {
        format!(
            "SELECT p.openid, {NAMES}, '{duplicate}' FROM ({}) p LEFT JOIN cache.users u ON u.account = {} AND u.openid = p.openid",
            self.picked,
            self.account.0,
            duplicate = Exclusion::Duplicate.as_str(),
        )
    }

    /// Everyone picked, with the reason to leave them out. Only where users were synced can one be unknown. What WeChat itself
    /// lists is an openid whatever it looks like; of what a person or a file named, the alphabet is checked
    /// ([`OpenId::parse`]).
    pub fn judged(&self) -> String {
        self.judged_by("", "")
    }

    /// The same, with what files say of each.
    pub fn judged_with_columns(&self) -> String {
        let (mut columns, mut joins) = (String::new(), String::new());
        for (i, file) in self.files.iter().enumerate() {
            let _ = write!(columns, ", f{i}.row AS f{i}_row, f{i}.params AS f{i}_params");
            let _ = write!(
                joins,
                " LEFT JOIN cache.file_rows f{i} ON f{i}.file = {file} AND f{i}.openid = p.openid AND f{i}.row =
                      (SELECT min(row) FROM cache.file_rows WHERE file = {file} AND openid = p.openid)"
            );
        }
        self.judged_by(&columns, &joins)
    }

    fn judged_by(&self, columns: &str, joins: &str) -> String {
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
                     ELSE 'none' END AS reason{columns}
                 FROM picked p LEFT JOIN cache.users u ON u.account = {account} AND u.openid = p.openid{joins})",
            picked = self.picked
        )
    }

    /// What [`Self::judge`] reads of those judged with columns.
    pub fn row_columns(&self) -> String {
        let files = (0..self.files.len()).map(|i| format!(", f{i}_row, f{i}_params"));
        format!("openid, nickname, remark, reason{}", files.collect::<String>())
    }

    /// One of those judged with columns.
    pub fn judge(&self, row: &Row<'_>) -> StoreResult<Judged> {
        let mut judged = named(row)?;
        for i in 0..self.files.len() {
            let at = FILES_AT + 2 * i;
            judged.row = judged.row.or(row.get(at)?);
            files::add_columns(&mut judged.columns, row.get_ref(at + 1)?.as_str_or_null().unwrap_or_default());
        }
        Ok(judged)
    }
}

/// A person with what they are called, and why they are left out.
pub fn named(row: &Row<'_>) -> StoreResult<Judged> {
    Ok(Judged {
        openid: OpenId::trusted(row.get::<_, String>(0)?),
        nickname: row.get(1)?,
        remark: row.get(2)?,
        columns: BTreeMap::new(),
        row: None,
        left_out: Exclusion::parse(row.get_ref(3)?.as_str().unwrap_or_default()),
    })
}
