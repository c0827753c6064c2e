//! Reading an answer leniently: its Content-Type, its errcode's type and its very bytes cannot be relied on (`wechat-api.md §1.3`).

use super::error::{ApiFailure, CallError, Doubt};
use serde::de::{DeserializeOwned, Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;

/// An answer as it came, before anyone understood it.
pub(super) struct Reply<'a> {
    pub host: &'a str,
    pub http: u16,
    pub body: &'a [u8],
    /// The token or AppSecret of the call, never to be shown.
    pub secret: &'a str,
}

/// The members that any answer may have.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    #[serde(deserialize_with = "maybe_number")]
    pub errcode: Option<i64>,
    #[serde(deserialize_with = "null_is_default")]
    pub errmsg: String,
    /// Of a send; above 2^53, so never a float.
    #[serde(deserialize_with = "number_or_nothing")]
    pub msgid: Option<u64>,
}

impl Reply<'_> {
    /// The common members, if the answer is not a no.
    pub fn status(&self) -> Result<Status, CallError> {
        let status: Status = match parse(self.body) {
            Ok(status) => status,
            Err(error) => return Err(self.without_errcode().unwrap_or_else(|| self.unreadable(&error))),
        };
        match status.errcode {
            Some(errcode) if errcode != 0 => Err(ApiFailure { errcode, errmsg: scrub(&status.errmsg, self.secret) }.into()),
            _ => self.without_errcode().map_or(Ok(status), Err),
        }
    }

    /// The answer to a read, which has no errcode when it succeeds.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        self.status()?;
        parse(self.body).map_err(|error| self.unreadable(&error))
    }

    /// The answer is good JSON and lacks what it is there for.
    pub fn unfit(&self, what: &str) -> CallError {
        self.doubt(Doubt::Unreadable(what.into()))
    }

    fn doubt(&self, why: Doubt) -> CallError {
        CallError::ambiguous(self.host, why)
    }

    /// What HTTP alone says of an answer without an errcode; nothing for a 200 with a body.
    fn without_errcode(&self) -> Option<CallError> {
        match self.http {
            412 => Some(CallError::Refused { host: self.host.into() }),
            200 if self.body.trim_ascii().is_empty() => Some(self.doubt(Doubt::Empty)),
            200 => None,
            other => Some(self.doubt(Doubt::Status(other))),
        }
    }

    fn unreadable(&self, error: &serde_json::Error) -> CallError {
        // serde_json quotes what it met, which may be a token.
        let place = format!("line {}, column {}", error.line(), error.column());
        let what = if error.is_data() { "not the JSON expected" } else { "not JSON" };
        self.doubt(Doubt::Unreadable(format!("{what}, {place}")))
    }
}

/// The answer to a write: errcode 0 must be there, since `{}` from a gateway is no yes.
pub(super) fn acknowledged(reply: &Reply<'_>) -> Result<(), CallError> {
    reply.status()?.errcode.map(drop).ok_or_else(|| reply.unfit("no errcode"))
}

/// Parses an object, a second time with its bytes repaired if they are the trouble.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    // A derived struct would take an array too, and `[]` has every default.
    if !body.trim_ascii_start().starts_with(b"{") {
        return parse_repaired(body);
    }
    serde_json::from_slice(body).or_else(|first| if first.is_data() { Err(first) } else { parse_repaired(body) })
}

/// WeChat lets invalid UTF-8 and raw control characters through, in nicknames and titles typed long ago.
fn parse_repaired<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').replace(|c: char| c < ' ', " ");
    if !text.trim_start().starts_with('{') {
        return Err(Error::invalid_type(Unexpected::Other("something else"), &"an object"));
    }
    serde_json::from_str(&text)
}

/// A text without the secret of its call.
pub(super) fn scrub(text: &str, secret: &str) -> String {
    if secret.is_empty() { text.into() } else { text.replace(secret, "…") }
}

