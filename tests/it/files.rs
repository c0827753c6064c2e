//! Files of recipients: every kind that people have, read as they mean it or refused in one sentence.

use muban::audience::{Choices, FileError, Format, Header, RecipientFile, Row};
use serde::Deserialize;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

const FOLDER: &str = "tests/data/files";

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    text: Option<String>,
    #[serde(rename = "as")]
    encoding: Option<String>,
    bytes: Option<String>,
    file: Option<PathBuf>,
    openid_column: Option<String>,
    header: Option<String>,
    rows: Option<Vec<String>>,
    error: Option<String>,
    columns: Option<Vec<String>>,
    format: Option<String>,
    #[serde(rename = "encoding")]
    found: Option<String>,
}

/// `$A` is an openid.
fn with_openids(text: &str) -> String {
    ["A", "B", "C"]
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(&format!("${name}"), &format!("oTD8i6Wz6jQZbAnXHnAc0a1B2c3{name}")))
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let marked = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
    match encoding {
        "utf-8" => text.as_bytes().to_vec(),
        "utf-8-bom" => marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()),
        "utf-16le" => utf16(u16::to_le_bytes),
        "utf-16be" => utf16(u16::to_be_bytes),
        "utf-16le-bom" => marked(b"\xff\xfe", utf16(u16::to_le_bytes)),
        "utf-16be-bom" => marked(b"\xfe\xff", utf16(u16::to_be_bytes)),
        "gb18030" => encoding_rs::GB18030.encode(text).0.into_owned(),
        "bytes" => text
            .split(['{', '}'])
            .enumerate()
            .flat_map(|(at, part)| if at % 2 == 1 { unhex(part) } else { part.into() })
            .collect(),
        other => panic!("{other}"),
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

impl Case {
    fn path(&self, folder: &Path) -> PathBuf {
        if let Some(file) = &self.file {
            return Path::new(FOLDER).join(file);
        }
        let bytes = match (&self.text, &self.bytes) {
            (Some(text), None) => encoded(&with_openids(text), self.encoding.as_deref().unwrap_or("utf-8")),
            (None, Some(hex)) => unhex(hex),
            _ => panic!("{}: text or bytes", self.name),
        };
        let path = folder.join("list");
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn choices(&self) -> Choices {
        let header = match self.header.as_deref() {
            None => Header::Auto,
            Some("yes") => Header::Yes,
            Some("no") => Header::No,
            Some(other) => panic!("{other}"),
        };
        Choices { openid_column: self.openid_column.clone(), header }
    }

    fn check(&self, read: Result<(RecipientFile, Vec<String>), FileError>) {
        if self.is_zip() && cfg!(not(feature = "xlsx")) {
            assert!(matches!(read, Err(FileError::NoWorkbooks)), "{}", self.name);
            return;
        }
        match (read, &self.rows, &self.error) {
            (Ok((file, rows)), Some(expected), None) => {
                let expected: Vec<String> = expected.iter().map(|row| with_openids(row)).collect();
                assert_eq!(rows, expected, "{}", self.name);
                self.check_shape(&file);
            }
            (Err(error), None, Some(expected)) => {
                assert!(error.to_string().contains(expected), "{}: {error}", self.name);
            }
            (Ok((_, rows)), ..) => panic!("{}: no error but {rows:?}", self.name),
            (Err(error), ..) => panic!("{}: {error}", self.name),
        }
    }

    fn is_zip(&self) -> bool {
        self.file.as_ref().is_some_and(|file| std::fs::read(Path::new(FOLDER).join(file)).unwrap().starts_with(b"PK"))
    }

    fn check_shape(&self, file: &RecipientFile) {
        let shape = file.shape();
        if let Some(columns) = &self.columns {
            assert_eq!(shape.columns.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>(), *columns, "{}", self.name);
        }
        if let Some(encoding) = &self.found {
            assert_eq!(shape.encoding, Some(encoding.as_str()), "{}", self.name);
        }
        if let Some(format) = &self.format {
            let found = match &shape.format {
                Format::Lines => "lines".to_owned(),
                Format::Delimited(delimiter) => format!("delimited {delimiter}"),
                Format::Json => "json".to_owned(),
                Format::JsonLines => "json lines".to_owned(),
                Format::Workbook { sheet } => format!("workbook {sheet}"),
            };
            assert_eq!(found, *format, "{}", self.name);
        }
    }
}

fn line(row: &Row) -> String {
    let mut line = format!("{} {}", row.number, row.openid);
    for (name, value) in &row.columns {
        write!(line, " {name}={value}").unwrap();
    }
    line
}

fn rows(file: RecipientFile) -> Result<(RecipientFile, Vec<String>), FileError> {
    let mut rows = Vec::new();
    file.each(|row| {
        rows.push(line(&row));
        Ok::<_, FileError>(())
    })?;
    let first: Vec<String> = file.first().iter().map(line).collect();
    assert_eq!(first, rows[..rows.len().min(20)], "what is shown before is what is taken");
    Ok((file, rows))
}

#[test]
fn every_file_is_read_as_it_is_meant_or_refused_in_one_sentence() {
    let table: Table = toml::from_str(&std::fs::read_to_string(Path::new(FOLDER).join("table.toml")).unwrap()).unwrap();
    assert!(table.case.len() >= 60);
    let folder = tempfile::tempdir().unwrap();
    for case in &table.case {
        let path = case.path(folder.path());
        case.check(RecipientFile::open(&path, &case.choices()).and_then(rows));
        // What comes through a pipe is read no other way.
        let piped = std::fs::File::open(&path).unwrap();
        case.check(RecipientFile::spool(piped, &case.choices()).and_then(rows));
    }
}

#[test]
fn a_file_is_known_again_by_what_it_says_and_how_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let id = |text: &str, choices: &Choices| {
        let path = folder.path().join("list");
        std::fs::write(&path, text).unwrap();
        RecipientFile::open(&path, choices).unwrap().id()
    };
    let any = Choices::default();
    let first = id("oA\noB\n", &any);
    assert_eq!(id("oA\noB\n", &any), first);
    assert_ne!(id("oA\noC\n", &any), first);
    assert_ne!(id("oA\noB\n", &Choices { header: Header::Yes, ..any.clone() }), first);
    assert_ne!(id("oA\noB\n", &Choices { openid_column: Some("1".into()), ..any }), first);
}

