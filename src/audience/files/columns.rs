//! Which column is which.

use super::error::FileError;
use super::{Choices, Header, Record, Row};
use crate::domain::id::OpenId;
use std::collections::{BTreeMap, BTreeSet};

/// Most columns of a file.
const MOST: usize = 200;

/// Titles of a column with openids, written small and without signs, beside those that have `openid` in them.
const TITLES: [&str; 5] = ["touser", "用户标识", "用户id", "粉丝id", "微信id"];

/// Words of the placeholders' own language: no name can be one.
const KEYWORDS: [&str; 14] =
    ["and", "or", "not", "in", "is", "if", "else", "for", "true", "false", "none", "True", "False", "None"];

/// What was found out of the columns.
pub struct Layout {
    /// Whether the file names its columns.
    pub has_header: bool,
    /// Whether it does so in its first row, which is no recipient then.
    pub skips_first: bool,
    /// As the file names them, else by their numbers.
    pub titles: Vec<String>,
    /// Which has the openids, from 0.
    pub openid: usize,
    /// The others, as placeholders name them.
    pub columns: Vec<(usize, String)>,
}

impl Layout {
    /// Looks at the first rows; `titles` are those that the file gives beside them.
    pub fn find(titles: Option<Vec<String>>, sample: &[Vec<String>], choices: &Choices) -> Result<Self, FileError> {
        let by_itself = titles.is_some();
        let (first, rest) = sample.split_first().map_or((&[][..], sample), |(first, rest)| (first.as_slice(), rest));
        let skips_first = !by_itself && begins_with_header(first, rest, choices.header);
        let rows = if skips_first { rest } else { sample };
        let columns = sample.iter().map(Vec::len).chain(titles.as_ref().map(Vec::len)).max().unwrap_or(1).max(1);
        if columns > MOST {
            return Err(FileError::TooManyColumns(MOST));
        }
        let named = titles.or_else(|| skips_first.then(|| first.iter().map(|title| clean(title).to_owned()).collect()));
        let has_header = named.is_some();
        let mut titles = named.unwrap_or_default();
        let named = titles.len();
        titles.extend((titles.len()..columns).map(|at| (at + 1).to_string()));
        let openid = openid_column(&titles, has_header, rows, choices)?;
        let columns = names(&titles, named).into_iter().enumerate().filter(|(at, _)| *at != openid).collect();
        Ok(Self { has_header, skips_first, titles, openid, columns })
    }

    /// A row by what its cells are.
    pub fn row(&self, record: Record) -> Row {
        let Record { number, mut cells } = record;
        let openid = cells.get_mut(self.openid).map(std::mem::take).unwrap_or_default();
        let mut columns = BTreeMap::new();
        for (at, name) in &self.columns {
            if let Some(value) = cells.get(*at).map(|cell| cell.trim()).filter(|value| !value.is_empty()) {
                columns.insert(name.clone(), value.to_owned());
            }
        }
        // Cells to the right of all that was looked at.
        for (at, cell) in cells.iter().enumerate().skip(self.titles.len()).filter(|(_, cell)| !cell.trim().is_empty()) {
            columns.insert(format!("column_{}", at + 1), cell.trim().to_owned());
        }
        Row { number, openid: clean_openid(&openid).to_owned(), columns }
    }
}

/// Whether the first row names the columns: it has the title of the openids, or nothing like one where others have.
fn begins_with_header(first: &[String], rest: &[Vec<String>], header: Header) -> bool {
    match header {
        Header::Yes => true,
        Header::No => false,
        Header::Auto => {
            let has = |row: &[String]| row.iter().any(|cell| could_be_openid(cell));
            first.iter().any(|cell| is_title(cell)) || (!has(first) && rest.iter().any(|row| has(row)))
        }
    }
}

