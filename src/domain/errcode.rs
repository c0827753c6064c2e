//! The catalogue of WeChat's error codes: what each means, what to do, and what a sender does about it.
//!
//! The texts are data (`assets/errcodes.tsv` and its two companions) and are read in place: a program that explains one code
//! and ends must not pay for the other two thousand.

mod helps;

pub use helps::{Help, helps, helps_unanswered};

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

/// What a sender does about a code.
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

/// What a sender does about a code; one that the catalogue lacks fails its recipient.
pub fn class_of(errcode: i64) -> Class {
    // Nearly every answer of a send; the table need not be asked.
    if errcode == 0 {
        return Class::Ok;
    }
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

/// Every entry, by code.
pub fn all() -> Vec<Entry> {
    INDEX.iter().filter_map(|(_, line)| Entry::read(line)).collect()
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
mod tests;
