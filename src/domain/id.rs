//! Identifiers, each its own type, so that none can stand in for another. Shapes: `wechat-api.md §0`.

use super::told::{Sentence, Told};
use serde::{Deserialize, Serialize};
use std::fmt;
use thiserror::Error;

/// Why a text is not an identifier of its kind.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum IdError {
    /// An AppID is `wx` and 16 lower-case hexadecimal characters.
    AppId(String),
    /// An openid is made of letters, digits, `_` and `-`.
    OpenId(String),
    /// A template id is made of letters, digits, `_` and `-`.
    TemplateId(String),
}

impl Told for IdError {
    fn told(&self) -> Sentence {
        let of = |key, text| Sentence::of("error.id", key).with("text", text);
        match self {
            Self::AppId(text) => of("appid", text),
            Self::OpenId(text) => of("openid", text),
            Self::TemplateId(text) => of("template_id", text),
        }
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier as the API writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes an identifier that the server or the store gave, unchecked: the server's word is law.
            pub fn trusted(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

text_id! {
    /// The AppID of an Official Account or a mini program.
    AppId
}
text_id! {
    /// The id of one user within one account.
    OpenId
}
text_id! {
    /// The id of one template within one account.
    TemplateId
}
text_id! {
    /// A file of recipients as it was read: the digest of its bytes and of how they were read.
    FileId
}
number_id! {
    /// A draft in this store: microseconds since 1970 of when it was begun.
    DraftId
}
number_id! {
    /// An account in this store.
    AccountId
}
number_id! {
    /// A tag within one account; 0, 1 and 2 are WeChat's own (`wechat-api.md §10`).
    TagId
}
number_id! {
    /// A job in this store.
    JobId
}
number_id! {
    /// The place of a recipient within its job, from 0.
    RowNo
}

impl AppId {
    /// Checks the shape of an AppID typed by a person; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        let digits = text.strip_prefix("wx").filter(|rest| rest.len() == 16);
        match digits {
            Some(rest) if rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) => Ok(Self(text.into())),
            _ => Err(IdError::AppId(text.into())),
        }
    }

    /// First six and last four characters, as the screen shows it: enough to recognise, short enough for a line.
    pub fn short(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        if chars.len() <= 10 {
            return self.0.clone();
        }
        let head: String = chars.iter().take(4).collect();
        let tail: String = chars.iter().skip(chars.len() - 4).collect();
        format!("{head}…{tail}")
    }
}

impl OpenId {
    /// Usual length of an openid; others are warned about, not refused.
    pub const USUAL_LEN: usize = 28;

    /// Checks the alphabet of an openid typed by a person or read from a file; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if text.is_empty() || text.len() > 128 || !text.bytes().all(is_id_byte) {
            return Err(IdError::OpenId(text.into()));
        }
        Ok(Self(text.into()))
    }

    /// Whether the length is the usual one; if not, it is probably cut or of another system.
    pub fn has_usual_length(&self) -> bool {
        self.0.len() == Self::USUAL_LEN
    }
}

impl TemplateId {
    /// Checks the alphabet of a template id typed by a person; blanks around it are dropped.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if text.is_empty() || text.len() > 128 || !text.bytes().all(is_id_byte) {
            return Err(IdError::TemplateId(text.into()));
        }
        Ok(Self(text.into()))
    }
}

fn is_id_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appid_is_wx_and_sixteen_hex() {
        assert_eq!(AppId::parse(" wx29e3b7bbdccf6f3b\n").unwrap().as_str(), "wx29e3b7bbdccf6f3b");
        for bad in
            ["", "wx", "29e3b7bbdccf6f3b", "wx29E3b7bbdccf6f3b", "wx29e3b7bbdccf6f3", "wx29e3b7bbdccf6f3bb", "gh_a2adfe5815f5"]
        {
            assert_eq!(AppId::parse(bad), Err(IdError::AppId(bad.into())), "{bad}");
        }
    }

    #[test]
    fn an_openid_keeps_to_its_alphabet() {
        let openid = OpenId::parse("oTD8i6Wz6jQZPSNJlzQv43ApodvI\r").unwrap();
        assert!(openid.has_usual_length());
        assert!(!OpenId::parse("oShort").unwrap().has_usual_length());
        for bad in ["", " ", "o张三", "o a", "o\"x\"", "o.x"] {
            assert!(OpenId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_appid_is_shown_short() {
        assert_eq!(AppId::trusted("wx29e3b7bbdccf6f3b").short(), "wx29…6f3b");
        assert_eq!(AppId::trusted("wx1").short(), "wx1");
    }
}
