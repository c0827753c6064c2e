//! Files of recipients: whatever a spreadsheet, an editor or a program wrote, row by row. Nothing is ever loaded whole but the
//! shared texts of a workbook.

mod columns;
mod delimited;
mod error;
mod json;
mod source;
#[cfg(feature = "xlsx")]
mod workbook;

pub use error::FileError;

use crate::domain::id::FileId;
pub(super) use columns::plain;

use columns::Layout;
use source::{Source, Text};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

/// Rows that are looked at to find out which column is which.
const SAMPLE: usize = 100;

/// Rows that are shown before a file is taken.
const SHOWN: usize = 20;

/// What the operator says of a file, where it cannot be told by looking at it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Title of the column with the openids, or its number from 1.
    pub openid_column: Option<String>,
    /// Whether the first row names the columns.
    pub header: Header,
}

/// Whether the first row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Header {
    /// As it looks.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It is a recipient like the others.
    No,
}

/// How a file was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// What it is.
    pub format: Format,
    /// How its text is written: a name of the encoding standard. None for a workbook.
    pub encoding: Option<&'static str>,
    /// Whether the first row names the columns; the members of JSON do so by themselves.
    pub has_header: bool,
    /// The columns as the file names them; `1`, `2` … where it does not.
    pub titles: Vec<String>,
    /// Which of them has the openids, from 0.
    pub openid: usize,
    /// The others, by the names that placeholders give them.
    pub columns: Vec<(usize, String)>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// One openid a line.
    Lines,
    /// Columns with this character between them.
    Delimited(char),
    /// One JSON document.
    Json,
    /// A JSON value a line.
    JsonLines,
    /// An Excel workbook; its first sheet that can be seen and holds anything.
    Workbook {
        /// Name of the sheet.
        sheet: String,
    },
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line, or the row as a spreadsheet counts them, or the place in the JSON list; from 1.
    pub number: u64,
    /// Without blanks and quotes around it, else as it stands there; empty if there is none.
    pub openid: String,
    /// The other columns that hold anything.
    pub columns: BTreeMap<String, String>,
}

/// One row before it is known which column is which.
struct Record {
    number: u64,
    cells: Vec<String>,
}

impl Record {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Takes records until it has enough.
type Take<'a> = &'a mut dyn FnMut(Record) -> ControlFlow<()>;

/// A file that was looked through once: it is text, or a workbook, and one column has the openids.
pub struct RecipientFile {
    source: Source,
    content: Content,
    shape: Shape,
    layout: Layout,
    /// Rows up to this one are the header and what stands above it.
    header: u64,
    first: Vec<Row>,
    id: FileId,
}

enum Content {
    Delimited(Text, u8),
    Json(Text, json::Members),
    #[cfg(feature = "xlsx")]
    Workbook(workbook::Sheet),
}

impl RecipientFile {
    /// Looks through a file.
    pub fn open(path: &Path, choices: &Choices) -> Result<Self, FileError> {
        Self::look(Source::open(path)?, choices)
    }

    /// Takes what comes once only, as standard input does, into a file that nobody else sees.
    pub fn spool(input: impl Read, choices: &Choices) -> Result<Self, FileError> {
        Self::look(Source::spool(input)?, choices)
    }

    fn look(source: Source, choices: &Choices) -> Result<Self, FileError> {
        let survey = source.survey()?;
        let content = if survey.is_workbook() { workbook(&source)? } else { text(&source, survey.text(&source)?)? };
        let (mut sample, mut numbers) = (Vec::new(), Vec::new());
        content.each(&source, &mut |record| {
            if !record.is_empty() {
                numbers.push(record.number);
                sample.push(record.cells);
            }
            if sample.len() < SAMPLE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let layout = Layout::find(content.titles(), &sample, choices)?;
        let shape = Shape {
            format: content.format(&layout),
            encoding: content.encoding(),
            has_header: layout.has_header,
            titles: layout.titles.clone(),
            openid: layout.openid,
            columns: layout.columns.clone(),
        };
        let header = layout.header.and_then(|at| numbers.get(at)).copied().unwrap_or(0);
        let records = numbers.into_iter().zip(sample).map(|(number, cells)| Record { number, cells });
        let first = records.filter(|record| record.number > header).take(SHOWN).map(|record| layout.row(record)).collect();
        let id = survey.id(choices);
        Ok(Self { source, content, shape, layout, header, first, id })
    }

    /// Of its bytes and of how they are read.
    pub fn id(&self) -> FileId {
        self.id.clone()
    }

    /// How it is taken.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Its first rows, to be looked at.
    pub fn first(&self) -> &[Row] {
        &self.first
    }

    /// Hands over every row, in order, until one is not taken. Rows without any content are none. If it fails, what was handed
    /// over is not to be used.
    pub fn each<E: From<FileError>>(&self, mut take: impl FnMut(Row) -> Result<(), E>) -> Result<(), E> {
        let mut refused = None;
        self.content.each(&self.source, &mut |record| {
            if record.number <= self.header || record.is_empty() {
                return ControlFlow::Continue(());
            }
            match take(self.layout.row(record)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    refused = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match refused {
            Some(error) => Err(error),
            None => Ok(self.source.is_unchanged()?),
        }
    }
}

#[cfg(feature = "xlsx")]
fn workbook(source: &Source) -> Result<Content, FileError> {
    Ok(Content::Workbook(workbook::Sheet::find(source)?))
}

#[cfg(not(feature = "xlsx"))]
fn workbook(_: &Source) -> Result<Content, FileError> {
    Err(FileError::NoWorkbooks)
}

fn text(source: &Source, text: Text) -> Result<Content, FileError> {
    if text.begins_like_json() {
        let members = json::Members::find(source, &text)?;
        return Ok(Content::Json(text, members));
    }
    let delimiter = delimited::delimiter(text.head());
    delimited::check_quotes(source, &text, delimiter)?;
    Ok(Content::Delimited(text, delimiter))
}

impl Content {
    fn each(&self, source: &Source, take: Take<'_>) -> Result<(), FileError> {
        match self {
            Self::Delimited(text, delimiter) => delimited::each(source, text, *delimiter, take),
            Self::Json(text, members) => members.each(source, text, take),
            #[cfg(feature = "xlsx")]
            Self::Workbook(sheet) => sheet.each(source, take),
        }
    }

    /// The names that the file itself gives its columns, beside any row.
    fn titles(&self) -> Option<Vec<String>> {
        match self {
            Self::Json(_, members) => Some(members.names().to_vec()),
            _ => None,
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        match self {
            Self::Delimited(text, _) | Self::Json(text, _) => Some(text.encoding()),
            #[cfg(feature = "xlsx")]
            Self::Workbook(_) => None,
        }
    }

    fn format(&self, layout: &Layout) -> Format {
        match self {
            Self::Delimited(_, _) if layout.titles.len() == 1 => Format::Lines,
            Self::Delimited(_, delimiter) => Format::Delimited(char::from(*delimiter)),
            Self::Json(_, members) if members.by_lines() => Format::JsonLines,
            Self::Json(..) => Format::Json,
            #[cfg(feature = "xlsx")]
            Self::Workbook(sheet) => Format::Workbook { sheet: sheet.name().to_owned() },
        }
    }
}
