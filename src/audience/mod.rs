//! Who gets it: what a person named becomes an [`Audience`] over the account's cache.

mod age;
mod expression;
mod files;
mod names;
mod take_in;

pub use age::stale;
pub use expression::{Wrong, parse};
pub use files::{Choices, FileError, Format, Header, RecipientFile, Row, Shape};
pub use names::{NameChoices, import_names, import_names_seen};
pub use take_in::{Taken, take_in};

use crate::domain::audience::{Audience, Join, UserSet};
use crate::domain::id::{AccountId, IdError, JobId, OpenId, TagId};
use crate::domain::told::{Sentence, Told};
use crate::domain::user::Tag;
use crate::store::{Store, StoreError};
use crate::text::told::in_english;
use thiserror::Error;

/// The sets a person named on the command line, in the order in which they are joined: everything first, then without.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// `--all`
    pub all: bool,
    /// `--tag`: name or number.
    pub tags: Vec<String>,
    /// `--to`
    pub users: Vec<String>,
    /// `--file`: paths, `-` for standard input.
    pub files: Vec<String>,
    /// `--minus-tag`: name or number.
    pub minus_tags: Vec<String>,
}

impl Named {
    /// Whether nobody is named.
    pub fn is_nobody(&self) -> bool {
        !self.all && self.tags.is_empty() && self.users.is_empty() && self.files.is_empty()
    }
}

/// Why the names give no audience.
#[derive(Debug, Error)]
pub enum AudienceError {
    /// Nobody was named.
    Nobody,
    /// No tag of that name or number.
    UnknownTag {
        /// What was asked for.
        name: String,
        /// The tags there are.
        known: String,
    },
    /// Two tags fit.
    AmbiguousTag {
        /// What was asked for.
        name: String,
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// A line that is no expression.
    Expression(#[from] Wrong),
    /// No such job of this account.
    UnknownJob(JobId),
    /// A file that cannot be read.
    File {
        /// As it was named.
        path: String,
        /// Why.
        error: FileError,
    },
    /// No column of that title or number beside the openids.
    NoSuchNameColumn {
        /// What was asked for.
        name: String,
        /// What there is.
        columns: String,
    },
    /// Several columns, none of which is titled as names usually are.
    WhichNames {
        /// What there is.
        columns: String,
    },
    /// Nothing but openids.
    NoNames,
    /// Nobody waits for the file any more.
    GivenUp,
    /// A kept audience of a name that there is none of.
    UnknownKept {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// An openid of the wrong alphabet.
    OpenId(#[from] IdError),
    /// The cache failed.
    Store(#[from] StoreError),
}

impl Told for AudienceError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.audience", key);
        match self {
            Self::Nobody => of("nobody"),
            Self::UnknownTag { name, known } if known.is_empty() => of("no_tags").with("name", name),
            Self::UnknownTag { name, known } => of("unknown_tag").with("name", name).with("known", known),
            Self::AmbiguousTag { name, first, second } => {
                of("ambiguous_tag").with("name", name).with("first", first).with("second", second)
            }
            Self::Expression(wrong) => of("expression").telling("what", wrong),
            Self::UnknownJob(job) => of("unknown_job").with("job", job),
            // It names the file itself.
            Self::File { error: error @ FileError::Unreadable { .. }, .. } => error.told(),
            Self::File { path, error } => of("file").with("path", path).telling("what", error),
            Self::NoSuchNameColumn { name, columns } => of("no_such_name_column").with("name", name).with("columns", columns),
            Self::WhichNames { columns } => of("which_names").with("columns", columns),
            Self::NoNames => of("no_names"),
            Self::GivenUp => of("given_up"),
            Self::UnknownKept { name, known } if known.is_empty() => of("nothing_kept").with("name", name),
            Self::UnknownKept { name, known } => of("unknown_kept").with("name", name).with("known", known),
            Self::OpenId(error) => error.told(),
            Self::Store(error) => error.told(),
        }
    }
}

in_english!(AudienceError);

/// Turns names into an audience.
pub async fn resolve(store: &Store, account: AccountId, named: &Named, choices: &Choices) -> Result<Audience, AudienceError> {
    let tags = store.tags(account).await?;
    let mut audience = Audience::default();
    if named.all {
        audience.push(Join::Union, UserSet::All);
    }
    for name in &named.tags {
        audience.push(Join::Union, UserSet::Tag(find_tag(&tags, name)?));
    }
    if !named.users.is_empty() {
        let users = named.users.iter().map(|text| OpenId::parse(text)).collect::<Result<_, _>>()?;
        audience.push(Join::Union, UserSet::Users(users));
    }
    for path in &named.files {
        let taken = take_in(store, account, path, choices, |_| true).await?;
        audience.push(Join::Union, UserSet::File(taken.file.set));
    }
    if audience.is_empty() {
        return Err(AudienceError::Nobody);
    }
    for name in &named.minus_tags {
        audience.push(Join::Difference, UserSet::Tag(find_tag(&tags, name)?));
    }
    Ok(audience)
}

/// The audience in words, its tags by name.
pub async fn words(store: &Store, account: AccountId, audience: &Audience) -> Result<String, StoreError> {
    let tags = store.tags(account).await?;
    Ok(audience.words(|id| tags.iter().find(|tag| tag.id == id).map(|tag| tag.name.clone())))
}

/// A tag by its name, or by its number.
pub fn find_tag(tags: &[Tag], name: &str) -> Result<TagId, AudienceError> {
    let name = name.trim();
    let number = name.parse().ok().map(TagId);
    let mut found = tags.iter().filter(|tag| tag.name == name || Some(tag.id) == number);
    let label = |tag: &Tag| format!("{} ({})", tag.name, tag.id);
    match (found.next(), found.next()) {
        (Some(tag), None) => Ok(tag.id),
        (Some(first), Some(second)) => {
            Err(AudienceError::AmbiguousTag { name: name.into(), first: label(first), second: label(second) })
        }
        (None, _) => {
            let known = tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(", ");
            Err(AudienceError::UnknownTag { name: name.into(), known })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_by_name_or_number_and_never_guessed() {
        let tag = |id, name: &str| Tag { id: TagId(id), name: name.into(), count: 0 };
        let tags = [tag(2, "星标组"), tag(101, "VIP"), tag(102, "101")];
        assert_eq!(find_tag(&tags, " VIP ").unwrap(), TagId(101));
        assert_eq!(find_tag(&tags, "2").unwrap(), TagId(2));
        assert!(find_tag(&tags, "101").unwrap_err().to_string().contains("VIP (101) and 101 (102)"));
        assert!(find_tag(&tags, "vip").unwrap_err().to_string().contains("星标组, VIP, 101"));
    }
}
