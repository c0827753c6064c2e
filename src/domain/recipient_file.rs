//! Files of recipients, as the cache keeps them once they were read.

use super::id::FileId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A file as part of an audience: what was read of it, and where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSet {
    /// What was read. The same bytes read in the same way are the same set, whatever became of the file since.
    pub id: FileId,
    /// As the operator named it.
    pub path: String,
}

impl FileSet {
    /// The last part of its path, to be told apart in few words.
    pub fn name(&self) -> &str {
        let path = self.path.trim_end_matches(['/', '\\']);
        path.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).unwrap_or(&self.path)
    }
}

/// What the cache knows of a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFile {
    /// What was read, and from where the last time.
    pub set: FileSet,
    /// The columns beside the openid, by the names that placeholders give them.
    pub columns: Vec<String>,
    /// Its rows, whatever they hold.
    pub rows: u64,
    /// Those of them without an openid.
    pub blank: u64,
    /// Different openids in it.
    pub people: u64,
    /// When it was read.
    pub read_at: Timestamp,
}

impl ReadFile {
    /// Rows of an openid that stands further up already.
    pub fn duplicates(&self) -> u64 {
        self.rows.saturating_sub(self.blank).saturating_sub(self.people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_the_last_part_of_its_path() {
        for (path, name) in
            [("/a/b/会员.csv", "会员.csv"), ("x.txt", "x.txt"), (r"C:\a\b.xlsx", "b.xlsx"), ("-", "-"), ("/", "/")]
        {
            assert_eq!(FileSet { id: FileId::trusted("0"), path: path.into() }.name(), name);
        }
    }
}
