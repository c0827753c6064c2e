//! The bytes of a file, and what text they are.

use super::error::FileError;
use super::{Choices, Header};
use crate::domain::id::FileId;
use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use ring::digest::{Context, SHA256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Bytes read at a time, and looked at to tell what they are.
const CHUNK: usize = 64 * 1024;

/// Of these a workbook consists; also any other archive.
const ZIP: &[u8] = b"PK\x03\x04";
/// Excel before 2007.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What a workbook with a password has inside, in UTF-16.
const ENCRYPTED: &str = "EncryptedPackage";
/// Behind the last line of a text of DOS.
const DOS_END: u8 = 0x1a;

/// Changes whenever files come to be read in another way: what was kept of them before is not the same then.
const READING: &str = "2";

/// Wrong places of a text after which it is no matter how many more there are.
const ENOUGH_WRONG: u64 = 100;

/// Where the bytes come from. Can be read as often as needed.
pub struct Source {
    path: PathBuf,
    file: File,
    /// Its length and when it was written, unless nobody else has it.
    state: Option<(u64, Option<SystemTime>)>,
}

impl Source {
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(unreadable(io::ErrorKind::IsADirectory.into()));
        }
        let state = Some((metadata.len(), metadata.modified().ok()));
        let source = Self { path: path.to_owned(), file, state };
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
        Ok(Self { path: path.to_owned(), file, state: None })
    }

    /// What was read at different times belongs together.
    pub fn is_unchanged(&self) -> Result<(), FileError> {
        let Some(state) = self.state else { return Ok(()) };
        let metadata = self.file.metadata().map_err(|source| self.unreadable(source))?;
        if state == (metadata.len(), metadata.modified().ok()) { Ok(()) } else { Err(FileError::Changed) }
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

    /// Whether all of it is text of this encoding.
    fn check(&self, encoding: &'static Encoding) -> Result<Checked, FileError> {
        let mut checked = Checked::default();
        let mut decoder = encoding.new_decoder_with_bom_removal();
        let (mut bytes, mut chunk, mut text) = (self.bytes()?, vec![0; CHUNK], vec![0; 4 * CHUNK]);
        let mut line = 1;
        loop {
            let read = fill(&mut bytes, &mut chunk).map_err(|source| self.unreadable(source))?;
            let Some(mut rest) = chunk.get(..read) else { return Ok(checked) };
            let last = rest.is_empty();
            loop {
                let (result, taken, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, last);
                let text = text.get(..written).unwrap_or_default();
                line += memchr::memchr_iter(b'\n', text).count() as u64;
                checked.beyond_ascii += text.iter().filter(|byte| **byte >= 0xc0).count() as u64;
                rest = rest.get(taken..).unwrap_or_default();
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => checked.is_wrong_in(line),
                }
                if checked.wrong >= ENOUGH_WRONG {
                    return Ok(checked);
                }
            }
            if last {
                return Ok(checked);
            }
        }
    }
}

/// How far a file is text of one encoding.
#[derive(Debug, Clone, Copy, Default)]
struct Checked {
    /// Characters that only this encoding writes so.
    beyond_ascii: u64,
    wrong: u64,
    /// The line where it is wrong first.
    line: u64,
}

impl Checked {
    fn is_wrong_in(&mut self, line: u64) {
        if self.wrong == 0 {
            self.line = line;
        }
        self.wrong += 1;
    }

    fn fine(self) -> Result<(), FileError> {
        if self.wrong == 0 { Ok(()) } else { Err(FileError::Encoding { line: self.line }) }
    }

    /// A text of another encoding is almost nowhere right by chance. What is mostly right was damaged, and read as anything
    /// else it would say something that nobody wrote.
    fn is_damaged(self) -> bool {
        self.beyond_ascii > 2 * self.wrong
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
    encrypted: bool,
    /// The end of what was seen: a word may go on in the next chunk.
    tail: Vec<u8>,
}

impl Survey {
    fn new() -> Self {
        Self { head: Vec::new(), digest: Context::new(&SHA256), nuls: 0, encrypted: false, tail: Vec::new() }
    }

    fn take(&mut self, chunk: &[u8]) {
        if self.head.is_empty() {
            self.head = chunk.to_vec();
        }
        self.digest.update(chunk);
        self.nuls += memchr::memchr_iter(0, chunk).count() as u64;
        if self.is_ole() {
            self.look_for_password(chunk);
        }
    }

    fn look_for_password(&mut self, chunk: &[u8]) {
        let word: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.tail.extend_from_slice(chunk);
        self.encrypted |= memchr::memmem::find(&self.tail, &word).is_some();
        self.tail.drain(..self.tail.len().saturating_sub(word.len()));
    }

