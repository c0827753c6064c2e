use super::Theme;
use crate::tui::surroundings::{Background, Depth, Surroundings};
use ratatui::style::Style;

/// What the operator chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// Dark or light, as the terminal is.
    #[default]
    Auto,
    /// For dark terminals.
    Dark,
    /// For light ones.
    Light,
    /// Black and white, and strong colours.
    Contrast,
    /// The sixteen colours that every terminal has.
    Ansi,
    /// The terminal's own colours, on its own background.
    Terminal,
    /// No colours at all, as `NO_COLOR` asks.
    Mono,
    /// One of the operator's own, by its name.
    Own(String),
}

impl ThemeName {
    /// Those that come with the program, in the order of the key that tries them out.
    pub const STANDARD: [Self; 7] = [Self::Auto, Self::Dark, Self::Light, Self::Contrast, Self::Ansi, Self::Terminal, Self::Mono];

    /// As the settings write it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
            Self::Ansi => "ansi",
            Self::Terminal => "terminal",
            Self::Mono => "mono",
            Self::Own(name) => name,
        }
    }

    /// Back from the settings; what does not come with the program is one of the operator's own.
    pub fn parse(name: &str) -> Self {
        Self::STANDARD.into_iter().find(|theme| theme.as_str() == name).unwrap_or_else(|| Self::Own(name.to_owned()))
    }

    pub(super) fn source(&self) -> Option<&'static str> {
        match self {
            Self::Dark => Some(include_str!("../../../assets/themes/dark.toml")),
            Self::Light => Some(include_str!("../../../assets/themes/light.toml")),
            Self::Contrast => Some(include_str!("../../../assets/themes/contrast.toml")),
            Self::Ansi => Some(include_str!("../../../assets/themes/ansi.toml")),
            Self::Terminal => Some(include_str!("../../../assets/themes/terminal.toml")),
            Self::Mono => Some(include_str!("../../../assets/themes/mono.toml")),
            Self::Auto | Self::Own(_) => None,
        }
    }
}

/// All themes there are, and what the terminal makes of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Themes {
    own: Vec<(String, Theme)>,
    depth: Depth,
    no_color: bool,
    background: Background,
}

impl Themes {
    /// Beside those of the program, the operator's own. The background is what it is until the terminal says otherwise.
    pub fn new(own: Vec<(String, Theme)>, around: &Surroundings, background: Background) -> Self {
        Self { own, depth: around.depth, no_color: around.no_color, background }
    }

    /// Whether there is one of that name.
    pub fn has(&self, name: &ThemeName) -> bool {
        !matches!(name, ThemeName::Own(name) if !self.own.iter().any(|(own, _)| own == name))
    }

    /// Every name, those of the program first.
    pub fn names(&self) -> impl Iterator<Item = ThemeName> {
        ThemeName::STANDARD.into_iter().chain(self.own.iter().map(|(name, _)| ThemeName::Own(name.clone())))
    }

    /// The one after it, around.
    pub fn next(&self, name: &ThemeName) -> ThemeName {
        let after = self.names().skip_while(|known| known != name).nth(1);
        after.unwrap_or_default()
    }

    /// Which theme a name comes to here: no colours where none are wanted, and sixteen where there are no more.
    pub fn shown(&self, name: &ThemeName) -> ThemeName {
        let shown = match (name, self.background) {
            _ if self.no_color => return ThemeName::Mono,
            (ThemeName::Auto, Background::Dark) => ThemeName::Dark,
            (ThemeName::Auto, Background::Light) => ThemeName::Light,
            (name, _) if self.has(name) => name.clone(),
            _ => return self.shown(&ThemeName::Auto),
        };
        let fits = self.depth > Depth::Sixteen || self.read(&shown).depth() == Depth::Sixteen;
        if fits { shown } else { ThemeName::Ansi }
    }

    /// The styles of a theme as the terminal can show them.
    pub fn theme(&self, name: &ThemeName) -> Theme {
        self.read(&self.shown(name)).within(self.depth)
    }

    /// The terminal said what it is painted on; whether it was taken for something else.
    pub fn see(&mut self, background: Background) -> bool {
        std::mem::replace(&mut self.background, background) != background
    }

    fn read(&self, name: &ThemeName) -> Theme {
        match name {
            ThemeName::Own(name) => self.own.iter().find(|(own, _)| own == name).map(|(_, theme)| theme.clone()),
            // Part of the program and read by a test; without it the screen is plain.
            name => name.source().and_then(|source| Theme::parse(source).ok()),
        }
        .unwrap_or_default()
    }
}

impl Theme {
    /// How many colours the terminal must have for it.
    pub fn depth(&self) -> Depth {
        let of = |style: &Style| [style.fg, style.bg].into_iter().flatten().map(super::palette::depth).max();
        self.styles.values().filter_map(of).max().unwrap_or(Depth::Sixteen)
    }

    /// The same with the nearest colours that there are.
    fn within(mut self, depth: Depth) -> Self {
        if depth < Depth::Full {
            for style in self.styles.values_mut() {
                style.fg = style.fg.map(super::palette::nearest);
                style.bg = style.bg.map(super::palette::nearest);
            }
        }
        self
    }
}
