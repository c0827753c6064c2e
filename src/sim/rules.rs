//! What the server demands of the values of a category template (`wechat-api.md §6`), and how it reads `content` (§4.7).
//! Written from the reference alone: the client's rules must not be copied from here, nor these from there.

use std::ops::RangeInclusive;

/// The type of a key, from its name without the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Thing,
    /// Its limit is not documented.
    ShortThing,
    CharacterString,
    Number,
    Letter,
    Symbol,
    Time,
    Date,
    Amount,
    Phone,
    Car,
    Name,
    Phrase,
    /// One of the values approved with the template; may be empty.
    Const,
    /// One of the values fixed by the library.
    Enum,
}

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Missing, `""`, or nothing but characters that are stripped.
    Empty,
    /// It breaks the rule of its type.
    Invalid,
}

/// The type of a category key such as `thing1`; `None` for keys of historical templates.
pub(super) fn kind_of(key: &str) -> Option<Kind> {
    let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.len() == key.len() {
        return None;
    }
    Some(match name {
        "thing" => Kind::Thing,
        "short_thing" => Kind::ShortThing,
        "character_string" => Kind::CharacterString,
        "number" => Kind::Number,
        "letter" => Kind::Letter,
        "symbol" => Kind::Symbol,
        "time" => Kind::Time,
        "date" => Kind::Date,
        "amount" => Kind::Amount,
        "phone_number" => Kind::Phone,
        "car_number" => Kind::Car,
        "name" => Kind::Name,
        "phrase" => Kind::Phrase,
        "const" => Kind::Const,
        "enum" | "enum_string" => Kind::Enum,
        _ => return None,
    })
}

/// The keys of `content`, in order of first appearance.
pub(super) fn keys(content: &str) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for piece in content.split("{{").skip(1) {
        let Some((inside, _)) = piece.split_once("}}") else { continue };
        let Some(key) = inside.trim().strip_suffix(".DATA") else { continue };
        let key = key.trim();
        if !key.is_empty() && !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// Judges one value; `approved` are the values of a `const` or `enum`, empty where unknown.
pub(super) fn check(kind: Kind, value: &str, approved: &[String]) -> Result<(), Flaw> {
    if value.is_empty() && kind == Kind::Const {
        return Ok(());
    }
    if value.chars().all(stripped) {
        return Err(Flaw::Empty);
    }
    if fits(kind, value, approved) { Ok(()) } else { Err(Flaw::Invalid) }
}

fn fits(kind: Kind, value: &str, approved: &[String]) -> bool {
    let units = value.encode_utf16().count();
    let all = |test: fn(char) -> bool| value.chars().all(test);
    if value.chars().any(char::is_control) {
        return false;
    }
    match kind {
        Kind::Thing => units <= 20,
        Kind::ShortThing => true,
        Kind::CharacterString => units <= 32 && all(|c| matches!(c, ' '..='~')),
        Kind::Number => units <= 32 && number(value),
        Kind::Letter => units <= 32 && all(|c| c.is_ascii_alphabetic()),
        Kind::Symbol => units <= 5 && all(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        Kind::Time => moments(value, true),
        Kind::Date => moments(value, false),
        Kind::Amount => amount(value),
        Kind::Phone => units <= 17 && all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        Kind::Car => units <= 8 && plate(value),
        Kind::Name => name(value),
        Kind::Phrase => units <= 5 && all(han),
        Kind::Const if value.contains('→') => false,
        Kind::Const if approved.is_empty() => units <= 20,
        Kind::Enum if approved.is_empty() => true,
        Kind::Const | Kind::Enum => approved.iter().any(|one| one == value),
    }
}

/// Characters the platform drops: blanks, controls, circled numbers, emoji.
fn stripped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}')
        || matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{1f000}'..='\u{1faff}')
}

fn han(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    value.split_once('.').map_or_else(|| digits(value), |(whole, rest)| digits(whole) && digits(rest))
}

