//! An audience as a line of text: sets joined from left to right with `+`, `-` and `&`, as in
//! `all - tag:内部 - job:14:sent`.

use super::{AudienceError, Choices, find_tag, take_in};
use crate::domain::audience::{Audience, Join, Outcome, UserSet};
use crate::domain::id::{AccountId, JobId, OpenId};
use crate::domain::told::{Sentence, Told};
use crate::domain::user::Tag;
use crate::store::Store;
use crate::text::told::in_english;

/// Why a line is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Nothing is named.
    Empty,
    /// A sign where a set belongs, or none between two sets.
    Sign(String),
    /// The line ends with a sign.
    End,
    /// A word that names no set.
    Set(String),
    /// A kept audience behind something else.
    KeptInside(String),
    /// An outcome that no job has.
    Outcome(String),
    /// A quote that is not closed.
    Quote,
}

impl Told for Wrong {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.expression", key);
        match self {
            Self::Empty => of("empty"),
            Self::Sign(word) => of("sign").with("word", word),
            Self::End => of("end"),
            Self::Set(word) => of("set").with("word", word),
            Self::KeptInside(name) => of("kept_inside").with("name", name),
            Self::Outcome(word) => of("outcome").with("word", word).with("known", Outcome::ALL.map(Outcome::as_str).join(", ")),
            Self::Quote => of("quote"),
        }
    }
}

in_english!(Wrong);

/// A set as it was named, before anybody looked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Named {
    All,
    Tag(String),
    User(String),
    Job(JobId, Outcome),
    File(String),
    Kept(String),
}

/// Reads a line and finds what it names.
pub async fn parse(store: &Store, account: AccountId, text: &str, choices: &Choices) -> Result<Audience, AudienceError> {
    let tags = store.tags(account).await?;
    let mut audience = Audience::default();
    for (join, named) in read(text)? {
        if let Named::Kept(name) = named {
            // There are no brackets: it can only be begun with.
            if !audience.is_empty() || join != Join::Union {
                return Err(Wrong::KeptInside(name).into());
            }
            audience = kept(store, account, name).await?;
            continue;
        }
        let set = find(store, account, &tags, named, choices).await?;
        // `user:a + user:b` are one list of users.
        match (audience.terms.last_mut(), &set) {
            (Some((Join::Union, UserSet::Users(users))), UserSet::Users(more)) if join == Join::Union => {
                users.extend(more.iter().cloned());
            }
            _ => audience.push(join, set),
        }
    }
    Ok(audience)
}

