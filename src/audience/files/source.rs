//! The bytes of a file, and what text they are.

use super::error::FileError;
use super::{Choices, Header};
use crate::domain::id::FileId;
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use ring::digest::{Context, SHA256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

/// Bytes read at a time, and looked at to tell what they are.
const CHUNK: usize = 64 * 1024;

/// Of these a workbook consists; also any other archive.
const ZIP: &[u8] = b"PK\x03\x04";
/// Excel before 2007.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Where the bytes come from. Can be read as often as needed.
pub struct Source {
    path: PathBuf,
    file: File,
}

impl Source {
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_dir() {
            return Err(unreadable(io::ErrorKind::IsADirectory.into()));
        }
        let source = Self { path: path.to_owned(), file };
        // A pipe or a device gives its bytes once only.
        if source.bytes().is_ok() { Ok(source) } else { Self::spooled(path, &source.file) }
    }

    /// Keeps what comes once only.
    pub fn spool(input: impl Read) -> Result<Self, FileError> {
        Self::spooled(Path::new("-"), input)
    }

    fn spooled(path: &Path, mut input: impl Read) -> Result<Self, FileError> {
        let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
        let mut file = tempfile::tempfile().map_err(unreadable)?;
        io::copy(&mut input, &mut file).map_err(unreadable)?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// From the beginning on.
    pub fn bytes(&self) -> Result<File, FileError> {
        let mut file = self.file.try_clone().map_err(|source| self.unreadable(source))?;
        file.rewind().map_err(|source| self.unreadable(source))?;
        Ok(file)
    }

    pub fn unreadable(&self, source: io::Error) -> FileError {
        FileError::Unreadable { path: self.path.clone(), source }
    }

    /// Reads all of it once.
    pub fn survey(&self) -> Result<Survey, FileError> {
        let (mut bytes, mut chunk) = (self.bytes()?, vec![0; CHUNK]);
        let mut survey = Survey::new();
        loop {
            let read = fill(&mut bytes, &mut chunk).map_err(|source| self.unreadable(source))?;
            let Some(chunk) = chunk.get(..read).filter(|chunk| !chunk.is_empty()) else { break };
            survey.take(chunk);
        }
        if survey.head.is_empty() { Err(FileError::Empty) } else { Ok(survey) }
    }

    /// The text in UTF-8, its line ends as everybody reads them.
    pub fn read_as(&self, text: &Text) -> Result<Decoded, FileError> {
        let decoder = text.encoding.new_decoder_with_bom_removal();
        Ok(Decoded { bytes: self.bytes()?, decoder, raw: Vec::new(), out: Vec::new(), at: 0, after_return: false, over: false })
    }

    /// Whether all of it is text of this encoding; else the line where it is not.
    fn check(&self, encoding: &'static Encoding) -> Result<(), FileError> {
        let mut decoder = encoding.new_decoder_with_bom_removal();
        let (mut bytes, mut chunk, mut text) = (self.bytes()?, vec![0; CHUNK], vec![0; 4 * CHUNK]);
        let mut line = 1;
        loop {
            let read = fill(&mut bytes, &mut chunk).map_err(|source| self.unreadable(source))?;
            let Some(mut rest) = chunk.get(..read) else { return Ok(()) };
            let last = rest.is_empty();
            loop {
                let (result, taken, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, last);
                line += text.iter().take(written).filter(|byte| **byte == b'\n').count() as u64;
                rest = rest.get(taken..).unwrap_or_default();
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => return Err(FileError::Encoding { line }),
                }
            }
            if last {
                return Ok(());
            }
        }
    }
}

