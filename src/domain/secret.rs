//! Secrets that cannot be printed by accident.

use super::told::{Sentence, Told};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use thiserror::Error;

/// An AppSecret: 32 lower-case hexadecimal characters (`wechat-api.md §0`). Never printed, wiped when dropped.
#[derive(Clone)]
pub struct AppSecret(SecretString);

/// Why a text is not an AppSecret. Says nothing of the text itself, which may be the real secret with a typo.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum AppSecretError {
    /// Nothing was given.
    Empty,
    /// Not 32 hexadecimal characters.
    Shape(usize),
}

impl Told for AppSecretError {
    fn told(&self) -> Sentence {
        match self {
            Self::Empty => Sentence::of("error.secret", "empty"),
            Self::Shape(chars) => Sentence::of("error.secret", "shape").with("chars", chars),
        }
    }
}

impl AppSecret {
    /// Checks the shape; blanks and a line end around the secret (as a pipe or a variable adds them) are dropped.
    pub fn parse(text: &str) -> Result<Self, AppSecretError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AppSecretError::Empty);
        }
        if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(AppSecretError::Shape(text.chars().count()));
        }
        Ok(Self(SecretString::from(text.to_owned())))
    }

    /// The secret itself, for the body of a token request or the vault, and for nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(…)")
    }
}

/// An access token. Up to 512 characters and more (`wechat-api.md §0`). Never printed, wiped when dropped.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// Takes what a token endpoint answered or the vault held.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The token itself, for the query of a call or the vault, and for nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for AccessToken {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for AccessToken {}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = AppSecret::parse(" 0123456789abcdef0123456789abcdef\r\n").unwrap();
        assert_eq!(secret.expose(), "0123456789abcdef0123456789abcdef");
        assert_eq!(format!("{secret:?}"), "AppSecret(…)");
        assert_eq!(format!("{:?}", AccessToken::new("90_abc".into())), "AccessToken(…)");
    }

    #[test]
    fn a_wrong_secret_is_refused_without_quoting_it() {
        let error = AppSecret::parse("0123456789abcdef0123456789abcdeX").unwrap_err();
        assert!(!error.to_string().contains("0123456789"));
        assert_eq!(AppSecret::parse("  ").unwrap_err(), AppSecretError::Empty);
    }
}
