//! Text in lines: csv and its kin, or one openid a line.

use super::error::FileError;
use super::source::{Source, Text};
use super::{Record, Take};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use std::io::{self, BufRead, BufReader, Read};

/// Never in a text: for lines that are not divided.
const NONE: u8 = 0x1f;

/// What may stand between columns, the likeliest first.
const DELIMITERS: [char; 4] = ['\t', ',', ';', '|'];

/// Lines that are looked at to find it.
const LOOKED_AT: usize = 50;

/// How a spreadsheet names the delimiter in a line of its own above all others.
const HINT: &str = "sep=";

/// Hands over the rows; the first line is 1. Empty lines are none.
pub fn each(source: &Source, text: &Text, delimiter: u8, take: Take<'_>) -> Result<(), FileError> {
    // The last line ends as the others do, or it would not be counted as one.
    let text = source.read_as(text)?.chain(b"\n".as_slice());
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| source.unreadable(cause(error)))? {
        // Counted from its end: before its beginning there may be empty lines.
        let inside = record.iter().map(|cell| memchr::memchr_iter(b'\n', cell.as_bytes()).count() as u64).sum::<u64>();
        let number = reader.position().line().saturating_sub(1 + inside);
        if number == 1 && record.get(0) == Some(HINT) {
            continue;
        }
        let cells = record.iter().map(str::to_owned).collect();
        if take(Record { number, cells }).is_break() {
            break;
        }
    }
    Ok(())
}

fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Whether every quote is closed. One that is not would take all that is behind it for one cell.
pub fn check_quotes(source: &Source, text: &Text, delimiter: u8) -> Result<(), FileError> {
    let mut text = BufReader::with_capacity(1 << 16, source.read_as(text)?);
    let mut quotes = Quotes { delimiter, line: 1, opened: 0, state: State::CellBegin };
    loop {
        let chunk = text.fill_buf().map_err(|error| source.unreadable(error))?;
        if chunk.is_empty() {
            break;
        }
        quotes.take(chunk);
        let taken = chunk.len();
        text.consume(taken);
    }
    if quotes.state == State::Quoted { Err(FileError::Quote { line: quotes.opened }) } else { Ok(()) }
}

/// Follows the quotes as the reader of rows does.
struct Quotes {
    delimiter: u8,
    line: u64,
    /// The line where the last quote was opened.
    opened: u64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellBegin,
    Plain,
    Quoted,
    /// Behind a quote within a quoted cell: its end, unless another follows at once.
    Closed,
}

impl Quotes {
    fn take(&mut self, mut text: &[u8]) {
        while let Some((at, byte)) = self.next(text) {
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::Closed,
                (State::CellBegin, b'"') => {
                    self.opened = self.line;
                    State::Quoted
                }
                (State::Closed, b'"') => State::Quoted,
                (State::Quoted, _) => State::Quoted,
                (_, byte) if byte == self.delimiter || byte == b'\n' => State::CellBegin,
                _ => State::Plain,
            };
            self.line += u64::from(byte == b'\n');
            text = text.get(at + 1..).unwrap_or_default();
        }
    }

    /// The next byte that could change anything.
    fn next(&self, text: &[u8]) -> Option<(usize, u8)> {
        let at = match self.state {
            State::CellBegin | State::Closed => 0,
            State::Plain => memchr::memchr2(self.delimiter, b'\n', text)?,
            State::Quoted => memchr::memchr2(b'"', b'\n', text)?,
        };
        Some((at, *text.get(at)?))
    }
}

/// What stands between the columns: the character that stands equally often in most lines.
pub fn delimiter(head: &str) -> u8 {
    if let Some(hint) = head.lines().next().and_then(|line| line.strip_prefix(HINT)) {
        return *hint.as_bytes().first().filter(|byte| byte.is_ascii()).unwrap_or(&NONE);
    }
    let lines = lines(head);
    let mut best = (0, 0, NONE);
    for delimiter in DELIMITERS {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).filter(|count| *count > 0).collect();
        let usual = counts.iter().map(|count| (counts.iter().filter(|other| *other == count).count(), *count)).max();
        // In a few lines only, it belongs to what they say.
        if counts.len() * 2 < lines.len() {
            continue;
        }
        if let Some((lines, count)) = usual
            && (lines, count) > (best.0, best.1)
        {
            best = (lines, count, u8::try_from(delimiter).unwrap_or(NONE));
        }
    }
    best.2
}

/// The first lines; what is in quotes does not end one. The last is dropped if the text was cut there.
fn lines(head: &str) -> Vec<&str> {
    let (mut lines, mut begin, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in head.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                lines.extend(head.get(begin..at).filter(|line| !line.trim().is_empty()));
                begin = at + 1;
            }
            _ => {}
        }
        if lines.len() >= LOOKED_AT {
            return lines;
        }
    }
    if lines.len() < 2 {
        lines.extend(head.get(begin..).filter(|line| !line.trim().is_empty()));
    }
    lines
}

fn outside_quotes(line: &str, delimiter: char) -> usize {
    let mut quoted = false;
    let outside = line.chars().filter(|c| {
        quoted ^= *c == '"';
        *c == delimiter && !quoted
    });
    outside.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the reader of rows makes of it: an end put behind the text comes back as a row of its own, or was swallowed.
    fn is_closed_to_the_reader(text: &str) -> bool {
        let text = format!("{text}\n#end\n");
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut last = StringRecord::new();
        while reader.read_record(&mut last).unwrap() && last.get(0) != Some("#end") {}
        last.get(0) == Some("#end")
    }

    proptest! {
        #[test]
        fn quotes_are_followed_as_the_reader_follows_them(pieces in proptest::collection::vec("[\",a\n]{0,6}", 0..6)) {
            let mut quotes = Quotes { delimiter: b',', line: 1, opened: 0, state: State::CellBegin };
            for piece in &pieces {
                quotes.take(piece.as_bytes());
            }
            let text = pieces.concat();
            prop_assert_eq!(quotes.state != State::Quoted, is_closed_to_the_reader(&text), "{}", text);
            prop_assert_eq!(quotes.line, 1 + text.matches('\n').count() as u64);
        }
    }

    #[test]
    fn the_delimiter_is_what_stands_equally_often_in_most_lines() {
        for (head, expected) in [
            ("a,b\nc,d\n", b','),
            ("a;b,c;d\ne;f;g\n", b';'),
            ("a\tb, c\nd\te\n", b'\t'),
            ("\"a,b\",c\n\"d,,e\",f\n", b','),
            ("a|b\nc|d", b'|'),
            ("oA\noB\noC\n", NONE),
            ("", NONE),
            ("a,b", b','),
            ("sep=;\na,b;c\n", b';'),
        ] {
            assert_eq!(delimiter(head), expected, "{head}");
        }
    }
}
