//! The program's own sentences. They are data (`assets/locales`), looked up by a dotted key.

use super::number::thousands;
use crate::domain::alias::AliasError;
use crate::domain::audience::{Excluded, Exclusion};
use crate::domain::lang::Lang;
use crate::domain::payload::{Note, PayloadError};
use crate::domain::people::{RemarkError, TagError};
use crate::domain::rules::{Finding, Rule};
use crate::domain::user::UserStanding;
use std::collections::HashMap;
use std::sync::LazyLock;

const EN: &str = include_str!("../../assets/locales/en.toml");
const ZH: &str = include_str!("../../assets/locales/zh.toml");

/// The sentences of one language.
#[derive(Debug)]
pub struct Texts {
    by_key: HashMap<String, String>,
}

impl Texts {
    /// The table of a language, read at its first use.
    pub fn of(lang: Lang) -> &'static Self {
        static EN_TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(EN));
        static ZH_TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(ZH));
        match lang {
            Lang::En => &EN_TEXTS,
            Lang::Zh => &ZH_TEXTS,
        }
    }

    /// The sentence of a key; the key itself where there is none (a test sees to it that this never happens).
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.by_key.get(key).map_or(key, String::as_str)
    }

    /// The sentence with each `{name}` replaced.
    pub fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let mut rest = self.say(key);
        let mut text = String::with_capacity(rest.len() + 16);
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let named = after
                .split_once('}')
                .and_then(|(name, after)| args.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after)));
            // A brace that names nothing is a brace.
            let (put, after) = named.unwrap_or(("{", after));
            text.push_str(put);
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// Keys and sentences of one table.
    pub(super) fn table(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let prefix = format!("{name}.");
        let sentences = self.by_key.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        sentences.filter(move |(key, _)| key.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('.')))
    }

    /// What a finding says.
    pub fn finding(&self, finding: &Finding) -> String {
        self.rule(&finding.rule)
    }

    /// What a broken rule says.
    pub fn rule(&self, rule: &Rule) -> String {
        self.say_of("finding", rule.key(), &rule.args())
    }

    /// What is known of followers after a sync that did not come to its end; empty if nothing is.
    pub fn user_standing(&self, standing: &UserStanding) -> String {
        let [followers, detailed] = [standing.followers, standing.detailed].map(thousands);
        let args = [("followers", followers.as_str()), ("detailed", &detailed)];
        match standing {
            UserStanding { followers: 0, .. } => String::new(),
            UserStanding { listed: true, .. } => self.say_with("sync.kept_all", &args),
            UserStanding { listed: false, .. } => self.say_with("sync.kept_some", &args),
        }
    }

    /// Which rule stands against what is wanted of a tag.
    pub fn tag_error(&self, error: &TagError) -> String {
        self.told(error)
    }

    /// Which rule a remark breaks.
    pub fn remark_error(&self, error: RemarkError) -> String {
        self.told(&error)
    }

    /// Whoever is left out, reason by reason.
    pub fn excluded(&self, excluded: &Excluded) -> Vec<String> {
        let reasons = Exclusion::ALL.into_iter().filter(|reason| excluded.of(*reason) > 0);
        let say = |reason: Exclusion| {
            let count = thousands(excluded.of(reason));
            self.say_with(&format!("excluded.{}", reason.as_str()), &[("count", &count)])
        };
        reasons.map(say).collect()
    }

    /// Whoever a change of tags or the blacklist leaves out, `full` of them since they have all the tags a user can have; empty
    /// where nobody is.
    pub fn left_out(&self, excluded: &Excluded, full: u64) -> String {
        let mut reasons = self.excluded(excluded);
        if full > 0 {
            reasons.push(self.say_with("tag.full", &[("count", &thousands(full))]));
        }
        let reasons = reasons.join(self.say("excluded.and"));
        if reasons.is_empty() { reasons } else { self.say_with("tag.left_out", &[("reasons", &reasons)]) }
    }

    /// What a tag is used for beside its users, a sentence for each: the number of drafts, and kept audiences by name.
    pub fn tag_uses(&self, drafts: u64, kept: &[String]) -> Vec<String> {
        let drafts = (drafts > 0).then(|| self.say_with("tag.used_in_drafts", &[("count", &thousands(drafts))]));
        let names = || kept.iter().map(|name| self.say_with("tag.kept_name", &[("name", name)])).collect::<Vec<_>>();
        let kept = (!kept.is_empty()).then(|| {
            let args = [("count", thousands(kept.len() as u64)), ("names", names().join(self.say("excluded.and")))];
            self.say_of("tag", "used_in_kept", &args)
        });
        drafts.into_iter().chain(kept).collect()
    }

    /// What was put right in a raw body.
    pub fn payload_note(&self, note: &Note) -> String {
        self.say_of("payload_note", note.key(), &note.args())
    }

    /// Why a raw body cannot be read, and where.
    pub fn payload_error(&self, error: &PayloadError) -> String {
        self.told(error)
    }

    /// Why a template is not called so.
    pub fn alias_error(&self, error: &AliasError) -> String {
        self.told(error)
    }

    /// How a user came, in words; as WeChat writes it where that is none of the ways known.
    pub fn scene<'a>(&'a self, scene: &'a str) -> &'a str {
        self.by_key.get(&format!("scene.{scene}")).map_or(scene, String::as_str)
    }

    fn say_of(&self, table: &str, key: &str, args: &[(&str, String)]) -> String {
        let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.say_with(&format!("{table}.{key}"), &args)
    }

    fn parse(toml: &str) -> Self {
        let table: toml::Table = toml::from_str(toml).unwrap_or_default();
        let mut by_key = HashMap::new();
        collect("", &table, &mut by_key);
        Self { by_key }
    }
}

