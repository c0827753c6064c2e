//! Reading an `errmsg`: what it says beside its text. Shapes by year: `wechat-api.md §1.4`.

mod shape;

pub use shape::{Receipt, Shape, shape};

use super::errcode;

/// What one `errmsg` tells. Every part may be missing; the texts are the server's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrmsgParts<'a> {
    /// The id under which WeChat keeps the failed call for seven days.
    pub rid: Option<&'a str>,
    /// The older id, in brackets after `hint:` or `hints:`.
    pub hint: Option<&'a str>,
    /// The address that is not on the whitelist (40164).
    pub ip: Option<&'a str>,
    /// The same address as IPv6, often only the IPv4 one mapped (40164).
    pub ipv6: Option<&'a str>,
    /// The template field that was refused (47003); one a reply, even if several are wrong.
    pub field: Option<FieldFault<'a>>,
}

/// A template field and why WeChat refused it (`wechat-api.md §5.5`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldFault<'a> {
    /// The key, as `thing1`.
    pub key: &'a str,
    /// What is wrong with its value.
    pub reason: FieldReason,
}

/// What is wrong with a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldReason {
    /// It breaks the rule of its kind.
    Invalid,
    /// It is missing, or made only of characters that WeChat strips.
    Empty,
}

impl<'a> ErrmsgParts<'a> {
    /// Reads everything an `errmsg` tells.
    pub fn read(errmsg: &'a str) -> Self {
        Self {
            rid: rid(errmsg).map(|found| found.value),
            hint: hint(errmsg).map(|found| found.value),
            ip: address(errmsg, "invalid ip "),
            ipv6: address(errmsg, "ipv6 "),
            field: field(errmsg),
        }
    }
}

/// What stands before a code: in WeChat's replies, then in logs and in the words of SDKs.
const MARKERS: [&str; 6] = ["errcode", "错误代码", "错误码", "error code", "error_code", "code"];

/// The errcode in whatever a person pasted: a bare code, a JSON reply, a line of a log or of an SDK, or text with a code of the
/// catalogue in it. The first one counts, a 0 only where there is no other.
pub fn errcode(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(code) = text.parse() {
        return Some(code);
    }
    let small = text.to_ascii_lowercase();
    let named = MARKERS.iter().flat_map(|marker| places(&small, marker)).filter_map(|(_, after)| code_at(after));
    let mut zero = None;
    for code in named {
        if code != 0 {
            return Some(code);
        }
        zero = Some(code);
    }
    lone_code(text).or(zero)
}

/// The number that follows a marker, behind whatever a program puts between.
fn code_at(after: &str) -> Option<i64> {
    let between = |c: char| c.is_whitespace() || "\"'“”‘’`\\:：=>([{".contains(c);
    let after = after.trim_start_matches(between);
    let after = after.strip_prefix("int(").unwrap_or(after);
    let sign = usize::from(after.starts_with('-'));
    let digits = after.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    let code = after.get(..sign + digits)?.parse().ok()?;
    // Part of a word, as in `code1b`, or of an address.
    let rest = after.get(sign + digits..)?;
    (!rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')).then_some(code)
}

/// A number that stands alone and is a code of the catalogue.
fn lone_code(text: &str) -> Option<i64> {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let words = text.split(|c: char| !word(c)).map(|word| word.trim_matches('.'));
    let codes = words.filter(|word| (5..=7).contains(&word.len())).filter_map(|word| word.parse().ok());
    codes.into_iter().find(|code| errcode::lookup(*code).is_some())
}

/// The text without rid and hint, which differ from call to call: what to group and to show by.
pub fn plain(errmsg: &str) -> String {
    let mut text = errmsg.to_owned();
    while let Some(part) = rid(&text).or_else(|| hint(&text)) {
        let head = part.before.trim_end().trim_end_matches(',');
        let tail = part.after.trim_start();
        let glue = if head.is_empty() || tail.is_empty() || tail.starts_with(',') { "" } else { " " };
        text = format!("{head}{glue}{tail}");
    }
    text.trim().to_owned()
}

/// A value found in a text, and what stands around it and its name.
struct Found<'a> {
    before: &'a str,
    value: &'a str,
    after: &'a str,
}

