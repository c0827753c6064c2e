//! What the server demands of the values of a category template (`wechat-api.md §6`), and how it reads `content` (§4.7).
//! Written from the reference alone: the client's rules must not be copied from here, nor these from there.

/// The type of a key, from its name without the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Thing,
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
        "thing" | "short_thing" => Kind::Thing,
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
    match kind {
        Kind::Thing => units <= 20 && !value.chars().any(char::is_control),
        Kind::CharacterString => units <= 32 && all(|c| matches!(c, ' '..='~')),
        Kind::Number => units <= 32 && number(value),
        Kind::Letter => units <= 32 && all(|c| c.is_ascii_alphabetic()),
        Kind::Symbol => units <= 5 && all(|c| !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()),
        Kind::Time => moments(value, true),
        Kind::Date => moments(value, false),
        Kind::Amount => amount(value),
        Kind::Phone => units <= 17 && all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        Kind::Car => units <= 8 && plate(value),
        Kind::Name => name(value),
        Kind::Phrase => units <= 5 && all(han),
        Kind::Const | Kind::Enum if approved.is_empty() => units <= 20,
        Kind::Const | Kind::Enum => approved.iter().any(|one| one == value),
    }
}

/// Characters the platform drops: blanks, controls, circled numbers, pictographs.
fn stripped(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}')
        || matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

fn han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    value.split_once('.').map_or_else(|| digits(value), |(whole, rest)| digits(whole) && digits(rest))
}

/// A currency sign (or a code such as `CNY`), at most ten digits, decimals, `元`.
fn amount(value: &str) -> bool {
    let value = value.strip_suffix('元').unwrap_or(value);
    let figures = value.trim_start_matches(|c: char| "¥￥$€£+-".contains(c) || c.is_ascii_uppercase());
    let sign = value.chars().count() - figures.chars().count();
    let whole = figures.split('.').next().unwrap_or_default();
    sign <= 3 && whole.len() <= 10 && !figures.starts_with('-') && number(figures)
}

/// First and last may be Chinese.
fn plate(value: &str) -> bool {
    let last = value.chars().count().saturating_sub(1);
    value.chars().enumerate().all(|(at, c)| c.is_ascii_alphanumeric() || (han(c) && (at == 0 || at == last)))
}

/// At most ten characters with any Chinese, else at most twenty letters and signs.
fn name(value: &str) -> bool {
    let count = value.chars().count();
    let most = if value.chars().any(han) { 10 } else { 20 };
    count <= most && value.chars().all(|c| han(c) || c.is_ascii_alphabetic() || " .·•-'".contains(c))
}

/// One moment, or two joined with `~`. `time` also takes the clock alone; each takes a bare date (§17, 7).
fn moments(value: &str, clock_alone: bool) -> bool {
    let moment = |text: &str| {
        let mut all = Reader(text.trim());
        let mut dated = all;
        if dated.day() {
            dated.blanks();
            all = dated;
            return all.done() || (all.clock() && all.done());
        }
        clock_alone && all.clock() && all.done()
    };
    match value.split_once('~') {
        Some((from, to)) => moment(from) && moment(to),
        None => moment(value),
    }
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

    /// A number of `len` digits, not above `most`.
    fn figure(&mut self, len: std::ops::RangeInclusive<usize>, most: u32) -> Option<u32> {
        let count = self.0.bytes().take(*len.end()).take_while(u8::is_ascii_digit).count();
        let (figures, rest) = self.0.split_at_checked(count)?;
        let number = figures.parse().ok().filter(|&n| n <= most && len.contains(&count))?;
        self.0 = rest;
        Some(number)
    }

    /// `H:MM` or `HH:MM:SS`.
    fn clock(&mut self) -> bool {
        let minutes = |r: &mut Self| r.any(":").is_some() && r.figure(2..=2, 59).is_some();
        self.figure(1..=2, 24).is_some() && minutes(self) && (!self.0.starts_with(':') || minutes(self))
    }

    /// `2019年10月1日`, `2019年10月`, `10月1日`, `2019-10-01`, and the same with `/` and `.`.
    fn day(&mut self) -> bool {
        let mut short = *self;
        if self.figure(4..=4, 9999).is_none() {
            let ok = short.figure(1..=2, 12).is_some()
                && short.any("月").is_some()
                && short.figure(1..=2, 31).is_some()
                && short.any("日").is_some();
            *self = short;
            return ok;
        }
        if self.any("-/.年").is_none() || self.figure(1..=2, 12).is_none() {
            return false;
        }
        match self.any("-/.月") {
            None => true,
            Some(sign) => {
                let day = self.figure(1..=2, 31).is_some();
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
            ("phone_number1", "+86-0766-66888866"),
            ("car_number1", "粤A8Z888挂"),
            ("name1", "张三"),
            ("name1", "Jane O'Neill-Smith"),
            ("phrase1", "配送中"),
            ("const1", ""),
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
            ("date1", "15:01"),
            ("date1", "2019-13-01"),
            ("date1", "2019"),
            ("amount1", "免费"),
            ("amount1", "12345678901"),
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
