//! A file of names on its way into the ledger: which openid is whom.

use super::files::{Choices, FileError, RecipientFile, Shape, plain};
use super::take_in::open;
use super::{AudienceError, Row};
use crate::domain::id::{AccountId, OpenId};
use crate::domain::names::{Imported, MOST_PROBLEMS, NameProblem, NameProblemKind, tidy};
use crate::store::{NewName, Store};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tokio::sync::mpsc;

/// Rows that are kept in one transaction.
const KEPT_AT_ONCE: usize = 50_000;

/// Titles of a column with names, written small and without signs; the first that there is counts.
const TITLES: [&str; 12] =
    ["name", "nickname", "姓名", "昵称", "名称", "名字", "remark", "备注", "备注名", "用户名", "username", "realname"];

/// How a file of names is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameChoices {
    /// Of the openids.
    pub file: Choices,
    /// Title of the column with the names, or its number from 1.
    pub name_column: Option<String>,
}

/// Keeps what a file calls the users of an account, and lays it over the cache. Where a user stands in several rows, the last
/// counts. A file that cannot be read to its end has named those up to there.
pub async fn import_names(
    store: &Store,
    account: AccountId,
    path: &str,
    choices: &NameChoices,
) -> Result<Imported, AudienceError> {
    import_names_seen(store, account, path, choices, &AtomicU64::new(0)).await
}

/// The same, and how many rows were read is to be seen meanwhile.
pub async fn import_names_seen(
    store: &Store,
    account: AccountId,
    path: &str,
    choices: &NameChoices,
    seen: &AtomicU64,
) -> Result<Imported, AudienceError> {
    let wrong = |error| AudienceError::File { path: path.to_owned(), error };
    let file = open(path, &choices.file).await.map_err(wrong)?;
    let (column, placeholder) = name_column(file.shape(), choices.name_column.as_deref())?;
    let mut imported = Imported { column, ..Imported::default() };
    let mut rows = read(file);
    while let Some(part) = rows.recv().await {
        let part = part.map_err(wrong)?;
        let rows = part.len() as u64;
        keep(store, account, part, &placeholder, &mut imported).await?;
        seen.fetch_add(rows, Relaxed);
    }
    store.lay_names(account).await?;
    Ok(imported)
}

/// The rows by so many, read beside their keeping.
fn read(file: RecipientFile) -> mpsc::Receiver<Result<Vec<Row>, FileError>> {
    let (parts, reader) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let mut part = Vec::new();
        let end = file.each(|row| {
            part.push(row);
            if part.len() < KEPT_AT_ONCE {
                return Ok(());
            }
            parts.blocking_send(Ok(std::mem::take(&mut part))).map_err(|_| Ended::NotWanted)
        });
        // Nobody waits for what cannot be handed over.
        let _ = match end {
            Ok(()) => parts.blocking_send(Ok(part)),
            Err(Ended::File(error)) => parts.blocking_send(Ok(part)).and_then(|()| parts.blocking_send(Err(error))),
            Err(Ended::NotWanted) => Ok(()),
        };
    });
    reader
}

enum Ended {
    File(FileError),
    NotWanted,
}

impl From<FileError> for Ended {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

async fn keep(
    store: &Store,
    account: AccountId,
    rows: Vec<Row>,
    column: &str,
    imported: &mut Imported,
) -> Result<(), AudienceError> {
    let (mut names, mut numbers, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match judge(&row, column) {
            Ok(name) => {
                names.push(name);
                numbers.push(row.number);
            }
            Err(kind) => {
                imported.refused += 1;
                problems.push(NameProblem { row: row.number, openid: row.openid, kind });
            }
        }
    }
    let kept = store.put_names(account, names.clone()).await?;
    for ((new, row), kept) in names.into_iter().zip(numbers).zip(kept) {
        match (new.name, kept.was_named) {
            (Some(_), _) => imported.named += 1,
            (None, true) => imported.removed += 1,
            (None, false) => imported.empty += 1,
        }
        if !kept.known {
            imported.unknown += 1;
            problems.push(NameProblem { row, openid: new.openid.to_string(), kind: NameProblemKind::Unknown });
        }
    }
    problems.sort_by_key(|problem| problem.row);
    let room = MOST_PROBLEMS.saturating_sub(imported.problems.len());
    imported.problems.extend(problems.into_iter().take(room));
    Ok(())
}

fn judge(row: &Row, column: &str) -> Result<NewName, NameProblemKind> {
    if row.openid.is_empty() {
        return Err(NameProblemKind::NoOpenid);
    }
    let openid = OpenId::parse(&row.openid).map_err(|_| NameProblemKind::Malformed)?;
    let text = row.columns.get(column).map_or("", String::as_str);
    Ok(NewName { openid, name: tidy(text).map_err(NameProblemKind::LongName)? })
}

/// The column with the names: its title, and the name by which rows have it.
fn name_column(shape: &Shape, wanted: Option<&str>) -> Result<(String, String), AudienceError> {
    let others: Vec<(&str, &str, usize)> = shape
        .columns
        .iter()
        .filter_map(|(at, name)| shape.titles.get(*at).map(|title| (title.as_str(), name.as_str(), *at)))
        .collect();
    let wanted = wanted.map(str::trim);
    let found = if let Some(wanted) = wanted {
        let titled = others.iter().find(|(title, ..)| title.trim().to_lowercase() == wanted.to_lowercase());
        let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        titled.or_else(|| others.iter().find(|(_, _, at)| Some(*at) == number))
    } else {
        let titled = TITLES.iter().find_map(|known| others.iter().find(|(title, ..)| plain(title) == *known));
        titled.or(if let [one] = others.as_slice() { Some(one) } else { None })
    };
    if let Some((title, name, _)) = found {
        return Ok(((*title).to_owned(), (*name).to_owned()));
    }
    let columns = others.iter().map(|(title, ..)| format!("`{title}`")).collect::<Vec<_>>().join(", ");
    Err(match wanted {
        Some(wanted) => AudienceError::NoSuchNameColumn { name: wanted.to_owned(), columns },
        None if others.is_empty() => AudienceError::NoNames,
        None => AudienceError::WhichNames { columns },
    })
}
