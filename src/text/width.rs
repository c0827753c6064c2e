//! How wide a text is on a terminal, and making it fit. Nothing here ever splits a grapheme.

use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the part that was cut off.
pub const ELLIPSIS: &str = "…";

/// Columns that a text takes: the sum over its graphemes, as the screen draws them one by one.
pub fn columns(text: &str) -> usize {
    graphemes(text).map(columns_of).sum()
}

/// Columns of one grapheme. For the sound marks of halfwidth kana (ｶﾞ) the screen keeps one column more than the tables say;
/// a blank there does no harm, a column counted differently does.
fn columns_of(grapheme: &str) -> usize {
    let marks = |text: &str| text.chars().filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}')).count();
    if grapheme.is_ascii() { grapheme.width() } else { grapheme.width() + marks(grapheme) }
}

/// The graphemes of a text: what a person takes for one character.
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.graphemes(true)
}

/// The longest beginning that fits into `max` columns.
pub fn head(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += columns_of(grapheme);
        if used > max {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// The text in at most `max` columns; where something is cut off, an ellipsis says so.
pub fn cut(text: &str, max: usize) -> Cow<'_, str> {
    if columns(text) <= max {
        return Cow::Borrowed(text);
    }
    match max {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}{ELLIPSIS}", head(text, max - 1))),
    }
}

/// The text cut or filled up with blanks to exactly `width` columns.
pub fn pad(text: &str, width: usize) -> String {
    let mut text = cut(text, width).into_owned();
    text.extend(std::iter::repeat_n(' ', width - columns(&text)));
    text
}

/// The same, with the blanks before the text: for numbers.
pub fn pad_left(text: &str, width: usize) -> String {
    let text = cut(text, width);
    format!("{}{text}", " ".repeat(width - columns(&text)))
}

/// The text in lines of at most `width` columns. Latin words stay whole, Chinese breaks anywhere but before a closing
/// punctuation mark; line ends in the text are kept.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    text.split('\n').flat_map(|line| wrap_line(line, width.max(2))).collect()
}

fn wrap_line(line: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for piece in pieces(line) {
        if columns(&current) + columns(piece.trim_end()) <= width {
            current.push_str(piece);
            continue;
        }
        if !current.is_empty() {
            lines.push(std::mem::take(&mut current).trim_end().to_owned());
        }
        current = split_long(piece, width, &mut lines);
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// A piece wider than a whole line is cut into lines; what remains begins the next.
fn split_long(piece: &str, width: usize, lines: &mut Vec<String>) -> String {
    let mut rest = piece;
    while columns(rest.trim_end()) > width {
        let part = head(rest, width);
        // A single grapheme wider than the line would never fit.
        let part = if part.is_empty() { graphemes(rest).next().unwrap_or(rest) } else { part };
        lines.push(part.trim_end().to_owned());
        rest = rest.get(part.len()..).unwrap_or_default();
    }
    rest.to_owned()
}

/// What must not be broken: a word with the blanks after it, or one wide character with the punctuation that closes it.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last: Option<&str> = None;
    for (at, grapheme) in line.grapheme_indices(true) {
        if last.is_some_and(|last| breaks_between(last, grapheme)) {
            pieces.extend(line.get(start..at));
            start = at;
        }
        last = Some(grapheme);
    }
    pieces.extend(line.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}

fn breaks_between(left: &str, right: &str) -> bool {
    let blank = |text: &str| text.chars().all(char::is_whitespace);
    if blank(right) || closes(right) || opens(left) {
        return false;
    }
    blank(left) || columns_of(left) > 1 || columns_of(right) > 1
}

fn closes(grapheme: &str) -> bool {
    grapheme.chars().all(|c| "，。、；：？！）》」』】〕〉”’…—,.;:?!)]}%".contains(c))
}

fn opens(grapheme: &str) -> bool {
    grapheme.chars().all(|c| "（《「『【〔〈“‘([{￥$".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_by_grapheme() {
        for (text, width) in [
            ("", 0),
            ("abc", 3),
            ("你好，世界", 10),
            ("👨‍👩‍👧", 2),
            ("👍🏽", 2),
            ("e\u{301}", 1),
            ("ｱ", 1),
            ("ｶﾞ", 3),
            ("a\u{200b}b", 2),
        ] {
            assert_eq!(columns(text), width, "{text}");
        }
    }

    #[test]
    fn cutting_never_exceeds_the_width_nor_splits() {
        let expected = ["", "…", "…", "你…", "你…", "你好…", "你好…", "你好，…", "你好，…", "你好，世…", "你好，世界"];
        // "你好，世界" is 10 columns; at 9 one wide character and the ellipsis leave a blank.
        for (max, cut_to) in expected.iter().enumerate() {
            assert_eq!(cut("你好，世界", max), *cut_to, "{max}");
            assert_eq!(columns(&pad("你好，世界", max)), max, "{max}");
            assert_eq!(columns(&pad_left("你好，世界", max)), max, "{max}");
        }
        assert_eq!(cut("👨‍👩‍👧👨‍👩‍👧", 3), "👨‍👩‍👧…");
        assert_eq!(pad_left("12", 4), "  12");
    }

    #[test]
    fn wrapping_keeps_words_and_chinese_punctuation() {
        assert_eq!(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
        assert_eq!(wrap("您的订单已发货，请注意查收。", 14), ["您的订单已发", "货，请注意查", "收。"]);
        assert_eq!(wrap("VIP 恭喜您获得", 8), ["VIP 恭喜", "您获得"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("金额￥100元", 6), ["金额", "￥100", "元"]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_nothing_is_lost(text in "[a-z 你好，。😀]{0,40}", width in 2usize..12) {
            let lines = wrap(&text, width);
            proptest::prop_assert!(lines.iter().all(|line| columns(line) <= width), "{:?}", lines);
            let kept: String = lines.concat().chars().filter(|c| !c.is_whitespace()).collect();
            let given: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            proptest::prop_assert_eq!(kept, given);
        }
    }
}
