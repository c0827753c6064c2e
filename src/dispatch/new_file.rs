//! A file that appears whole or not at all, and replaces none.

use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use thiserror::Error;

/// Why there is no file.
#[derive(Debug, Error)]
pub enum NewFileError {
    /// Something of this name is there.
    Exists(PathBuf),
    /// The folder is missing, not ours, or full.
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Told for NewFileError {
    fn told(&self) -> Sentence {
        match self {
            Self::Exists(path) => Sentence::of("error.new_file", "exists").with("path", path.display()),
            Self::Io { path, source } => Sentence::of("error.new_file", "io").with("path", path.display()).with("why", source),
        }
    }
}

in_english!(NewFileError);

/// A file under another name until it is whole; gone again if it never is. For its owner only: it names people.
#[derive(Debug)]
pub struct NewFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file in a folder that must be there.
    pub fn create(path: &Path) -> Result<Self, NewFileError> {
        // A link to nowhere is something of this name as well.
        if path.symlink_metadata().is_ok() {
            return Err(NewFileError::Exists(path.to_owned()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = NamedTempFile::new_in(folder).map_err(|source| NewFileError::Io { path: path.to_owned(), source })?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Gives it its name, unless somebody else was quicker.
    pub fn finish(self) -> Result<(), NewFileError> {
        let Self { file, path } = self;
        file.persist_noclobber(&path).map(drop).map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => NewFileError::Exists(path),
            _ => NewFileError::Io { path, source: error.error },
        })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(dir: &Path) -> Vec<String> {
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn it_appears_when_it_is_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let mut file = NewFile::create(&path).unwrap();
        file.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(names(dir.path()), [""; 0], "half a file is none");
        let mut file = NewFile::create(&path).unwrap();
        file.write_all(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(dir.path())), (b"whole".to_vec(), vec!["out.csv".to_owned()]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn nothing_is_ever_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        let late = NewFile::create(&path).unwrap();
        fs::write(&path, "mine").unwrap();
        assert!(matches!(NewFile::create(&path), Err(NewFileError::Exists(_))));
        let error = late.finish().unwrap_err();
        assert!(matches!(&error, NewFileError::Exists(_)) && error.to_string().contains("out.csv"), "{error}");
        assert_eq!((fs::read(&path).unwrap(), names(dir.path()).len()), (b"mine".to_vec(), 1));
        let error = NewFile::create(&dir.path().join("no/such/out.csv")).unwrap_err();
        assert!(matches!(&error, NewFileError::Io { .. }) && error.to_string().contains("no/such"), "{error}");
    }
}