async fn kept(store: &Store, account: AccountId, name: String) -> Result<Audience, AudienceError> {
    let all = store.kept_audiences(account).await?;
    let known = all.iter().map(|kept| kept.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = all.into_iter().find(|kept| kept.name == name);
    found.map(|kept| kept.audience).ok_or(AudienceError::UnknownKept { name, known })
}

async fn find(
    store: &Store,
    account: AccountId,
    tags: &[Tag],
    named: Named,
    choices: &Choices,
) -> Result<UserSet, AudienceError> {
    Ok(match named {
        Named::All => UserSet::All,
        Named::Kept(name) => return Err(Wrong::KeptInside(name).into()),
        Named::File(path) => UserSet::File(take_in(store, account, &path, choices, |_| true).await?.file.set),
        Named::Tag(name) => UserSet::Tag(find_tag(tags, &name)?),
        Named::User(text) => UserSet::Users(vec![OpenId::parse(&text)?]),
        Named::Job(id, outcome) => match store.job(id).await? {
            Some(job) if job.account == account => UserSet::Job(id, outcome),
            _ => return Err(AudienceError::UnknownJob(id)),
        },
    })
}

fn read(text: &str) -> Result<Vec<(Join, Named)>, Wrong> {
    let words = words(text)?;
    let mut terms = Vec::new();
    let mut words = words.into_iter().peekable();
    // A sign before the first set joins it to nobody.
    let mut join = words.peek().and_then(|word| sign(word));
    if join.is_some() {
        words.next();
    }
    while let Some(word) = words.next() {
        terms.push((join.take().unwrap_or(Join::Union), set(&word)?));
        if let Some(word) = words.next() {
            join = Some(sign(&word).ok_or(Wrong::Sign(word))?);
            if words.peek().is_none() {
                return Err(Wrong::End);
            }
        }
    }
    if terms.is_empty() { Err(Wrong::Empty) } else { Ok(terms) }
}

fn sign(word: &str) -> Option<Join> {
    match word {
        "+" => Some(Join::Union),
        "-" => Some(Join::Difference),
        "&" => Some(Join::Intersection),
        _ => None,
    }
}

fn set(word: &str) -> Result<Named, Wrong> {
    let unknown = || Wrong::Set(word.to_owned());
    if word == "all" {
        return Ok(Named::All);
    }
    let (kind, name) = word.split_once(':').filter(|(_, name)| !name.is_empty()).ok_or_else(unknown)?;
    match kind {
        "tag" => Ok(Named::Tag(name.to_owned())),
        "user" => Ok(Named::User(name.to_owned())),
        "file" => Ok(Named::File(name.to_owned())),
        "saved" => Ok(Named::Kept(name.to_owned())),
        "job" => {
            let (id, outcome) = name.split_once(':').unwrap_or((name, Outcome::All.as_str()));
            let id = id.parse().map(JobId).map_err(|_| unknown())?;
            Outcome::parse(outcome).map(|outcome| Named::Job(id, outcome)).ok_or_else(|| Wrong::Outcome(outcome.to_owned()))
        }
        _ => Err(unknown()),
    }
}

/// Words between blanks; what stands in double quotes is part of one word, with `\` before a quote that belongs to it.
fn words(text: &str) -> Result<Vec<String>, Wrong> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(chars.next()),
            c if c.is_whitespace() && !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if quoted { Err(Wrong::Quote) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::State;
    use crate::domain::id::TagId;

    #[test]
    fn sets_are_joined_by_signs_that_stand_alone() {
        let tag = |name: &str| Named::Tag(name.into());
        for (text, expected) in [
            ("all", vec![(Join::Union, Named::All)]),
            (" + tag:VIP  ", vec![(Join::Union, tag("VIP"))]),
            (
                "tag:a-b - tag:2 & user:oA",
                vec![(Join::Union, tag("a-b")), (Join::Difference, tag("2")), (Join::Intersection, Named::User("oA".into()))],
            ),
            (r#"tag:"VIP 客户 \"金\"" + all"#, vec![(Join::Union, tag("VIP 客户 \"金\"")), (Join::Union, Named::All)]),
            (
                "job:14:failed - job:3:sent & job:2",
                vec![
                    (Join::Union, Named::Job(JobId(14), Outcome::Only(State::Failed))),
                    (Join::Difference, Named::Job(JobId(3), Outcome::Sent)),
                    (Join::Intersection, Named::Job(JobId(2), Outcome::All)),
                ],
            ),
        ] {
            assert_eq!(read(text).as_ref(), Ok(&expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_told() {
        for (text, wrong) in [
            ("", Wrong::Empty),
            ("  ", Wrong::Empty),
            ("+", Wrong::Empty),
            ("all tag:VIP", Wrong::Sign("tag:VIP".into())),
            ("all-tag:VIP", Wrong::Set("all-tag:VIP".into())),
            ("all -", Wrong::End),
            ("all - -", Wrong::Set("-".into())),
            ("everyone", Wrong::Set("everyone".into())),
            ("tag:", Wrong::Set("tag:".into())),
            ("job:x", Wrong::Set("job:x".into())),
            ("job:1:lost", Wrong::Outcome("lost".into())),
            ("tag:\"VIP", Wrong::Quote),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_audience_says_itself_so_that_it_is_read_again(kinds in proptest::collection::vec((0usize..3, 0usize..5, "[^\0\n\r\t]{1,6}"), 1..6)) {
            let joins = [Join::Union, Join::Difference, Join::Intersection];
            let mut audience = Audience::default();
            let mut names = Vec::new();
            for (at, (join, kind, name)) in kinds.iter().enumerate() {
                names.push(name.clone());
                let set = match kind {
                    0 => UserSet::All,
                    1 => UserSet::Job(JobId(at as i64), Outcome::ALL[at % Outcome::ALL.len()]),
                    2 => UserSet::Users(vec![OpenId::trusted("oA"), OpenId::trusted("-B")]),
                    _ => UserSet::Tag(TagId(at as i64)),
                };
                audience.push(joins[*join], set);
            }
            let Some(text) = audience.expression(|id| names.get(id.0 as usize).cloned()) else {
                proptest::prop_assert!(audience.terms.iter().any(|(join, _)| *join == Join::Intersection));
                return Ok(());
            };
            let named = read(&text).unwrap();
            for (join, named) in &named {
                if let Named::Tag(name) = named {
                    proptest::prop_assert!(names.contains(name), "{text}: {join:?} {name}");
                }
            }
            let sets = audience.terms.iter().map(|(_, set)| if matches!(set, UserSet::Users(_)) { 2 } else { 1 }).sum::<usize>();
            proptest::prop_assert_eq!(named.len(), sets, "{}", text);
        }
    }
}