/// `rid: 6385c6c1-0fcadca1-22c1fc91`
fn rid(text: &str) -> Option<Found<'_>> {
    // The colon of a Chinese keyboard, and a mark before the id, are what copying and translating leave behind.
    let colons = places(text, "rid:").chain(places(text, "rid："));
    colons.into_iter().find_map(|(before, rest)| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '@');
        let (value, after) = rest.split_at_checked(RID_LEN)?;
        (is_rid(value) && !follows_word(before) && !continues(after)).then_some(Found { before, value, after })
    })
}

const RID_LEN: usize = 26;

fn is_rid(text: &str) -> bool {
    let is_group = |group: &str| group.len() == 8 && group.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.split('-').count() == 3 && text.split('-').all(is_group)
}

/// `hint: [xxx]`, `hints: [ req_id: xxx ]`
fn hint(text: &str) -> Option<Found<'_>> {
    places(text, "hint").find_map(|(before, rest)| {
        let rest = rest.strip_prefix('s').unwrap_or(rest).strip_prefix(':')?;
        let (value, after) = rest.trim_start().strip_prefix('[')?.split_once(']')?;
        (!follows_word(before)).then_some(Found { before, value: value.trim(), after })
    })
}

fn address<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    places(text, name).find_map(|(before, rest)| {
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_hexdigit() && c != '.' && c != ':').unwrap_or(rest.len());
        let value = rest.get(..end)?.trim_end_matches([':', '.']);
        (value.contains(['.', ':']) && !follows_word(before)).then_some(value)
    })
}

/// `data.thing1.value invalid`, `data.thing1.value is empty`
fn field(text: &str) -> Option<FieldFault<'_>> {
    places(text, "data.").find_map(|(_, rest)| {
        let (key, rest) = rest.split_once(".value ")?;
        let reason = reason(rest.trim_start())?;
        let whole = !key.is_empty() && !key.contains(|c: char| c == '.' || c.is_whitespace());
        whole.then_some(FieldFault { key, reason })
    })
}

fn reason(text: &str) -> Option<FieldReason> {
    let is = |word: &str| text.strip_prefix(word).is_some_and(|rest| !continues(rest));
    // `emtpy` has been told of; it costs nothing to know it.
    if is("invalid") || is("is invalid") {
        Some(FieldReason::Invalid)
    } else if is("is empty") || is("is emtpy") {
        Some(FieldReason::Empty)
    } else {
        None
    }
}

/// Every place of `name`, as what stands before and after it.
fn places<'a>(text: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let len = name.len();
    text.match_indices(name).filter_map(move |(at, _)| Some((text.get(..at)?, text.get(at + len..)?)))
}

