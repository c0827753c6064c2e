//! What a person does at the terminal, as plain data: the rest of the room does not know the terminal library.

use super::surroundings::Background;
use std::fmt;
use std::str::FromStr;

/// One thing that came from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted, or came from an input method in one piece.
    Paste(String),
    /// The window changed its size.
    Resized,
    /// The window came to the front: what it shows may have been damaged meanwhile.
    Focused,
    /// Another window came to the front.
    Unfocused,
    /// Something was done with the mouse.
    Mouse(Mouse),
    /// The terminal said what it is painted on.
    Background(Background),
}

/// What was done with the mouse, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// Columns left of it.
    pub column: u16,
    /// Lines above it.
    pub row: u16,
}

/// What can be done with the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseKind {
    /// Its first button went down.
    Press,
    /// It moved with that button down.
    Drag,
    /// The button came up.
    Release,
    /// The wheel turned: down is more than nothing.
    Wheel(i8),
}

/// A key with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key. Of characters and tab, shift is in it already: `A`, back-tab.
    pub code: Code,
    /// Ctrl was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held; only told of keys that do not have it in them.
    pub shift: bool,
}

/// A key by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F(u8),
}

const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("shift-tab", Code::BackTab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
];

impl Key {
    /// A key with nothing held down.
    pub fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The same key without shift.
    pub fn unshifted(self) -> Self {
        Self { shift: false, ..self }
    }

    /// The character that it types into a field, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (ctrl, rest) = text.strip_prefix("ctrl-").map_or((false, text), |rest| (true, rest));
        let (alt, rest) = rest.strip_prefix("alt-").map_or((false, rest), |rest| (true, rest));
        let shifted = || rest.strip_prefix("shift-").and_then(code).filter(|code| code.takes_shift()).map(|code| (true, code));
        let found = code(rest).map(|code| (false, code)).or_else(shifted);
        let (shift, code) = found.ok_or_else(|| format!("`{text}` is not a key"))?;
        Ok(Self { code, ctrl, alt, shift })
    }
}

impl Code {
    /// Whether shift is told beside it: characters and tab become another key.
    pub fn takes_shift(self) -> bool {
        !matches!(self, Self::Char(_) | Self::Tab | Self::BackTab)
    }
}

fn code(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(Code::Char(c));
    }
    let function = || name.strip_prefix('f').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n)).map(Code::F);
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code).or_else(function)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if self.shift {
            f.write_str("shift-")?;
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, Code::F(n)) => write!(f, "f{n}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_they_are_read() {
        for name in [
            "a",
            "A",
            "?",
            "enter",
            "shift-tab",
            "ctrl-c",
            "alt-x",
            "f12",
            "space",
            "pageup",
            "+",
            "-",
            "shift-left",
            "ctrl-shift-end",
            "ctrl-_",
        ] {
            assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
        }
        for bad in ["", "f13", "ctrl-", "return", "shift-a", "shift-space", "shift-shift-tab"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
    }
}
