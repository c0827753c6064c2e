//! What a reply means: the catalogue's words for its code on its call, with what the reply itself names put in.

use super::lang::Texts;
use crate::domain::errcode::{self, Explanation};
use crate::domain::lang::Lang;
use crate::domain::reply::{ErrmsgParts, FieldFault, FieldReason};
use crate::domain::rules::{self, Rule};
use crate::domain::template::Kind;
use std::borrow::Cow;

/// What is known of the field that a refusal names, beside its key.
#[derive(Debug, Clone, Copy, Default)]
pub struct FieldSeen<'a> {
    /// The words before it in the template.
    pub label: Option<&'a str>,
    /// What was sent in it.
    pub value: Option<&'a str>,
}

/// Explains a code with the `errmsg` that came with it, by the call that gave it.
pub fn explain(code: i64, errmsg: &str, call: Option<&str>, lang: Lang) -> Explanation {
    explain_of(code, errmsg, call, |_| FieldSeen::default(), lang)
}

/// The same where the message is known: `seen` tells what it has in a field.
pub fn explain_of<'a>(
    code: i64,
    errmsg: &str,
    call: Option<&str>,
    seen: impl FnOnce(&str) -> FieldSeen<'a>,
    lang: Lang,
) -> Explanation {
    let mut told = call.map_or_else(|| errcode::explain(code, lang), |call| errcode::explain_on(code, call, lang));
    let (parts, texts) = (ErrmsgParts::read(errmsg), Texts::of(lang));
    if let Some(fault) = &parts.field {
        told.meaning = Cow::Owned(of_field(fault, seen(fault.key), texts));
    }
    if let Some(address) = address(&parts) {
        told.remedy = Cow::Owned(format!("{}{}", texts.say_with("told.allow", &[("ip", &address)]), told.remedy));
    }
    told
}

/// The addresses to allow: that of IPv6 too, where it is another one.
pub fn address(parts: &ErrmsgParts<'_>) -> Option<String> {
    match (parts.ip, parts.ipv6) {
        (Some(ip), Some(ipv6)) if ipv6 != ip && !ipv6.ends_with(ip) => Some(format!("{ip}, {ipv6}")),
        (ip, ipv6) => ip.or(ipv6).map(str::to_owned),
    }
}

fn of_field(fault: &FieldFault<'_>, seen: FieldSeen<'_>, texts: &Texts) -> String {
    let name = match seen.label {
        Some(label) if !label.is_empty() => format!("{label} {}", fault.key),
        _ => fault.key.to_owned(),
    };
    let kind = Kind::of_key(fault.key);
    let broken = seen.value.and_then(|value| rules::check_value(kind, value)).map(|(_, rule)| rule);
    let what = match (broken, fault.reason) {
        (Some(rule), _) => texts.rule(&rule),
        (None, FieldReason::Empty) => texts.say("told.field_empty").to_owned(),
        (None, FieldReason::Invalid) if kind == Kind::Legacy => texts.say("told.field_invalid").to_owned(),
        (None, FieldReason::Invalid) => {
            let rule = texts.rule(&Rule::Shape(kind));
            match rules::max_chars(kind) {
                Some(max) => texts.say_with("told.field_shape", &[("rule", &rule), ("max", &max.to_string())]),
                None => rule,
            }
        }
    };
    texts.say_with("told.field", &[("name", &name), ("what", &what)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: i64, errmsg: &str, seen: FieldSeen<'_>, lang: Lang) -> (String, String) {
        let told = explain_of(code, errmsg, None, |_| seen, lang);
        (told.meaning.into_owned(), told.remedy.into_owned())
    }

    #[test]
    fn the_field_is_named_with_the_rule_that_its_value_breaks() {
        let errmsg = "argument invalid! data.thing2.value invalid rid: 6385c6c1-0fcadca1-22c1fc91";
        let long = "一二三四五六七八九十一二三四五六七八九十一";
        let seen = FieldSeen { label: Some("商品"), value: Some(long) };
        assert_eq!(told(47003, errmsg, seen, Lang::En).0, "Keyword 商品 thing2: longer than 20 characters (21).");
        assert!(told(47003, errmsg, seen, Lang::Zh).0.contains("商品 thing2"));
        let nothing = FieldSeen::default();
        let plain = told(47003, errmsg, nothing, Lang::En).0;
        assert!(plain.starts_with("Keyword thing2: ") && plain.contains("20"), "{plain}");
        let empty = told(47003, "argument invalid! data.date4.value is emtpy", nothing, Lang::En).0;
        assert!(empty.contains("date4") && empty.contains(".DATA"), "{empty}");
    }

    #[test]
    fn the_address_to_allow_comes_first() {
        let both = "invalid ip 203.0.113.7 ipv6 2409:8a55::1, not in whitelist";
        assert!(told(40164, both, FieldSeen::default(), Lang::En).1.starts_with("Allow 203.0.113.7, 2409:8a55::1: "));
        let mapped = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist";
        assert!(told(40164, mapped, FieldSeen::default(), Lang::Zh).1.starts_with("请放行 203.0.113.7："));
        assert_eq!(told(40164, "not in whitelist", FieldSeen::default(), Lang::En).1, errcode::explain(40164, Lang::En).remedy);
    }
}
