//! Placeholders in a message, `{{ remark }}`: what is known of a recipient is put in their place. Strict: a name of which nothing
//! is known is an error, never an empty text.

use super::id::OpenId;
use super::message::Message;
use super::rules::{Finding, Level, Rule};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The names that every audience has.
pub const NAMES: [&str; 4] = ["remark", "nickname", "openid", "today"];

/// Steps that one text may take: far more than a message needs, and few enough that none can hang the program.
const FUEL: u64 = 20_000;

/// What the placeholders of one recipient stand for, by name. Only what is known is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// What is known of one recipient at `now`; `today` is that of the time zone. What is empty is not known.
    pub fn new(openid: &OpenId, nickname: &str, remark: &str, now: Timestamp, zone: &TimeZone) -> Self {
        let mut params = Self::default();
        params.set("openid", openid.as_str());
        params.set("nickname", nickname);
        params.set("remark", remark);
        params.set("today", &today(now, zone));
        params
    }

    /// The same with the openid, which is not kept with the rest.
    #[must_use]
    pub fn with_openid(&self, openid: &OpenId) -> Self {
        let mut params = self.clone();
        params.set("openid", openid.as_str());
        params
    }

    /// What a file says of a recipient comes before what is known of them anyway.
    #[must_use]
    pub fn with_columns(mut self, columns: &BTreeMap<String, String>) -> Self {
        for (name, value) in columns {
            self.set(name, value);
        }
        self
    }

    /// Says what a name stands for.
    pub fn set(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.insert(name.to_owned(), value.to_owned());
        }
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// The day as the documentation of `date` values writes it first (`wechat-api.md §6`): `2026年11月27日`.
fn today(now: Timestamp, zone: &TimeZone) -> String {
    let day = zone.to_datetime(now);
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// Whether a text is to be worked out for each recipient.
pub fn has_any(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|open| text.contains(open))
}

/// Whether a placeholder can have this name.
pub fn is_name(text: &str) -> bool {
    let source = format!("{{{{ {text} }}}}");
    let environment = Environment::empty();
    environment.template_from_str(&source).is_ok_and(|read| read.undeclared_variables(false).iter().eq([text]))
}

/// A text of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Value(usize),
    Url,
    MiniPath,
}

impl Place {
    fn all(message: &Message) -> impl Iterator<Item = Self> + use<> {
        (0..message.values.len()).map(Self::Value).chain([Self::Url, Self::MiniPath])
    }

    fn of(self, message: &Message) -> Option<&str> {
        match self {
            Self::Value(index) => message.values.get(index).map(|value| value.value.as_str()),
            Self::Url => message.url.as_deref(),
            Self::MiniPath => message.mini.as_ref()?.path.as_deref(),
        }
    }

    fn put(self, message: &mut Message, text: String) {
        match self {
            Self::Value(index) => {
                if let Some(value) = message.values.get_mut(index) {
                    value.value = text;
                }
            }
            Self::Url => message.url = Some(text),
            Self::MiniPath => {
                if let Some(mini) = &mut message.mini {
                    mini.path = Some(text);
                }
            }
        }
    }

    /// As findings name it.
    fn name(self, message: &Message) -> String {
        match self {
            Self::Value(index) => message.values.get(index).map(|value| value.key.clone()).unwrap_or_default(),
            Self::Url => "url".to_owned(),
            Self::MiniPath => "miniprogram".to_owned(),
        }
    }
}

/// A message whose placeholders were read once, to be worked out for many recipients.
pub struct Personal {
    message: Message,
    environment: Environment<'static>,
    parts: Vec<Part>,
    /// What could not even be read.
    broken: Vec<Finding>,
}

struct Part {
    place: Place,
    /// Its name in the environment.
    key: String,
    /// The names that occur in it.
    names: BTreeSet<String>,
}

