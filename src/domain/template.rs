//! A template and the fields read out of its content (`wechat-api.md §4.5, §4.7`).

use super::id::TemplateId;
use serde::{Deserialize, Serialize};

/// A template of one account, as `get_all_private_template` gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id within the account.
    pub id: TemplateId,
    /// What people call it.
    pub title: String,
    /// The text with its `{{key.DATA}}` placeholders.
    pub content: String,
    /// A filled-in example, often empty.
    pub example: String,
    /// Main and sub industry; both empty for category templates.
    pub industry: (String, String),
}

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key of the request's `data`, without `.DATA`.
    pub key: String,
    /// The words before it in the content; empty where there are none.
    pub label: String,
    /// Which values WeChat accepts.
    pub kind: Kind,
}

/// Category templates check values by type, historical ones take any text (`wechat-api.md §4.1`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Generation {
    /// 类目模板: every key is typed.
    Category,
    /// 历史模板, and the free templates of test accounts.
    Historical,
}

/// The type of a field, read off its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the API's own word, explained in wechat-api.md §6")]
pub enum Kind {
    Thing,
    ShortThing,
    CharacterString,
    Number,
    Letter,
    Symbol,
    Time,
    Date,
    Amount,
    PhoneNumber,
    CarNumber,
    Name,
    Phrase,
    Const,
    EnumString,
    Enum,
    /// Any text: a key of a historical template.
    Legacy,
}

/// Names of the typed keys; the longer of two that begin alike comes first.
const KINDS: &[(&str, Kind)] = &[
    ("short_thing", Kind::ShortThing),
    ("thing", Kind::Thing),
    ("character_string", Kind::CharacterString),
    ("number", Kind::Number),
    ("letter", Kind::Letter),
    ("symbol", Kind::Symbol),
    ("time", Kind::Time),
    ("date", Kind::Date),
    ("amount", Kind::Amount),
    ("phone_number", Kind::PhoneNumber),
    ("car_number", Kind::CarNumber),
    ("name", Kind::Name),
    ("phrase", Kind::Phrase),
    ("const", Kind::Const),
    ("enum_string", Kind::EnumString),
    ("enum", Kind::Enum),
];

impl Kind {
    /// The type of a key such as `thing12`; [`Kind::Legacy`] for anything else.
    pub fn of_key(key: &str) -> Self {
        let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
        if name.len() == key.len() {
            return Self::Legacy;
        }
        KINDS.iter().find(|(known, _)| *known == name).map_or(Self::Legacy, |(_, kind)| *kind)
    }

    /// The API's own word, or `legacy`.
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("legacy", |(name, _)| name)
    }
}

impl Template {
    /// A template of which nothing is known but its id.
    pub fn empty(id: TemplateId) -> Self {
        Self { id, title: String::new(), content: String::new(), example: String::new(), industry: Default::default() }
    }

    /// Fields in order of first appearance; a key that occurs twice is one field.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for line in self.content.lines() {
            let mut rest = line;
            while let Some((before, key, after)) = next_placeholder(rest) {
                if !fields.iter().any(|field| field.key == key) {
                    let label = before.trim().trim_end_matches([':', '：']).trim_end().to_owned();
                    fields.push(Field { key: key.to_owned(), label, kind: Kind::of_key(key) });
                }
                rest = after;
            }
        }
        if fields.iter().any(|field| field.kind == Kind::Legacy) {
            // One free key makes the template a historical one, in which `thing1` is any text too.
            for field in &mut fields {
                field.kind = Kind::Legacy;
            }
        }
        fields
    }

    /// What the example has for a key; none where it cannot be told.
    pub fn example_of(&self, key: &str) -> Option<String> {
        self.content.lines().find_map(|line| {
            let (before, found, after) = next_placeholder(line)?;
            // With two placeholders in a line nobody can tell where the value of the first ends.
            if found != key || next_placeholder(after).is_some() || before.trim().is_empty() {
                return None;
            }
            let filled = self.example.lines().find_map(|example| example.trim_start().strip_prefix(before.trim_start()))?;
            let value = filled.trim_end().strip_suffix(after.trim_end()).unwrap_or(filled).trim();
            (!value.is_empty()).then(|| value.to_owned())
        })
    }

    /// Category if it has keys and every one is typed. No flag tells (`wechat-api.md §4.5`).
    pub fn generation(&self) -> Generation {
        let fields = self.fields();
        if !fields.is_empty() && fields.iter().all(|field| field.kind != Kind::Legacy) {
            Generation::Category
        } else {
            Generation::Historical
        }
    }
}

