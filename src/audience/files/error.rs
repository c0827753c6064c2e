use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file cannot be read. Nothing of it is taken then.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system does not give it.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing in it.
    Empty,
    /// A picture, an archive, a program.
    NotText,
    /// The format of Excel before 2007.
    OldExcel,
    /// A workbook is kept in the same way as an old one if it has a password.
    Password,
    /// Somebody wrote into it meanwhile.
    Changed,
    /// Built without.
    NoWorkbooks,
    /// A workbook that cannot be read.
    Workbook(String),
    /// No sheet that can be seen holds anything.
    NoSheet,
    /// Neither UTF-8 nor GB18030 (with GBK and GB2312) nor UTF-16.
    Encoding {
        /// Where it stops making sense, from 1.
        line: u64,
    },
    /// A quote that is not closed swallows everything behind it.
    Quote {
        /// From 1.
        line: u64,
    },
    /// JSON that is none.
    Json {
        /// From 1.
        line: u64,
        /// What the reader says.
        what: String,
    },
    /// JSON without a list of recipients.
    NoList,
    /// JSON that would have to be held in memory.
    LargeObject(u64),
    /// An element that is no recipient.
    NoRecipient {
        /// Its place in the list, or its line; from 1.
        number: u64,
    },
    /// More columns than anybody could mean.
    TooManyColumns(usize),
    /// No column has openids.
    NoOpenids(String),
    /// More than one column could have them.
    Ambiguous(String),
    /// The column that was asked for is not there.
    NoColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        columns: String,
    },
}

impl Told for FileError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.file", key);
        match self {
            Self::Unreadable { path, source } => of("unreadable").with("path", path.display()).with("why", source),
            Self::Empty => of("empty"),
            Self::NotText => of("not_text"),
            Self::OldExcel => of("old_excel"),
            Self::Password => of("password"),
            Self::Changed => of("changed"),
            Self::NoWorkbooks => of("no_workbooks"),
            Self::Workbook(why) => of("workbook").with("why", why),
            Self::NoSheet => of("no_sheet"),
            Self::Encoding { line } => of("encoding").with("line", line),
            Self::Quote { line } => of("quote").with("line", line),
            Self::Json { line, what } => of("json").with("line", line).with("what", what),
            Self::NoList => of("no_list"),
            Self::LargeObject(most) => of("large_object").with("most", most),
            Self::NoRecipient { number } => of("no_recipient").with("number", number),
            Self::TooManyColumns(most) => of("too_many_columns").with("most", most),
            Self::NoOpenids(columns) => of("no_openids").with("columns", columns),
            Self::Ambiguous(columns) => of("ambiguous").with("columns", columns),
            Self::NoColumn { name, columns } => of("no_column").with("name", name).with("columns", columns),
        }
    }
}

in_english!(FileError);
