//! The templates of one account, and the library they are added from (`wechat-api.md §4`).

use crate::sim::{
    reply::Refusal,
    rng::Rng,
    rules::{self, Flaw, Kind},
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// Templates of one account at most.
const MOST: usize = 25;

/// One template in an account's list.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub struct Template {
    /// 43 characters.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Main industry: historical templates only.
    pub primary: Option<String>,
    /// Sub-industry: historical templates only.
    pub deputy: Option<String>,
    /// The text with its placeholders.
    pub content: String,
    /// The text with example values.
    pub example: String,
    /// Approved values of `const` and `enum` keys; a key without any takes whatever is short enough.
    pub approved: HashMap<String, Vec<String>>,
    /// What sends with it answer, if not 0: 43116 banned, 40037 removed by the platform though still listed.
    pub dead: Option<i64>,
    keys: Vec<Key>,
}

/// How a template is written down in `world.json`.
#[derive(Deserialize)]
struct Written {
    id: String,
    title: String,
    #[serde(default)]
    primary: Option<String>,
    #[serde(default)]
    deputy: Option<String>,
    content: String,
    #[serde(default)]
    example: String,
    #[serde(default)]
    approved: HashMap<String, Vec<String>>,
    #[serde(default)]
    dead: Option<i64>,
}

impl From<Written> for Template {
    fn from(w: Written) -> Self {
        let keys = read_keys(&w.content);
        let Written { id, title, primary, deputy, content, example, approved, dead } = w;
        Self { id, title, primary, deputy, content, example, approved, dead, keys }
    }
}

/// A key of a category template.
#[derive(Debug, Clone)]
struct Key {
    name: String,
    kind: Kind,
}

/// The keys that are judged: all of them, or none when one of them has no type (a historical template).
fn read_keys(content: &str) -> Vec<Key> {
    let typed = |name: String| rules::kind_of(&name).map(|kind| Key { name, kind });
    rules::keys(content).into_iter().map(typed).collect::<Option<Vec<_>>>().unwrap_or_default()
}

impl Template {
    /// A template with this id and content, without industries and examples.
    pub fn new(id: &str, title: &str, content: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            primary: None,
            deputy: None,
            content: content.to_owned(),
            example: String::new(),
            approved: HashMap::new(),
            dead: None,
            keys: read_keys(content),
        }
    }

    /// Judges the `data` of a message in template order; historical templates take anything.
    pub(in crate::sim) fn judge(&self, data: Option<&Value>) -> Result<(), Refusal> {
        for Key { name, kind } in &self.keys {
            let value = data.and_then(|data| data.get(name)).and_then(|field| field.get("value"));
            let verdict = match value {
                Some(Value::String(text)) => rules::check(*kind, text, self.approved(name)),
                Some(Value::Number(number)) => rules::check(*kind, &number.to_string(), self.approved(name)),
                _ => Err(Flaw::Empty),
            };
            verdict.map_err(|flaw| {
                let how = if flaw == Flaw::Empty { "is empty" } else { "invalid" };
                Refusal::saying(47003, format!("argument invalid! data.{name}.value {how}"))
            })?;
        }
        Ok(())
    }

    fn approved(&self, key: &str) -> &[String] {
        self.approved.get(key).map_or(&[], Vec::as_slice)
    }
}

/// An entry of the platform's library, as far as this account may use it.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::sim) struct Entry {
    short: String,
    title: String,
    keywords: Vec<Keyword>,
}

#[derive(Debug, Clone, Deserialize)]
struct Keyword {
    name: String,
    key: String,
    example: String,
    #[serde(default)]
    approved: Vec<String>,
}

impl Entry {
    /// The template made of the chosen keywords, in their order.
    fn choose(&self, names: &[String], rng: &mut Rng) -> Option<Template> {
        let chosen: Option<Vec<&Keyword>> =
            names.iter().map(|name| self.keywords.iter().find(|keyword| keyword.name == *name)).collect();
        let chosen = chosen.filter(|chosen| !chosen.is_empty())?;
        let lines =
            |text: fn(&Keyword) -> String| chosen.iter().map(|k| k.name.clone() + ":" + &text(k) + "\n").collect::<String>();
        let mut template = Template::new(&rng.text(43), &self.title, &lines(|k| format!("{{{{{}.DATA}}}}", k.key)));
        template.example = lines(|k| k.example.clone());
        template.approved =
            chosen.iter().filter(|k| !k.approved.is_empty()).map(|k| (k.key.clone(), k.approved.clone())).collect();
        Some(template)
    }
}

/// What an account has, and what it could add.
#[derive(Debug, Clone, Default)]
pub(in crate::sim) struct Templates {
    pub(in crate::sim) list: Vec<Template>,
    pub(in crate::sim) library: Vec<Entry>,
}

impl Templates {
    pub(in crate::sim) fn get(&self, id: &str) -> Option<&Template> {
        self.list.iter().find(|template| template.id == id)
    }

    /// `api_add_template`: the new id.
    pub(in crate::sim) fn add(&mut self, short: &str, names: &[String], rng: &mut Rng) -> Result<String, Refusal> {
        if short.starts_with("TM") || short.starts_with("OPENTM") {
            return Err(Refusal::of(45027)); // historical ones cannot be added any more
        }
        let entry = self.library.iter().find(|entry| entry.short == short).ok_or(Refusal::of(40037))?;
        if self.list.len() >= MOST {
            return Err(Refusal::of(45026));
        }
        let template = entry.choose(names, rng).ok_or(Refusal::of(40246))?;
        let id = template.id.clone();
        self.list.push(template);
        Ok(id)
    }

    /// `del_private_template`.
    pub(in crate::sim) fn delete(&mut self, id: &str) -> Result<(), Refusal> {
        let before = self.list.len();
        self.list.retain(|template| template.id != id);
        if self.list.len() == before { Err(Refusal::of(40037)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(result: Result<(), Refusal>) -> String {
        result.err().map_or("ok".into(), |refusal| refusal.text.into_owned())
    }

    #[test]
    fn the_first_bad_field_in_template_order_is_named() {
        let t = Template::new("t", "t", "单位:{{thing2.DATA}}\n状态:{{phrase1.DATA}}\n");
        assert_eq!(text(t.judge(Some(&json!({"phrase1": {"value": "待整改"}, "thing2": {"value": "公司"}})))), "ok");
        assert_eq!(
            text(t.judge(Some(&json!({"phrase1": {"value": "x"}, "thing2": {"value": ""}})))),
            "argument invalid! data.thing2.value is empty"
        );
        assert_eq!(
            text(t.judge(Some(&json!({"phrase1": {"value": "x"}, "thing2": {"value": 7}})))),
            "argument invalid! data.phrase1.value invalid"
        );
        for nested in [json!({"thing2.DATA": {"value": "x"}}), json!("{\"thing2\":{\"value\":\"x\"}}"), json!({"thing2": "x"})] {
            assert_eq!(text(t.judge(Some(&nested))), "argument invalid! data.thing2.value is empty");
        }
    }

    #[test]
    fn a_historical_template_takes_anything() {
        let t = Template::new("t", "t", "{{first.DATA}}\n{{thing1.DATA}}\n");
        assert_eq!(text(t.judge(None)), "ok");
        assert_eq!(text(t.judge(Some(&json!({"other": {"value": "x"}})))), "ok");
    }
}
