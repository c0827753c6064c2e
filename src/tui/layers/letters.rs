//! Which keys a layer needs for itself: text, and the letters that its last line names.

use super::Layer;
use crate::tui::input::{Code, Key};

impl Layer {
    /// Whether letters are text.
    pub fn is_typing(&self) -> bool {
        match self {
            Self::AddAccount(_)
            | Self::GoTo(_)
            | Self::TagName(_)
            | Self::RemarkUser(_)
            | Self::ClearQuota(_)
            | Self::AddTemplate(_)
            | Self::DeleteTemplate(_)
            | Self::TemplateAlias(_)
            | Self::SetIndustries(_)
            | Self::TestSend(_)
            | Self::Save(_)
            | Self::Pace(_)
            | Self::Palette(_)
            | Self::Catalogue(_)
            | Self::JsonEditor(_) => true,
            Self::Help(layer) => layer.is_typing(),
            Self::Audience(layer) => layer.is_typing(),
            Self::ReadFile(layer) => layer.is_typing(),
            Self::ImportNames(layer) => layer.is_typing(),
            Self::Confirm(layer) => layer.is_typing(),
            Self::Drafts(layer) => layer.is_typing(),
            Self::History(layer) => layer.is_typing(),
            _ => false,
        }
    }

    /// Whether a key is one that it names itself. That comes before what the key table has for every layer.
    pub fn names(&self, key: Key) -> bool {
        let letters = match self {
            Self::Choice(layer) => return key.typed().is_some_and(|c| layer.names(c)),
            Self::Audience(_) => "+-&/fsDwhlx ",
            Self::ReadFile(_) => "+-&ohw",
            Self::FilterUsers(_) => " ",
            Self::Help(_) => "/ ",
            Self::TagUsers(_) => "n+- ",
            Self::Rehearsal(_) => "ws ",
            Self::Inspector(_) => "cuh123456789 ",
            Self::Checkup(_) => "re ",
            Self::NoticeLog(_) => "c",
            Self::Settings(_) => "hl ",
            Self::Drafts(_) => "nucrDo/",
            Self::History(_) => "o+-&H/",
            Self::Errors(_) => "e ",
            Self::Findings(_) => "F ",
            Self::Summary(_) => "ruewi",
            Self::Export(_) => "cw ",
            Self::UserHistory(_) => "crvh ",
            Self::Question(_) => "yYnN",
            Self::WhichOne(_) => "y",
            Self::Confirm(_) => "n",
            _ => "",
        };
        matches!(key.code, Code::Char(c) if key.typed().is_some() && letters.contains(c))
    }
}
