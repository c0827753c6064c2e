//! A message being written, with its audience and the place of the cursor: kept as the operator left it, right or wrong.

use super::audience::Audience;
use super::id::{DraftId, TemplateId};
use super::message::Message;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A draft as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: DraftId,
    /// What the operator calls it; empty while it has no name.
    pub name: String,
    /// The template that is filled in.
    pub template_id: TemplateId,
    /// Its title, as it was then.
    pub title: String,
    /// What stands in the form.
    pub texts: FormTexts,
    /// Who is to get it.
    pub audience: Audience,
    /// Where the cursor is.
    pub place: Place,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// What stands in the fields of a form, whether it makes a message or not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FormTexts {
    /// By field, in the order of the form.
    pub fields: Vec<FieldText>,
    /// The page to open.
    pub url: String,
    /// The mini program to open.
    pub mini_appid: String,
    /// Its page.
    pub mini_path: String,
}

/// What stands in one field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldText {
    /// Key of the field.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Its colour.
    pub color: String,
}

/// Where the operator was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Number of the pane, 1 to 7; 0 if it is not known.
    pub pane: u8,
    /// The field under the cursor.
    pub spot: Spot,
    /// Whether letters were text.
    pub typing: bool,
    /// Characters before the cursor.
    pub column: usize,
}

/// A place in a form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// The first field.
    #[default]
    First,
    /// The value of the field with this key.
    Value(String),
    /// Its colour.
    Color(String),
    /// The page to open.
    Url,
    /// The mini program to open.
    MiniAppid,
    /// Its page.
    MiniPath,
    /// Who gets it.
    Audience,
}

impl FormTexts {
    /// What a form shows that makes this message.
    pub fn of(message: &Message) -> Self {
        let field = |value: &super::message::FieldValue| FieldText {
            key: value.key.clone(),
            value: value.value.clone(),
            color: value.color.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        let mini = message.mini.as_ref();
        Self {
            fields: message.values.iter().map(field).collect(),
            url: message.url.clone().unwrap_or_default(),
            mini_appid: mini.map(|mini| mini.appid.to_string()).unwrap_or_default(),
            mini_path: mini.and_then(|mini| mini.path.clone()).unwrap_or_default(),
        }
    }

    /// What stands in the field with a key.
    pub fn field(&self, key: &str) -> Option<&FieldText> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether nothing was written at all.
    pub fn is_empty(&self) -> bool {
        let empty = |field: &FieldText| field.value.is_empty() && field.color.is_empty();
        self.fields.iter().all(empty) && [&self.url, &self.mini_appid, &self.mini_path].iter().all(|text| text.is_empty())
    }

    /// The beginning of what was written, to know a draft by.
    pub fn first_words(&self) -> &str {
        self.fields.iter().map(|field| field.value.as_str()).find(|value| !value.is_empty()).unwrap_or(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::AppId;
    use crate::domain::message::{Color, FieldValue, MiniProgram};

    #[test]
    fn what_an_older_version_kept_is_read_and_a_message_becomes_what_a_form_shows() {
        assert_eq!(serde_json::from_str::<FormTexts>("{}").unwrap(), FormTexts::default());
        assert_eq!(serde_json::from_str::<Place>(r#"{"spot":{"value":"thing1"}}"#).unwrap().spot, Spot::Value("thing1".into()));
        let mut message = Message::new(TemplateId::trusted("T"));
        message.values.push(FieldValue { key: "a".into(), value: "甲".into(), color: Some(Color::parse("#173177").unwrap()) });
        message.mini = Some(MiniProgram { appid: AppId::trusted("wx1"), path: None });
        let texts = FormTexts::of(&message);
        assert_eq!(texts.field("a").map(|field| (field.value.as_str(), field.color.as_str())), Some(("甲", "#173177")));
        assert_eq!((texts.mini_appid.as_str(), texts.first_words(), texts.is_empty()), ("wx1", "甲", false));
        let texts = serde_json::to_string(&texts).unwrap();
        assert_eq!(serde_json::from_str::<FormTexts>(&texts).unwrap(), FormTexts::of(&message));
        assert!(FormTexts::of(&Message::new(TemplateId::trusted("T"))).is_empty());
    }
}