/// At most three characters for the currency, at most twelve digits (the category page; §17 has ten as well), decimals, `元`.
fn amount(value: &str) -> bool {
    let sign = value.chars().take_while(|c| !c.is_numeric() && !c.is_whitespace()).count();
    let figures: String = value.chars().skip(sign).collect();
    let figures = figures.strip_suffix('元').unwrap_or(&figures);
    let whole = figures.split('.').next().unwrap_or_default();
    sign <= 3 && whole.len() <= 12 && number(figures)
}

/// First and last may be Chinese.
fn plate(value: &str) -> bool {
    let last = value.chars().count().saturating_sub(1);
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    value.chars().enumerate().all(|(at, c)| plain(c) || (han(c) && (at == 0 || at == last)))
}

/// At most ten characters with any Chinese, else at most twenty letters and signs.
fn name(value: &str) -> bool {
    let count = value.encode_utf16().count();
    let most = if value.chars().any(han) { 10 } else { 20 };
    count <= most && value.chars().all(|c| han(c) || c.is_ascii_alphabetic() || " .·•-'".contains(c))
}

/// One moment, or two joined with `~`: days, with or without the clock. A `time` is rather the clock, with or without its day,
/// though days alone are taken as well (§17, 7).
fn moments(value: &str, clock: bool) -> bool {
    let day_alone = |text: &str| {
        let mut left = Reader(text);
        left.day() && left.done()
    };
    let clock_after_day = |text: &str| {
        let mut left = Reader(text);
        let mut dated = left;
        let has_day = dated.day();
        if has_day {
            dated.blanks();
            left = dated;
        }
        (has_day || clock) && left.clock() && left.done()
    };
    let parts: Vec<&str> = value.splitn(2, '~').collect();
    let all = |test: &dyn Fn(&str) -> bool| parts.iter().all(|part| test(part));
    if clock { all(&clock_after_day) || all(&day_alone) } else { all(&|part| day_alone(part) || clock_after_day(part)) }
}

