//! The catalogue of WeChat's error codes: what each means, what to do, and what a sender does about it.
//!
//! The texts are data (`assets/errcodes.tsv` and its two companions) and are read in place: a program that explains one code
//! and ends must not pay for the other two thousand.

use super::lang::Lang;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, sync::LazyLock};

/// `errcode`, `errmsg`, `area`, `class`, then meaning and remedy in English and in Chinese; by code.
const CODES: &str = include_str!("../../assets/errcodes.tsv");
/// What a code means on certain calls only: `errcode`, paths, `class`, and the four texts; the closer path first.
const CALLS: &str = include_str!("../../assets/errcode_calls.tsv");
/// Sentences shared by many codes: `kind`, `key`, English, Chinese.
const SHARED: &str = include_str!("../../assets/errcode_areas.tsv");

/// Key of the shared sentences for codes that the catalogue lacks.
const UNLISTED: &str = "unlisted";

/// What a sender does about a code (`design.md §3`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// WeChat took the call.
    Ok,
    /// The access token is used up or replaced: fetch one, go on.
    RefreshToken,
    /// It passes by itself: the same row again, later.
    Retry,
    /// Too fast: all rows wait.
    WaitQuota,
    /// A definite no for this recipient; the others are not concerned.
    FailRecipient,
    /// Every row would meet the same: template or message are wrong.
    StopJob,
    /// Nothing can be sent for this account until somebody acts.
    StopAccount,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] =
        [Self::Ok, Self::RefreshToken, Self::Retry, Self::WaitQuota, Self::FailRecipient, Self::StopJob, Self::StopAccount];

    /// The name in the catalogue, the ledger and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::RefreshToken => "refresh_token",
            Self::Retry => "retry",
            Self::WaitQuota => "wait_quota",
            Self::FailRecipient => "fail_recipient",
            Self::StopJob => "stop_job",
            Self::StopAccount => "stop_account",
        }
    }

    /// The class of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// A few words for people.
    pub fn label(self, lang: Lang) -> &'static str {
        shared("class", self.as_str(), lang)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text in both languages; empty where nobody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Text {
    en: &'static str,
    zh: &'static str,
}

impl Text {
    fn get(self, lang: Lang) -> Option<&'static str> {
        let text = match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        };
        (!text.is_empty()).then_some(text)
    }
}

/// A code of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The number in the reply.
    pub errcode: i64,
    /// WeChat's own text, without the rid; may be empty. Never compare a reply's text with it.
    pub errmsg: &'static str,
    /// What the code is about: `token`, `template`, `user`, …
    pub area: &'static str,
    /// What a sender does about it.
    pub class: Class,
    meaning: Text,
    remedy: Text,
}

impl Entry {
    /// What happened. A code without words of its own in this language gets those of its area and WeChat's text.
    pub fn meaning(&self, lang: Lang) -> Cow<'static, str> {
        if let Some(own) = self.meaning.get(lang) {
            return Cow::Borrowed(own);
        }
        let area = shared("meaning", self.area, lang);
        match lang {
            _ if self.errmsg.is_empty() => Cow::Borrowed(area),
            Lang::En => Cow::Owned(format!("{area} WeChat's text: {}", self.errmsg)),
            Lang::Zh => Cow::Owned(format!("{area}微信原文：{}", self.errmsg)),
        }
    }

    /// What to do now. A code without words of its own in this language gets those of its class.
    pub fn remedy(&self, lang: Lang) -> Cow<'static, str> {
        Cow::Borrowed(self.remedy.get(lang).unwrap_or_else(|| shared("remedy", self.class.as_str(), lang)))
    }

    /// Whether the meaning or the remedy in this language is one that other codes share.
    pub fn is_generic(&self, lang: Lang) -> bool {
        self.meaning.get(lang).is_none() || self.remedy.get(lang).is_none()
    }

    /// The area in a word or two, for people.
    pub fn area_name(&self, lang: Lang) -> &'static str {
        shared("name", self.area, lang)
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        let errcode = cells.next()?.parse().ok()?;
        let (errmsg, area, class) = (cells.next()?, cells.next()?, Class::parse(cells.next()?)?);
        let (meaning, remedy) = read_texts(cells)?;
        Some(Self { errcode, errmsg, area, class, meaning, remedy })
    }

    /// The entry as it applies to one call.
    fn on(self, call: &str) -> Self {
        special(self.errcode, call).map_or(self, |(class, meaning, remedy)| Self { class, meaning, remedy, ..self })
    }

    fn matches(&self, words: &[&str], lang: Option<Lang>) -> bool {
        let code = self.errcode.to_string();
        let texts = Lang::ALL.into_iter().filter(|one| lang.is_none_or(|wanted| wanted == *one)).flat_map(|one| {
            [self.meaning.get(one).unwrap_or_default(), self.remedy.get(one).unwrap_or_default(), self.area_name(one)]
        });
        let hay: Vec<&str> = [code.as_str(), self.errmsg, self.area].into_iter().chain(texts).collect();
        words.iter().all(|word| hay.iter().any(|text| contains(text, word)))
    }
}

