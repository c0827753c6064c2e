//! Text in lines: csv and its kin, or one openid a line.

use super::error::FileError;
use super::source::Decoded;
use super::{Record, Take};
use csv::{ReaderBuilder, StringRecord};
use std::io::Read;

/// Never in a text: for lines that are not divided.
const NONE: u8 = 0x1f;

/// What may stand between columns, the likeliest first.
const DELIMITERS: [char; 4] = ['\t', ',', ';', '|'];

/// Lines that are looked at to find it.
const LOOKED_AT: usize = 50;

/// Put behind the text. Where it does not come back as a row of its own, a quote was never closed.
const END: &str = "\u{1}end\u{1}";

/// Hands over the rows; the first line is 1. Empty lines are none.
pub fn each(text: Decoded, delimiter: u8, take: Take<'_>) -> Result<(), FileError> {
    let end = format!("\n{END}\n");
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.chain(end.as_bytes()));
    let (mut record, mut line) = (StringRecord::new(), 1);
    while reader.read_record(&mut record).map_err(|error| unreadable(&error))? {
        if record.len() == 1 && record.get(0) == Some(END) {
            return Ok(());
        }
        // Counted from its end: before its beginning there may be empty lines.
        let inside = record.iter().map(|cell| memchr::memchr_iter(b'\n', cell.as_bytes()).count() as u64).sum::<u64>();
        line = reader.position().line().saturating_sub(1 + inside);
        let cells = record.iter().map(str::to_owned).collect();
        if take(Record { number: line, cells }).is_break() {
            return Ok(());
        }
    }
    // What was read last had no end, which was taken for one.
    Err(FileError::Quote { line: line + 1 })
}

fn unreadable(error: &csv::Error) -> FileError {
    FileError::Workbook(error.to_string())
}

/// What stands between the columns: the character that stands equally often in most lines.
pub fn delimiter(head: &str) -> u8 {
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
        ] {
            assert_eq!(delimiter(head), expected, "{head}");
        }
    }
}