fn follows_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn continues(after: &str) -> bool {
    after.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errcode_is_found_however_it_was_pasted() {
        for (text, code) in [
            ("40164", Some(40164)),
            (" -1 ", Some(-1)),
            (r#"{"errcode":47003,"errmsg":"argument invalid!"}"#, Some(47003)),
            (r#"{"errmsg":"x","errcode":"43004"}"#, Some(43004)),
            (r#""{\"errcode\":-1}""#, Some(-1)),
            ("errcode = 45009 reach max", Some(45009)),
            ("40001: invalid credential", Some(40001)),
            ("rid: 6385c6c1-0fcadca1-22c1fc91", None),
            ("<html>502</html>", None),
            ("", None),
        ] {
            assert_eq!(errcode(text), code, "{text}");
        }
    }
    use FieldReason::{Empty, Invalid};

    #[test]
    fn rid_and_hint_are_found_in_every_shape() {
        let rid = "6385c6c1-0fcadca1-22c1fc91";
        for (errmsg, hint, has_rid, text) in [
            ("ok", None, false, "ok"),
            ("", None, false, ""),
            ("invalid openid rid: 6385c6c1-0fcadca1-22c1fc91", None, true, "invalid openid"),
            ("invalid appsecret, rid: 6385c6c1-0fcadca1-22c1fc91", None, true, "invalid appsecret"),
            ("invalid openid rid:6385c6c1-0fcadca1-22c1fc91 ", None, true, "invalid openid"),
            ("api unauthorized, hints: [ req_id: 1QoCla0699ns81 ]", Some("req_id: 1QoCla0699ns81"), false, "api unauthorized"),
            (
                "invalid openid list size hint: [xlmeHJYfk-6Hx4LA] rid: 6385c6c1-0fcadca1-22c1fc91",
                Some("xlmeHJYfk-6Hx4LA"),
                true,
                "invalid openid list size",
            ),
            (
                "argument invalid! hint: [SeY7QA05800346] data.thing5.value invalid",
                Some("SeY7QA05800346"),
                false,
                "argument invalid! data.thing5.value invalid",
            ),
            // Names within words, cut or overlong ids, and brackets left open are text like any other.
            ("grid: 6385c6c1-0fcadca1-22c1fc91", None, false, "grid: 6385c6c1-0fcadca1-22c1fc91"),
            ("x rid: 6385c6c1-0fcadca1-22c1fc9", None, false, "x rid: 6385c6c1-0fcadca1-22c1fc9"),
            ("x rid: 6385c6c1-0fcadca1-22c1fc911", None, false, "x rid: 6385c6c1-0fcadca1-22c1fc911"),
            ("x rid: 张三张三张三张三张", None, false, "x rid: 张三张三张三张三张"),
            ("x hint: [open", None, false, "x hint: [open"),
        ] {
            let parts = ErrmsgParts::read(errmsg);
            assert_eq!((parts.rid, parts.hint), (has_rid.then_some(rid), hint), "{errmsg}");
            assert_eq!(plain(errmsg), text, "{errmsg}");
        }
    }

    #[test]
    fn the_address_of_40164_is_found() {
        for (errmsg, ip, ipv6) in [
            (
                "invalid ip 116.25.45.231 ipv6 ::ffff:116.25.45.231, not in whitelist rid: 61250a39-612fed42-36740516",
                Some("116.25.45.231"),
                Some("::ffff:116.25.45.231"),
            ),
            ("invalid ip 116.25.45.231, not in whitelist", Some("116.25.45.231"), None),
            ("invalid ip  2409:8a55::1 ipv6 2409:8a55::1, not in whitelist", Some("2409:8a55::1"), Some("2409:8a55::1")),
            ("invalid ip , not in whitelist", None, None),
            ("access clientip is not registered, not in ip-white-list", None, None),
            ("invalid ip abc", None, None),
        ] {
            let parts = ErrmsgParts::read(errmsg);
            assert_eq!((parts.ip, parts.ipv6), (ip, ipv6), "{errmsg}");
        }
    }

    #[test]
    fn the_field_of_47003_is_found() {
        for (errmsg, field) in [
            ("argument invalid! data.thing1.value invalid rid: 6385c6c1-0fcadca1-22c1fc91", Some(("thing1", Invalid))),
            ("argument invalid! data.date4.value is empty rid: 66c43f48-1ff36dea-012dc774", Some(("date4", Empty))),
            ("argument invalid! data.thing1.value is emtpy", Some(("thing1", Empty))),
            ("argument invalid! hint: [SeY7QA05800346] data.thing5.value invalid", Some(("thing5", Invalid))),
            ("argument invalid! data.姓名.value is empty", Some(("姓名", Empty))),
            ("argument invalid! data.thing1.color invalid", None),
            ("argument invalid! data.thing1.value invalidated", None),
            ("argument invalid! data.a.b.value invalid", None),
            ("argument invalid! data..value invalid", None),
            ("argument invalid! data.thing1.value", None),
        ] {
            let found = ErrmsgParts::read(errmsg).field.map(|fault| (fault.key, fault.reason));
            assert_eq!(found, field, "{errmsg}");
        }
    }
}
