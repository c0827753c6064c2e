use crate::text::width;
use crate::tui::theme::Role;

/// A body with line ends and blanks between its members, in the same order; as it is if it is not JSON.
pub fn pretty(body: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(body);
    value.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| body.to_owned())
}

/// A line in parts of at most `columns` columns, so that nothing of it is hidden. Cut where the room ends: in JSON, blanks
/// must not be lost.
pub fn parts(line: &str, columns: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = line;
    loop {
        let part = Some(width::head(rest, columns)).filter(|part| columns > 1 && !part.is_empty()).unwrap_or(rest);
        parts.push(part);
        rest = rest.get(part.len()..).unwrap_or_default();
        if rest.is_empty() {
            return parts;
        }
    }
}

/// The part that each character of a line of JSON plays. No string goes over the end of a line, so each line tells for itself.
pub fn roles(line: &str) -> Vec<Role> {
    let chars: Vec<char> = line.chars().collect();
    let mut roles = Vec::with_capacity(chars.len());
    while let Some(rest) = chars.get(roles.len()..).filter(|rest| !rest.is_empty()) {
        let (length, role) = token(rest);
        roles.extend(std::iter::repeat_n(role, length));
    }
    roles
}

/// Length and role of what a text begins with.
fn token(text: &[char]) -> (usize, Role) {
    let run = |is: fn(&char) -> bool| text.iter().take_while(|c| is(c)).count();
    match text.first() {
        Some('"') => {
            let length = string_length(text);
            let mut behind = text.iter().skip(length).skip_while(|c| c.is_whitespace());
            (length, if behind.next() == Some(&':') { Role::Name } else { Role::Ok })
        }
        Some('{' | '}' | '[' | ']' | ':' | ',') => (1, Role::Dim),
        Some(c) if c.is_ascii_digit() || *c == '-' => (run(|c| c.is_ascii_digit() || "+-.eE".contains(*c)), Role::Ok),
        Some(c) if c.is_alphabetic() => {
            let length = run(|c| c.is_alphanumeric());
            let word: String = text.iter().take(length).collect();
            (length, if matches!(word.as_str(), "true" | "false" | "null") { Role::Ok } else { Role::Text })
        }
        _ => (1, Role::Text),
    }
}

/// A string with its quotes; one that is not closed takes the rest of the line.
fn string_length(text: &[char]) -> usize {
    let mut escaped = false;
    let closes = |c: &char| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    };
    text.iter().skip(1).position(closes).map_or(text.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_lines_lose_nothing() {
        assert_eq!(pretty(r#"{"b":1,"a":"x y"}"#), "{\n  \"b\": 1,\n  \"a\": \"x y\"\n}");
        assert_eq!(pretty("no json"), "no json");
        assert_eq!(parts("  \"k\": \"一二三四五\"", 10), ["  \"k\": \"一", "二三四五\""]);
        assert_eq!(parts("", 10), [""]);
    }

    #[test]
    fn names_values_and_signs_are_told_apart() {
        let letters = |line: &str| -> String {
            let letter = |role| match role {
                Role::Name => 'n',
                Role::Ok => 'v',
                Role::Dim => '.',
                _ => ' ',
            };
            roles(line).into_iter().map(letter).collect()
        };
        assert_eq!(letters(r#"{ "a\"" : "b\\", "c":-1.5e3}"#), ". nnnnn . vvvvv. nnn.vvvvvv.");
        assert_eq!(letters("[true, True, '你', null]"), ".vvvv.     .    . vvvv.");
        assert_eq!(letters("\"你好"), "vvv");
    }
}
