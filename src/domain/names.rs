//! Names that the operator gives users, since WeChat gives none.

/// Longest name, in characters.
pub const MAX_CHARS: usize = 64;

/// A name on one line, without blanks around it; none where there is nothing. Gives back how long it is if it is too long.
pub fn tidy(text: &str) -> Result<Option<String>, usize> {
    let blank = |c: char| c.is_whitespace() || c.is_control();
    let name = text.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Ok(None),
        1..=MAX_CHARS => Ok(Some(name)),
        long => Err(long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_or_none_or_too_long() {
        assert_eq!(tidy(" 张\r\n 三\u{3000}").unwrap().as_deref(), Some("张 三"));
        assert_eq!(tidy("A\u{0}B").unwrap().as_deref(), Some("A B"));
        assert_eq!(tidy(" \t"), Ok(None));
        assert_eq!(tidy(&"长".repeat(64)).unwrap().map(|name| name.chars().count()), Some(64));
        assert_eq!(tidy(&"长".repeat(65)), Err(65));
    }
}
