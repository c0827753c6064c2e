//! What somebody pasted, by its shape: not everything that comes back from a call is WeChat's.

use super::{ErrmsgParts, errcode};

/// What a pasted text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It has a code in it.
    Code(i64),
    /// What an event says of a delivery (`wechat-api.md §7.1`).
    Receipt(Receipt),
    /// No code, but the id under which WeChat keeps the call.
    Rid,
    /// A page for people, or another markup: a gateway, a portal or a proxy spoke.
    Page,
    /// Nothing at all.
    Nothing,
    /// None of these.
    Other,
}

/// The status of a `TEMPLATESENDJOBFINISH` event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It reached the user.
    Delivered,
    /// The user takes no messages of this account.
    Blocked,
    /// Another fault on WeChat's side.
    SystemFailed,
    /// Too many for this user.
    Limited,
}

impl Receipt {
    /// Its name in the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Blocked => "blocked",
            Self::SystemFailed => "system_failed",
            Self::Limited => "limited",
        }
    }

    /// Reads a status, or a whole event with one in it; blanks and case are not the same everywhere.
    fn read(text: &str) -> Option<Self> {
        let status = status_of(text).unwrap_or(text).to_ascii_lowercase();
        let (head, reason) = status.split_once(':').unwrap_or((&status, ""));
        match (head.trim(), reason.trim()) {
            ("success", "") => Some(Self::Delivered),
            ("failed", "user block") => Some(Self::Blocked),
            ("failed", "system failed") => Some(Self::SystemFailed),
            ("failed", "freq limit") => Some(Self::Limited),
            _ => None,
        }
    }
}

/// What stands in the `Status` of an event, as XML or JSON.
fn status_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Status>").or_else(|| text.split_once("\"Status\""))?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ':' || c == '"');
    let rest = rest.strip_prefix("<![CDATA[").unwrap_or(rest);
    rest.split([']', '<', '"']).next()
}

/// What `text` is. A page with an errcode in it is still a page: what WeChat answers has no markup around it.
pub fn shape(text: &str) -> Shape {
    let text = text.trim();
    if text.is_empty() || text == "\"\"" || text == "{}" {
        return Shape::Nothing;
    }
    if let Some(receipt) = Receipt::read(text) {
        return Shape::Receipt(receipt);
    }
    if is_page(text) {
        return Shape::Page;
    }
    match errcode(text) {
        Some(code) => Shape::Code(code),
        None if ErrmsgParts::read(text).rid.is_some() => Shape::Rid,
        None => Shape::Other,
    }
}

fn is_page(text: &str) -> bool {
    let start: String = text.trim_start_matches('\u{feff}').chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype") || ["<html", "<head", "<body", "<title", "<center"].iter().any(|tag| start.contains(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_back_is_told_apart() {
        for (text, expected) in [
            ("", Shape::Nothing),
            (" {} ", Shape::Nothing),
            ("<html><head><title>502 Bad Gateway</title></head></html>", Shape::Page),
            ("\u{feff}<!DOCTYPE html><p>errcode 40001</p>", Shape::Page),
            (r#"{"errcode":40001}"#, Shape::Code(40001)),
            ("rid: 6385c6c1-0fcadca1-22c1fc91", Shape::Rid),
            ("hello", Shape::Other),
            ("success", Shape::Receipt(Receipt::Delivered)),
            ("failed:user block", Shape::Receipt(Receipt::Blocked)),
            ("Failed: User Block ", Shape::Receipt(Receipt::Blocked)),
            ("failed: system failed", Shape::Receipt(Receipt::SystemFailed)),
            ("failed:freq limit", Shape::Receipt(Receipt::Limited)),
            (
                "<xml><Event>TEMPLATESENDJOBFINISH</Event><Status><![CDATA[failed:user block]]></Status></xml>",
                Shape::Receipt(Receipt::Blocked),
            ),
            (r#"{"Event":"TEMPLATESENDJOBFINISH","Status":"success"}"#, Shape::Receipt(Receipt::Delivered)),
            ("failed: who knows", Shape::Other),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
