//! The two languages of every text.

use serde::{Deserialize, Serialize};

/// A language of the program's own texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 简体中文.
    Zh,
}

impl Lang {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// Reads a setting (`zh`, `en`) or a locale (`zh_CN.UTF-8`).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text.starts_with("zh") {
            Some(Self::Zh)
        } else if text.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// `en` or `zh`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}
