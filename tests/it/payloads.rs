//! Bodies as people really wrote them, from public threads and code: each is read, or refused in one sentence.
//! Their openids, tokens and names are made up, of the same shape.

use crate::home::{Home, said};
use muban::domain::lang::Lang;
use muban::domain::payload::{self, Note, Payload, PayloadError};
use muban::sim::{Sim, World};
use muban::text::lang::Texts;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What is expected of one file.
#[derive(Debug, Deserialize, PartialEq)]
struct Case {
    file: String,
    /// Where somebody wrote it.
    source: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
enum Outcome {
    Read { template_id: String, to: Option<String>, keys: Vec<String>, notes: Vec<String> },
    Refused { error: String, place: Option<(usize, usize)> },
}

#[derive(Deserialize)]
struct Index {
    payload: Vec<Case>,
}

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/payloads")
}

fn text(file: &str) -> String {
    std::fs::read_to_string(dir().join(file)).unwrap()
}

fn cases() -> Vec<Case> {
    toml::from_str::<Index>(&text("index.toml")).unwrap().payload
}

fn outcome(read: Result<&Payload, &PayloadError>) -> Outcome {
    match read {
        Ok(Payload { to, message, notes }) => Outcome::Read {
            template_id: message.template_id.to_string(),
            to: to.as_ref().map(ToString::to_string),
            keys: message.values.iter().map(|value| value.key.clone()).collect(),
            notes: notes.iter().map(|note| note.key().to_owned()).collect(),
        },
        Err(error) => Outcome::Refused { error: error.key().to_owned(), place: error.place() },
    }
}

#[test]
fn each_body_found_in_the_wild_is_read_or_refused_for_its_reason() {
    let mut wrong = String::new();
    for case in cases() {
        let read = payload::read(&text(&case.file));
        let found = outcome(read.as_ref());
        if found != case.outcome {
            writeln!(wrong, "{}: {found:?}, not {:?}", case.file, case.outcome).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_file_is_in_the_index_once_and_has_a_source() {
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let files: BTreeSet<String> = std::fs::read_dir(dir())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "index.toml")
        .collect();
    let named: BTreeSet<String> = cases.iter().map(|case| case.file.clone()).collect();
    assert_eq!((&named, named.len()), (&files, cases.len()));
    assert!(cases.iter().all(|case| !case.source.is_empty()));
}

/// One sentence: on one line, with an end to it, not cut in two, and with nothing left to fill in.
fn is_a_sentence(said: &str) -> bool {
    !said.chars().any(char::is_control)
        && said.chars().count() < 400
        && !said.contains(". ")
        && !said.contains('。')
        && said.len() > 10
}

#[test]
fn whatever_is_said_of_a_body_is_one_sentence_in_both_languages() {
    for case in cases() {
        let read = payload::read(&text(&case.file));
        for lang in [Lang::En, Lang::Zh] {
            let texts = Texts::of(lang);
            let said: Vec<String> = match &read {
                Ok(payload) => payload.notes.iter().map(|note: &Note| texts.payload_note(note)).collect(),
                Err(error) => vec![texts.payload_error(error)],
            };
            for said in said {
                assert!(is_a_sentence(&said), "{}: {said}", case.file);
                assert!(!said.contains("{member}") && !said.contains("{keys}") && !said.contains("{line}"), "{said}");
                assert!(!said.contains("FAKE"), "a token is repeated: {said}");
            }
        }
    }
}

#[test]
fn no_beginning_of_a_body_makes_the_reader_fall() {
    for case in cases() {
        let text = text(&case.file);
        for (end, _) in text.char_indices() {
            let cut = text.get(..end).unwrap();
            if let Err(error) = payload::read(cut) {
                let (line, column) = error.place().unwrap_or((1, 1));
                let there = cut.split('\n').nth(line - 1).map(|line| line.chars().count() + 1);
                assert!(there.is_some_and(|last| (1..=last).contains(&column)), "{error:?} in {cut}");
            }
        }
    }
}

#[test]
fn the_command_line_tells_what_it_put_right_and_refuses_the_rest_in_the_language_chosen() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let template = sim.world(|world| world.accounts()[0].templates()[0].clone());
    let fields = ["character_string1", "thing2", "thing3", "character_string4", "time5"];
    let values = ["M20231109", "手冲咖啡壶", "顺丰", "SF1", "2023-11-09 15:01"];
    let data: Vec<String> = fields.iter().zip(values).map(|(key, value)| format!("\"{key}.DATA\":\"{value}\"")).collect();
    let body = format!("{{\"templateId\":\"{}\",\"access_token\":\"80_SECRET\",\"data\":{{{}}}}}", template.id, data.join(","));
    for (lang, note, error) in [
        ("en", "warning: templateId: read as `template_id`", "-: line 1, column 2: ' is no quote of JSON"),
        ("zh", "警告：templateId：已按 `template_id` 读取", "-: 第 1 行第 2 列：' 不是 JSON 的引号"),
    ] {
        let args = ["preview", "--payload", "-", "--to", "oX", "--json", "--lang", lang];
        let output = home.run_with(&args, &body);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let printed = String::from_utf8(output.stdout.clone()).unwrap();
        assert!(
            printed.contains(r#""data":{"character_string1":{"value":"M20231109"},"thing2":{"value":"手冲咖啡壶"}"#),
            "{printed}"
        );
        assert!(said(&output).contains(note) && !said(&output).contains("SECRET"), "{}", said(&output));
        let output = home.run_with(&args, "{'touser': 'oX'}");
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(error), "{}", said(&output));
    }
}
