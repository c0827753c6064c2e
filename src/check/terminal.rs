//! What the terminal can show, by what it says of itself.

use super::{Check, Health, Line};

/// Looks at the variables that terminals set.
pub fn terminal() -> Line {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_else(|| "dumb".to_owned());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
    let utf8 = locale.contains("utf-8") || locale.contains("utf8");
    let colours = match set("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => "16M",
        _ if term.contains("256color") => "256",
        _ => "16",
    };
    let (health, key) = match (term.as_str(), utf8) {
        ("dumb", _) => (Health::Warning, "dumb"),
        (_, false) => (Health::Warning, "locale"),
        _ => (Health::Fine, "ok"),
    };
    Line::new(Check::Terminal, health, key, vec![("term", term), ("colours", colours.to_owned())])
}
