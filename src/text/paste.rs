//! Text that was pasted: terminals send CR for line ends, spreadsheets send tabs, and some programs worse.

/// Line ends as LF, tabs as blanks, no other control characters.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || is_kept(*c)).collect()
}

/// The same for a field of one line. Lines are joined with a blank; the second value says whether there was anything to join.
pub fn one_line(text: &str) -> (String, bool) {
    let clean = clean(text);
    let lines: Vec<&str> = clean.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [] => (String::new(), false),
        // One line keeps the blanks around it: they may be wanted in the middle of a sentence.
        [_] => (clean.trim_matches('\n').to_owned(), false),
        many => (many.join(" "), true),
    }
}

/// Whether a character may be in a text: not control characters, nor the invisible marks that turn the direction of text.
pub fn is_kept(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text_is_cleaned() {
        assert_eq!(clean("a\r\nb\rc\td\u{1b}[31m\u{0}\u{feff}"), "a\nb\nc d[31m");
    }

    #[test]
    fn lines_are_joined_for_a_field_of_one_line() {
        assert_eq!(one_line("订单\r\n\r\n 已发货 \r"), ("订单 已发货".to_owned(), true));
        assert_eq!(one_line(" 一行\r"), (" 一行".to_owned(), false));
        assert_eq!(one_line("\r\n"), (String::new(), false));
    }
}
