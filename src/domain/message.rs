//! A message and the exact bytes of its request body (`wechat-api.md §5.1`).

use super::id::{AppId, OpenId, TemplateId};
use super::template::{Field, Kind, Template};
use super::told::{Sentence, Told};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use thiserror::Error;

/// What is sent to everyone of an audience. Keys keep their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Which template is filled in.
    pub template_id: TemplateId,
    /// A value for each key, in the order in which they are sent.
    pub values: Vec<FieldValue>,
    /// Page that opens when the card is tapped.
    pub url: Option<String>,
    /// Mini program that opens when the card is tapped.
    pub mini: Option<MiniProgram>,
}

/// The text for one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Key of `data`, without `.DATA`.
    pub key: String,
    /// What the recipient reads.
    pub value: String,
    /// Colour of the value; ignored by WeChat since 2023 (`wechat-api.md §4.1`).
    pub color: Option<Color>,
}

/// Jump to a mini program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MiniProgram {
    /// A mini program linked to the account.
    pub appid: AppId,
    /// Page with its query; its front page if left out.
    pub path: Option<String>,
}

/// `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Color(String);

/// Why a text is not a colour.
#[derive(Debug, Error, PartialEq, Eq)]
pub struct ColorError(String);

impl Told for ColorError {
    fn told(&self) -> Sentence {
        Sentence::of("error.color", "shape").with("text", &self.0)
    }
}

impl Color {
    /// Reads `#RRGGBB`.
    pub fn parse(text: &str) -> Result<Self, ColorError> {
        let text = text.trim();
        match text.strip_prefix('#') {
            Some(digits) if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(Self(text.to_owned())),
            _ => Err(ColorError(text.to_owned())),
        }
    }

    /// As the API writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Message {
    /// A message that says nothing yet.
    pub fn new(template_id: TemplateId) -> Self {
        Self { template_id, values: Vec::new(), url: None, mini: None }
    }

    /// The value of a key, if it has one.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|v| v.key == key).map(|v| v.value.as_str())
    }

    /// Puts the values into the template's order; keys it does not have stay at the end.
    pub fn arrange(&mut self, template: &Template) {
        let fields = template.fields();
        let place = |value: &FieldValue| fields.iter().position(|f: &Field| f.key == value.key).unwrap_or(fields.len());
        self.values.sort_by_key(place);
    }

    /// Gives every field that says nothing yet the file's column of its own name, and the page to open that of `url`: in a list
    /// of recipients each with their own data nothing is left to be written. Gives the names of what was taken.
    pub fn take_columns(&mut self, template: &Template, columns: &[String]) -> Vec<String> {
        let mut taken = Vec::new();
        for field in template.fields().into_iter().filter(|field| columns.contains(&field.key)) {
            let value = format!("{{{{ {} }}}}", field.key);
            match self.values.iter_mut().find(|value| value.key == field.key) {
                Some(written) if !written.value.is_empty() => continue,
                Some(written) => written.value = value,
                None => self.values.push(FieldValue { key: field.key.clone(), value, color: None }),
            }
            taken.push(field.key);
        }
        if self.url.is_none() && columns.iter().any(|column| column == "url") {
            // Not everyone has to have one.
            self.url = Some("{{ url | default('') }}".to_owned());
            taken.push("url".to_owned());
        }
        taken
    }

    /// The request body for one recipient, without `client_msg_id`: what the preview shows.
    pub fn body(&self, to: &OpenId) -> String {
        self.frame().body(to)
    }

    /// The parts of the body that are the same for every recipient, made once for a whole job.
    pub fn frame(&self) -> Frame {
        let rest = serde_json::to_string(&Rest(self)).unwrap_or_default();
        Frame { rest: rest.strip_prefix('{').map(str::to_owned).unwrap_or(rest) }
    }
}

/// A body but for its recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// All members after `touser`, with the closing brace.
    rest: String,
}

impl Frame {
    /// The body for one recipient, as the preview shows it.
    pub fn body(&self, to: &OpenId) -> String {
        format!("{{\"touser\":{},{}", quoted(to), self.rest)
    }

    /// The same body with `client_msg_id` as its last member: what is sent.
    pub fn body_with(&self, to: &OpenId, client_msg_id: &str) -> Vec<u8> {
        let open = self.rest.strip_suffix('}').unwrap_or(&self.rest);
        let mut body = Vec::with_capacity(self.rest.len() + 128);
        for part in ["{\"touser\":", &quoted(to), ",", open, ",\"client_msg_id\":\"", client_msg_id, "\"}"] {
            body.extend_from_slice(part.as_bytes());
        }
        body
    }
}

