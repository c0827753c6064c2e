//! Reading a raw send body that a person wrote (`send --payload`).

use super::id::{AppId, IdError, OpenId, TemplateId};
use super::message::{Color, ColorError, FieldValue, Message, MiniProgram};
use serde_json::{Map, Value};
use thiserror::Error;

/// What a raw body says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The recipient it names, if any.
    pub to: Option<OpenId>,
    /// The message without its recipient.
    pub message: Message,
    /// Members that have no effect and were dropped.
    pub dropped: Vec<String>,
}

/// Why a text is not a send body. Lines and columns count from 1.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PayloadError {
    /// Not JSON at all.
    #[error("line {line}, column {column}: {what}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser expected.
        what: String,
    },
    /// A member has the wrong type.
    #[error("`{member}` has to be {expected}")]
    Type {
        /// Where it stands, like `data.thing1.value`.
        member: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// A member that WeChat requires is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member that the API does not know; most likely a slip of the pen.
    #[error("`{0}` is not a member of a send body; it may have touser, template_id, url, miniprogram and data")]
    UnknownMember(String),
    /// A key with the placeholder's ending: WeChat would answer 47003 "is empty" (`wechat-api.md §4.7`).
    #[error("the key `{0}` must not end in `.DATA`: that belongs to the template's content, not to the request")]
    DotData(String),
    /// An identifier of the wrong shape.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A colour of the wrong shape.
    #[error(transparent)]
    Color(#[from] ColorError),
}

/// Reads a send body; a byte order mark before it is dropped.
pub fn parse(text: &str) -> Result<Payload, PayloadError> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| json_error(&error))?;
    let mut body = into_object(value, "the body")?;
    let to = take_text(&mut body, "touser")?.filter(|to| !to.is_empty()).map(|to| OpenId::parse(&to)).transpose()?;
    let template_id = take_text(&mut body, "template_id")?.ok_or(PayloadError::Missing("template_id"))?;
    let mut message = Message::new(TemplateId::parse(&template_id)?);
    message.url = take_text(&mut body, "url")?.filter(|url| !url.is_empty());
    message.mini = body.shift_remove("miniprogram").map(mini_program).transpose()?.flatten();
    message.values = values(body.shift_remove("data").ok_or(PayloadError::Missing("data"))?)?;
    let mut dropped = Vec::new();
    for (member, _) in body {
        match member.as_str() {
            "topcolor" | "client_msg_id" => dropped.push(member),
            _ => return Err(PayloadError::UnknownMember(member)),
        }
    }
    Ok(Payload { to, message, dropped })
}

fn json_error(error: &serde_json::Error) -> PayloadError {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned();
    PayloadError::Json { line: error.line(), column: error.column(), what }
}

fn into_object(value: Value, member: &str) -> Result<Map<String, Value>, PayloadError> {
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(PayloadError::Type { member: member.to_owned(), expected: "a JSON object {…}" }),
    }
}

fn into_text(value: Value, member: &str) -> Result<String, PayloadError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(PayloadError::Type { member: member.to_owned(), expected: "a text in quotes" }),
    }
}

fn take_text(body: &mut Map<String, Value>, member: &'static str) -> Result<Option<String>, PayloadError> {
    match body.shift_remove(member) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => into_text(value, member).map(Some),
    }
}

/// An empty object or list, as some SDKs always send it, means no mini program (`wechat-api.md §5.1`).
fn mini_program(value: Value) -> Result<Option<MiniProgram>, PayloadError> {
    if value.is_null() || value.as_array().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let mut body = into_object(value, "miniprogram")?;
    let appid = take_text(&mut body, "appid")?.unwrap_or_default();
    let path = take_text(&mut body, "pagepath")?.filter(|path| !path.is_empty());
    if let Some((member, _)) = body.into_iter().next() {
        return Err(PayloadError::UnknownMember(format!("miniprogram.{member}")));
    }
    if appid.is_empty() && path.is_none() {
        return Ok(None);
    }
    Ok(Some(MiniProgram { appid: AppId::parse(&appid)?, path }))
}

fn values(data: Value) -> Result<Vec<FieldValue>, PayloadError> {
    into_object(data, "data")?.into_iter().map(|(key, value)| field_value(key, value)).collect()
}

fn field_value(key: String, value: Value) -> Result<FieldValue, PayloadError> {
    if key.strip_suffix(".DATA").is_some() {
        return Err(PayloadError::DotData(key));
    }
    let mut body = into_object(value, &format!("data.{key}"))?;
    let text = body
        .shift_remove("value")
        .ok_or(PayloadError::Type { member: format!("data.{key}"), expected: "{\"value\": \"…\"}" })?;
    let value = into_text(text, &format!("data.{key}.value"))?;
    let color = take_text(&mut body, "color")?.filter(|color| !color.is_empty());
    let color = color.map(|color| Color::parse(&color)).transpose()?;
    match body.into_iter().next() {
        Some((member, _)) => Err(PayloadError::UnknownMember(format!("data.{key}.{member}"))),
        None => Ok(FieldValue { key, value, color }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_and_written_again_the_same() {
        let text = r##"{"touser":"oTD8","template_id":"Hmr2","url":"https://example.com","miniprogram":{"appid":"wx0123456789abcdef","pagepath":"p"},"data":{"b1":{"value":"乙"},"a1":{"value":"甲","color":"#173177"}}}"##;
        let payload = parse(text).unwrap();
        assert_eq!(payload.message.body(payload.to.as_ref().unwrap()), text);
    }

    #[test]
    fn empty_members_and_old_ones_do_no_harm() {
        let payload = parse(r##"{"template_id":"T","touser":"","url":"","miniprogram":{"appid":"","pagepath":""},"topcolor":"#FF0000","data":{}}"##).unwrap();
        assert_eq!((payload.to, payload.message.url, payload.message.mini), (None, None, None));
        assert_eq!(payload.dropped, ["topcolor"]);
        assert_eq!(parse(r#"{"template_id":"T","miniprogram":[],"data":{}}"#).unwrap().message.mini, None);
    }

    #[test]
    fn mistakes_are_named_where_they_stand() {
        for (text, said) in [
            ("{\n  \"touser\": oX\n}", "line 2, column 13: expected value"),
            ("[]", "`the body` has to be a JSON object {…}"),
            (r#"{"data":{}}"#, "`template_id` is missing"),
            (r#"{"template_id":"T"}"#, "`data` is missing"),
            (r#"{"template_id":"T","data":"{}"}"#, "`data` has to be a JSON object {…}"),
            (r#"{"template_id":"T","data":{"thing1":"x"}}"#, "`data.thing1` has to be a JSON object {…}"),
            (r#"{"template_id":"T","data":{"thing1":{"value":1}}}"#, "`data.thing1.value` has to be a text in quotes"),
            (r#"{"template_id":"T","data":{"thing1":{}}}"#, "`data.thing1` has to be {\"value\": \"…\"}"),
            (
                r#"{"templateId":"T","template_id":"T","data":{}}"#,
                "`templateId` is not a member of a send body; it may have touser, template_id, url, miniprogram and data",
            ),
            (
                r#"{"template_id":"T","data":{"thing1.DATA":{"value":"x"}}}"#,
                "the key `thing1.DATA` must not end in `.DATA`: that belongs to the template's content, not to the request",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), said);
        }
        assert!(parse(r#"{"template_id":"T","touser":"o 张","data":{}}"#).is_err());
        assert!(parse(r#"{"template_id":"T","data":{"a":{"value":"x","color":"red"}}}"#).is_err());
    }
}
