//! Names that the operator gives users, since WeChat gives none.

/// Longest name, in characters.
pub const MAX_CHARS: usize = 64;

/// Rows that are to be looked at, of which so many are told one by one.
pub const MOST_PROBLEMS: usize = 100;

/// A name on one line, without blanks around it; none where there is nothing. Gives back how long it is if it is too long.
pub fn tidy(text: &str) -> Result<Option<String>, usize> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let name = text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Ok(None),
        1..=MAX_CHARS => Ok(Some(name)),
        long => Err(long),
    }
}

/// What became of a file of names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Title of the column that was taken for the names.
    pub column: String,
    /// Rows that name somebody.
    pub named: u64,
    /// Rows without a name whose user had one before: it was taken away.
    pub removed: u64,
    /// Rows without a name whose user had none.
    pub empty: u64,
    /// How many of the rows are about users whom the cache does not have. Their names are kept all the same.
    pub unknown: u64,
    /// How many rows were left out.
    pub refused: u64,
    /// The first rows of those two kinds, in the order of the file.
    pub problems: Vec<NameProblem>,
}

/// A row that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProblem {
    /// As the program shows it that made the file.
    pub row: u64,
    /// As it stands there.
    pub openid: String,
    /// What it is.
    pub kind: NameProblemKind,
}

/// What is to be said of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameProblemKind {
    /// There is no openid in it.
    NoOpenid,
    /// It is none.
    Malformed,
    /// The name has so many characters, which is too long.
    LongName(usize),
    /// The cache does not have this user.
    Unknown,
}

impl NameProblemKind {
    /// Its name in JSON, and of its sentence in the language tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoOpenid => "no_openid",
            Self::Malformed => "malformed",
            Self::LongName(_) => "long_name",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_or_none_or_too_long() {
        assert_eq!(tidy(" 张\r\n 三\u{3000}").unwrap().as_deref(), Some("张 三"));
        assert_eq!(tidy("A\u{0}B").unwrap().as_deref(), Some("A B"));
        assert_eq!(tidy(" \t"), Ok(None));
        assert_eq!(tidy(&"长".repeat(64)).unwrap().map(|name| name.chars().count()), Some(64));
        assert_eq!(tidy(&"长".repeat(65)), Err(65));
    }
}