fn collect(prefix: &str, table: &toml::Table, by_key: &mut HashMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => {
                by_key.insert(key, text.clone());
            }
            toml::Value::Table(inner) => collect(&key, inner, by_key),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Level;
    use crate::domain::template::Kind;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (en, zh) = (Texts::of(Lang::En), Texts::of(Lang::Zh));
        assert!(en.by_key.len() > 100, "the table did not parse: {}", en.by_key.len());
        let keys = |texts: &Texts| texts.by_key.keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(keys(en), keys(zh));
        for (key, text) in &en.by_key {
            assert_eq!(placeholders(text), placeholders(&zh.by_key[key]), "{key}");
            assert!(!text.is_empty() && !zh.by_key[key].is_empty(), "{key}");
        }
    }

    #[test]
    fn names_are_put_into_a_sentence() {
        let texts = Texts::parse("[a]\nb = '{max} of {max}, {other} {'\n");
        assert_eq!(texts.say_with("a.b", &[("max", "3")]), "3 of 3, {other} {");
        assert_eq!(texts.say("a.c"), "a.c");
        assert_eq!(
            texts.say_with("a.b", &[("max", "{other}"), ("other", "x")]),
            "{other} of {other}, x {",
            "values are not read again"
        );
    }

    #[test]
    fn every_rule_has_its_sentence() {
        let kinds = [
            Kind::Thing,
            Kind::ShortThing,
            Kind::CharacterString,
            Kind::Number,
            Kind::Letter,
            Kind::Symbol,
            Kind::Time,
            Kind::Date,
            Kind::Amount,
            Kind::PhoneNumber,
            Kind::CarNumber,
            Kind::Name,
            Kind::Phrase,
            Kind::Const,
            Kind::EnumString,
            Kind::Enum,
            Kind::Legacy,
        ];
        let mut rules: Vec<Rule> = kinds.into_iter().map(Rule::Shape).collect();
        rules.extend([
            Rule::Empty,
            Rule::Blank,
            Rule::OnlyStripped,
            Rule::TooLong { max: 20, actual: 21 },
            Rule::Control,
            Rule::ManyDigits,
            Rule::DateOnly,
            Rule::Cut { max: 20 },
            Rule::LineEnd,
            Rule::Emoji,
            Rule::NotShown,
            Rule::ColorIgnored,
            Rule::UnknownField { known: vec!["thing1".into()] },
            Rule::UrlAndMini,
            Rule::UrlShape,
            Rule::OpenIdShape,
            Rule::OpenIdLength { usual: 28, actual: 4 },
        ]);
        for lang in [Lang::En, Lang::Zh] {
            for rule in &rules {
                let finding = Finding { level: Level::Error, field: None, rule: rule.clone() };
                let text = Texts::of(lang).finding(&finding);
                assert!(!text.starts_with("finding.") && !text.contains(['{', '}']), "{text}");
            }
        }
    }

    #[test]
    fn every_rule_of_tags_and_remarks_has_its_sentence() {
        let name = || "VIP".to_owned();
        let tags = [
            TagError::Nameless,
            TagError::Control,
            TagError::TooLong(name()),
            TagError::Same(name()),
            TagError::Taken(name()),
            TagError::System(name()),
            TagError::Full,
            TagError::TooMany { name: name(), count: 100_001 },
        ];
        for texts in [Lang::En, Lang::Zh].map(Texts::of) {
            let remarks = [RemarkError::Control, RemarkError::TooLong { chars: 30 }].map(|error| texts.remark_error(error));
            for text in tags.iter().map(|error| texts.tag_error(error)).chain(remarks) {
                assert!(!text.contains("_error.") && !text.contains(['{', '}']), "{text}");
            }
        }
    }

    #[test]
    fn what_is_left_out_of_a_change_and_what_a_tag_is_used_for_are_told() {
        let texts = Texts::of(Lang::En);
        let mut excluded = Excluded::default();
        assert_eq!(texts.left_out(&excluded, 0), "");
        excluded.add(Exclusion::Unsubscribed, 12);
        assert_eq!(texts.left_out(&excluded, 2), "Left out: 12 unfollowed, 2 with 20 tags already.");
        assert_eq!(Texts::of(Lang::Zh).left_out(&excluded, 2), "未处理：已取关 12、已有 20 个标签 2。");
        assert!(texts.tag_uses(0, &[]).is_empty());
        let uses = texts.tag_uses(3, &["贵宾".into(), "all".into()]);
        assert_eq!(uses, ["Drafts that use it: 3.", "Kept audiences that use it: 2 (“贵宾”, “all”)."]);
    }

    #[test]
    fn every_note_and_error_of_a_body_has_its_sentence() {
        // A key in the code that has no sentence is said as it is: the tables are compared with the code itself.
        let of =
            |file: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/payload").join(file));
        for (file, table, least) in [("note.rs", "payload_note", 20), ("error.rs", "payload_error", 35)] {
            let source = of(file).unwrap();
            let keys: Vec<&str> = source.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert!(keys.len() >= least, "only {} keys seen in {file}", keys.len());
            for key in keys {
                assert!(Texts::of(Lang::En).by_key.contains_key(&format!("{table}.{key}")), "{table}.{key}");
            }
        }
    }

    fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(dir) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_key_used_by_the_two_faces_exists() {
        let mut files = Vec::new();
        for room in ["src/tui", "src/cli"] {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room), &mut files);
        }
        let texts = Texts::of(Lang::En);
        let mut used = 0;
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            for call in ["say(", "say_with("] {
                for rest in source.split(call).skip(1) {
                    let Some(key) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(key, _)| key)
                    else {
                        continue;
                    };
                    used += 1;
                    assert!(texts.by_key.contains_key(key), "{} uses {key}", file.display());
                }
            }
        }
        assert!(used > 50, "only {used} keys seen: did the names of the functions change?");
    }
}
