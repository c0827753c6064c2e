//! JSON with the place of everything in it, doubled members kept and every slip told apart: `serde_json` has none of these.

use super::error::{Fault, Syntax, Wrong};

/// Lists and objects within each other; no body needs more.
const DEEPEST: usize = 64;

/// A value and the byte at which it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub at: usize,
    pub json: Json,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it was written: `1.50` stays `1.50`.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object, and the byte at which its name begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub at: usize,
    pub name: String,
    pub value: Node,
}

/// A value read from the middle of a text.
pub struct Found {
    pub node: Node,
    /// The byte after it.
    pub end: usize,
    /// Whether there are blanks around the marks that only people take for blanks.
    pub odd_blanks: bool,
}

/// Reads a text that is one JSON value from `from` to its end.
pub fn whole(text: &str, from: usize) -> Result<Found, Wrong> {
    let (mut reader, mut found) = begin(text, from, None)?;
    reader.blanks();
    found.odd_blanks = reader.odd_blanks;
    if reader.peek().is_some() { Err(reader.wrong(reader.mark().unwrap_or(Syntax::AfterEnd))) } else { Ok(found) }
}

/// Reads the JSON value that begins at `from`, whatever follows it.
pub fn prefix(text: &str, from: usize) -> Result<Found, Wrong> {
    begin(text, from, None).map(|(_, found)| found)
}

/// Reads a text that stood as a text within another one: everything in it is said to be at `place`.
pub fn inner(text: &str, place: usize) -> Result<Node, Wrong> {
    let (mut reader, found) = begin(text, 0, Some(place))?;
    reader.blanks();
    if reader.peek().is_some() { Err(reader.wrong(Syntax::AfterEnd)) } else { Ok(found.node) }
}

