//! Errors in words. Their `Display`, for logs, the ledger and tests, is their English sentence: there is no second text.

use super::lang::Texts;
use crate::domain::account::{NameError, RateError};
use crate::domain::alias::AliasError;
use crate::domain::api_base::ApiBaseError;
use crate::domain::id::IdError;
use crate::domain::lang::Lang;
use crate::domain::message::ColorError;
use crate::domain::payload::PayloadError;
use crate::domain::people::{RemarkError, TagError};
use crate::domain::secret::AppSecretError;
use crate::domain::told::{Gap, Sentence, Told};
use std::sync::LazyLock;

/// Gives errors the `Display` of their English sentence.
macro_rules! in_english {
    ($($error:ty),+ $(,)?) => {
        $(impl std::fmt::Display for $error {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::text::lang::Texts::of($crate::domain::lang::Lang::En).told(self))
            }
        })+
    };
}
pub(crate) use in_english;

in_english!(ApiBaseError, AppSecretError, ColorError, IdError, NameError, RateError);

impl Texts {
    /// What a person is told of an error.
    pub fn told(&self, error: &(impl Told + ?Sized)) -> String {
        self.sentence(&error.told())
    }

    fn sentence(&self, sentence: &Sentence) -> String {
        self.fill(&format!("{}.{}", sentence.table, sentence.key), &sentence.gaps)
    }

    /// The sentence of a key with its gaps filled.
    pub fn fill(&self, key: &str, gaps: &[(&'static str, Gap)]) -> String {
        let said = |gap: &Gap| match gap {
            Gap::Text(text) => text.clone(),
            Gap::Count(count) => super::number::thousands(*count),
            Gap::Sentence(cause) => self.sentence(cause),
        };
        let gaps: Vec<(&str, String)> = gaps.iter().map(|(name, gap)| (*name, said(gap))).collect();
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.say_with(key, &gaps)
    }
}

/// Tables of errors that the ledger keeps: what happened to a call, and why a job stopped.
const RECORDED: [&str; 9] = [
    "error.delivery",
    "error.call",
    "error.no_connection",
    "error.doubt",
    "error.session",
    "error.secret_variable",
    "error.secret_command",
    "error.store",
    "error.lock",
];

impl Texts {
    /// An error that the ledger keeps, which it does in English, in this language; anything else as it is.
    pub fn recorded(&self, text: &str) -> String {
        if std::ptr::eq(self, Self::of(Lang::En)) {
            return text.to_owned();
        }
        let found = PATTERNS.iter().find_map(|(key, pattern)| Some((key, gaps_in(text, pattern)?)));
        let Some((key, gaps)) = found else { return text.to_owned() };
        let gaps: Vec<(&str, String)> = gaps.into_iter().map(|(name, text)| (name, self.recorded(text))).collect();
        let gaps: Vec<(&str, &str)> = gaps.iter().map(|(name, text)| (*name, text.as_str())).collect();
        self.say_with(key, &gaps)
    }
}

/// The English sentences of errors that are kept, those that say the most first.
static PATTERNS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let mut patterns: Vec<(&str, &str)> = RECORDED.into_iter().flat_map(|table| Texts::of(Lang::En).table(table)).collect();
    patterns.sort_by_key(|(key, pattern)| (std::cmp::Reverse(pattern.len()), *key));
    patterns
});

/// What stands in the gaps of a sentence, if the text is that sentence.
fn gaps_in<'a>(text: &'a str, pattern: &'static str) -> Option<Vec<(&'static str, &'a str)>> {
    let (before, mut pattern) = pattern.split_once('{').unwrap_or((pattern, ""));
    let mut text = text.strip_prefix(before)?;
    let mut gaps = Vec::new();
    while let Some((name, after)) = pattern.split_once('}') {
        let (between, next) = after.split_once('{').unwrap_or((after, ""));
        // The last gap reaches as far as it can, any other to the words behind it.
        let (gap, rest) = if next.is_empty() { (text.strip_suffix(between)?, "") } else { text.split_once(between)? };
        gaps.push((name, gap));
        (text, pattern) = (rest, next);
    }
    text.is_empty().then_some(gaps)
}

impl Told for TagError {
    fn told(&self) -> Sentence {
        Sentence::of("tag_error", self.key()).with_all(self.args())
    }
}

impl Told for RemarkError {
    fn told(&self) -> Sentence {
        Sentence::of("remark_error", self.key()).with_all(self.args())
    }
}

impl Told for AliasError {
    fn told(&self) -> Sentence {
        Sentence::of("alias_error", self.key()).with_all(self.args())
    }
}

impl Told for PayloadError {
    fn told(&self) -> Sentence {
        let what = Sentence::of("payload_error", self.key()).with_all(self.args());
        let Some((line, column)) = self.place() else { return what };
        Sentence::of("payload_error", "at").with("line", line).with("column", column).telling("what", &what)
    }
}
