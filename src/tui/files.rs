//! Texts that come from files: small ones, read whole.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes of a text at most: far more than any body that WeChat takes.
pub const MOST_BYTES: u64 = 1 << 20;

/// Why there is no text from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTrouble {
    /// The system does not give it; in its words.
    Unreadable(String),
    /// A folder, a pipe or a device.
    NoFile,
    /// More than [`MOST_BYTES`].
    TooLarge,
    /// Not UTF-8.
    NotText,
}

impl FileTrouble {
    /// Name of its sentence in the language tables; `{error}` in it is what the system says.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "file.unreadable",
            Self::NoFile => "file.no_file",
            Self::TooLarge => "file.too_large",
            Self::NotText => "file.not_text",
        }
    }

    /// What the system says.
    pub fn error(&self) -> &str {
        match self {
            Self::Unreadable(error) => error,
            _ => "",
        }
    }
}

/// Reads a file as text. Blocks, though never for what may have no end.
pub fn read_text(path: &Path) -> Result<String, FileTrouble> {
    let unreadable = |error: std::io::Error| FileTrouble::Unreadable(error.to_string());
    // Asked before it is opened: opening a pipe waits for its other end.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(FileTrouble::NoFile);
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(FileTrouble::TooLarge);
    }
    String::from_utf8(bytes).map_err(|_| FileTrouble::NotText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_texts_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let read = |name: &str, bytes: &[u8]| {
            std::fs::write(dir.path().join(name), bytes).unwrap();
            read_text(&dir.path().join(name))
        };
        assert_eq!(read("a.json", "{\"a\":\"订单\"}".as_bytes()).as_deref(), Ok("{\"a\":\"订单\"}"));
        assert_eq!(read("gbk", &[0xb6, 0xa9]), Err(FileTrouble::NotText));
        assert!(read("most", &vec![b' '; 1 << 20]).is_ok());
        assert_eq!(read("more", &vec![b' '; (1 << 20) + 1]), Err(FileTrouble::TooLarge));
        assert_eq!(read_text(dir.path()), Err(FileTrouble::NoFile));
        assert!(matches!(read_text(&dir.path().join("none")), Err(FileTrouble::Unreadable(_))));
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(read_text(&pipe), Err(FileTrouble::NoFile));
    }
}