impl Personal {
    /// Reads the placeholders of a message. None if it has none: it is the same for everyone.
    pub fn read(message: &Message) -> Option<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let (mut parts, mut broken) = (Vec::new(), Vec::new());
        for (index, place) in Place::all(message).enumerate() {
            let Some(text) = place.of(message).filter(|text| has_any(text)) else { continue };
            let key = index.to_string();
            let added = environment.add_template_owned(key.clone(), text.to_owned());
            match added.and_then(|()| environment.get_template(&key)) {
                Ok(template) => {
                    let names = template.undeclared_variables(false).into_iter().collect();
                    parts.push(Part { place, key, names });
                }
                Err(error) => broken.push(finding(place.name(message), Rule::of(&error))),
            }
        }
        let any = !parts.is_empty() || !broken.is_empty();
        any.then(|| Self { message: message.clone(), environment, parts, broken })
    }

    /// What cannot be read, whoever the recipient is.
    pub fn broken(&self) -> &[Finding] {
        &self.broken
    }

    /// The message for one recipient; or what keeps it from being one.
    pub fn render(&self, params: &Params) -> Result<Message, Vec<Finding>> {
        let (message, findings) = self.put(params);
        if findings.is_empty() { Ok(message) } else { Err(findings) }
    }

    /// The message with as much put in its place as can be; the rest stays as it was written, and it is told why.
    pub fn put(&self, params: &Params) -> (Message, Vec<Finding>) {
        let (mut message, mut findings) = (self.message.clone(), self.broken.clone());
        for part in &self.parts {
            let rendered = self.environment.get_template(&part.key).and_then(|template| template.render(&params.0));
            match rendered {
                Ok(text) => part.place.put(&mut message, text),
                Err(error) => findings.extend(part.failures(&error, params, &self.message)),
            }
        }
        (message, findings)
    }

    /// What has to be kept of what is known of a recipient, so that the message can be made again. The openid is kept anyway.
    pub fn frozen(&self, params: &Params) -> Params {
        let names = self.parts.iter().flat_map(|part| &part.names).filter(|name| *name != "openid");
        let known = names.filter_map(|name| Some((name.clone(), params.get(name)?.to_owned())));
        Params(known.collect())
    }

    /// Names that stand for nothing whoever the recipient is; `known` are those that can.
    pub fn unknown_names(&self, known: &[String]) -> Vec<Finding> {
        let unknown = |part: &Part| {
            let place = part.place.name(&self.message);
            let names = part.names.iter().filter(|name| !known.contains(name) && !is_function(name)).cloned();
            names.map(move |name| finding(place.clone(), Rule::UnknownName { name, known: known.to_vec() })).collect::<Vec<_>>()
        };
        self.parts.iter().flat_map(unknown).collect()
    }
}

impl Part {
    /// Names what is not known of this recipient, if that is the trouble.
    fn failures(&self, error: &Error, params: &Params, message: &Message) -> Vec<Finding> {
        let place = self.place.name(message);
        if error.kind() == ErrorKind::UndefinedError {
            let missing = self.names.iter().filter(|name| params.get(name).is_none() && !is_function(name));
            let missing: Vec<Finding> =
                missing.map(|name| finding(place.clone(), Rule::NotKnown { name: name.clone() })).collect();
            if !missing.is_empty() {
                return missing;
            }
        }
        vec![finding(place, Rule::of(error))]
    }
}

/// The texts that are to be worked out, whether they can be or not, as findings name them.
pub fn fields_with_any(message: &Message) -> BTreeSet<String> {
    let open = |place: &Place| place.of(message).is_some_and(has_any);
    Place::all(message).filter(open).map(|place| place.name(message)).collect()
}

/// The names of the engine's own functions, which are no placeholders.
fn is_function(name: &str) -> bool {
    ["range", "dict", "namespace", "debug"].contains(&name)
}

fn finding(field: String, rule: Rule) -> Finding {
    Finding { level: Level::Error, field: Some(field), rule }
}

impl Rule {
    /// In the engine's words only where these help: of a placeholder that is still being typed they say nothing new.
    fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::SyntaxError => Self::Unreadable,
            kind => Self::Placeholder { detail: error.detail().map_or_else(|| kind.to_string(), str::to_owned) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{AppId, TemplateId};
    use crate::domain::message::{FieldValue, MiniProgram};

    fn message(values: &[(&str, &str)]) -> Message {
        let mut message = Message::new(TemplateId::trusted("T"));
        message.values = values.iter().map(|(k, v)| FieldValue { key: (*k).into(), value: (*v).into(), color: None }).collect();
        message
    }

    fn zhang() -> Params {
        let now = "2026-11-26T16:30:00Z".parse().unwrap();
        Params::new(&OpenId::trusted("oTD8"), "", "张三", now, &TimeZone::fixed(jiff::tz::offset(8)))
    }

    type Said = Vec<(&'static str, Vec<(&'static str, String)>)>;