    fn is_ole(&self) -> bool {
        self.head.starts_with(OLE)
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
        digest.update(format!("\0{READING}\0{header}\0{}", choices.openid_column.as_deref().unwrap_or_default()).as_bytes());
        let half = digest.finish().as_ref().iter().take(16).fold(0, |half: u128, byte| half << 8 | u128::from(*byte));
        FileId::trusted(format!("{half:032x}"))
    }

    /// What text it is.
    pub fn text(&self, source: &Source) -> Result<Text, FileError> {
        if self.is_ole() {
            return Err(if self.encrypted { FileError::Password } else { FileError::OldExcel });
        }
        let encoding = match Encoding::for_bom(&self.head) {
            Some((encoding, _)) => encoding,
            None => self.utf16().unwrap_or(UTF_8),
        };
        // In UTF-16 every other byte of plain text is a NUL; in anything else that is text there is none.
        if self.nuls > 0 && encoding == UTF_8 {
            return Err(FileError::NotText);
        }
        let checked = source.check(encoding)?;
        let encoding = if encoding == UTF_8 && checked.wrong > 0 && !checked.is_damaged() {
            source.check(GB18030)?.fine()?;
            GB18030
        } else {
            checked.fine()?;
            encoding
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

    /// UTF-16 without its mark: openids are ASCII, so that one byte of two is mostly NUL. The other one is seldom: `一` has it.
    fn utf16(&self) -> Option<&'static Encoding> {
        let nuls_at = |odd: usize| self.head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd, pairs) = (nuls_at(0), nuls_at(1), self.head.len() / 2);
        let mostly = |here: usize, there: usize| here > pairs / 3 && there < here / 8 + 1;
        match (mostly(odd, even), mostly(even, odd)) {
            (true, _) => Some(UTF_16LE),
            (_, true) => Some(UTF_16BE),
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

    /// Titles may stand in brackets too.
    pub fn begins_like_json(&self) -> bool {
        let begin = self.head.trim_start();
        let inside = begin.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(inside, _)| inside);
        let is_title = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_'));
        let bracketed = inside.is_some_and(|text| text.starts_with(char::is_alphabetic) && is_title(text));
        begin.starts_with(['[', '{']) && !bracketed
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
            if self.over && self.out.last() == Some(&DOS_END) {
                self.out.pop();
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::files::{Choices, RecipientFile};
    use std::io::Write as _;

    #[test]
    fn no_more_is_read_than_the_next_rows_need() {
        let line = |n: u64| format!("oTD8i6Wz6jQZbAnXHn{n:010},姓名\n");
        let mut text = Vec::new();
        (0..30_000).for_each(|n| write!(text, "{}", line(n)).unwrap());
        let file = RecipientFile::spool(text.as_slice(), &Choices::default()).unwrap();
        // The place in the file is the same for all who read it.
        let mut shared = file.source.file.try_clone().unwrap();
        let mut rows = 0;
        file.each(|row| {
            rows = row.number;
            let read = shared.stream_position().unwrap();
            assert!(read <= rows * line(0).len() as u64 + 2 * CHUNK as u64, "row {rows}: {read} bytes were read");
            Ok::<_, FileError>(())
        })
        .unwrap();
        assert_eq!(rows, 30_000);
    }

    #[test]
    fn a_word_is_found_across_chunks() {
        let word: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for at in 0..=word.len() {
            let mut survey = Survey::new();
            survey.take(&[OLE, &word[..at]].concat());
            survey.take(&[&word[at..], b"more"].concat());
            assert!(survey.encrypted, "{at}");
        }
    }

    /// Characters in GBK, all of them: now and then one is right as UTF-8 by chance, a list of them never is.
    #[test]
    fn gbk_is_never_taken_for_damaged_utf_8() {
        let characters: Vec<char> = ('\u{4e00}'..'\u{9fa5}').collect();
        // No two that are neighbours stand together, as in no text.
        let mixed: Vec<char> = (0..characters.len()).map(|at| characters[at * 7919 % characters.len()]).collect();
        for list in mixed.chunks(20) {
            let text: String = list.iter().flat_map(|c| ['o', 'A', ',', *c, '\n']).collect();
            let (bytes, _, unknown) = GB18030.encode(&text);
            assert!(!unknown);
            let source = Source::spool(&*bytes).unwrap();
            let read = source.survey().and_then(|survey| survey.text(&source)).map(|text| text.encoding());
            assert_eq!(read.unwrap_or("none"), "gb18030", "{text}");
        }
    }
}
