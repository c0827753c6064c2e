//! JSON: a list of openids, or of recipients each with their own data, as message centres keep them.

use super::columns::could_be_openid;
use super::error::FileError;
use super::source::{Decoded, Source, Text};
use super::{Record, Take};
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

/// Most columns.
const MOST: usize = 200;

/// Largest document that is one object, in bytes: a list inside of one is held in memory.
const LARGEST_OBJECT: u64 = 256 << 20;

/// Objects within objects in which a list is looked for.
const DEEPEST: usize = 4;

/// What the column of the openids is called here, whichever of its names the file uses.
const OPENID: &str = "openid";

/// The names that the members of all recipients have, and where these are.
pub struct Members {
    names: Vec<String>,
    place: Place,
}

enum Place {
    /// The document is the list.
    List,
    /// A recipient a line.
    Lines,
    /// The list is inside of an object.
    Within(String),
}

impl Members {
    /// Goes through the whole file once.
    pub fn find(source: &Source, text: &Text) -> Result<Self, FileError> {
        let mut members = Self { names: Vec::new(), place: place(source, text)? };
        let (mut names, mut too_many) = (Vec::new(), false);
        members.each_element(source, text, &mut |_, element| {
            for (name, _) in element {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            too_many = names.len() > MOST;
            if too_many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if too_many {
            return Err(FileError::TooManyColumns(MOST));
        }
        members.names = names;
        Ok(members)
    }

    /// In the order in which they come first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether each line is a value of its own.
    pub fn by_lines(&self) -> bool {
        matches!(self.place, Place::Lines)
    }

    /// Hands over the recipients; numbered from 1, or by their lines.
    pub fn each(&self, source: &Source, text: &Text, take: Take<'_>) -> Result<(), FileError> {
        self.each_element(source, text, &mut |number, element| {
            let mut cells = vec![String::new(); self.names.len()];
            for (name, value) in element {
                if let Some(cell) = self.names.iter().position(|known| *known == name).and_then(|at| cells.get_mut(at)) {
                    *cell = value;
                }
            }
            take(Record { number, cells })
        })
    }

    fn each_element(&self, source: &Source, text: &Text, take: TakeElement<'_>) -> Result<(), FileError> {
        match &self.place {
            Place::List => each_of_list(BufReader::new(source.read_as(text)?), take),
            Place::Within(list) => each_of_list(list.as_bytes(), take),
            Place::Lines => each_line(BufReader::new(source.read_as(text)?), source, take),
        }
    }
}

/// What a recipient says, by name.
type Element = Vec<(String, String)>;
type TakeElement<'a> = &'a mut dyn FnMut(u64, Element) -> ControlFlow<()>;

fn place(source: &Source, text: &Text) -> Result<Place, FileError> {
    let head = text.head().trim_start();
    if head.starts_with('[') {
        return Ok(Place::List);
    }
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    if lines.next().is_some() && serde_json::from_str::<&RawValue>(first).is_ok() {
        return Ok(Place::Lines);
    }
    within(source, source.read_as(text)?)
}

/// The list inside of an object: as `user/get` answers, or as a program wrapped it. A single recipient is a list of one.
fn within(source: &Source, text: Decoded) -> Result<Place, FileError> {
    let mut whole = String::new();
    let read = text.take(LARGEST_OBJECT).read_to_string(&mut whole).map_err(|error| source.unreadable(error))?;
    if read as u64 == LARGEST_OBJECT {
        return Err(FileError::LargeObject(LARGEST_OBJECT >> 20));
    }
    let object: Object = serde_json::from_str(&whole).map_err(|error| broken(&error))?;
    if object.0.iter().any(|(name, value)| is_openid(name) && scalar(value).is_some()) {
        return Ok(Place::Within(format!("[{whole}]")));
    }
    let mut lists = Vec::new();
    object.lists(DEEPEST, &mut lists);
    if lists.len() > 1 {
        lists.retain(|list| begins_with_recipient(list));
    }
    match (lists.pop(), lists.pop()) {
        (Some(list), None) => Ok(Place::Within(String::from(Box::<str>::from(list)))),
        _ => Err(FileError::NoList),
    }
}

fn begins_with_recipient(list: &RawValue) -> bool {
    let mut found = false;
    let walked = each_of_list(list.get().as_bytes(), &mut |_, element| {
        found = element.iter().any(|(name, value)| name == OPENID && could_be_openid(value));
        ControlFlow::Break(())
    });
    walked.is_ok() && found
}

fn each_of_list(text: impl Read, take: TakeElement<'_>) -> Result<(), FileError> {
    let mut walk = Walk { take, wrong: None, enough: false };
    let mut json = serde_json::Deserializer::from_reader(text);
    let walked = DeserializeSeed::deserialize(&mut walk, &mut json).and_then(|()| json.end());
    match (walked, walk.wrong, walk.enough) {
        (_, Some(error), _) => Err(error),
        (Ok(()), ..) | (Err(_), None, true) => Ok(()),
        (Err(error), None, false) => Err(broken(&error)),
    }
}

fn each_line(text: BufReader<Decoded>, source: &Source, take: TakeElement<'_>) -> Result<(), FileError> {
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.map_err(|error| source.unreadable(error))?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |error: serde_json::Error| FileError::Json { line: number, what: what(&error) };
        let raw: &RawValue = serde_json::from_str(&line).map_err(wrong)?;
        if take(number, element(raw).ok_or(FileError::NoRecipient { number })?).is_break() {
            break;
        }
    }
    Ok(())
}

/// Goes through a list without holding it.
struct Walk<'a> {
    take: TakeElement<'a>,
    wrong: Option<FileError>,
    enough: bool,
}

impl<'de> DeserializeSeed<'de> for &mut Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of recipients")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(raw) = list.next_element::<Box<RawValue>>()? {
            number += 1;
            match element(&raw) {
                None => self.wrong = Some(FileError::NoRecipient { number }),
                Some(element) => self.enough = (self.take)(number, element).is_break(),
            }
            if self.enough || self.wrong.is_some() {
                return Err(A::Error::custom("enough"));
            }
        }
        Ok(())
    }
}

