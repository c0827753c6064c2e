//! Who gets it: sets joined from left to right. Evaluating them is the work of the `audience` room.

use super::delivery::State;
use super::id::{JobId, OpenId, TagId};
use super::recipient_file::FileSet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A set of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserSet {
    /// Every follower.
    All,
    /// Who has this tag.
    Tag(TagId),
    /// These, named one by one.
    Users(Vec<OpenId>),
    /// Recipients of an earlier job, by what became of it for them.
    Job(JobId, Outcome),
    /// Who stands in a file.
    File(FileSet),
}

/// What became of a job for its recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Outcome {
    /// Whatever it was.
    All,
    /// They have it, or may have it: accepted or unknown.
    Sent,
    /// They do not surely have it: failed or unknown.
    Problems,
    /// Just this state.
    Only(State),
}

impl Outcome {
    /// Every outcome that can be named.
    pub const ALL: [Self; 8] = [
        Self::All,
        Self::Sent,
        Self::Problems,
        Self::Only(State::Accepted),
        Self::Only(State::Failed),
        Self::Only(State::Unknown),
        Self::Only(State::Skipped),
        Self::Only(State::Queued),
    ];

    /// As expressions write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Sent => "sent",
            Self::Problems => "problems",
            Self::Only(state) => state.as_str(),
        }
    }

    /// The outcome of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// The states that rows have which belong to it. What is on its way is still queued.
    pub fn states(self) -> &'static [State] {
        match self {
            Self::All => &State::ALL,
            Self::Sent => &[State::Accepted, State::Unknown],
            Self::Problems => &[State::Failed, State::Unknown],
            Self::Only(State::Queued | State::Sending) => &[State::Queued, State::Sending],
            Self::Only(State::Accepted) => &[State::Accepted],
            Self::Only(State::Failed) => &[State::Failed],
            Self::Only(State::Unknown) => &[State::Unknown],
            Self::Only(State::Skipped) => &[State::Skipped],
        }
    }
}

impl TryFrom<String> for Outcome {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or(name)
    }
}

impl From<Outcome> for String {
    fn from(outcome: Outcome) -> Self {
        outcome.as_str().to_owned()
    }
}

/// How a set is joined to what stands left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// `+`: these too.
    Union,
    /// `&`: only those who are here as well.
    Intersection,
    /// `-`: without these.
    Difference,
}

/// An expression over sets, evaluated from left to right. Empty means nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audience {
    /// The sets in order; the join of the first is a union with nobody.
    pub terms: Vec<(Join, UserSet)>,
}

impl Audience {
    /// An audience of one set.
    pub fn of(set: UserSet) -> Self {
        Self { terms: vec![(Join::Union, set)] }
    }

    /// Joins one more set at the end.
    pub fn push(&mut self, join: Join, set: UserSet) {
        self.terms.push((join, set));
    }

    /// Whether no set is named at all.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The files that give it recipients, in order; those that only take away have nothing to tell of whoever is left.
    pub fn files(&self) -> impl Iterator<Item = &FileSet> {
        self.terms.iter().filter(|(join, _)| *join != Join::Difference).filter_map(|(_, set)| match set {
            UserSet::File(file) => Some(file),
            _ => None,
        })
    }

    /// The same whatever its files are called.
    #[must_use]
    pub fn with_files_unnamed(&self) -> Self {
        let mut audience = self.clone();
        for (_, set) in &mut audience.terms {
            if let UserSet::File(file) = set {
                file.path.clear();
            }
        }
        audience
    }

    /// The expression as the ledger keeps it and a person can read it, with tags by name where known.
    pub fn words(&self, tag_name: impl Fn(TagId) -> Option<String>) -> String {
        self.joined(|set| set.words(&tag_name))
    }

    /// The expression as it can be read again, every user named. None if it cannot be said so: `& (a + b)` has no words.
    pub fn expression(&self, tag_name: impl Fn(TagId) -> Option<String>) -> Option<String> {
        let mut all = Self::default();
        for (join, set) in &self.terms {
            match (join, set) {
                (Join::Intersection, UserSet::Users(users)) if users.len() != 1 => return None,
                (_, UserSet::Users(users)) if users.iter().any(|user| OpenId::parse(user.as_str()).is_err()) => return None,
                (_, UserSet::Users(users)) => {
                    all.terms.extend(users.iter().map(|user| (*join, UserSet::Users(vec![user.clone()]))));
                }
                (_, UserSet::File(file)) if file.path == STDIN => return None,
                (_, set) => all.push(*join, set.clone()),
            }
        }
        (!all.is_empty()).then(|| all.joined(|set| set.expression(&tag_name)))
    }

    fn joined(&self, words_of: impl Fn(&UserSet) -> String) -> String {
        let mut words = String::new();
        for (i, (join, set)) in self.terms.iter().enumerate() {
            if i > 0 || *join != Join::Union {
                let sign = match join {
                    Join::Union => "+",
                    Join::Intersection => "&",
                    Join::Difference => "-",
                };
                if i > 0 {
                    words.push(' ');
                }
                words.push_str(sign);
                words.push(' ');
            }
            words.push_str(&words_of(set));
        }
        words
    }
}