/// A code explained, listed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What a sender does about it.
    pub class: Class,
    /// What the code is about; `unlisted` for one that the catalogue lacks.
    pub area: &'static str,
    /// What happened.
    pub meaning: Cow<'static, str>,
    /// What to do now.
    pub remedy: Cow<'static, str>,
}

/// The lines of the catalogue by code. Finding the line ends of all takes some tens of microseconds, once.
static INDEX: LazyLock<Vec<(i64, &'static str)>> = LazyLock::new(|| {
    let code = |line: &'static str| Some((line.split('\t').next()?.parse().ok()?, line));
    CODES.lines().skip(1).filter_map(code).collect()
});

/// The catalogue's entry for a code.
pub fn lookup(errcode: i64) -> Option<Entry> {
    let at = INDEX.binary_search_by_key(&errcode, |(code, _)| *code).ok()?;
    INDEX.get(at).and_then(|(_, line)| Entry::read(line))
}

/// What a sender does about a code; one that the catalogue lacks fails its recipient (`design.md §3`).
pub fn class_of(errcode: i64) -> Class {
    lookup(errcode).map_or(Class::FailRecipient, |entry| entry.class)
}

/// What to do about a code in the reply of one call: 40001 is a stale token anywhere but where the token is fetched.
pub fn class_on(errcode: i64, call: &str) -> Class {
    special(errcode, call).map_or_else(|| class_of(errcode), |(class, ..)| class)
}

/// Explains any code, saying so when the catalogue lacks it.
pub fn explain(errcode: i64, lang: Lang) -> Explanation {
    explain_entry(lookup(errcode), lang)
}

/// Explains a code in the reply of one call, given by its path (`/cgi-bin/token`), with or without host and query.
pub fn explain_on(errcode: i64, call: &str, lang: Lang) -> Explanation {
    explain_entry(lookup(errcode).map(|entry| entry.on(call)), lang)
}

fn explain_entry(entry: Option<Entry>, lang: Lang) -> Explanation {
    let Some(entry) = entry else {
        let word = |kind| Cow::Borrowed(shared(kind, UNLISTED, lang));
        return Explanation { class: Class::FailRecipient, area: UNLISTED, meaning: word("meaning"), remedy: word("remedy") };
    };
    Explanation { class: entry.class, area: entry.area, meaning: entry.meaning(lang), remedy: entry.remedy(lang) }
}

/// The entries in which every word of `text` occurs, in whatever case: in the code, WeChat's text, the area, or meaning and
/// remedy in `lang` (`None`: in both). The code asked for first, then those explained in words of their own, then by code.
pub fn search(text: &str, lang: Option<Lang>) -> Vec<Entry> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let entries = INDEX.iter().filter_map(|(_, line)| Entry::read(line));
    let mut found: Vec<Entry> = entries.filter(|entry| entry.matches(&words, lang)).collect();
    let exact = text.trim().parse().ok();
    found.sort_by_key(|entry| (Some(entry.errcode) != exact, entry.is_generic(lang.unwrap_or_default())));
    found
}

/// What a code means on this call in particular, where that differs.
fn special(errcode: i64, call: &str) -> Option<(Class, Text, Text)> {
    CALLS.lines().skip(1).find_map(|line| {
        let mut cells = line.split('\t');
        let same_code = cells.next()?.parse() == Ok(errcode);
        if !same_code || !cells.next()?.split(' ').any(|path| is_call(call, path)) {
            return None;
        }
        let class = Class::parse(cells.next()?)?;
        read_texts(cells).map(|(meaning, remedy)| (class, meaning, remedy))
    })
}