fn openid_column(titles: &[String], has_header: bool, rows: &[Vec<String>], choices: &Choices) -> Result<usize, FileError> {
    let listed = |of: &[usize]| {
        of.iter().filter_map(|at| titles.get(*at)).map(|title| format!("`{title}`")).collect::<Vec<_>>().join(", ")
    };
    let all: Vec<usize> = (0..titles.len()).collect();
    if let Some(name) = &choices.openid_column {
        let number = name.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let by_title = titles.iter().position(|title| has_header && title.trim().eq_ignore_ascii_case(name.trim()));
        let found = by_title.or(number.filter(|at| *at < titles.len()));
        return found.ok_or_else(|| FileError::NoColumn { name: name.clone(), columns: listed(&all) });
    }
    if has_header {
        let exactly: Vec<usize> =
            all.iter().copied().filter(|at| titles.get(*at).is_some_and(|title| plain(title) == "openid")).collect();
        let titled: Vec<usize> = all.iter().copied().filter(|at| titles.get(*at).is_some_and(|title| is_title(title))).collect();
        match (exactly.as_slice(), titled.as_slice()) {
            ([one], _) | ([], [one]) => return Ok(*one),
            ([], []) => {}
            ([], several) | (several, _) => return Err(FileError::Ambiguous(listed(several))),
        }
    }
    let count = |at: usize| rows.iter().filter(|row| row.get(at).is_some_and(|cell| is_like_openid(cell))).count();
    let counts: Vec<usize> = all.iter().map(|at| count(*at)).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let best: Vec<usize> = all.iter().copied().filter(|at| counts.get(*at) == Some(&most)).collect();
    match best.as_slice() {
        _ if titles.len() == 1 => Ok(0),
        _ if most == 0 => Err(FileError::NoOpenids(listed(&all))),
        [one] => Ok(*one),
        several => Err(FileError::Ambiguous(listed(several))),
    }
}

/// The columns as placeholders name them, each another name; the first of them by their titles.
fn names(titles: &[String], named: usize) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for (at, title) in titles.iter().enumerate() {
        let name = if at < named { identifier(title, at) } else { format!("column_{}", at + 1) };
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
        taken.insert(free.clone());
        names.push(free);
    }
    names
}

/// A title as a name: letters of any script, digits and `_`.
fn identifier(title: &str, at: usize) -> String {
    let words: Vec<String> =
        title.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let name = words.join("_");
    match name.chars().next() {
        None => format!("column_{}", at + 1),
        Some(first) if first.is_numeric() => format!("_{name}"),
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

fn is_title(title: &str) -> bool {
    let title = plain(title);
    // One that is long is rather an openid than a title.
    (title.contains("openid") && title.chars().count() < 20) || TITLES.contains(&title.as_str())
}

/// Small, without signs and blanks.
pub fn plain(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Of the usual alphabet and length.
fn is_like_openid(cell: &str) -> bool {
    OpenId::parse(clean_openid(cell)).is_ok_and(|openid| openid.has_usual_length())
}

/// Not quite the usual, but nothing that one would call a column.
fn could_be_openid(cell: &str) -> bool {
    let cell = clean_openid(cell);
    is_like_openid(cell) || (cell.starts_with('o') && cell.len() >= 20 && OpenId::parse(cell).is_ok())
}

/// Without blanks, marks and characters that cannot be seen.
fn clean(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'))
}

/// And without the quotes that tables and lists leave around an openid: a spreadsheet's mark of a text is one of them.
fn clean_openid(text: &str) -> &str {
    clean(clean(text).trim_matches(['"', '\'', '`', '“', '”', '‘', '’']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names() {
        for (title, name) in [
            ("姓名", "姓名"),
            ("First name", "First_name"),
            ("2026 total (¥)", "_2026_total"),
            ("thing1", "thing1"),
            ("", "column_3"),
            ("--", "column_3"),
            ("in", "in_"),
            (" a.b-c ", "a_b_c"),
        ] {
            assert_eq!(identifier(title, 2), name);
        }
        let titles = ["a", "a", "a_2", "a"].map(str::to_owned);
        assert_eq!(names(&titles, 4), ["a", "a_2", "a_2_2", "a_3"]);
    }
}
