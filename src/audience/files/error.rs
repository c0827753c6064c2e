use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why a file cannot be read. Nothing of it is taken then.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system does not give it.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A picture, an archive, a program.
    #[error("this is no text and no Excel workbook (.xlsx); take the file that holds the openids, as txt, csv, xlsx or json")]
    NotText,
    /// The format of Excel before 2007.
    #[error("this is an old Excel file (.xls); save it as .xlsx or .csv in Excel or WPS, and take that")]
    OldExcel,
    /// A workbook is kept in the same way as an old one if it has a password.
    #[error("this Excel workbook has a password; open it in Excel or WPS, save it without one, and take that")]
    Password,
    /// Somebody wrote into it meanwhile.
    #[error("the file was changed while it was read, and nothing of it was taken; take it again when nobody writes into it")]
    Changed,
    /// Built without.
    #[error("this muban was built without Excel; save the file as .csv and take that")]
    NoWorkbooks,
    /// A workbook that cannot be read.
    #[error("the Excel workbook cannot be read ({0}); open it in Excel or WPS, save it anew without a password, and take that")]
    Workbook(String),
    /// No sheet that can be seen holds anything.
    #[error("no sheet of the workbook holds anything")]
    NoSheet,
    /// Neither UTF-8 nor GB18030 (with GBK and GB2312) nor UTF-16.
    #[error("the text is written in an unknown way: line {line} is neither UTF-8 nor GBK; save the file as UTF-8, and take that")]
    Encoding {
        /// Where it stops making sense, from 1.
        line: u64,
    },
    /// A quote that is not closed swallows everything behind it.
    #[error("the double quote that is opened in line {line} is never closed; close it, or take it out")]
    Quote {
        /// From 1.
        line: u64,
    },
    /// JSON that is none.
    #[error("line {line} is no JSON ({what}); put it right, nothing was taken")]
    Json {
        /// From 1.
        line: u64,
        /// What the reader says.
        what: String,
    },
    /// JSON without a list of recipients.
    #[error(
        "this JSON has no list of recipients; it should be a list of openids, or a list of objects each with `openid` or `touser`"
    )]
    NoList,
    /// JSON that would have to be held in memory.
    #[error("the list of recipients is inside of a JSON object of more than {0} MB; put the list alone into the file")]
    LargeObject(u64),
    /// An element that is no recipient.
    #[error("element {number} of the JSON is neither an openid nor an object with `openid` or `touser`")]
    NoRecipient {
        /// Its place in the list, or its line; from 1.
        number: u64,
    },
    /// More columns than anybody could mean.
    #[error("the file has more than {0} columns")]
    TooManyColumns(usize),
    /// No column has openids.
    #[error("no column has openids; name it with --openid-column NAME or its number. The columns are: {0}")]
    NoOpenids(String),
    /// More than one column could have them.
    #[error("several columns could have the openids: {0}; name one with --openid-column NAME or its number")]
    Ambiguous(String),
    /// The column that was asked for is not there.
    #[error("there is no column `{name}`; the columns are: {columns}")]
    NoColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        columns: String,
    },
}