/// `null` and a missing member are the same.
pub(super) fn null_is_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A text; missing, `null` and `""` are the same: nothing.
pub(super) fn maybe_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()))
}

/// A whole number, also within a text; missing, `null` and `""` are nothing.
pub(super) fn maybe_number<'de, D: Deserializer<'de>, N: TryFrom<i128>>(from: D) -> Result<Option<N>, D::Error> {
    let Some(number) = from.deserialize_any(NumberVisitor)? else { return Ok(None) };
    N::try_from(number).map(Some).map_err(|_| D::Error::custom("a number out of its range"))
}

/// A whole number that must be there.
pub(super) fn number<'de, D: Deserializer<'de>, N: TryFrom<i128>>(from: D) -> Result<N, D::Error> {
    maybe_number(from)?.ok_or_else(|| D::Error::custom("no number"))
}

/// A number where missing and `null` mean 0.
pub(super) fn number_or_zero<'de, D: Deserializer<'de>, N: TryFrom<i128> + Default>(from: D) -> Result<N, D::Error> {
    Ok(maybe_number(from)?.unwrap_or_default())
}

/// A number if it is one; anything else is nothing, since the errcode beside it says enough.
fn number_or_nothing<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()))
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Option<i128>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number.into()))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Some(yes.into()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match text.trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| E::invalid_value(Unexpected::Str("a text"), &self)),
        }
    }
}

/// The start of an answer for the eye: at most `limit` bytes, secret left out, bad bytes replaced.
pub(super) fn excerpt(body: &[u8], limit: usize, secret: &str) -> String {
    // Cut last: a secret cut in half would no longer be known for one.
    let mut text = scrub(&String::from_utf8_lossy(body), secret);
    text.truncate(text.floor_char_boundary(limit));
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TOKEN, reply};
    use super::*;

    #[test]
    fn an_errcode_is_read_in_every_shape() {
        for (body, errcode) in [
            (r#"{"errcode":0,"errmsg":"ok"}"#, Ok(Some(0))),
            (r#"{"errcode":"0"}"#, Ok(Some(0))),
            (r#"{"errcode":null}"#, Ok(None)),
            (r#"{"errmsg":"ok","other":[{"errcode":1}]}"#, Ok(None)),
            (r#"{"other":1,"errcode":40003}"#, Err(Some(40003))),
            (r#"{"errcode":" -1 "}"#, Err(Some(-1))),
            (r#"{"errcode":9007199254740993}"#, Err(Some(9_007_199_254_740_993))),
            (r#"{"errcode":"no"}"#, Err(None)),
            (r#"{"errcode":{}}"#, Err(None)),
            (r#"{"errcode":0} trailing"#, Err(None)),
            (r#"[{"errcode":0}]"#, Err(None)),
        ] {
            let read = reply(200, body).status().map(|status| status.errcode).map_err(|error| error.errcode());
            assert_eq!(read, errcode, "{body}");
        }
    }

    #[test]
    fn a_write_needs_its_errcode() {
        assert!(acknowledged(&reply(200, r#"{"errcode":0,"errmsg":"ok"}"#)).is_ok());
        assert!(matches!(acknowledged(&reply(200, "{}")), Err(CallError::Ambiguous { .. })));
        assert_eq!(acknowledged(&reply(200, r#"{"errcode":48006}"#)).unwrap_err().errcode(), Some(48006));
    }

    #[test]
    fn an_excerpt_is_cut_on_a_character_and_never_shows_half_a_token() {
        let twice = format!("{TOKEN}-{TOKEN}");
        for limit in 0..twice.len() + 2 {
            let text = excerpt(twice.as_bytes(), limit, TOKEN);
            assert!(text.len() <= limit && !text.contains("90_"), "{limit}: {text}");
        }
        assert_eq!(excerpt("张三".as_bytes(), 4, TOKEN), "张");
        assert_eq!(excerpt(b"a\xffb", 9, ""), "a\u{fffd}b");
    }
}
