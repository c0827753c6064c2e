use secrecy::{ExposeSecret, ExposeSecretMut, SecretBox};
use std::fmt;

/// A field for a secret. Its memory never moves while typing and is wiped when it is taken or dropped.
pub struct SecretField {
    text: SecretBox<String>,
}

/// More than any secret has; beyond it typing has no effect.
const CAPACITY: usize = 512;

impl SecretField {
    /// An empty field.
    pub fn new() -> Self {
        Self { text: SecretBox::new(Box::new(String::with_capacity(CAPACITY))) }
    }

    /// Types or pastes.
    pub fn insert(&mut self, more: &str) {
        let text = self.text.expose_secret_mut();
        for c in more.chars().filter(|c| !c.is_control()) {
            if text.len() + c.len_utf8() <= CAPACITY {
                text.push(c);
            }
        }
    }

    /// Deletes the last character.
    pub fn backspace(&mut self) {
        self.text.expose_secret_mut().pop();
    }

    /// Deletes everything.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// The text itself, to be parsed and for nothing else.
    pub fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    /// As many dots as there are characters.
    pub fn masked(&self) -> String {
        "•".repeat(self.expose().chars().count())
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretField(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_neither_shown_nor_moved() {
        let mut field = SecretField::new();
        let before = field.expose().as_ptr();
        field.insert("abc\r\n");
        field.insert(&"x".repeat(600));
        field.backspace();
        assert_eq!(field.expose().as_ptr(), before, "growing would leave a copy behind");
        assert_eq!(field.expose().len(), 511);
        assert_eq!(format!("{field:?}"), "SecretField(…)");
        field.clear();
        assert_eq!(field.masked(), "");
        field.insert("ab");
        assert_eq!(field.masked(), "••");
    }
}