fn begin(text: &str, from: usize, fixed: Option<usize>) -> Result<(Reader<'_>, Found), Wrong> {
    let mut reader = Reader { text, at: from, fixed, depth: 0, odd_blanks: false };
    reader.blanks();
    let node = reader.value()?;
    let found = Found { node, end: reader.at, odd_blanks: reader.odd_blanks };
    Ok((reader, found))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    fixed: Option<usize>,
    depth: usize,
    odd_blanks: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn takes(&mut self, mark: char) -> bool {
        let there = self.peek() == Some(mark);
        if there {
            self.at += mark.len_utf8();
        }
        there
    }

    fn place(&self, at: usize) -> usize {
        self.fixed.unwrap_or(at)
    }

    fn wrong(&self, what: Syntax) -> Wrong {
        self.wrong_at(self.at, what)
    }

    fn wrong_at(&self, at: usize, what: Syntax) -> Wrong {
        Wrong::at(self.place(at), Fault::Syntax(what))
    }

    fn blanks(&mut self) {
        while let Some(c) = self.peek().filter(|&c| is_blank(c)) {
            self.odd_blanks |= !matches!(c, ' ' | '\t' | '\r' | '\n');
            self.at += c.len_utf8();
        }
    }

    fn value(&mut self) -> Result<Node, Wrong> {
        let begin = self.at;
        let json = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => Json::Text(self.string()?),
            Some('-' | '0'..='9') => Json::Number(self.number()?),
            Some(c) if is_word(c) => self.word()?,
            None => return Err(self.wrong(Syntax::Unfinished)),
            Some(_) => return Err(self.wrong(self.mark().unwrap_or(Syntax::NoValue))),
        };
        Ok(Node { at: self.place(begin), json })
    }

    fn nested(&mut self, read: impl Fn(&mut Self) -> Result<Json, Wrong>) -> Result<Json, Wrong> {
        if self.depth == DEEPEST {
            return Err(self.wrong(Syntax::TooDeep));
        }
        self.depth += 1;
        self.next();
        self.blanks();
        let json = read(self);
        self.depth -= 1;
        json
    }

    fn object(&mut self) -> Result<Json, Wrong> {
        let mut members = Vec::new();
        if self.takes('}') {
            return Ok(Json::Object(members));
        }
        loop {
            let at = self.place(self.at);
            let name = self.name()?;
            self.blanks();
            if !self.takes(':') {
                return Err(self.wrong(self.mark().unwrap_or(Syntax::NoColon)));
            }
            self.blanks();
            members.push(Member { at, name, value: self.value()? });
            if self.ends('}')? {
                return Ok(Json::Object(members));
            }
        }
    }

    fn list(&mut self) -> Result<Json, Wrong> {
        let mut items = Vec::new();
        if self.takes(']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends(']')? {
                return Ok(Json::List(items));
            }
        }
    }

    /// After a value: whether its list or object ends here; if not, the next value does not fail for want of a comma.
    fn ends(&mut self, close: char) -> Result<bool, Wrong> {
        self.blanks();
        if self.takes(close) {
            return Ok(true);
        }
        let comma = self.at;
        if !self.takes(',') {
            return Err(self.wrong(self.mark().unwrap_or(Syntax::NoComma)));
        }
        self.blanks();
        if self.peek() == Some(close) { Err(self.wrong_at(comma, Syntax::TrailingComma)) } else { Ok(false) }
    }

    fn name(&mut self) -> Result<String, Wrong> {
        match self.peek() {
            Some('"') => self.string(),
            Some('{') => Err(self.wrong(Syntax::Placeholder)),
            Some(c) if c.is_alphabetic() || c == '_' => {
                let word = self.rest().chars().take_while(|&c| is_word(c)).collect();
                Err(self.wrong(Syntax::BareName(word)))
            }
            _ => Err(self.wrong(self.mark().unwrap_or(Syntax::NoName))),
        }
    }

    /// What a mark that JSON does not know was meant to be.
    fn mark(&self) -> Option<Syntax> {
        let mut chars = self.rest().chars();
        Some(match (chars.next(), chars.next()) {
            (None, _) => Syntax::Unfinished,
            (Some(quote @ ('\'' | '`' | '“' | '”' | '‘' | '’' | '＂' | '「' | '」')), _) => Syntax::Quotes(quote),
            (Some('/'), Some('/' | '*')) | (Some('#'), _) => Syntax::Comment,
            (Some(mark @ ('，' | '：' | '｛' | '｝' | '、' | '；')), _) => Syntax::WideMark(mark),
            (Some('\\' | '﹨' | '＼'), _) => Syntax::Backslash,
            (Some('='), _) => Syntax::Equals,
            (Some('$' | '%' | '<'), _) => Syntax::Placeholder,
            _ => return None,
        })
    }

    fn word(&mut self) -> Result<Json, Wrong> {
        let begin = self.at;
        while self.peek().is_some_and(is_word) {
            self.next();
        }
        let wrong = |what| Err(self.wrong_at(begin, what));
        match self.text.get(begin..self.at).unwrap_or_default() {
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            "null" => Ok(Json::Null),
            "True" | "TRUE" => wrong(Syntax::ForeignWord("true")),
            "False" | "FALSE" => wrong(Syntax::ForeignWord("false")),
            "None" | "NULL" | "Null" | "nil" | "undefined" | "NaN" => wrong(Syntax::ForeignWord("null")),
            _ => wrong(Syntax::BareText),
        }
    }

    fn number(&mut self) -> Result<String, Wrong> {
        let begin = self.at;
        while self.peek().is_some_and(|c| is_word(c) || matches!(c, '-' | '+' | '.' | ':')) {
            self.next();
        }
        let number = self.text.get(begin..self.at).unwrap_or_default();
        // The library knows the form of a number; it has no place to give, but this is the place.
        match serde_json::from_str::<serde::de::IgnoredAny>(number) {
            Ok(_) => Ok(number.to_owned()),
            Err(_) => Err(self.wrong_at(begin, Syntax::BareText)),
        }
    }

    fn string(&mut self) -> Result<String, Wrong> {
        let begin = self.at;
        self.next();
        let mut text = String::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return Err(self.wrong_at(begin, Syntax::OpenText)),
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape().ok_or_else(|| self.wrong_at(at, Syntax::Escape))?),
                Some('\n' | '\r') => return Err(self.wrong_at(at, Syntax::LineEnd)),
                Some(c) if c < ' ' => return Err(self.wrong_at(at, Syntax::Control)),
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => match self.unit()? {
                high @ 0xd800..=0xdbff => {
                    let low = (self.next()? == '\\' && self.next()? == 'u').then(|| self.unit())??;
                    char::decode_utf16([high, low]).next()?.ok()?
                }
                unit => char::from_u32(u32::from(unit))?,
            },
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let unit = u16::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }
}

/// JSON's own four blanks, and what looks like one or like nothing.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
