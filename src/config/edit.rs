//! Changing single values of a file that people write by hand: whatever else stands in it stays as it is.

use toml::de::DeTable;

/// The same text with `key` set to `value` (as TOML writes it), or without it. The text has to be TOML, the key at its top.
pub fn set(text: &str, key: &str, value: Option<&str>) -> String {
    let Ok(table) = DeTable::parse(text) else { return text.to_owned() };
    let found = table.get_ref().iter().find(|(name, _)| name.get_ref() == key);
    match (found, value) {
        (Some((_, old)), Some(value)) => replaced(text, old.span(), value),
        (Some((name, old)), None) => without_line(text, name.span().start, old.span().end),
        (None, Some(value)) => with_line(text, &format!("{key} = {value}\n")),
        (None, None) => text.to_owned(),
    }
}

fn replaced(text: &str, span: std::ops::Range<usize>, value: &str) -> String {
    let (before, after) = (text.get(..span.start).unwrap_or_default(), text.get(span.end..).unwrap_or_default());
    format!("{before}{value}{after}")
}

/// The line of a value goes with whatever is said behind it.
fn without_line(text: &str, start: usize, end: usize) -> String {
    let before = text.get(..start).unwrap_or_default();
    let from = before.rfind('\n').map_or(0, |at| at + 1);
    let after = text.get(end..).unwrap_or_default();
    let rest = after.split_once('\n').map_or("", |(_, rest)| rest);
    format!("{}{rest}", text.get(..from).unwrap_or_default())
}

/// A new line comes before the first table, whose values those behind it are.
fn with_line(text: &str, line: &str) -> String {
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        if whole.trim_start().starts_with('[') {
            break;
        }
        at += whole.len();
    }
    let (before, after) = (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or_default());
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    format!("{before}{gap}{line}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_changes_and_everything_around_it_stays() {
        let text = "# mine\ntheme = \"dark\"  # at night\n\nconfirm_above = 50";
        assert_eq!(set(text, "theme", Some("\"light\"")), "# mine\ntheme = \"light\"  # at night\n\nconfirm_above = 50");
        assert_eq!(set(text, "theme", None), "# mine\n\nconfirm_above = 50");
        assert_eq!(set(text, "mouse", Some("true")), format!("{text}\nmouse = true\n"));
        assert_eq!(set(text, "lang", None), text);
        assert_eq!(set("", "mouse", Some("true")), "mouse = true\n");
        assert_eq!(set("[own]\nmouse = 1\n", "mouse", Some("true")), "mouse = true\n[own]\nmouse = 1\n");
        assert_eq!(set("account = \"服务号\"", "account", Some("\"商城\"")), "account = \"商城\"");
        assert_eq!(set("theme = ", "theme", Some("\"x\"")), "theme = ", "what is no TOML is left alone");
    }
}
