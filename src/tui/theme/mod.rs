//! Colours, a table each theme (`assets/themes`). All styles of the screen come from here.

mod names;
mod palette;
#[cfg(test)]
mod tests;

pub use names::{ThemeName, Themes};

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::collections::HashMap;
use toml::Spanned;

/// A part that a piece of the screen plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Text,
    Strong,
    Dim,
    Accent,
    Border,
    BorderFocused,
    Title,
    TitleFocused,
    Selected,
    SelectedElsewhere,
    Key,
    Ok,
    Warning,
    Error,
    Busy,
    Name,
    Value,
    Marked,
    Hint,
    Selection,
}

const ROLES: &[(&str, Role)] = &[
    ("text", Role::Text),
    ("strong", Role::Strong),
    ("dim", Role::Dim),
    ("accent", Role::Accent),
    ("border", Role::Border),
    ("border_focused", Role::BorderFocused),
    ("title", Role::Title),
    ("title_focused", Role::TitleFocused),
    ("selected", Role::Selected),
    ("selected_elsewhere", Role::SelectedElsewhere),
    ("key", Role::Key),
    ("ok", Role::Ok),
    ("warning", Role::Warning),
    ("error", Role::Error),
    ("busy", Role::Busy),
    ("name", Role::Name),
    ("value", Role::Value),
    ("marked", Role::Marked),
    ("hint", Role::Hint),
    ("selection", Role::Selection),
];

/// The style of every role.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

/// What is wrong with a theme, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes before it, if it has a place.
    pub at: Option<usize>,
    /// For people.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    fg: Option<Spanned<String>>,
    bg: Option<Spanned<String>>,
    #[serde(default)]
    is: Vec<Spanned<String>>,
}

impl Theme {
    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    /// Reads a theme; every role has to be there, and nothing else.
    pub fn parse(toml: &str) -> Result<Self, Mistake> {
        let broken =
            |error: toml::de::Error| Mistake { at: error.span().map(|span| span.start), what: error.message().to_owned() };
        let mut rows: HashMap<Spanned<String>, Row> = toml::from_str(toml).map_err(broken)?;
        let mut styles = HashMap::new();
        for (name, role) in ROLES {
            let row = rows.remove(*name).ok_or_else(|| Mistake { at: None, what: format!("`{name}` is missing") })?;
            styles.insert(*role, style(row)?);
        }
        match rows.into_keys().min_by_key(|name| name.span().start) {
            Some(name) => Err(mistake(&name, "a role")),
            None => Ok(Self { styles }),
        }
    }
}

fn mistake(word: &Spanned<String>, wanted: &str) -> Mistake {
    Mistake { at: Some(word.span().start), what: format!("`{}` is not {wanted}", word.get_ref()) }
}

fn style(row: Row) -> Result<Style, Mistake> {
    let color = |name: Option<Spanned<String>>| match name {
        Some(name) => name.get_ref().parse::<Color>().map(Some).map_err(|_| mistake(&name, "a colour")),
        None => Ok(None),
    };
    let mut style = Style { fg: color(row.fg)?, bg: color(row.bg)?, ..Style::new() };
    for word in &row.is {
        style = style.add_modifier(match word.get_ref().as_str() {
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "reversed" => Modifier::REVERSED,
            "underlined" => Modifier::UNDERLINED,
            _ => return Err(mistake(word, "an attribute")),
        });
    }
    Ok(style)
}
