use crate::tui::input::{Code, Key};
use std::fmt;
use std::str::FromStr;

/// Keys pressed one after another: `g p`. Mostly it is a single one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Chord(Vec<Key>);

/// Keys in a chord at most: nobody remembers more.
const MOST: usize = 4;

impl Chord {
    /// The keys, at least one.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    /// What is still to be pressed after the first keys of it; nothing if it does not begin with them.
    pub fn after(&self, begun: &[Key]) -> Option<String> {
        let rest = self.0.strip_prefix(begun).filter(|rest| !rest.is_empty() && !begun.is_empty())?;
        Some(spelled(rest))
    }

    /// Whether one of two is pressed on the way to the other, or they are the same.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }

    /// Whether a text field or an input method needs the key that it begins with.
    pub fn takes_text(&self) -> bool {
        self.0.first().is_some_and(|key| {
            let edits = matches!(key.code, Code::Backspace | Code::Delete | Code::Left | Code::Right | Code::Home | Code::End);
            // Ctrl with the space bar turns an input method on.
            key.typed().is_some() || edits || key.code == Code::Char(' ')
        })
    }
}

impl FromStr for Chord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let keys: Vec<Key> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if (1..=MOST).contains(&keys.len()) { Ok(Self(keys)) } else { Err(format!("`{text}` is not a key")) }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelled(&self.0))
    }
}

fn spelled(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}