/// An openid from the server may in theory hold anything, so it is escaped like any other text.
fn quoted(to: &OpenId) -> String {
    serde_json::to_string(to).unwrap_or_default()
}

/// Everything but `touser`, in the order of the documentation; what is empty is left out.
struct Rest<'a>(&'a Message);

impl Serialize for Rest<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let message = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("template_id", &message.template_id)?;
        if let Some(url) = message.url.as_deref().filter(|url| !url.is_empty()) {
            map.serialize_entry("url", url)?;
        }
        if let Some(mini) = &message.mini {
            map.serialize_entry("miniprogram", &MiniBody(mini))?;
        }
        map.serialize_entry("data", &DataBody(&message.values))?;
        map.end()
    }
}

struct MiniBody<'a>(&'a MiniProgram);

impl Serialize for MiniBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("appid", &self.0.appid)?;
        if let Some(path) = self.0.path.as_deref().filter(|path| !path.is_empty()) {
            map.serialize_entry("pagepath", path)?;
        }
        map.end()
    }
}

struct DataBody<'a>(&'a [FieldValue]);

impl Serialize for DataBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for field in self.0 {
            map.serialize_entry(&field.key, &ValueBody(field))?;
        }
        map.end()
    }
}

struct ValueBody<'a>(&'a FieldValue);

impl Serialize for ValueBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &self.0.value)?;
        if let Some(color) = &self.0.color {
            map.serialize_entry("color", color)?;
        }
        map.end()
    }
}

/// Whether an empty text is a value in its own right: only a `const` may be empty (`wechat-api.md §6`).
pub fn empty_is_a_value(kind: Kind) -> bool {
    kind == Kind::Const
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            template_id: TemplateId::trusted("Hmr2"),
            values: vec![
                FieldValue { key: "thing1".into(), value: "某某\"公司\"".into(), color: None },
                FieldValue { key: "const2".into(), value: "待整改".into(), color: Some(Color::parse("#173177").unwrap()) },
            ],
            url: Some("https://example.com/订单/42".into()),
            mini: Some(MiniProgram { appid: AppId::trusted("wx0123456789abcdef"), path: Some("pages/order?id=42".into()) }),
        }
    }

    #[test]
    fn a_body_is_raw_utf8_in_the_order_of_the_documentation() {
        assert_eq!(
            message().body(&OpenId::trusted("oTD8")),
            r##"{"touser":"oTD8","template_id":"Hmr2","url":"https://example.com/订单/42","miniprogram":{"appid":"wx0123456789abcdef","pagepath":"pages/order?id=42"},"data":{"thing1":{"value":"某某\"公司\""},"const2":{"value":"待整改","color":"#173177"}}}"##
        );
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let mut message = Message::new(TemplateId::trusted("T"));
        message.url = Some(String::new());
        assert_eq!(message.body(&OpenId::trusted("o")), r#"{"touser":"o","template_id":"T","data":{}}"#);
        message.mini = Some(MiniProgram { appid: AppId::trusted("wx1"), path: None });
        assert!(message.body(&OpenId::trusted("o")).contains(r#""miniprogram":{"appid":"wx1"},"#));
    }

    #[test]
    fn what_is_sent_is_the_preview_and_one_last_member() {
        let to = OpenId::trusted("oTD8");
        let preview = message().body(&to);
        let sent = String::from_utf8(message().frame().body_with(&to, "mb-1")).unwrap();
        assert_eq!(sent, format!("{},\"client_msg_id\":\"mb-1\"}}", preview.strip_suffix('}').unwrap()));
        assert!(serde_json::from_str::<serde_json::Value>(&sent).is_ok());
    }

    #[test]
    fn values_are_arranged_as_the_template_has_them() {
        let template = Template {
            id: TemplateId::trusted("T"),
            title: String::new(),
            content: "{{b1.DATA}}{{a1.DATA}}".into(),
            example: String::new(),
            industry: (String::new(), String::new()),
        };
        let mut message = Message::new(TemplateId::trusted("T"));
        for key in ["x", "a1", "b1"] {
            message.values.push(FieldValue { key: key.into(), value: String::new(), color: None });
        }
        message.arrange(&template);
        let keys: Vec<_> = message.values.iter().map(|v| v.key.as_str()).collect();
        assert_eq!(keys, ["b1", "a1", "x"]);
    }
}
