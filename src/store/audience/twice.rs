//! Who is named more than once: within a list or a file, and by a union with what is already there. And the rows of files that
//! name nobody.

use super::super::error::{StoreError, StoreResult};
use super::super::files;
use super::super::scan::Found;
use super::Judged;
use super::query::{self, Query};
use crate::domain::audience::{Audience, Exclusion, Join, UserSet};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::recipient_file::FileSet;
use rusqlite::{Connection, params_from_iter};
use std::collections::{BTreeMap, HashSet};

/// What is named in vain.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Twice {
    /// Beyond the first time, as often as it is.
    pub duplicates: u64,
    /// Rows without an openid.
    pub blank: u64,
}

/// Counts what [`scan`] hands over.
pub fn count(db: &Connection, account: AccountId, audience: &Audience) -> StoreResult<Twice> {
    let mut twice = Twice::default();
    for (i, set) in unions(audience) {
        match set {
            UserSet::Users(users) => {
                let distinct: HashSet<_> = users.iter().collect();
                twice.duplicates += (users.len() - distinct.len()) as u64;
            }
            UserSet::File(file) => {
                let sql = "SELECT rows - blank - people, blank FROM cache.files WHERE id = ?1";
                let (duplicates, blank) =
                    db.query_row(sql, [find(db, account, file)?], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?)))?;
                twice.duplicates += duplicates;
                twice.blank += blank;
            }
            _ => {}
        }
        if i > 0 {
            let query = Query::new(db, account, &already_named(audience, i, set))?;
            let sql = format!("SELECT count(*) FROM ({})", query.picked());
            twice.duplicates += db.query_row(&sql, params_from_iter(query.values), |row| row.get::<_, u64>(0))?;
        }
    }
    Ok(twice)
}

/// Hands over everyone whom [`count`] counts.
pub fn scan(db: &Connection, account: AccountId, audience: &Audience, found: &mut Found<Judged>) -> StoreResult<()> {
    for (i, set) in unions(audience) {
        match set {
            UserSet::Users(users) => {
                let mut seen = HashSet::new();
                for twice in users.iter().filter(|user| !seen.insert(*user)) {
                    hand_over(db, account, &Audience::of(UserSet::Users(vec![twice.clone()])), found)?;
                }
            }
            UserSet::File(file) => scan_file(db, find(db, account, file)?, found)?,
            _ => {}
        }
        if i > 0 {
            hand_over(db, account, &already_named(audience, i, set), found)?;
        }
    }
    Ok(())
}

fn unions(audience: &Audience) -> impl Iterator<Item = (usize, &UserSet)> {
    let joined = audience.terms.iter().enumerate();
    joined.filter(|(_, (join, _))| *join == Join::Union).map(|(i, (_, set))| (i, set))
}

/// Who of the set is in what stands left of it.
fn already_named(audience: &Audience, place: usize, set: &UserSet) -> Audience {
    let mut both = Audience { terms: audience.terms.iter().take(place).cloned().collect() };
    both.push(Join::Intersection, set.clone());
    both
}

fn find(db: &Connection, account: AccountId, file: &FileSet) -> StoreResult<i64> {
    files::find(db, account, &file.id)?.ok_or_else(|| StoreError::FileGone(file.name().to_owned()))
}

fn hand_over(db: &Connection, account: AccountId, audience: &Audience, found: &mut Found<Judged>) -> StoreResult<()> {
    let query = Query::new(db, account, audience)?;
    let mut statement = db.prepare(&query.named_twice())?;
    let mut rows = statement.query(params_from_iter(query.values))?;
    while let Some(row) = rows.next()? {
        found.push(query::named(row)?)?;
    }
    Ok(())
}

/// The rows of a file that name nobody, and those of openids that stand further up: they come in the order of the openids.
fn scan_file(db: &Connection, file: i64, found: &mut Found<Judged>) -> StoreResult<()> {
    let mut statement = db.prepare("SELECT openid, row FROM cache.file_rows WHERE file = ?1 ORDER BY openid, row")?;
    let mut rows = statement.query([file])?;
    let mut last: Option<String> = None;
    while let Some(row) = rows.next()? {
        let openid: String = row.get(0)?;
        let left_out = match &last {
            _ if openid.is_empty() => Exclusion::Invalid,
            Some(last) if *last == openid => Exclusion::Duplicate,
            _ => {
                last = Some(openid);
                continue;
            }
        };
        found.push(Judged {
            openid: OpenId::trusted(openid),
            nickname: String::new(),
            remark: String::new(),
            columns: BTreeMap::new(),
            row: Some(row.get(1)?),
            left_out: Some(left_out),
        })?;
    }
    Ok(())
}
