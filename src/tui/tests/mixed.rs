//! A screen in Chinese has no sentence in English.

use std::collections::BTreeSet;
use std::path::Path;

/// What stands on Chinese pictures as others wrote it: WeChat's own words, the system's, and command lines to be copied.
const OTHERS: &[&str] = &[
    "not match openid with",
    "such file or directory",
    "invalid ip, not in",
    "job pace ID",
    "keyword name invalid",
    "require subscribe rid:",
    "timed out after",
];

/// Runs of three words and more, each of letters alone, with single blanks between them.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut run: Vec<&str> = Vec::new();
        for word in line.split(' ').chain([""]) {
            if word.len() > 1 && word.trim_end_matches([',', ':', '.', ';']).chars().all(|c| c.is_ascii_alphabetic()) {
                run.push(word);
                continue;
            }
            if run.len() >= 3 {
                found.push(run.join(" "));
            }
            run.clear();
        }
    }
    found
}

#[test]
fn no_picture_in_chinese_has_a_sentence_in_english() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui/tests/snapshots");
    let (mut wrong, mut english, mut seen, mut others) = (Vec::new(), 0, 0, BTreeSet::new());
    for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        if name.contains("__en_") {
            english += usize::from(!sentences(&text).is_empty());
        } else if name.contains("__zh_") {
            seen += 1;
            for run in sentences(&text) {
                match OTHERS.iter().find(|known| run.contains(**known)) {
                    Some(known) => _ = others.insert(*known),
                    None => wrong.push(format!("{name}: {run}")),
                }
            }
        }
    }
    assert!(seen > 50 && english > 50, "{seen} in Chinese, {english} with sentences in English");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(others.len(), OTHERS.len(), "only {others:?} are still seen");
}
