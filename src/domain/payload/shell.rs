//! The body in a curl command line, read as a POSIX shell would.

use super::error::{Fault, Syntax, Wrong};
use std::iter::Peekable;
use std::str::CharIndices;

/// A word of a command line without its quoting, and the byte at which its first character stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub at: usize,
    pub text: String,
}

/// Options of curl that give the body.
const DATA: &[&str] = &["--data", "--data-raw", "--data-binary", "--data-ascii", "--json"];

/// The body of a curl command; none if the text is no such command or gives none.
pub(super) fn curl_body(text: &str) -> Option<Result<Word, Wrong>> {
    let at = text.find("curl ")?;
    let before = text.get(..at)?.trim_matches(|c: char| c.is_whitespace() || matches!(c, '$' | '#' | '>' | '`'));
    if !(before.is_empty() || before.lines().count() == 1 && text.get(..at)?.ends_with('\n')) {
        return None;
    }
    let words = match words(text, at) {
        Ok(words) => words,
        Err(at) => return Some(Err(Wrong::at(at, Fault::Syntax(Syntax::OpenText)))),
    };
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word.text == "-d" || DATA.contains(&word.text.as_str()) {
            return words.next().map(Ok);
        }
        let glued = DATA.iter().find_map(|option| word.text.strip_prefix(option)?.strip_prefix('='));
        let glued = glued.or_else(|| word.text.strip_prefix("-d").filter(|body| body.starts_with(['{', '@'])));
        if let Some(body) = glued {
            let at = word.at + word.text.len() - body.len();
            return Some(Ok(Word { at, text: body.to_owned() }));
        }
    }
    None
}

/// Splits a command line from `from` on; the place of a quote that is never closed.
fn words(text: &str, from: usize) -> Result<Vec<Word>, usize> {
    let mut words = Vec::new();
    let mut chars = text.get(from..).unwrap_or_default().char_indices().peekable();
    while let Some((_, c)) = chars.peek().copied() {
        if c.is_whitespace() {
            chars.next();
            continue;
        }
        let mut word = Word::default();
        let mut begun = None;
        while let Some((at, c)) = chars.next_if(|(_, c)| !c.is_whitespace()) {
            let piece = piece(&mut chars, at, c).map_err(|at| from + at)?;
            if let Some((at, text)) = piece {
                begun.get_or_insert(from + at);
                word.text.push_str(&text);
            }
        }
        word.at = begun.unwrap_or(from);
        if begun.is_some() {
            words.push(word);
        }
    }
    Ok(words)
}

/// One character or one quoted piece, and where it begins within its quotes; nothing for a line that goes on.
fn piece(chars: &mut Peekable<CharIndices<'_>>, at: usize, c: char) -> Result<Option<(usize, String)>, usize> {
    match c {
        '\'' => quoted(chars, at, '\'', None).map(|text| Some((at + 1, text))),
        '"' => quoted(chars, at, '"', Some(in_double)).map(|text| Some((at + 1, text))),
        '$' if chars.next_if(|(_, c)| *c == '\'').is_some() => {
            quoted(chars, at, '\'', Some(ansi_c)).map(|text| Some((at + 2, text)))
        }
        '\\' => match chars.next() {
            None | Some((_, '\n')) => Ok(None),
            Some((_, '\r')) => {
                chars.next_if(|(_, c)| *c == '\n');
                Ok(None)
            }
            Some((at, c)) => Ok(Some((at, c.to_string()))),
        },
        c => Ok(Some((at, c.to_string()))),
    }
}

/// What a backslash and a character stand for, where they stand for something.
type Escape = fn(char, &mut Peekable<CharIndices<'_>>) -> Option<String>;

/// Up to the closing quote; without `escape` a backslash is one.
fn quoted(chars: &mut Peekable<CharIndices<'_>>, begin: usize, quote: char, escape: Option<Escape>) -> Result<String, usize> {
    let mut text = String::new();
    loop {
        let c = chars.next().ok_or(begin)?.1;
        match escape.filter(|_| c == '\\') {
            Some(escape) => {
                let c = chars.next().ok_or(begin)?.1;
                match escape(c, chars) {
                    Some(read) => text.push_str(&read),
                    None => text.extend(['\\', c]),
                }
            }
            None if c == quote => return Ok(text),
            None => text.push(c),
        }
    }
}

/// The escapes within `"…"`.
fn in_double(c: char, _: &mut Peekable<CharIndices<'_>>) -> Option<String> {
    match c {
        '"' | '\\' | '$' | '`' => Some(c.to_string()),
        '\n' => Some(String::new()),
        _ => None,
    }
}

/// The escapes within `$'…'`, as browsers write them when they copy a request as curl.
fn ansi_c(c: char, chars: &mut Peekable<CharIndices<'_>>) -> Option<String> {
    let one = match c {
        '\\' | '\'' | '"' => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let mut digits = String::new();
            while let Some((_, digit)) = chars.next_if(|(_, c)| digits.len() < 4 && c.is_ascii_hexdigit()) {
                digits.push(digit);
            }
            // JSON reads the same escape, and knows of pairs.
            return Some(format!("\\u{digits}"));
        }
        _ => return None,
    };
    Some(one.to_string())
}
