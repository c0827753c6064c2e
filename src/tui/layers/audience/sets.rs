use crate::domain::audience::{Outcome, UserSet};
use crate::domain::user::Tag;
use crate::tui::msg::Sets;

/// Something to choose in the builder.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Just this set.
    Set(UserSet),
    /// A job of those that are known.
    Job(usize),
    /// An audience of those kept by name.
    Kept(usize),
}

impl Entry {
    /// The set it stands for; a kept audience is none.
    pub fn set(&self, sets: &Sets, outcome: Outcome) -> Option<UserSet> {
        match self {
            Self::Set(set) => Some(set.clone()),
            Self::Job(index) => sets.jobs.get(*index).map(|job| UserSet::Job(job.id, outcome)),
            Self::Kept(_) => None,
        }
    }
}

/// What is to choose from: everyone, the marked, what was kept, tags, files and jobs; those that have what is looked for in
/// their name.
pub fn entries(tags: &[Tag], marked: Option<&UserSet>, sets: &Sets, find: &str) -> Vec<Entry> {
    let find = find.trim().to_lowercase();
    let fits = |name: &str| name.to_lowercase().contains(&find);
    let mut entries = Vec::new();
    if find.is_empty() {
        entries.push(Entry::Set(UserSet::All));
        entries.extend(marked.cloned().map(Entry::Set));
    }
    let kept = sets.kept.iter().enumerate().filter(|(_, kept)| fits(&kept.name));
    entries.extend(kept.map(|(index, _)| Entry::Kept(index)));
    let tags = tags.iter().filter(|tag| fits(&tag.name) || fits(&tag.id.to_string()));
    entries.extend(tags.map(|tag| Entry::Set(UserSet::Tag(tag.id))));
    let files = sets.files.iter().filter(|file| fits(file.set.name()));
    entries.extend(files.map(|file| Entry::Set(UserSet::File(file.set.clone()))));
    let jobs = sets.jobs.iter().enumerate().filter(|(_, job)| fits(&job.title) || fits(&job.id.to_string()));
    entries.extend(jobs.map(|(index, _)| Entry::Job(index)));
    entries
}
