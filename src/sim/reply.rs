//! What the server answers: bodies, refusals and their texts.

use super::{clock::Moment, rng::Rng};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, net::IpAddr};

/// The JSON of a success, or a refusal.
pub(super) type Answer = Result<Vec<u8>, Refusal>;

/// An `errcode` with its text, still without rid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) errcode: i64,
    pub(super) text: Cow<'static, str>,
}

impl Refusal {
    /// With the text WeChat gives it.
    pub(super) fn of(errcode: i64) -> Self {
        Self { errcode, text: Cow::Borrowed(text_of(errcode)) }
    }

    /// 40164 with the caller's address in both its forms.
    pub(super) fn denied(ip: IpAddr) -> Self {
        let six = match ip {
            IpAddr::V4(four) => four.to_ipv6_mapped(),
            IpAddr::V6(six) => six,
        };
        Self::saying(40164, format!("invalid ip {ip} ipv6 {six}, not in whitelist"))
    }

    pub(super) fn saying(errcode: i64, text: String) -> Self {
        Self { errcode, text: Cow::Owned(text) }
    }
}

/// `{"errcode":0,"errmsg":"ok"}`
pub(super) fn ok() -> Vec<u8> {
    br#"{"errcode":0,"errmsg":"ok"}"#.to_vec()
}

/// The bytes of a value; never fails for the shapes used here.
pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The body of a refusal, the rid included.
pub(super) fn refused(refusal: &Refusal, rid: &str, hint: Option<&str>) -> Vec<u8> {
    let hint = hint.map(|hint| format!(" hint: [{hint}]")).unwrap_or_default();
    json(&serde_json::json!({"errcode": refusal.errcode, "errmsg": format!("{}{hint} rid: {rid}", refusal.text)}))
}

/// A new rid: the time in hexadecimal, then two random groups.
pub(super) fn rid(now: Moment, rng: &mut Rng) -> String {
    let dice = rng.next();
    format!("{:08x}-{:08x}-{:08x}", now.seconds() as u32, (dice >> 32) as u32, dice as u32)
}

/// The same body with `errcode` as a string.
pub(super) fn with_errcode_as_text(body: &[u8]) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
    if let Some(code) = value.get_mut("errcode") {
        *code = Value::String(code.to_string());
    }
    json(&value)
}

/// A list of openids as `user/get`, `user/tag/get` and `getblacklist` give it: nothing but zeros past the end.
pub(super) struct Page<'a> {
    /// `user/get` and the blacklist say how many there are in all.
    pub(super) total: Option<usize>,
    pub(super) numbers: &'a [u32],
}

impl Page<'_> {
    /// `write` appends the openid of a number.
    pub(super) fn body(&self, write: impl Fn(u32, &mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::with_capacity(100 + self.numbers.len() * 31);
        out.push(b'{');
        if let Some(total) = self.total {
            out.extend_from_slice(format!(r#""total":{total},"#).as_bytes());
        }
        out.extend_from_slice(format!(r#""count":{}"#, self.numbers.len()).as_bytes());
        let Some(last) = self.numbers.last() else {
            out.extend_from_slice(if self.total.is_some() { br#","next_openid":""}"# } else { b"}" });
            return out;
        };
        let quoted = |number: u32, out: &mut Vec<u8>| {
            out.push(b'"');
            write(number, out);
            out.push(b'"');
        };
        out.extend_from_slice(br#","data":{"openid":["#);
        for (place, &number) in self.numbers.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            quoted(number, &mut out);
        }
        out.extend_from_slice(br#"]},"next_openid":"#);
        quoted(*last, &mut out);
        out.push(b'}');
        out
    }
}

/// The text of a code, without suffix (`wechat-api.md §13`). Codes whose text no one has seen say what they mean.
fn text_of(errcode: i64) -> &'static str {
    match errcode {
        -1 => "system error",
        40001 => {
            "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r"
        }
        40002 => "invalid grant_type",
        40003 => "invalid openid",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40032 => "invalid openid list size",
        40036 => "invalid template_id size",
        40037 => "invalid template_id",
        40039 => "invalid url size",
        40066 => "invalid url",
        40092 => "invalid remark name",
        40102 => "invalid industry id",
        40103 => "invalid industry index",
        40125 => "invalid appsecret",
        40165 => "invalid weapp pagepath",
        40166 => "invalid weapp appid",
        40241 => "The message is duplicate in 60 seconds",
        40243 => "appsecret is frozen",
        40246 => "invalid keyword list",
        40249 => "this template msg has been blocked for illegal content",
        40252 => "this template msg is under review",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        43004 => "require subscribe",
        43019 => "require remove blacklist",
        43100 => "change template too frequently",
        43101 => "user refuse to accept the msg",
        43116 => "This template_id is banned",
        43117 => "Sending messages to this openid too frequently,please try later",
        44002 => "empty post data",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit, must slower, retry next minute",
        45026 => "template num exceeds limit",
        45027 => "template conflict with industry",
        45056 => "too many tag now, no need to add new",
        45057 => "can't delete the tag that has too many fans",
        45058 => "can't modify sys tag",
        45059 => "can not tagging one user too much",
        45157 => "invalid tag name",
        45158 => "tag name too long",
        45159 => "invalid tag id",
        47001 => "data format error",
        47002 => "data format error, do NOT use json unicode encode (\\uxxxx\\uxxxx), please use utf8 encoded text!",
        48001 => "api unauthorized",
        48002 => "user refuse to accept the message",
        48004 => "api forbidden for irregularities",
        48006 => "forbid to clear quota because of reaching the limit",
        49003 => "not match openid with appid",
        50002 => "user limited",
        50004 => "user not allow to use accesstoken, maybe for punishment",
        50007 => "account frozen",
        61004 => "access clientip is not registered, not in ip-white-list",
        76001 => "rid not found",
        76002 => "rid is error",
        76003 => "rid not belong to this account",
        76021 => "cgi_path not found, please check",
        _ => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_last_openid_and_the_end_has_no_data() {
        let write = |n: u32, out: &mut Vec<u8>| out.extend_from_slice(format!("o{n}").as_bytes());
        let body = |total, numbers| String::from_utf8(Page { total, numbers }.body(write)).unwrap();
        assert_eq!(body(Some(2), &[4, 7]), r#"{"total":2,"count":2,"data":{"openid":["o4","o7"]},"next_openid":"o7"}"#);
        assert_eq!(body(Some(2), &[]), r#"{"total":2,"count":0,"next_openid":""}"#);
        assert_eq!(body(None, &[]), r#"{"count":0}"#);
    }

    #[test]
    fn a_refusal_ends_in_a_rid_that_begins_with_the_time() {
        let rid = rid(Moment(0x6937_c6ce * 1000), &mut Rng::new(1));
        assert!(rid.starts_with("6937c6ce-") && rid.len() == 26, "{rid}");
        let text = String::from_utf8(refused(&Refusal::of(40003), "r", Some("h"))).unwrap();
        assert_eq!(text, r#"{"errcode":40003,"errmsg":"invalid openid hint: [h] rid: r"}"#);
        assert!(with_errcode_as_text(text.as_bytes()).starts_with(br#"{"errcode":"40003","errmsg":"#));
    }
}