/// Whether `call`, a path or an address, is the call `path`, or one below it where `path` ends in a slash.
fn is_call(call: &str, path: &str) -> bool {
    let called = call.split('?').next().unwrap_or_default().trim_end_matches('/');
    if path.ends_with('/') { called.contains(path) } else { called.ends_with(path) }
}

fn read_texts(mut cells: std::str::Split<'static, char>) -> Option<(Text, Text)> {
    let [meaning_en, remedy_en, meaning_zh, remedy_zh] = [cells.next()?, cells.next()?, cells.next()?, cells.next()?];
    Some((Text { en: meaning_en, zh: meaning_zh }, Text { en: remedy_en, zh: remedy_zh }))
}

/// The shared sentences with their kind and key.
static PHRASES: LazyLock<Vec<(&'static str, &'static str, Text)>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut cells = line.split('\t');
        let (kind, key) = (cells.next()?, cells.next()?);
        Some((kind, key, Text { en: cells.next()?, zh: cells.next()? }))
    };
    SHARED.lines().skip(1).filter_map(read).collect()
});

/// A shared sentence. Empty when there is none, which a test rules out for every area and class.
fn shared(kind: &str, key: &str, lang: Lang) -> &'static str {
    let phrase = PHRASES.iter().find(|phrase| phrase.0 == kind && phrase.1 == key);
    phrase.and_then(|(_, _, text)| text.get(lang)).unwrap_or_default()
}

