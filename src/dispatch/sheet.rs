//! A table in comma separated lines: for programs as it is, for spreadsheets so that they show what is in it.

use std::borrow::Cow;
use std::io::{self, Write};

/// Excel takes a file without this mark for the system's old encoding, GBK in China, and shows every Chinese character wrong.
const UTF8_MARK: &[u8] = "\u{feff}".as_bytes();

/// Digits beyond these are lost where a spreadsheet takes a text for a number; a msgid has up to twenty.
const EXACT_DIGITS: usize = 15;

/// Who reads a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadBy {
    /// Whatever is at the other end of a pipe gets each text as it is.
    Program,
    /// Excel, WPS and their kin: UTF-8 is marked, and no text passes for a formula or a number.
    Spreadsheet,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// A number to count with.
    Number(i64),
    /// Empty.
    Nothing,
}

impl<'a> Cell<'a> {
    /// A text, if there is one.
    pub fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }

    /// The number of a row, if it is of a file.
    pub fn row(number: Option<u64>) -> Self {
        number.map_or(Self::Nothing, |number| Self::Number(number.cast_signed()))
    }

    fn written(self, by: ReadBy) -> Cow<'a, str> {
        match (self, by) {
            (Self::Text(text), ReadBy::Program) => text.into(),
            (Self::Text(text), ReadBy::Spreadsheet) => harmless(text),
            (Self::Number(number), _) => number.to_string().into(),
            (Self::Nothing, _) => "".into(),
        }
    }
}

/// A nickname is chosen by whoever follows, an errmsg by the server: neither may become a formula on the operator's machine.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}").into();
    }
    if text.len() > EXACT_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("\t{text}").into();
    }
    text.into()
}

/// A table that is being written, row by row.
pub struct Sheet<'a> {
    out: csv::Writer<Box<dyn Write + Send + 'a>>,
    by: ReadBy,
}

impl<'a> Sheet<'a> {
    /// Begins a table with its header.
    pub fn begin(mut out: impl Write + Send + 'a, by: ReadBy, header: &[&str]) -> io::Result<Self> {
        if by == ReadBy::Spreadsheet {
            out.write_all(UTF8_MARK)?;
        }
        let mut out = csv::Writer::from_writer(Box::new(out) as Box<dyn Write + Send + 'a>);
        out.write_record(header).map_err(why)?;
        Ok(Self { out, by })
    }

    /// Writes one row, as long as the header.
    pub fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.out.write_field(cell.written(self.by).as_ref()).map_err(why)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(why)
    }

    /// Writes what is left.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// What truly went wrong: its kind tells a full disk from a reader who had enough.
fn why(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(by: ReadBy, cells: &[Cell<'_>]) -> String {
        let mut out = Vec::new();
        let header: Vec<&str> = cells.iter().map(|_| "h").collect();
        let mut sheet = Sheet::begin(&mut out, by, &header).unwrap();
        sheet.row(cells).unwrap();
        sheet.end().unwrap();
        String::from_utf8(out).unwrap().split_once('\n').map(|(_, row)| row.trim_end_matches('\n').to_owned()).unwrap()
    }

    #[test]
    fn a_program_gets_every_text_as_it_is() {
        let cells = [Cell::Text("=1+1"), Cell::Text("3557254367693750277"), Cell::Number(-1), Cell::Text("a,\"b\"\n张三")];
        assert_eq!(written(ReadBy::Program, &cells), "=1+1,3557254367693750277,-1,\"a,\"\"b\"\"\n张三\"");
    }

    #[test]
    fn a_spreadsheet_takes_no_text_for_a_formula_or_a_number() {
        for (text, expected) in [
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+86", "'+86"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("3557254367693750277", "\t3557254367693750277"),
            ("123456789012345", "123456789012345"),
            ("oTD8=+-@", "oTD8=+-@"),
            ("张三", "张三"),
        ] {
            assert_eq!(written(ReadBy::Spreadsheet, &[Cell::Text(text)]), expected);
        }
        assert_eq!(written(ReadBy::Spreadsheet, &[Cell::Number(-1), Cell::Nothing]), "-1,", "a number is one");
    }

    #[test]
    fn only_what_a_spreadsheet_opens_is_marked_as_utf8() {
        for (by, marked) in [(ReadBy::Program, false), (ReadBy::Spreadsheet, true)] {
            let mut out = Vec::new();
            Sheet::begin(&mut out, by, &["openid"]).unwrap().end().unwrap();
            assert_eq!(out.starts_with(b"\xef\xbb\xbf"), marked);
            assert!(out.ends_with(b"openid\n"));
        }
    }
}