#[test]
fn a_file_that_somebody_writes_into_meanwhile_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    std::fs::write(&path, "oA\noB\n").unwrap();
    let file = RecipientFile::open(&path, &Choices::default()).unwrap();
    std::fs::write(&path, "oA\noB\noC\n").unwrap();
    assert!(matches!(rows(file), Err(FileError::Changed)));
}

#[test]
fn what_is_not_there_or_is_a_folder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("nothing.csv"), folder.path().to_owned()] {
        let error = RecipientFile::open(&path, &Choices::default()).err().unwrap().to_string();
        assert!(error.contains("cannot read") && error.contains(&*path.to_string_lossy()), "{error}");
    }
}

/// Makes lines as they are asked for: a file of any length without holding it.
struct Lines {
    next: u64,
    count: u64,
    rest: Vec<u8>,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.rest.is_empty() && self.next < self.count {
            self.rest = format!("oTD8i6Wz6jQZbAnXHn{:010},姓名{}\n", self.next, self.next % 7).into_bytes();
            self.next += 1;
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_long_line_is_a_line() {
    let long = "长".repeat(1_000_000);
    let text = with_openids(&format!("openid,say\n$A,{long}\n$B,x\n"));
    let (_, rows) = rows(RecipientFile::spool(text.as_bytes(), &Choices::default()).unwrap()).unwrap();
    assert!(rows[0] == with_openids(&format!("2 $A say={long}")) && rows[1] == with_openids("3 $B say=x"));
}

#[test]
fn a_long_file_comes_whole_and_in_its_order() {
    let file = RecipientFile::spool(Lines { next: 0, count: 200_000, rest: Vec::new() }, &Choices::default()).unwrap();
    let mut next = 0;
    file.each(|row| {
        assert_eq!((row.number, row.openid), (next + 1, format!("oTD8i6Wz6jQZbAnXHn{next:010}")));
        assert_eq!(row.columns["column_2"], format!("姓名{}", next % 7));
        next += 1;
        Ok::<_, FileError>(())
    })
    .unwrap();
    assert_eq!(next, 200_000);
}
