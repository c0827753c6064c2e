use crate::text::width;

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
    while columns > 1 && width::columns(rest) > columns {
        let part = width::head(rest, columns);
        parts.push(part);
        rest = rest.get(part.len()..).unwrap_or_default();
    }
    parts.push(rest);
    parts
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
}