/// Whether `text` holds `word`, ASCII letters in any case.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashMap, HashSet};

    /// The codes that `wechat-api.md` names, by section. Each is explained in words of its own.
    const FAMILIES: [(&str, &[i64]); 8] = [
        (
            "§2.3, §2.4 token",
            &[
                -1, 40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 43002, 45009, 45011, 48001,
                50004, 50007, 61004, 89501, 89503, 89504, 89505, 89506, 89507,
            ],
        ),
        ("§3 quota and diagnosis", &[40013, 41002, 41004, 40125, 48006, 76001, 76002, 76003, 76021, 76022]),
        ("§4 templates", &[40037, 40102, 40103, 40246, 43100, 43106, 45026, 45027, 45109, 48011]),
        (
            "§5.5 send",
            &[
                -1, 40001, 40003, 40013, 40014, 40036, 40037, 40039, 40165, 40166, 40241, 40249, 40252, 41001, 42001, 43002,
                43004, 43019, 43101, 43116, 43117, 44002, 45009, 45011, 45014, 47001, 47003, 48001, 48002, 48004, 50002, 50005,
            ],
        ),
        ("§8 subscription", &[200_011, 200_012, 200_013, 200_014, 200_016, 200_017, 200_018, 200_019, 200_020, 200_021]),
        ("§9 users", &[40003, 40032, 40092, 47001, 48001]),
        ("§10 tags", &[-1, 40003, 40032, 45011, 45056, 45057, 45058, 45059, 45157, 45158, 45159, 49003]),
        (
            "§13 the rest",
            &[
                0, 40031, 40033, 40035, 40066, 40097, 40132, 41009, 43001, 43003, 43005, 45002, 45012, 45013, 45035, 45051,
                45065, 45066, 45067, 45168, 47002, 48003, 48017, 50001, 61007,
            ],
        ),
    ];

    fn named() -> BTreeSet<i64> {
        FAMILIES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect()
    }

    fn all() -> Vec<Entry> {
        INDEX.iter().map(|(code, line)| Entry::read(line).unwrap_or_else(|| panic!("{code} cannot be read"))).collect()
    }

    fn special_lines() -> Vec<Vec<&'static str>> {
        CALLS.lines().skip(1).map(|line| line.split('\t').collect()).collect()
    }

    #[test]
    fn the_catalogue_is_whole_sorted_and_readable() {
        assert_eq!(INDEX.len(), CODES.lines().count() - 1, "a line has no number");
        assert!(INDEX.len() >= 2287);
        assert!(INDEX.is_sorted_by(|a, b| a.0 < b.0), "sorted, none twice");
        for line in CODES.lines() {
            assert_eq!(line.split('\t').count(), 8, "{line}");
        }
        for entry in all() {
            assert!(entry.meaning.get(Lang::En).is_some(), "{} has no meaning", entry.errcode);
            assert_eq!(lookup(entry.errcode), Some(entry));
            let texts = [entry.errmsg, entry.meaning.en, entry.meaning.zh, entry.remedy.en, entry.remedy.zh];
            assert!(texts.iter().all(|text| text.trim() == *text), "{} has blanks around a text", entry.errcode);
        }
    }

    #[test]
    fn every_area_and_class_has_its_sentences() {
        let areas: HashSet<&str> = all().iter().map(|entry| entry.area).chain([UNLISTED]).collect();
        let classes = Class::ALL.map(Class::as_str);
        for lang in Lang::ALL {
            for area in &areas {
                assert_ne!(shared("name", area, lang), "", "name of {area}");
                assert_ne!(shared("meaning", area, lang), "", "meaning of {area}");
            }
            for class in classes.into_iter().chain([UNLISTED]) {
                assert_ne!(shared("remedy", class, lang), "", "remedy of {class}");
            }
            assert!(Class::ALL.iter().all(|class| !class.label(lang).is_empty()));
        }
    }

    #[test]
    fn what_a_template_sender_can_meet_is_told_in_its_own_words() {
        let mut remedies: HashMap<String, i64> = HashMap::new();
        for code in named() {
            let entry = lookup(code).unwrap_or_else(|| panic!("{code} is missing"));
            for lang in Lang::ALL {
                assert!(!entry.is_generic(lang), "{code} has no {lang:?} text");
                let other = remedies.insert(entry.remedy(lang).into_owned(), code);
                assert_eq!(other, None, "the same remedy as {code}");
            }
        }
        assert_eq!(named().len(), 107);
    }

    #[test]
    fn chinese_is_chinese_and_english_is_english() {
        let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for entry in all() {
            for text in [entry.meaning.zh, entry.remedy.zh] {
                assert!(text.is_empty() || han(text), "{}: {text}", entry.errcode);
            }
            if !named().contains(&entry.errcode) {
                assert!(!han(entry.meaning.en) && !han(entry.remedy.en), "{}", entry.errcode);
            }
        }
    }

    #[test]
    fn the_classes_are_those_of_the_manual() {
        use Class::{FailRecipient, Ok, RefreshToken, Retry, StopAccount, StopJob, WaitQuota};
        let table: [(Class, &[i64]); 7] = [
            (Ok, &[0, 40252]),
            (RefreshToken, &[40001, 40014, 41001, 42001]),
            (Retry, &[-1]),
            (WaitQuota, &[45011]),
            (FailRecipient, &[40003, 40241, 43004, 43019, 43101, 43117, 45014, 47003, 48002, 49003, 50005, 45168]),
            (StopJob, &[40036, 40037, 40039, 40165, 40166, 40249, 43002, 43116, 44002, 47001, 48011, 45109]),
            (
                StopAccount,
                &[
                    40013, 40125, 40164, 40243, 41002, 41004, 45009, 45035, 48001, 48004, 50002, 50004, 50007, 61004, 89501,
                    89503, 89504, 89505, 89506, 89507,
                ],
            ),
        ];
        for (class, codes) in table {
            for code in codes {
                assert_eq!(class_of(*code), class, "{code}");
            }
        }
    }

    #[test]
    fn a_class_goes_by_one_name() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.as_str()), Some(class));
            assert_eq!(serde_json::to_string(&class).unwrap(), format!("\"{class}\""));
        }
        assert_eq!(Class::parse("stop"), None);
    }

    #[test]
    fn an_unlisted_code_says_so() {
        for code in [1, 40999, i64::MAX, i64::MIN] {
            assert_eq!(lookup(code), None);
            assert_eq!(class_of(code), Class::FailRecipient);
            let told = explain(code, Lang::En);
            assert_eq!((told.area, told.class), ("unlisted", Class::FailRecipient));
            assert!(told.meaning.contains("not in muban's catalogue"), "{}", told.meaning);
            assert!(explain(code, Lang::Zh).meaning.contains("没有收录"));
        }
    }

    #[test]
    fn a_code_without_words_borrows_those_of_its_area_and_class() {
        let entry = Entry {
            errcode: 1,
            errmsg: "invalid card",
            area: "card",
            class: Class::Retry,
            meaning: Text { en: "", zh: "" },
            remedy: Text { en: "", zh: "" },
        };
        assert!(entry.is_generic(Lang::Zh));
        assert_eq!(entry.meaning(Lang::Zh), "卡券、发票类接口的错误码，与模板消息无关。微信原文：invalid card");
        assert!(entry.meaning(Lang::En).ends_with("WeChat's text: invalid card"));
        assert_eq!(entry.remedy(Lang::Zh), shared("remedy", "retry", Lang::Zh));
        assert_eq!(Entry { errmsg: "", ..entry }.meaning(Lang::Zh), "卡券、发票类接口的错误码，与模板消息无关。");
    }

    #[test]
    fn some_codes_mean_another_thing_on_some_calls() {
        let send = "/cgi-bin/message/template/send";
        for (code, call, class, word) in [
            (40001, "/cgi-bin/token", Class::StopAccount, "AppSecret"),
            (40001, "https://api.weixin.qq.com/cgi-bin/stable_token?x=/cgi-bin/user/", Class::StopAccount, "AppSecret"),
            (40001, send, Class::RefreshToken, "replaced"),
            (45009, "cgi-bin/stable_token", Class::StopAccount, "token"),
            (45009, "cgi-bin/token", Class::StopAccount, "2,000"),
            (40003, "/cgi-bin/user/info/batchget", Class::FailRecipient, "batch"),
            (40003, "/cgi-bin/user/get", Class::StopJob, "list"),
            (40003, send, Class::FailRecipient, "OpenID"),
            (48001, "/cgi-bin/tags/members/batchtagging", Class::StopAccount, "followers"),
            (48001, "cgi-bin/user/get?next_openid=", Class::StopAccount, "followers"),
            (40037, "/cgi-bin/template/api_add_template/", Class::StopJob, "library"),
        ] {
            assert_eq!(class_on(code, call), class, "{code} on {call}");
            let told = explain_on(code, call, Lang::En);
            assert_eq!(told.class, class);
            assert!(told.meaning.contains(word), "{code} on {call}: {}", told.meaning);
        }
        assert_eq!(explain_on(43004, "/cgi-bin/token", Lang::Zh), explain(43004, Lang::Zh));
        assert_eq!(class_on(7, send), Class::FailRecipient);
    }

    #[test]
    fn the_rules_for_single_calls_are_whole() {
        for line in special_lines() {
            assert_eq!(line.len(), 7, "{line:?}");
            let code = line[0].parse().unwrap();
            assert!(lookup(code).is_some() && line.iter().all(|cell| !cell.is_empty()), "{line:?}");
            for path in line[1].split(' ') {
                let call = if path.ends_with('/') { format!("{path}get") } else { path.to_owned() };
                let (class, meaning, remedy) = special(code, &call).unwrap();
                assert_eq!((class.as_str(), meaning.en, remedy.zh), (line[2], line[3], line[6]), "another rule comes first");
            }
        }
    }

    #[test]
    fn search_finds_words_in_any_case_and_order() {
        let codes = |text: &str, lang| search(text, lang).iter().map(|entry| entry.errcode).collect::<Vec<_>>();
        assert_eq!(codes("40037", None).first(), Some(&40037));
        assert_eq!(codes("-1", None).first(), Some(&-1));
        assert!(codes("REQUIRE subscribe", None).contains(&43004));
        assert!(codes("subscribe require", Some(Lang::En)).contains(&43004));
        assert!(codes("取消关注", Some(Lang::Zh)).contains(&43004));
        assert!(codes("白名单", None).contains(&40164));
        assert!(!codes("follow this account", Some(Lang::Zh)).contains(&43004), "only the language asked for");
        assert!(codes("卡券", Some(Lang::Zh)).len() > 100, "the name of an area finds its codes");
        assert!(codes("no such words anywhere", None).is_empty());
        assert!(codes("  ", None).is_empty());
    }

    #[test]
    fn search_puts_what_is_explained_first() {
        let found = search("invalid", Some(Lang::En));
        assert!(found.is_sorted_by_key(|entry| entry.is_generic(Lang::En)));
        assert!(found.len() > 100);
    }
}