/// The members of an object, in their order, each as it is written.
#[derive(Default)]
struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    /// The lists in it, and in the objects in it.
    fn lists(self, depth: usize, found: &mut Vec<Box<RawValue>>) {
        for (_, value) in self.0 {
            if value.get().starts_with('[') {
                found.push(value);
            } else if depth > 0 && value.get().starts_with('{') {
                serde_json::from_str::<Self>(value.get()).unwrap_or_default().lists(depth - 1, found);
            }
        }
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A recipient: an openid, or an object. `data` and `miniprogram` of a send body are as if their members stood beside them.
fn element(raw: &RawValue) -> Option<Element> {
    if let Ok(openid) = serde_json::from_str::<String>(raw.get()) {
        return Some(vec![(OPENID.to_owned(), openid)]);
    }
    let Object(members) = serde_json::from_str(raw.get()).ok()?;
    let mut element = Vec::new();
    for (name, value) in members {
        if is_openid(&name) {
            element.push((OPENID.to_owned(), scalar(&value).unwrap_or_default()));
        } else if let Some(text) = scalar(&value) {
            element.push((name, text));
        } else if let Ok(Object(inner)) = serde_json::from_str(value.get()) {
            let said = inner.into_iter().filter_map(|(name, value)| Some((name, scalar(&value).or_else(|| value_of(&value))?)));
            element.extend(said);
        }
    }
    Some(element)
}

fn is_openid(name: &str) -> bool {
    name.eq_ignore_ascii_case(OPENID) || ["touser", "open_id"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// A text, or a number as it is written: none of its digits may be lost. Nothing for a list or an object.
fn scalar(raw: &RawValue) -> Option<String> {
    match raw.get().as_bytes().first()? {
        b'"' => serde_json::from_str(raw.get()).ok(),
        b'n' => Some(String::new()),
        b'[' | b'{' => None,
        _ => Some(raw.get().to_owned()),
    }
}

/// `{"value": …}`, as a send body has it.
fn value_of(raw: &RawValue) -> Option<String> {
    let Object(members) = serde_json::from_str(raw.get()).ok()?;
    members.iter().find(|(name, _)| name == "value").and_then(|(_, value)| scalar(value))
}

fn broken(error: &serde_json::Error) -> FileError {
    FileError::Json { line: error.line() as u64, what: what(error) }
}

/// What the reader says, without the place, which is told anyway.
fn what(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}
