//! The form of each kind's values, read by hand: a regular expression engine for a dozen patterns is too much.

use super::{Level, Rule};
use crate::domain::template::Kind;
use std::ops::RangeInclusive;

/// The form of a value that is neither empty, nor too long, nor has control characters.
pub fn check(kind: Kind, value: &str) -> Option<(Level, Rule)> {
    let broken = Some((Level::Error, Rule::Shape(kind)));
    let good = match kind {
        Kind::CharacterString => value.chars().all(|c| matches!(c, ' '..='~')),
        Kind::Number => is_number(value),
        Kind::Letter => value.chars().all(|c| c.is_ascii_alphabetic()),
        Kind::Symbol => !value.chars().any(|c| c.is_alphanumeric() || c.is_whitespace()),
        Kind::Phrase => value.chars().all(is_han),
        Kind::PhoneNumber => value.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        Kind::CarNumber => is_plate(value),
        Kind::Name => value.chars().all(|c| is_han(c) || c.is_ascii_alphabetic() || " .·•-'".contains(c)),
        // Even an approved value with an arrow in it was refused.
        Kind::Const => !value.contains('→'),
        Kind::Amount => return amount(value),
        Kind::Time => return time_value(value),
        Kind::Date => range(value, |part| date(part).map(|rest| time(after_blanks(rest)).unwrap_or(rest))),
        Kind::Thing | Kind::ShortThing | Kind::EnumString | Kind::Enum | Kind::Legacy => true,
    };
    if good { None } else { broken }
}

/// Name of the text which says what the kind accepts.
pub fn text_key(kind: Kind) -> &'static str {
    match kind {
        Kind::CharacterString => "shape_character_string",
        Kind::Number => "shape_number",
        Kind::Letter => "shape_letter",
        Kind::Symbol => "shape_symbol",
        Kind::Phrase => "shape_phrase",
        Kind::PhoneNumber => "shape_phone_number",
        Kind::CarNumber => "shape_car_number",
        Kind::Name => "shape_name",
        Kind::Amount => "shape_amount",
        Kind::Time => "shape_time",
        Kind::Date => "shape_date",
        Kind::Const => "shape_const",
        Kind::Thing | Kind::ShortThing | Kind::EnumString | Kind::Enum | Kind::Legacy => "shape_text",
    }
}

/// A Chinese character.
pub fn is_han(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Characters that WeChat takes away: circled and bracketed numbers and letters (`wechat-api.md §5.2`), and invisible ones.
pub fn is_stripped(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}') || is_invisible(c)
}

/// Characters that nobody sees.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Pictographs, of which a value is not taken to be made alone: emoji are removed where they are not shown (`wechat-api.md §6`).
pub fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{fe0f}')
}

/// Emoji and pictographs.
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}' | '\u{2b55}' | '\u{fe0f}')
}

/// Letters and digits, the first and the last perhaps Chinese.
fn is_plate(value: &str) -> bool {
    let inner = value.strip_prefix(is_han).unwrap_or(value);
    let inner = inner.strip_suffix(is_han).unwrap_or(inner);
    inner.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
}

/// `-?\d+(\.\d+)?`
fn is_number(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = value.split_once('.').map_or((value, None), |(whole, fraction)| (whole, Some(fraction)));
    is_digits(whole) && fraction.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `[^\d\s]{0,3}\d{1,10}(\.\d+)?元?`; documents disagree on ten or twelve digits (`wechat-api.md §17`).
fn amount(value: &str) -> Option<(Level, Rule)> {
    let number = value.trim_start_matches(|c: char| !c.is_numeric() && !c.is_whitespace());
    let symbol = value.chars().count() - number.chars().count();
    let number = number.strip_suffix('元').unwrap_or(number);
    let whole = number.split_once('.').map_or(number, |(whole, _)| whole);
    if symbol > 3 || !is_number(number) || whole.len() > 12 {
        Some((Level::Error, Rule::Shape(Kind::Amount)))
    } else if whole.len() > 10 {
        Some((Level::Warning, Rule::ManyDigits))
    } else {
        None
    }
}

/// A time, or a date and a time, or a range of these; a bare date is accepted often but not surely.
fn time_value(value: &str) -> Option<(Level, Rule)> {
    if range(value, |part| time(date(part).map_or(part, after_blanks))) {
        None
    } else if range(value, date) {
        Some((Level::Warning, Rule::DateOnly))
    } else {
        Some((Level::Error, Rule::Shape(Kind::Time)))
    }
}

/// One or two parts joined with `~`, each read to its end by `part`.
fn range(value: &str, part: impl for<'a> Fn(&'a str) -> Option<&'a str>) -> bool {
    let (from, to) = value.split_once('~').map_or((value, None), |(from, to)| (from, Some(to)));
    part(from) == Some("") && to.is_none_or(|to| part(to) == Some(""))
}

fn after_blanks(text: &str) -> &str {
    text.trim_start_matches(' ')
}

/// Reads `H:MM`, `HH:MM` or either with `:SS`, and gives what follows. The day may end at 24:00.
fn time(text: &str) -> Option<&str> {
    let rest = number(text, 1..=2, 0..=24)?.strip_prefix(':')?;
    let rest = number(rest, 2..=2, 0..=59)?;
    match rest.strip_prefix(':') {
        Some(seconds) => number(seconds, 2..=2, 0..=59),
        None => Some(rest),
    }
}

/// Reads `Y年M月D日`, `Y年M月`, `M月D日` and the same with `-`, `/` or `.`, and gives what follows.
fn date(text: &str) -> Option<&str> {
    let Some(rest) = number(text, 4..=4, 0..=9999) else { return month_and_day(text) };
    let rest = month(rest.strip_prefix(['-', '/', '.', '年'])?)?;
    match rest.strip_prefix(['-', '/', '.', '月']).and_then(day) {
        Some(rest) => Some(rest.strip_prefix('日').unwrap_or(rest)),
        None => Some(rest.strip_prefix('月').unwrap_or(rest)),
    }
}

fn month_and_day(text: &str) -> Option<&str> {
    let rest = month(text)?;
    match rest.strip_prefix('月') {
        Some(rest) => day(rest)?.strip_prefix('日'),
        None => day(rest.strip_prefix(['-', '/', '.'])?),
    }
}

fn month(text: &str) -> Option<&str> {
    number(text, 1..=2, 1..=12)
}

fn day(text: &str) -> Option<&str> {
    number(text, 1..=2, 1..=31)
}

/// Reads all the digits there are, so many that make such a number, and gives what follows.
fn number(text: &str, len: RangeInclusive<usize>, value: RangeInclusive<u32>) -> Option<&str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (figures, rest) = text.split_at_checked(count)?;
    let fits = len.contains(&count) && figures.parse().is_ok_and(|figures| value.contains(&figures));
    fits.then_some(rest)
}