/// As much as there is, up to the whole buffer.
fn fill(bytes: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match bytes.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// What was seen on the way through.
pub struct Survey {
    head: Vec<u8>,
    digest: Context,
    nuls: u64,
}

impl Survey {
    fn new() -> Self {
        Self { head: Vec::new(), digest: Context::new(&SHA256), nuls: 0 }
    }

    fn take(&mut self, chunk: &[u8]) {
        if self.head.is_empty() {
            self.head = chunk.to_vec();
        }
        self.digest.update(chunk);
        self.nuls += memchr::memchr_iter(0, chunk).count() as u64;
    }

    pub fn is_workbook(&self) -> bool {
        self.head.starts_with(ZIP)
    }

    /// The same bytes with the same choices are the same file. 128 bits: nobody finds two that agree by chance.
    pub fn id(&self, choices: &Choices) -> FileId {
        let mut digest = self.digest.clone();
        let header = match choices.header {
            Header::Auto => "auto",
            Header::Yes => "yes",
            Header::No => "no",
        };
        digest.update(format!("\0{header}\0{}", choices.openid_column.as_deref().unwrap_or_default()).as_bytes());
        let digest = digest.finish();
        FileId::trusted(digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    /// What text it is.
    pub fn text(&self, source: &Source) -> Result<Text, FileError> {
        if self.head.starts_with(OLE) {
            return Err(FileError::OldExcel);
        }
        let encoding = match Encoding::for_bom(&self.head) {
            Some((encoding, _)) => encoding,
            None => self.utf16().unwrap_or(UTF_8),
        };
        // In UTF-16 every other byte of plain text is a NUL; in anything else that is text there is none.
        if self.nuls > 0 && encoding == UTF_8 {
            return Err(FileError::NotText);
        }
        let encoding = match source.check(encoding) {
            Ok(()) => encoding,
            Err(_) if encoding == UTF_8 => {
                source.check(GB18030)?;
                GB18030
            }
            Err(error) => return Err(error),
        };
        let mut text = Text { encoding, head: String::new() };
        let mut head = Vec::new();
        let read = source.read_as(&text)?.take(CHUNK as u64).read_to_end(&mut head);
        read.map_err(|error| source.unreadable(error))?;
        text.head = String::from_utf8_lossy(&head).into_owned();
        if text.head.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            return Err(FileError::NotText);
        }
        Ok(text)
    }

    /// UTF-16 without its mark: openids are ASCII, so that one byte of two is mostly NUL.
    fn utf16(&self) -> Option<&'static Encoding> {
        let nuls_at = |odd: usize| self.head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd, pairs) = (nuls_at(0), nuls_at(1), self.head.len() / 2);
        match (even, odd) {
            (0, odd) if odd > pairs / 3 => Some(UTF_16LE),
            (even, 0) if even > pairs / 3 => Some(UTF_16BE),
            _ => None,
        }
    }
}

/// How the bytes are to be read.
pub struct Text {
    encoding: &'static Encoding,
    head: String,
}

impl Text {
    /// Its name.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// How it begins.
    pub fn head(&self) -> &str {
        &self.head
    }

    pub fn begins_like_json(&self) -> bool {
        self.head.trim_start().starts_with(['[', '{'])
    }
}

/// Gives UTF-8, whatever the bytes were.
pub struct Decoded {
    bytes: File,
    decoder: Decoder,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    /// Whether the last character was a `\r`, which ends the line by itself.
    after_return: bool,
    over: bool,
}

impl Decoded {
    /// The next stretch of text; nothing at the end.
    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.out.clear();
        while self.out.is_empty() && !self.over {
            self.raw.resize(CHUNK, 0);
            let read = fill(&mut self.bytes, &mut self.raw)?;
            self.raw.truncate(read);
            self.over = read < CHUNK;
            let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(4 * CHUNK);
            self.out.resize(room, 0);
            let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw, &mut self.out, self.over);
            self.out.truncate(written);
            self.end_lines_alike();
        }
        Ok(())
    }

    /// Every line ends with a `\n`, whoever wrote it.
    fn end_lines_alike(&mut self) {
        if !self.after_return && memchr::memchr(b'\r', &self.out).is_none() {
            return;
        }
        let mut after_return = self.after_return;
        self.out.retain_mut(|byte| {
            let second_half = after_return && *byte == b'\n';
            after_return = *byte == b'\r';
            if after_return {
                *byte = b'\n';
            }
            !second_half
        });
        self.after_return = after_return;
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.out.len() {
            self.refill()?;
        }
        let rest = self.out.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
