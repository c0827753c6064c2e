//! Which column is which.

use super::error::FileError;
use super::{Choices, Header, Record, Row};
use crate::domain::id::OpenId;
use crate::domain::placeholders::is_name;
use std::collections::{BTreeMap, BTreeSet};

/// Most columns of a file.
const MOST: usize = 200;

/// Titles of a column with openids, written small and without signs, beside those that have `openid` in them.
const TITLES: [&str; 5] = ["touser", "用户标识", "用户id", "粉丝id", "微信id"];

/// Rows among which the header is looked for: above it there may be a heading.
const HEADINGS: usize = 10;

/// What was found out of the columns.
pub struct Layout {
    /// Whether the file names its columns.
    pub has_header: bool,
    /// The row that does so, from 0; neither it nor what stands above it is a recipient.
    pub header: Option<usize>,
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
        let header = if by_itself { None } else { header(sample, choices.header) };
        let rows = sample.get(header.map_or(0, |at| at + 1)..).unwrap_or_default();
        let columns = sample.iter().map(Vec::len).chain(titles.as_ref().map(Vec::len)).max().unwrap_or(1).max(1);
        if columns > MOST {
            return Err(FileError::TooManyColumns(MOST));
        }
        let named = titles.or_else(|| Some(sample.get(header?)?.iter().map(|title| clean(title).to_owned()).collect()));
        let has_header = named.is_some();
        let mut titles = named.unwrap_or_default();
        let named = titles.len();
        titles.extend((titles.len()..columns).map(|at| (at + 1).to_string()));
        let openid = openid_column(&titles, has_header, rows, choices)?;
        let columns = names(&titles, named, openid);
        Ok(Self { has_header, header, titles, openid, columns })
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

/// The row that names the columns: the last that has a title of the openids, before any of them; else the first, if it has
/// nothing like one where others have.
fn header(sample: &[Vec<String>], header: Header) -> Option<usize> {
    match header {
        Header::Yes => (!sample.is_empty()).then_some(0),
        Header::No => None,
        Header::Auto => {
            let has_openid = |row: &[String]| row.iter().any(|cell| could_be_openid(cell));
            let first_openid = sample.iter().position(|row| has_openid(row));
            let above = sample.get(..first_openid.unwrap_or(sample.len()).min(HEADINGS)).unwrap_or_default();
            let titled = above.iter().rposition(|row| row.iter().any(|cell| is_title(cell)));
            titled.or_else(|| first_openid.filter(|at| *at > 0).map(|_| 0))
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

/// The other columns as placeholders name them, each another name; the first of them by their titles. `openid` stands for the
/// openid itself.
fn names(titles: &[String], named: usize, openid: usize) -> Vec<(usize, String)> {
    let mut taken = BTreeSet::from(["openid".to_owned()]);
    let mut names = Vec::new();
    for (at, title) in titles.iter().enumerate().filter(|(at, _)| *at != openid) {
        let name = if at < named { identifier(title, at) } else { format!("column_{}", at + 1) };
        let numbered = (2..).map(|n| format!("{name}_{n}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
        taken.insert(free.clone());
        names.push((at, free));
    }
    names
}

/// A title as a name: letters of any script, digits and `_`.
fn identifier(title: &str, at: usize) -> String {
    let words: Vec<String> = title.split(|c: char| !is_of_a_name(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let name = words.join("_");
    match name.chars().next() {
        None => format!("column_{}", at + 1),
        Some(_) if is_name(&name) => name,
        // A word of the placeholders' own language.
        Some(first) if is_name(&first.to_string()) => format!("{name}_"),
        Some(_) => format!("_{name}"),
    }
}

fn is_of_a_name(c: char) -> bool {
    if c.is_ascii() { c == '_' || c.is_ascii_alphanumeric() } else { is_name(&format!("a{c}")) }
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
pub fn could_be_openid(cell: &str) -> bool {
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
    use crate::domain::id::TemplateId;
    use crate::domain::message::{FieldValue, Message};
    use crate::domain::placeholders::{Params, Personal};

    /// Every character that a title can have, as the placeholders themselves read the name.
    #[test]
    fn every_name_is_one_that_a_placeholder_can_have() {
        let said = |title: String| {
            let name = identifier(&title, 0);
            let mut message = Message::new(TemplateId::trusted("T"));
            message.values = vec![FieldValue { key: "a".into(), value: format!("{{{{ {name} }}}}"), color: None }];
            let mut params = Params::default();
            params.set(&name, "x");
            let rendered = Personal::read(&message).unwrap().render(&params);
            assert_eq!(rendered.map(|message| message.values[0].value.clone()), Ok("x".to_owned()), "{title}: {name}");
        };
        for block in ('\0'..='\u{323af}').collect::<Vec<_>>().chunks(64) {
            said(block.iter().flat_map(|c| [*c, 'a']).collect());
        }
        ('\0'..'\u{600}').for_each(|c| said(c.to_string()));
    }

    #[test]
    fn titles_become_names() {
        for (title, name) in [
            ("姓名", "姓名"),
            ("First name", "First_name"),
            ("2026 total (¥)", "_2026_total"),
            ("thing1", "thing1"),
            ("", "column_3"),
            ("--", "column_3"),
            ("not", "not_"),
            ("none", "none_"),
            (" a.b-c ", "a_b_c"),
        ] {
            assert_eq!(identifier(title, 2), name);
        }
        let titles = ["a", "a", "a_2", "a", "openid"].map(str::to_owned);
        let named = |openid| names(&titles, 5, openid).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(named(4), ["a", "a_2", "a_2_2", "a_3"]);
        assert_eq!(named(0), ["a", "a_2", "a_3", "openid_2"]);
    }
}
