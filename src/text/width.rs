//! How wide a text is on a terminal, and making it fit. Nothing here ever splits a grapheme.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What stands for the part that was cut off.
pub const ELLIPSIS: &str = "…";

/// Whether the terminal draws characters of ambiguous width, such as `…`, `·` and `①`, in two columns. Set once, before
/// anything is drawn: it is the terminal's, and every count of columns depends on it.
static AMBIGUOUS_WIDE: AtomicBool = AtomicBool::new(false);

/// Says so.
pub fn set_ambiguous_wide(wide: bool) {
    AMBIGUOUS_WIDE.store(wide, Ordering::Relaxed);
}

fn is_ambiguous_wide() -> bool {
    #[cfg(test)]
    if let Some(wide) = WIDE_HERE.get() {
        return wide;
    }
    AMBIGUOUS_WIDE.load(Ordering::Relaxed)
}

#[cfg(test)]
thread_local! {
    /// The same for one test: others run beside it.
    static WIDE_HERE: std::cell::Cell<Option<bool>> = const { std::cell::Cell::new(None) };
}

/// Does something on a terminal that draws ambiguous characters in two columns.
#[cfg(test)]
pub fn with_ambiguous_wide<T>(work: impl FnOnce() -> T) -> T {
    WIDE_HERE.set(Some(true));
    let done = work();
    WIDE_HERE.set(None);
    done
}

/// Columns that a text takes: the sum over its graphemes, as the screen draws them one by one.
pub fn columns(text: &str) -> usize {
    graphemes(text).map(columns_of).sum()
}

/// Columns of one grapheme. A control character is a blank on the screen. For the sound marks of halfwidth kana (ｶﾞ) the screen keeps one column more than the tables say;
/// a blank there does no harm, a column counted differently does.
fn columns_of(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        return 1;
    }
    let wide = if is_ambiguous_wide() { grapheme.width_cjk() } else { grapheme.width() };
    let marks = |text: &str| text.chars().filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}')).count();
    if grapheme.is_ascii() { wide } else { wide + marks(grapheme) }
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
    match max.checked_sub(columns_of(ELLIPSIS)) {
        None => Cow::Borrowed(head(text, max)),
        Some(room) => Cow::Owned(format!("{}{ELLIPSIS}", head(text, room))),
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

    /// What a terminal and the rules of graphemes make of is anything but one column a character.
    const PIECES: &[&str] = &[
        "a",
        "Z",
        "7",
        " ",
        "  ",
        "word ",
        "\u{a0}",
        "好",
        "，",
        "。",
        "（",
        "…",
        "①",
        "→",
        "─",
        "￥",
        "é",
        "e",
        "\u{301}",
        "\u{302}\u{303}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{fe0e}",
        "👨‍👩‍👧",
        "👨",
        "👍",
        "🏽",
        "❤",
        "🇨🇳",
        "🇨",
        "🏴\u{e0067}\u{e007f}",
        "1\u{fe0f}\u{20e3}",
        "\u{200b}",
        "\u{ad}",
        "\u{2060}",
        "א",
        "ב",
        "م",
        "ﷺ",
        "\u{600}",
        "\u{202e}",
        "\u{2066}",
        "한",
        "ᄒ",
        "ᅡ",
        "ᆫ",
        "\u{115f}",
        "क",
        "्",
        "ष",
        "ि",
        "ก",
        "ำ",
        "ｶ",
        "ﾞ",
        "ﾟ",
        "\u{3099}",
        "\u{0}",
        "\u{1b}",
        "\t",
        "\r",
        "\u{7f}",
        "\u{85}",
        "𠮷",
        "\u{10ffff}",
        "葛\u{e0100}",
    ];

    fn anything() -> impl proptest::strategy::Strategy<Value = String> {
        use proptest::strategy::Strategy;
        let piece = proptest::sample::select(PIECES);
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    /// Whether `part` ends where a grapheme of `text` does.
    fn ends_whole(text: &str, part: &str) -> bool {
        part.len() == text.len() || text.grapheme_indices(true).any(|(at, _)| at == part.len())
    }

    #[test]
    fn ambiguous_characters_are_as_wide_as_the_terminal_draws_them() {
        let texts = ["…", "·", "“好”", "①", "—", "▶", "●", "─", "▸", "a", "好", "👨‍👩‍👧", "×"];
        assert_eq!(texts.map(columns), [1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1]);
        with_ambiguous_wide(|| {
            assert_eq!(texts.map(columns), [2, 2, 6, 2, 2, 2, 2, 2, 1, 1, 2, 2, 2]);
            let expected = ["", "a", "…", "a…", "ab…", "abc…", "abcdef"];
            for (max, expected) in expected.iter().enumerate() {
                assert_eq!(cut("abcdef", max), *expected, "{max}");
                assert_eq!(columns(&pad("abcdef", max)), max, "{max}");
            }
        });
        assert_eq!(columns("…"), 1);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_cut_fits_and_is_whole(text in anything(), max in 0usize..30) {
            let cut = cut(&text, max);
            proptest::prop_assert!(columns(&cut) <= max, "{:?} {}", cut, columns(&cut));
            if columns(&text) <= max {
                proptest::prop_assert_eq!(cut.as_ref(), &text);
            } else if max > 0 {
                let kept = cut.strip_suffix(ELLIPSIS);
                proptest::prop_assert!(kept.is_some_and(|kept| text.starts_with(kept) && ends_whole(&text, kept)), "{:?}", cut);
            }
            let head = head(&text, max);
            proptest::prop_assert!(text.starts_with(head) && ends_whole(&text, head) && columns(head) <= max, "{:?}", head);
        }

        #[test]
        fn whatever_is_filled_up_has_just_the_columns_asked_for(text in anything(), width in 0usize..30) {
            for filled in [pad(&text, width), pad_left(&text, width)] {
                proptest::prop_assert_eq!(columns(&filled), width, "{:?}", filled);
            }
        }

        #[test]
        fn whatever_is_wrapped_is_all_there_and_never_torn(text in anything(), width in 2usize..20) {
            let lines = wrap(&text, width);
            for line in &lines {
                proptest::prop_assert!(columns(line) <= width || graphemes(line).count() == 1, "{:?} in {:?}", line, lines);
            }
            let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(plain(&lines.concat()), plain(&text));
        }

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
