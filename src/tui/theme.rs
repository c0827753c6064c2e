//! Colours, a table each theme (`assets/themes`). All styles of the screen come from here.

use ratatui::style::{Color, Modifier, Style};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A theme that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// For dark terminals.
    #[default]
    Dark,
    /// For light ones.
    Light,
    /// No colours at all, as `NO_COLOR` asks.
    Mono,
}

impl ThemeName {
    /// As the settings write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// Back from the settings.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Dark, Self::Light, Self::Mono].into_iter().find(|theme| theme.as_str() == name)
    }

    /// The next one, for the key that tries them out.
    pub fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Mono,
            Self::Mono => Self::Dark,
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::Dark => include_str!("../../assets/themes/dark.toml"),
            Self::Light => include_str!("../../assets/themes/light.toml"),
            Self::Mono => include_str!("../../assets/themes/mono.toml"),
        }
    }
}

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
#[derive(Debug, Clone)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    is: Vec<String>,
}

impl Theme {
    /// One of the program's themes.
    pub fn of(name: ThemeName) -> Self {
        // Part of the program and read by a test; without it the screen is plain.
        Self::parse(name.source()).unwrap_or(Self { styles: HashMap::new() })
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }

    fn parse(toml: &str) -> Result<Self, String> {
        let mut rows: HashMap<String, Row> = toml::from_str(toml).map_err(|error| error.to_string())?;
        let mut styles = HashMap::new();
        for (name, role) in ROLES {
            let row = rows.remove(*name).ok_or_else(|| format!("`{name}` is missing"))?;
            styles.insert(*role, style(row)?);
        }
        match rows.into_keys().next() {
            Some(name) => Err(format!("`{name}` is not a role")),
            None => Ok(Self { styles }),
        }
    }
}

fn style(row: Row) -> Result<Style, String> {
    let color = |name: Option<String>| match name {
        Some(name) => name.parse::<Color>().map(Some).map_err(|_| format!("`{name}` is not a colour")),
        None => Ok(None),
    };
    let mut style = Style { fg: color(row.fg)?, bg: color(row.bg)?, ..Style::new() };
    for word in &row.is {
        style = style.add_modifier(match word.as_str() {
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "reversed" => Modifier::REVERSED,
            "underlined" => Modifier::UNDERLINED,
            _ => return Err(format!("`{word}` is not an attribute")),
        });
    }
    Ok(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_every_role() {
        for name in [ThemeName::Dark, ThemeName::Light, ThemeName::Mono] {
            let theme = Theme::parse(name.source()).unwrap();
            assert_eq!(theme.styles.len(), ROLES.len());
            let coloured = theme.styles.values().any(|style| style.fg.is_some() || style.bg.is_some());
            assert_eq!(coloured, name != ThemeName::Mono);
        }
        assert!(Theme::parse("").is_err());
    }
}