impl UserSet {
    fn words(&self, tag_name: impl Fn(TagId) -> Option<String>) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Tag(id) => format!("tag:{}", tag_name(*id).unwrap_or_else(|| id.to_string())),
            Self::Users(users) => match users.as_slice() {
                [one] => format!("user:{one}"),
                many => format!("users:{}", many.len()),
            },
            Self::Job(job, outcome) => format!("job:{job}:{}", outcome.as_str()),
            Self::File(file) => format!("file:{}", file.name()),
        }
    }

    fn expression(&self, tag_name: impl Fn(TagId) -> Option<String>) -> String {
        match self {
            Self::File(file) => format!("file:{}", quoted(&file.path)),
            set => set.words(|id| tag_name(id).map(|name| quoted(&name))),
        }
    }
}

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// A name as one word of an expression.
fn quoted(name: &str) -> String {
    if name.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\\')) {
        format!("\"{}\"", name.replace('\\', r"\\").replace('"', r#"\""#))
    } else {
        name.to_owned()
    }
}

/// Why somebody whom an audience names is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exclusion {
    /// Named more than once; kept once.
    Duplicate,
    /// No longer follows the account.
    Unsubscribed,
    /// Blocked by the account.
    Blacklisted,
    /// Not among the followers of this account, though these were synced.
    UnknownUser,
    /// Not an openid, or their message breaks a rule.
    Invalid,
}

impl Exclusion {
    /// Every reason, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Duplicate, Self::Unsubscribed, Self::Blacklisted, Self::UnknownUser, Self::Invalid];

    /// As JSON and the reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Unsubscribed => "unsubscribed",
            Self::Blacklisted => "blacklisted",
            Self::UnknownUser => "unknown_user",
            Self::Invalid => "invalid",
        }
    }

    /// The reason of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// Who was left out, by reason. Each person is counted once, under the first reason that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Excluded {
    /// Named more than once; kept once.
    pub duplicate: u64,
    /// No longer follows the account.
    pub unsubscribed: u64,
    /// Blocked by the account.
    pub blacklisted: u64,
    /// Not among the followers of this account, though these were synced.
    pub unknown_user: u64,
    /// Not an openid, or their message breaks a rule.
    pub invalid: u64,
}

impl Excluded {
    /// How many for this reason.
    pub fn of(&self, reason: Exclusion) -> u64 {
        match reason {
            Exclusion::Duplicate => self.duplicate,
            Exclusion::Unsubscribed => self.unsubscribed,
            Exclusion::Blacklisted => self.blacklisted,
            Exclusion::UnknownUser => self.unknown_user,
            Exclusion::Invalid => self.invalid,
        }
    }

    /// Counts `more` for this reason.
    pub fn add(&mut self, reason: Exclusion, more: u64) {
        let count = match reason {
            Exclusion::Duplicate => &mut self.duplicate,
            Exclusion::Unsubscribed => &mut self.unsubscribed,
            Exclusion::Blacklisted => &mut self.blacklisted,
            Exclusion::UnknownUser => &mut self.unknown_user,
            Exclusion::Invalid => &mut self.invalid,
        };
        *count += more;
    }

    /// Everyone who was left out.
    pub fn total(&self) -> u64 {
        self.duplicate + self.unsubscribed + self.blacklisted + self.unknown_user + self.invalid
    }
}

/// That what is known of the followers is too old to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// They were never synced as a whole.
    Never,
    /// The last time was then.
    Since(Timestamp),
    /// The last time was then, and tags and blacklist are not in yet.
    CutOff(Timestamp),
}

/// How many an audience would reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Who would be sent to.
    pub recipients: u64,
    /// Who would not, and why.
    pub excluded: Excluded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_said_in_words() {
        let mut audience = Audience::of(UserSet::Tag(TagId(101)));
        audience.push(Join::Difference, UserSet::Tag(TagId(102)));
        audience.push(Join::Union, UserSet::Users(vec![OpenId::trusted("oA"), OpenId::trusted("oB")]));
        let name = |id: TagId| (id.0 == 101).then(|| "VIP".to_owned());
        assert_eq!(audience.words(name), "tag:VIP - tag:102 + users:2");
        assert_eq!(Audience::of(UserSet::All).words(name), "all");
        assert_eq!(Audience::of(UserSet::Users(vec![OpenId::trusted("oA")])).words(name), "user:oA");
    }

    #[test]
    fn every_reason_has_a_name_and_a_count_of_its_own() {
        let mut excluded = Excluded::default();
        for (more, reason) in (1..).zip(Exclusion::ALL) {
            assert_eq!(Exclusion::parse(reason.as_str()), Some(reason));
            excluded.add(reason, more);
            assert_eq!(excluded.of(reason), more);
            let json = serde_json::to_value(excluded).unwrap();
            assert_eq!(json[reason.as_str()], more, "the name in JSON is the same");
        }
        assert_eq!(excluded.total(), 15);
        assert_eq!(Exclusion::parse("none"), None);
    }

    #[test]
    fn an_audience_survives_json() {
        let audience = Audience { terms: vec![(Join::Union, UserSet::All), (Join::Difference, UserSet::Tag(TagId(2)))] };
        let json = serde_json::to_string(&audience).unwrap();
        assert_eq!(serde_json::from_str::<Audience>(&json).unwrap(), audience);
    }
}