impl Field {
    /// The label, or the key where the content gives none.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.key } else { &self.label }
    }
}

/// Splits a text at its first `{{key.DATA}}`: what stands before, the key, what follows.
pub fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut searched = 0;
    loop {
        let open = searched + text.get(searched..)?.find("{{")?;
        let inside = text.get(open + 2..)?;
        let close = inside.find("}}")?;
        let key = inside.get(..close).and_then(|name| name.trim().strip_suffix(".DATA")).map(str::trim_end);
        if let Some(key) = key.filter(|key| is_key(key)) {
            return Some((text.get(..open)?, key, inside.get(close + 2..)?));
        }
        searched = open + 1;
    }
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(content: &str) -> Template {
        Template {
            id: TemplateId::trusted("T"),
            title: String::new(),
            content: content.into(),
            example: String::new(),
            industry: (String::new(), String::new()),
        }
    }

    fn shape(content: &str) -> Vec<(String, String, Kind)> {
        template(content).fields().into_iter().map(|f| (f.key, f.label, f.kind)).collect()
    }

    #[test]
    fn a_category_template_gives_typed_fields_in_order() {
        let content = "单位名称:{{thing1.DATA}}\n隐患状态：{{const2.DATA}}\n单号 {{character_string10.DATA}}\n";
        assert_eq!(
            shape(content),
            [
                ("thing1".into(), "单位名称".into(), Kind::Thing),
                ("const2".into(), "隐患状态".into(), Kind::Const),
                ("character_string10".into(), "单号".into(), Kind::CharacterString),
            ]
        );
        assert_eq!(template(content).generation(), Generation::Category);
    }

    #[test]
    fn one_free_key_makes_the_template_historical() {
        let content = "{{first.DATA}}\n\n领奖金额:{{keyword1.DATA}}\n物品:{{thing1.DATA}}\n{{remark.DATA}}";
        assert_eq!(template(content).generation(), Generation::Historical);
        assert_eq!(
            shape(content),
            [
                ("first".into(), String::new(), Kind::Legacy),
                ("keyword1".into(), "领奖金额".into(), Kind::Legacy),
                ("thing1".into(), "物品".into(), Kind::Legacy),
                ("remark".into(), String::new(), Kind::Legacy),
            ]
        );
    }

    #[test]
    fn odd_contents_are_read_as_far_as_they_go() {
        assert_eq!(shape(""), []);
        assert_eq!(template("no keys").generation(), Generation::Historical);
        assert_eq!(shape("{{thing1.DATA}} 和 {{thing1.DATA}}").len(), 1);
        assert_eq!(shape("{{ 姓名 .DATA }}"), [("姓名".into(), String::new(), Kind::Legacy)]);
        assert_eq!(shape("{{x}} {{a b.DATA}} {{.DATA}} {{thing1.DATA"), []);
        assert_eq!(shape("a:{{time1.DATA}}b：{{time2.DATA}}")[1].1, "b");
        assert_eq!(shape("{{{thing1.DATA}}}"), [("thing1".into(), "{".into(), Kind::Thing)]);
    }

    #[test]
    fn kinds_are_told_by_the_longest_name() {
        for (key, kind) in [
            ("thing1", Kind::Thing),
            ("short_thing4", Kind::ShortThing),
            ("character_string32", Kind::CharacterString),
            ("enum_string1", Kind::EnumString),
            ("enum9", Kind::Enum),
            ("phone_number1", Kind::PhoneNumber),
            ("thing", Kind::Legacy),
            ("keyword1", Kind::Legacy),
            ("1", Kind::Legacy),
            ("things1", Kind::Legacy),
        ] {
            assert_eq!(Kind::of_key(key), kind, "{key}");
        }
        assert_eq!(Kind::CharacterString.as_str(), "character_string");
    }

    #[test]
    fn values_are_found_by_what_stands_before_them() {
        let template = Template {
            content: "单号:{{character_string1.DATA}}
金额：{{amount2.DATA}}元
{{first.DATA}}
A{{a1.DATA}}B{{b1.DATA}}
"
            .into(),
            example: "单号: M2023
金额：12.5元
AxBy
"
            .into(),
            ..Template::empty(TemplateId::trusted("T"))
        };
        assert_eq!(template.example_of("character_string1").as_deref(), Some("M2023"));
        assert_eq!(template.example_of("amount2").as_deref(), Some("12.5"));
        for key in ["first", "a1", "b1", "none"] {
            assert_eq!(template.example_of(key), None, "{key}");
        }
    }
}
