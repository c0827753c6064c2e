//! What WeChat will refuse or show otherwise than one thinks, said before anything is sent (`wechat-api.md §6`).

pub mod shape;

use super::id::OpenId;
use super::message::{FieldValue, Message, empty_is_a_value};
use super::template::{Field, Generation, Kind, Template};
use serde::Serialize;

/// One thing that is wrong, or not what one thinks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether WeChat will refuse it.
    pub level: Level,
    /// The key it is about; none if it is about the message as a whole.
    pub field: Option<String>,
    /// What is wrong.
    pub rule: Rule,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Accepted, but not what one thinks.
    Warning,
    /// WeChat will refuse it.
    Error,
}

/// A rule that a message breaks. The words for it are in the language tables under [`Rule::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A category field without a value.
    Empty,
    /// A historical field without a value: it is shown blank.
    Blank,
    /// Only characters that WeChat strips, such as ① or emoji.
    OnlyStripped,
    /// Some characters that WeChat strips.
    Stripped {
        /// Those of them that can be seen, each once.
        signs: String,
    },
    /// Longer than its kind allows, in UTF-16 units.
    TooLong {
        /// Most characters.
        max: usize,
        /// How many there are.
        actual: usize,
    },
    /// Not of the form of its kind.
    Shape(Kind),
    /// A line end, tab or other control character.
    Control,
    /// More than ten digits before the point: documents differ on the limit.
    ManyDigits,
    /// A date where a time is asked: often accepted, not always.
    DateOnly,
    /// Historical values are cut to this many characters.
    Cut {
        /// Characters that remain.
        max: usize,
    },
    /// Everything after a line end is dropped.
    LineEnd,
    /// Emoji are shown as □.
    Emoji,
    /// `first` and `remark` are no longer shown.
    NotShown,
    /// Colours are no longer shown.
    ColorIgnored,
    /// The template has no such key.
    UnknownField {
        /// Keys it has.
        known: Vec<String>,
    },
    /// The mini program wins; the link is for very old clients.
    UrlAndMini,
    /// Not a web address.
    UrlShape,
    /// Characters that no openid has.
    OpenIdShape,
    /// Not the usual number of characters of an openid: cut, or of another system.
    OpenIdLength {
        /// How many there are usually.
        usual: usize,
        /// How many there are.
        actual: usize,
    },
    /// A value that WeChat was never seen to take, where it takes certain ones only.
    UnusualValue {
        /// Those it took, and that of the example.
        known: Vec<String>,
    },
    /// A placeholder that is not complete.
    Unreadable,
    /// A placeholder that cannot be worked out.
    Placeholder {
        /// What is wrong with it.
        detail: String,
    },
    /// A placeholder whose name stands for nothing.
    UnknownName {
        /// The name.
        name: String,
        /// Names that stand for something.
        known: Vec<String>,
    },
    /// A placeholder of which nothing is known for this recipient.
    NotKnown {
        /// The name.
        name: String,
    },
}

impl Rule {
    /// Name of its text in the language tables.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Blank => "blank",
            Self::OnlyStripped => "only_stripped",
            Self::Stripped { .. } => "stripped",
            Self::TooLong { .. } => "too_long",
            Self::Shape(kind) => shape::text_key(*kind),
            Self::Control => "control",
            Self::ManyDigits => "many_digits",
            Self::DateOnly => "date_only",
            Self::Cut { .. } => "cut",
            Self::LineEnd => "line_end",
            Self::Emoji => "emoji",
            Self::NotShown => "not_shown",
            Self::ColorIgnored => "color_ignored",
            Self::UnknownField { .. } => "unknown_field",
            Self::UrlAndMini => "url_and_mini",
            Self::UrlShape => "url_shape",
            Self::OpenIdShape => "openid_shape",
            Self::OpenIdLength { .. } => "openid_length",
            Self::UnusualValue { .. } => "unusual_value",
            Self::Unreadable => "unreadable",
            Self::Placeholder { .. } => "placeholder",
            Self::UnknownName { .. } => "unknown_name",
            Self::NotKnown { .. } => "not_known",
        }
    }

    /// What its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong { max, actual } => vec![("max", max.to_string()), ("actual", actual.to_string())],
            Self::Cut { max } => vec![("max", max.to_string())],
            Self::Stripped { signs } => vec![("signs", signs.clone())],
            Self::OpenIdLength { usual, actual } => vec![("usual", usual.to_string()), ("actual", actual.to_string())],
            Self::UnknownField { known } | Self::UnusualValue { known } => vec![("known", known.join(", "))],
            Self::Placeholder { detail } => vec![("detail", detail.clone())],
            Self::UnknownName { name, known } => vec![("name", name.clone()), ("known", known.join(", "))],
            Self::NotKnown { name } => vec![("name", name.clone())],
            _ => Vec::new(),
        }
    }
}

/// Longest value of a kind, in UTF-16 units; none where no limit is known.
pub fn max_chars(kind: Kind) -> Option<usize> {
    match kind {
        Kind::Thing | Kind::Const | Kind::Legacy => Some(20),
        Kind::CharacterString | Kind::Number | Kind::Letter => Some(32),
        Kind::Symbol | Kind::Phrase => Some(5),
        Kind::PhoneNumber => Some(17),
        Kind::CarNumber => Some(8),
        Kind::Name => Some(20),
        Kind::ShortThing | Kind::Time | Kind::Date | Kind::Amount | Kind::EnumString | Kind::Enum => None,
    }
}

