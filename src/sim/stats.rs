//! How often each path was called, and how it answered.

use std::collections::BTreeMap;

/// Calls of one path.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls {
    /// Requests read to their end.
    pub(super) received: u64,
    /// Answers given, of whatever kind; not those lost in a reset.
    pub(super) answered: u64,
    /// JSON answers by errcode; 0 is success.
    pub(super) by_errcode: BTreeMap<i64, u64>,
}

/// All calls since the start, or since the ledger was emptied.
#[derive(Debug, Clone, Default)]
pub(super) struct Stats {
    /// In the order of their first call; so few that looking through them is quick.
    paths: Vec<(String, Calls)>,
    total: u64,
}

impl Stats {
    pub(super) fn received(&mut self, path: &str) {
        self.total += 1;
        self.at(path).received += 1;
    }

    pub(super) fn answered(&mut self, path: &str, errcode: Option<i64>) {
        let calls = self.at(path);
        calls.answered += 1;
        if let Some(errcode) = errcode {
            *calls.by_errcode.entry(errcode).or_default() += 1;
        }
    }

    pub(super) fn of(&self, path: &str) -> Calls {
        self.paths.iter().find(|(known, _)| known == path).map(|(_, calls)| calls.clone()).unwrap_or_default()
    }

    pub(super) fn total(&self) -> u64 {
        self.total
    }

    pub(super) fn paths(&self) -> &[(String, Calls)] {
        &self.paths
    }

    fn at(&mut self, path: &str) -> &mut Calls {
        let known = self.paths.iter().position(|(known, _)| known == path);
        let place = known.unwrap_or_else(|| {
            self.paths.push((path.to_owned(), Calls::default()));
            self.paths.len() - 1
        });
        &mut self.paths[place].1
    }
}
