//! Errors in no language: which sentence of the language tables says one, and what stands in its gaps.

use std::fmt::Display;

/// What a person can be told of: mostly an error.
pub trait Told {
    /// Its sentence.
    fn told(&self) -> Sentence;
}

/// A sentence of the language tables with what stands in its gaps. The same in every language until it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its table, like `error.store`.
    pub table: &'static str,
    /// Its name there.
    pub key: &'static str,
    /// Its gaps by name.
    pub gaps: Vec<(&'static str, Gap)>,
}

/// What stands in a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// As it is: a name, a path, the system's own words.
    Text(String),
    /// A number of things, grouped as the language has it.
    Count(u64),
    /// Another sentence.
    Sentence(Sentence),
}

impl Sentence {
    /// A sentence that names nothing yet.
    pub fn of(table: &'static str, key: &'static str) -> Self {
        Self { table, key, gaps: Vec::new() }
    }

    /// With a text in a gap.
    #[must_use]
    pub fn with(self, name: &'static str, text: impl Display) -> Self {
        self.filled(name, Gap::Text(text.to_string()))
    }

    /// With a number of things in a gap.
    #[must_use]
    pub fn count(self, name: &'static str, count: u64) -> Self {
        self.filled(name, Gap::Count(count))
    }

    /// With another sentence in a gap, mostly its cause.
    #[must_use]
    pub fn telling(self, name: &'static str, cause: &impl Told) -> Self {
        self.filled(name, Gap::Sentence(cause.told()))
    }

    /// With texts that were listed elsewhere.
    #[must_use]
    pub fn with_all(mut self, args: Vec<(&'static str, String)>) -> Self {
        self.gaps.extend(args.into_iter().map(|(name, text)| (name, Gap::Text(text))));
        self
    }

    fn filled(mut self, name: &'static str, gap: Gap) -> Self {
        self.gaps.push((name, gap));
        self
    }
}

impl Told for Sentence {
    fn told(&self) -> Sentence {
        self.clone()
    }
}