/// What is left to read of a date; each method eats what it recognises.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn done(self) -> bool {
        self.0.is_empty()
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches(' ');
    }

    fn any(&mut self, of: &str) -> Option<char> {
        let first = self.0.chars().next().filter(|&c| of.contains(c))?;
        self.0 = self.0.strip_prefix(first)?;
        Some(first)
    }

    /// A number in this range, of `len` digits and no more.
    fn figure(&mut self, len: RangeInclusive<usize>, range: RangeInclusive<u32>) -> Option<u32> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let (figures, rest) = self.0.split_at_checked(count)?;
        let number = figures.parse().ok().filter(|n| range.contains(n) && len.contains(&count))?;
        self.0 = rest;
        Some(number)
    }

    /// `H:MM` or `HH:MM:SS`.
    fn clock(&mut self) -> bool {
        let minutes = |r: &mut Self| r.any(":").is_some() && r.figure(2..=2, 0..=59).is_some();
        self.figure(1..=2, 0..=24).is_some() && minutes(self) && (!self.0.starts_with(':') || minutes(self))
    }

    /// `2019年10月1日`, `2019年10月`, `10月1日`, `2019-10-01`, `10-01`, and the same with `/` and `.`.
    fn day(&mut self) -> bool {
        let mut short = *self;
        if self.figure(4..=4, 0..=9999).is_none() {
            let month = short.figure(1..=2, 1..=12).is_some();
            let sign = short.any("-/.月");
            let day = short.figure(1..=2, 1..=31).is_some();
            let ok = month && day && sign.is_some_and(|sign| sign != '月' || short.any("日").is_some());
            *self = short;
            return ok;
        }
        if self.any("-/.年").is_none() || self.figure(1..=2, 1..=12).is_none() {
            return false;
        }
        match self.any("-/.月") {
            None => true,
            Some(sign) => {
                let day = self.figure(1..=2, 1..=31).is_some();
                let _ = day && self.any("日").is_some();
                day || sign == '月'
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_order_each_once() {
        let content = "{{first.DATA}}\n\n金额:{{ keyword1 .DATA}}\n再:{{keyword1.DATA}}\n{{订单.DATA}}{{x.OTHER}}{{remark.DATA}}";
        assert_eq!(keys(content), ["first", "keyword1", "订单", "remark"]);
        assert!(keys("今天放假\n").is_empty());
    }

    #[test]
    fn kinds_need_a_number() {
        assert_eq!(kind_of("thing12"), Some(Kind::Thing));
        assert_eq!(kind_of("character_string2"), Some(Kind::CharacterString));
        assert_eq!(kind_of("enum_string3"), Some(Kind::Enum));
        for legacy in ["first", "keyword1", "remark", "thing", "time", "User"] {
            assert_eq!(kind_of(legacy), None, "{legacy}");
        }
    }

    #[test]
    fn values_the_platform_takes() {
        for (key, value) in [
            ("thing1", "订单已发货"),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十"),
            ("character_string1", "M202311092196630"),
            ("number1", "12.5"),
            ("letter1", "ABC"),
            ("symbol1", "***"),
            ("time1", "15:01"),
            ("time1", "2019年10月1日 15:01"),
            ("time1", "2023-08-09 08:00~08:30"),
            ("time1", "2023年6月5日"),
            ("time1", "2019年10月1日15:01:59"),
            ("date1", "2019年10月1日"),
            ("date1", "2019-10-01"),
            ("date1", "10月1日"),
            ("date1", "2019年10月"),
            ("date1", "2019年10月1日~2019年10月7日"),
            ("date1", "2019-10-01 08:00"),
            ("amount1", "￥100"),
            ("amount1", "10000元"),
            ("amount1", "CNY12.50"),
            ("amount1", "12345678901"),
            ("phone_number1", "+86-0766-66888866"),
            ("car_number1", "粤A8Z888挂"),
            ("name1", "张三"),
            ("name1", "Jane O'Neill-Smith"),
            ("phrase1", "配送中"),
            ("const1", ""),
            ("short_thing1", "多长的文字都行，因为没有写明限制是多少"),
            ("enum_string1", "任意"),
        ] {
            assert_eq!(kind_of(key).map(|kind| check(kind, value, &[])), Some(Ok(())), "{key} {value}");
        }
    }

    #[test]
    fn values_the_platform_refuses() {
        for (key, value) in [
            ("thing1", "一二三四五六七八九十一二三四五六七八九十一"),
            ("thing1", "两\n行"),
            ("thing1", "一二三四五六七八九十一二三四五六七八九😀"),
            ("character_string1", "单号1"),
            ("number1", "12个"),
            ("letter1", "A1"),
            ("symbol1", "******"),
            ("time1", "15:00-16:00"),
            ("time1", "明天下午"),
            ("time1", "15:60"),
            ("time1", " 15:01"),
            ("time1", "10月1日~8:00"),
            ("const1", "待整改→完成"),
            ("car_number1", "粤a12345"),
            ("enum1", "两\n行"),
            ("date1", "15:01"),
            ("date1", "2019-13-01"),
            ("date1", "2019"),
            ("amount1", "免费"),
            ("amount1", "1234567890123"),
            ("phone_number1", "call me"),
            ("car_number1", "粤A8Z8888挂"),
            ("car_number1", "A粤8888"),
            ("name1", "张三2"),
            ("name1", "一二三四五六七八九十一"),
            ("phrase1", "已经配送完成"),
            ("phrase1", "OK"),
        ] {
            assert_eq!(kind_of(key).map(|kind| check(kind, value, &[])), Some(Err(Flaw::Invalid)), "{key} {value}");
        }
    }

    #[test]
    fn nothing_visible_is_empty() {
        for value in ["", " ", "①", "😀", "\u{200b}"] {
            assert_eq!(check(Kind::Thing, value, &[]), Err(Flaw::Empty), "{value:?}");
        }
    }

    #[test]
    fn a_const_is_one_of_the_approved() {
        let approved = ["待整改".to_owned()];
        assert_eq!(check(Kind::Const, "待整改", &approved), Ok(()));
        assert_eq!(check(Kind::Const, "待整改 ", &approved), Err(Flaw::Invalid));
        assert_eq!(check(Kind::Enum, "", &approved), Err(Flaw::Empty));
    }
}
