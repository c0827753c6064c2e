//! A message with the eyes of one recipient: what they would get, and everything that can be said of it before it is sent.

use super::message::Message;
use super::placeholders::{NAMES, Params, Personal, fields_with_any};
use super::rules::{self, Finding};
use super::template::{Kind, Template};
use std::collections::{BTreeMap, BTreeSet};

/// What is known beside the message itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The names that placeholders can have.
    pub names: Vec<String>,
    /// By key, the values that WeChat is known to take: no API tells those of a `const` (`wechat-api.md §6`), so they are those of
    /// the example and those it took before, the latest first.
    pub values: BTreeMap<String, Vec<String>>,
}

impl Default for Known {
    fn default() -> Self {
        Self { names: NAMES.map(str::to_owned).to_vec(), values: BTreeMap::new() }
    }
}

impl Known {
    /// What is known of a template whose keys took these values before.
    pub fn of(template: &Template, used: BTreeMap<String, Vec<String>>) -> Self {
        let mut known = Self { values: used, ..Self::default() };
        for field in template.fields().into_iter().filter(|field| has_fixed_values(field.kind)) {
            if let Some(example) = template.example_of(&field.key) {
                let values = known.values.entry(field.key).or_default();
                if !values.contains(&example) {
                    values.push(example);
                }
            }
        }
        known
    }

    /// The same with the columns of files, which placeholders can name as well.
    #[must_use]
    pub fn with_columns(mut self, columns: &[String]) -> Self {
        for column in columns {
            if !self.names.contains(column) {
                self.names.push(column.clone());
            }
        }
        self
    }

    /// The values that a key is known to take.
    pub fn values_of(&self, key: &str) -> &[String] {
        self.values.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Whether WeChat takes certain values only.
pub fn has_fixed_values(kind: Kind) -> bool {
    matches!(kind, Kind::Const | Kind::Enum | Kind::EnumString)
}

/// A message as one recipient would get it, with everything that can be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// With its placeholders worked out, where they could be; else as it was written.
    pub message: Message,
    /// Errors first. Of texts that could not be worked out nothing is said but why.
    pub findings: Vec<Finding>,
}

/// Looks at a message with the eyes of one recipient; without one, at what is the same for all.
pub fn see(template: &Template, message: &Message, recipient: Option<&Params>, known: &Known) -> Seen {
    match (Personal::read(message), recipient) {
        (None, _) => checked(template, message.clone(), Vec::new(), &BTreeSet::new(), known),
        (Some(personal), Some(params)) => judge(template, &personal, params, known),
        (Some(personal), None) => {
            let mut findings = personal.broken().to_vec();
            findings.extend(personal.unknown_names(&known.names));
            checked(template, message.clone(), findings, &fields_with_any(message), known)
        }
    }
}

/// The same for a message whose placeholders were read before.
pub fn judge(template: &Template, personal: &Personal, params: &Params, known: &Known) -> Seen {
    let mut findings = personal.unknown_names(&known.names);
    let (message, failures) = personal.put(params);
    // A name that nobody has is told of as such, and not once more as one that this recipient lacks.
    let told: BTreeSet<String> = findings.iter().filter_map(|finding| finding.field.clone()).collect();
    findings.extend(failures.into_iter().filter(|failure| failure.field.as_ref().is_none_or(|field| !told.contains(field))));
    let open = findings.iter().filter_map(|finding| finding.field.clone()).collect();
    checked(template, message, findings, &open, known)
}

/// Adds what the rules say; of the fields in `open` they say nothing.
fn checked(template: &Template, message: Message, mut findings: Vec<Finding>, open: &BTreeSet<String>, known: &Known) -> Seen {
    let closed = |finding: &Finding| !finding.field.as_ref().is_some_and(|field| open.contains(field));
    findings.extend(rules::check(template, &message).into_iter().filter(closed));
    findings.extend(unusual_values(template, &message, known).into_iter().filter(closed));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Seen { message, findings }
}

/// Values that WeChat was never seen to take where it takes certain ones only.
fn unusual_values(template: &Template, message: &Message, known: &Known) -> Vec<Finding> {
    if known.values.is_empty() {
        return Vec::new();
    }
    let fields = template.fields().into_iter().filter(|field| has_fixed_values(field.kind));
    fields.filter_map(|field| rules::check_known(&field.key, message.value(&field.key)?, known.values_of(&field.key))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OpenId, TemplateId};
    use crate::domain::message::FieldValue;

    fn message(values: &[(&str, &str)]) -> Message {
        let mut message = Message::new(TemplateId::trusted("T"));
        message.values = values.iter().map(|(k, v)| FieldValue { key: (*k).into(), value: (*v).into(), color: None }).collect();
        message
    }

    fn zhang() -> Params {
        Params::new(&OpenId::trusted("oTD8"), "", "张三", jiff::Timestamp::UNIX_EPOCH, &jiff::tz::TimeZone::UTC)
    }

    #[test]
    fn a_message_is_seen_with_the_eyes_of_one_recipient() {
        let template = Template {
            content: "甲:{{thing1.DATA}}\n乙:{{phrase2.DATA}}\n".into(),
            ..Template::empty(TemplateId::trusted("T"))
        };
        let known = Known::default();
        let said = |thing: &str, phrase: &str, params: Option<&Params>| {
            let seen = see(&template, &message(&[("thing1", thing), ("phrase2", phrase)]), params, &known);
            let said: Vec<_> = seen.findings.iter().map(|f| f.rule.key()).collect();
            (seen.message.values[0].value.clone(), said)
        };
        assert_eq!(said("{{ remark }}", "好", Some(&zhang())), ("张三".into(), vec![]));
        assert_eq!(said("{{ remark }}", "好", None), ("{{ remark }}".into(), vec![]), "it depends on who it is");
        let long = "{{ remark }}一二三四五六七八九十一二三四五六七八九";
        assert_eq!(said(long, "好", Some(&zhang())).1, ["too_long"]);
        assert_eq!(said("{{ nickname }}", "OK", Some(&zhang())), ("{{ nickname }}".into(), vec!["not_known", "shape_phrase"]));
        assert_eq!(said("{{ order }}", "", Some(&zhang())).1, ["unknown_name", "empty"]);
        assert_eq!(said("{{ order", "好", Some(&zhang())).1, ["unreadable"]);
    }

    #[test]
    fn a_value_never_seen_is_warned_of_where_only_certain_ones_are_taken() {
        let template = Template {
            content: "状态:{{const1.DATA}}\n品名:{{thing2.DATA}}\n".into(),
            example: "状态:待整改\n品名:壶\n".into(),
            ..Template::empty(TemplateId::trusted("T"))
        };
        let used = BTreeMap::from([("const1".to_owned(), vec!["整改中".to_owned()])]);
        let known = Known::of(&template, used);
        assert_eq!(known.values_of("const1"), ["整改中", "待整改"]);
        assert_eq!(known.values_of("thing2"), [] as [&str; 0]);
        let said = |value: &str, known: &Known| {
            let seen = see(&template, &message(&[("const1", value), ("thing2", "杯")]), None, known);
            seen.findings.iter().map(|f| (f.level, f.rule.key())).collect::<Vec<_>>()
        };
        for taken in ["待整改", "整改中", ""] {
            assert_eq!(said(taken, &known), [], "{taken}");
        }
        assert_eq!(said("已整改", &known), [(rules::Level::Warning, "unusual_value")]);
        assert_eq!(said("已整改", &Known::default()), [], "nothing is known to compare with");
    }
}