/// Most characters that this very value may have: a name with Chinese in it has half the room.
pub fn room(kind: Kind, value: &str) -> Option<usize> {
    if kind == Kind::Name && value.chars().any(shape::is_han) { Some(10) } else { max_chars(kind) }
}

/// Length as WeChat is taken to count it: UTF-16 units, the stricter reading (`wechat-api.md §6`).
pub fn length(value: &str) -> usize {
    value.encode_utf16().count()
}

/// Everything that can be said of a message before it is sent, errors first, then in template order.
pub fn check(template: &Template, message: &Message) -> Vec<Finding> {
    let fields = template.fields();
    let mut findings = Vec::new();
    for field in &fields {
        check_field(template.generation(), field, message.values.iter().find(|v| v.key == field.key), &mut findings);
    }
    for value in message.values.iter().filter(|v| !fields.iter().any(|f| f.key == v.key)) {
        let known = fields.iter().map(|f| f.key.clone()).collect();
        findings.push(error(&value.key, Rule::UnknownField { known }));
    }
    check_jump(message, &mut findings);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings
}

/// What can be said of one value of a category field by itself.
pub fn check_value(kind: Kind, value: &str) -> Option<(Level, Rule)> {
    if value.trim().is_empty() {
        return if empty_is_a_value(kind) && value.is_empty() { None } else { Some((Level::Error, Rule::Empty)) };
    }
    if value.chars().any(char::is_control) {
        return Some((Level::Error, Rule::Control));
    }
    if value.chars().all(|c| c.is_whitespace() || shape::is_stripped(c) || shape::is_pictograph(c)) {
        return Some((Level::Error, Rule::OnlyStripped));
    }
    if let Some(max) = room(kind, value).filter(|max| length(value) > *max) {
        return Some((Level::Error, Rule::TooLong { max, actual: length(value) }));
    }
    shape::check(kind, value)
}

/// What can be said of a value where only certain ones are taken, and these are known.
pub fn check_known(key: &str, value: &str, known: &[String]) -> Option<Finding> {
    let usual = value.is_empty() || known.is_empty() || known.iter().any(|one| one == value);
    (!usual).then(|| warning(key, Rule::UnusualValue { known: known.to_vec() }))
}

/// What can be said of a recipient's openid that is taken as it is.
pub fn check_openid(openid: &OpenId) -> Option<Finding> {
    let rule = Rule::OpenIdLength { usual: OpenId::USUAL_LEN, actual: openid.as_str().len() };
    (!openid.has_usual_length()).then_some(Finding { level: Level::Warning, field: None, rule })
}

fn check_field(generation: Generation, field: &Field, value: Option<&FieldValue>, findings: &mut Vec<Finding>) {
    let text = value.map_or("", |v| v.value.as_str());
    match generation {
        Generation::Category => {
            let missing_const = value.is_none() && empty_is_a_value(field.kind);
            match check_value(field.kind, text) {
                Some((level, rule)) => findings.push(Finding { level, field: Some(field.key.clone()), rule }),
                None if missing_const => findings.push(warning(&field.key, Rule::Blank)),
                None => findings.extend(stripped(text).map(|signs| warning(&field.key, Rule::Stripped { signs }))),
            }
        }
        Generation::Historical => check_historical(field, text, findings),
    }
    if value.is_some_and(|v| v.color.is_some()) {
        findings.push(warning(&field.key, Rule::ColorIgnored));
    }
}

/// The characters of a value that WeChat takes away, if there are any to be seen.
fn stripped(text: &str) -> Option<String> {
    let mut signs = String::new();
    for sign in text.chars().filter(|c| shape::is_stripped(*c) && !shape::is_invisible(*c)) {
        if !signs.contains(sign) {
            signs.push(sign);
        }
    }
    (!signs.is_empty()).then_some(signs)
}

fn check_historical(field: &Field, text: &str, findings: &mut Vec<Finding>) {
    let retired = matches!(field.key.as_str(), "first" | "remark");
    let rules = [
        (retired && !text.is_empty(), Rule::NotShown),
        (!retired && text.trim().is_empty(), Rule::Blank),
        (
            !retired && !text.trim().is_empty() && text.chars().all(|c| c.is_whitespace() || shape::is_stripped(c)),
            Rule::OnlyStripped,
        ),
        (!retired && text.contains(['\n', '\r']), Rule::LineEnd),
        (!retired && length(text) > 20, Rule::Cut { max: 20 }),
        (!retired && text.chars().any(shape::is_emoji), Rule::Emoji),
    ];
    findings.extend(rules.into_iter().filter(|(broken, _)| *broken).map(|(_, rule)| warning(&field.key, rule)));
}

fn check_jump(message: &Message, findings: &mut Vec<Finding>) {
    let Some(url) = message.url.as_deref().filter(|url| !url.is_empty()) else { return };
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with('/') || url.contains(char::is_whitespace)) {
        findings.push(error("url", Rule::UrlShape));
    }
    if message.mini.is_some() {
        findings.push(warning("url", Rule::UrlAndMini));
    }
}

fn error(field: &str, rule: Rule) -> Finding {
    Finding { level: Level::Error, field: Some(field.to_owned()), rule }
}

fn warning(field: &str, rule: Rule) -> Finding {
    Finding { level: Level::Warning, field: Some(field.to_owned()), rule }
}

#[cfg(test)]
mod tests;
