//! What the environment says of the terminal, read once at the start. Nothing is asked of the terminal itself here.

/// How many colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// The sixteen that the terminal's owner chose.
    Sixteen,
    /// The table of 256.
    Indexed,
    /// Any.
    #[default]
    Full,
}

/// What the terminal is painted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// Nearer to black.
    #[default]
    Dark,
    /// Nearer to white.
    Light,
}

impl Background {
    /// As it is kept from one start to the next.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// Back from there.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Dark, Self::Light].into_iter().find(|background| background.as_str() == name)
    }
}

/// Who stands between this program and the terminal, and passes on what it does not know only if it is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Between {
    /// Nobody.
    #[default]
    Nobody,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// What is known of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Surroundings {
    /// How many colours it has.
    pub depth: Depth,
    /// Whether no colours are wanted (`NO_COLOR`).
    pub no_color: bool,
    /// Whether it cannot place a character anywhere: there can be no screen.
    pub dumb: bool,
    /// Whether its characters are not those of Unicode.
    pub plain_text: bool,
    /// Whether it is at the other end of a network.
    pub remote: bool,
    /// Whether it may answer when it is asked for its background. Those that are known never to are not asked.
    pub answers: bool,
    /// Whether it has a title.
    pub has_title: bool,
    /// Who stands between.
    pub between: Between,
    /// What it is painted on, as far as it says so (`COLORFGBG`).
    pub background: Option<Background>,
}

/// Terminals with all colours that do not always say so.
const FULL: &[&str] = &["alacritty", "contour", "direct", "foot", "ghostty", "iterm", "kitty", "rio", "wezterm"];

impl Surroundings {
    /// Reads the environment of this process.
    pub fn of_process() -> Self {
        Self::of(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    /// Reads an environment; what is empty counts as not set.
    pub fn of(var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        let has = |name: &str| set(name).is_some();
        let term = set("TERM").unwrap_or_default();
        let between = match (has("TMUX"), has("STY")) {
            (true, _) => Between::Tmux,
            (_, true) => Between::Screen,
            _ => Between::Nobody,
        };
        let knows_little = term == "linux" || between == Between::Screen || term.starts_with("vt");
        Self {
            depth: depth(&term, set("COLORTERM").as_deref(), set("TERM_PROGRAM").as_deref()),
            no_color: has("NO_COLOR"),
            dumb: matches!(term.as_str(), "" | "dumb" | "unknown"),
            plain_text: is_plain(["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).as_deref()),
            remote: has("SSH_CONNECTION") || has("SSH_TTY"),
            answers: !knows_little,
            has_title: !knows_little || between == Between::Screen,
            between,
            background: set("COLORFGBG").and_then(|colours| background(&colours)),
        }
    }
}

fn depth(term: &str, colorterm: Option<&str>, program: Option<&str>) -> Depth {
    let names = |known: &[&str], name: &str| known.iter().any(|part| name.contains(part));
    match (colorterm, program) {
        (Some("truecolor" | "24bit"), _) => Depth::Full,
        _ if names(FULL, term) => Depth::Full,
        (_, Some("iTerm.app" | "vscode" | "WezTerm" | "ghostty")) => Depth::Full,
        (_, Some("Apple_Terminal")) => Depth::Indexed,
        _ if term.contains("256") => Depth::Indexed,
        _ => Depth::Sixteen,
    }
}

/// Where a locale is named, its characters are known: `C` and a name without UTF-8 have others. Where none is, as in many a
/// container, nothing is said of the terminal, and terminals of today have Unicode.
fn is_plain(locale: Option<&str>) -> bool {
    locale.is_some_and(|name| !["utf-8", "utf8"].iter().any(|charset| name.to_lowercase().contains(charset)))
}

/// `15;0`, `12;default;15`: the last number is the background, of the sixteen colours.
fn background(colours: &str) -> Option<Background> {
    match colours.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(Background::Dark),
        7 | 9..=15 => Some(Background::Light),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(vars: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn colours_are_those_that_the_terminal_has() {
        for (vars, expected) in [
            (&[("TERM", "xterm")][..], Depth::Sixteen),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[("TERM", "xterm-256color")], Depth::Indexed),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Depth::Full),
            (&[("TERM", "xterm"), ("COLORTERM", "")], Depth::Sixteen),
            (&[("TERM", "xterm-kitty")], Depth::Full),
            (&[("TERM", "xterm"), ("TERM_PROGRAM", "Apple_Terminal")], Depth::Indexed),
        ] {
            assert_eq!(of(vars).depth, expected, "{vars:?}");
        }
    }

    #[test]
    fn the_locale_says_which_characters_there_are() {
        assert!(of(&[("LANG", "C")]).plain_text);
        assert!(of(&[("LANG", "zh_CN.GBK")]).plain_text);
        assert!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "POSIX")]).plain_text);
        assert!(!of(&[("LANG", "zh_CN.UTF-8")]).plain_text);
        assert!(!of(&[("LANG", "C"), ("LC_ALL", "C.utf8")]).plain_text);
        assert!(!of(&[]).plain_text, "nothing is said");
    }

    #[test]
    fn terminals_that_cannot_have_a_screen_or_never_answer_are_known() {
        assert!(of(&[]).dumb && of(&[("TERM", "dumb")]).dumb);
        let linux = of(&[("TERM", "linux")]);
        assert!(!linux.dumb && !linux.answers && !linux.has_title);
        let screen = of(&[("TERM", "screen-256color"), ("STY", "1.tty")]);
        assert_eq!((screen.answers, screen.has_title, screen.between), (false, true, Between::Screen));
        let tmux = of(&[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux"), ("STY", "1.tty")]);
        assert_eq!((tmux.answers, tmux.between), (true, Between::Tmux));
    }

    #[test]
    fn some_terminals_say_what_they_are_painted_on() {
        for (said, expected) in [
            ("15;0", Some(Background::Dark)),
            ("0;15", Some(Background::Light)),
            ("12;default;15", Some(Background::Light)),
            ("0;default", None),
            ("", None),
        ] {
            assert_eq!(of(&[("COLORFGBG", said)]).background, expected, "{said}");
        }
    }
}