    fn value(text: &str) -> Result<String, Said> {
        let said = |findings: Vec<Finding>| findings.iter().map(|f| (f.rule.key(), f.rule.args())).collect::<Vec<_>>();
        let personal = Personal::read(&message(&[("thing1", text)])).unwrap();
        personal.render(&zhang()).map(|message| message.values[0].value.clone()).map_err(said)
    }

    #[test]
    fn what_is_known_is_put_in_its_place() {
        for (text, expected) in [
            ("{{ remark }}您好", "张三您好"),
            ("{{today}}", "2026年11月27日"),
            ("{{ nickname | default('朋友') }}", "朋友"),
            ("{% if remark is defined %}{{ remark }}{% else %}您{% endif %}", "张三"),
            ("{{ remark | upper }} {{ openid }}", "张三 oTD8"),
            ("{{ '{{' }}", "{{"),
            ("<{{ remark }}> & \"", "<张三> & \""),
        ] {
            assert_eq!(value(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_never_an_empty_text() {
        for (text, rule, named) in [
            ("{{ nickname }}", "not_known", "nickname"),
            ("{{ remark }}{{ order }}", "not_known", "order"),
            ("{{thing1.DATA}}", "not_known", "thing1"),
            ("{{ remark", "unreadable", ""),
            ("{{ }}", "unreadable", ""),
            ("{% if %}", "unreadable", ""),
            ("{{ remark | nosuch }}", "placeholder", ""),
            ("{% for i in range(100000) %}x{% endfor %}", "placeholder", ""),
        ] {
            let said = value(text).unwrap_err();
            assert_eq!(said[0].0, rule, "{text}");
            assert!(named.is_empty() || said[0].1.iter().any(|(_, arg)| arg.contains(named)), "{text}: {said:?}");
        }
    }

    #[test]
    fn a_name_is_one_word_of_letters_in_any_script() {
        for (text, expected) in [
            ("姓名", true),
            ("_2026", true),
            ("order_no", true),
            ("", false),
            ("2026", false),
            ("not", false),
            ("a b", false),
            ("a.b", false),
            (" a", false),
            ("金额①", false),
            ("a }}{{ b", false),
        ] {
            assert_eq!(is_name(text), expected, "{text}");
        }
    }

    #[test]
    fn link_and_page_may_have_them_too_and_a_message_without_any_is_the_same_for_all() {
        let mut message = message(&[("thing1", "x"), ("thing2", "{{ today }}")]);
        message.url = Some("https://example.com/{{ openid }}?n={{ remark | urlencode }}".into());
        message.mini = Some(MiniProgram { appid: AppId::trusted("wx1"), path: Some("p?o={{ openid }}".into()) });
        let personal = Personal::read(&message).unwrap();
        let rendered = personal.render(&zhang()).unwrap();
        assert_eq!(rendered.url.as_deref(), Some("https://example.com/oTD8?n=%E5%BC%A0%E4%B8%89"));
        assert_eq!(rendered.mini.unwrap().path.as_deref(), Some("p?o=oTD8"));
        assert_eq!(fields_with_any(&message).into_iter().collect::<Vec<_>>(), ["miniprogram", "thing2", "url"]);
        let frozen = personal.frozen(&zhang());
        assert_eq!(serde_json::to_string(&frozen).unwrap(), r#"{"remark":"张三","today":"2026年11月27日"}"#);
        let again = frozen.with_openid(&OpenId::trusted("oTD8"));
        assert_eq!(personal.render(&again).unwrap().values, rendered.values);
        assert!(Personal::read(&self::message(&[("thing1", "} plain {")])).is_none());
    }

    #[test]
    fn names_that_nobody_has_are_told_before_anybody_is_chosen() {
        let personal = Personal::read(&message(&[("a", "{{ order }} {{ remark }}"), ("b", "{{ range(2) | length }}")]));
        let findings = personal.unwrap().unknown_names(&NAMES.map(str::to_owned));
        let said: Vec<_> = findings.iter().map(|f| (f.field.as_deref().unwrap(), f.rule.key())).collect();
        assert_eq!(said, [("a", "unknown_name")]);
    }
}
