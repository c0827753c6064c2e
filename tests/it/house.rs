//! The house as it is drawn: which room may use which. A room uses rooms on floors below it, never above.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every room and the rooms it may use, from the ground up.
const HOUSE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("text", &["domain"]),
    ("config", &["domain", "text"]),
    ("wechat", &["domain", "text"]),
    ("store", &["domain", "text"]),
    ("sim", &[]),
    ("session", &["domain", "text", "store", "wechat"]),
    ("audience", &["domain", "text", "store"]),
    ("sync", &["domain", "text", "store", "wechat", "session"]),
    ("dispatch", &["domain", "text", "store", "wechat", "session", "audience"]),
    ("manage", &["domain", "text", "store", "wechat", "session"]),
    // What is left of today is asked for there.
    ("check", &["domain", "text", "store", "wechat", "session", "manage"]),
    ("tui", &["domain", "text", "config", "wechat", "store", "session", "audience", "sync", "dispatch", "manage", "check"]),
    (
        "cli",
        &[
            "domain", "text", "config", "wechat", "store", "sim", "session", "audience", "sync", "dispatch", "manage", "check",
            "tui",
        ],
    ),
];

/// Crates that only one room may name: only `wechat` speaks HTTP, only `store` SQL, only `tui` draws.
const KEPT: &[(&str, &[&str])] = &[
    ("reqwest::", &["wechat"]),
    ("hyper::", &["wechat"]),
    ("rusqlite::", &["store"]),
    ("ratatui::", &["tui"]),
    ("crossterm::", &["tui"]),
    ("axum::", &["sim"]),
    ("clap::", &["cli"]),
    ("calamine::", &["audience"]),
    ("encoding_rs::", &["audience"]),
    ("csv::", &["audience", "dispatch"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Each source file of a room, with its code: tests and comments may speak of any room.
fn code_by_room() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut code = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let room = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let is_test =
            relative.iter().any(|part| ["tests", "tests.rs", "testkit.rs", "testkit"].contains(&part.to_str().unwrap()));
        if is_test || room == "main" || room == "lib" {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.push((room, relative.to_owned(), lines.collect::<Vec<_>>().join("\n")));
    }
    code
}

/// Rooms named as `crate::room` in the code, in paths and in braces alike.
fn named(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let list = after.strip_prefix('{').map_or(after, |list| list.split_once('}').map_or(list, |(inside, _)| inside));
        let many = after.starts_with('{');
        for name in list.split(',').take(if many { usize::MAX } else { 1 }) {
            let word: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            rooms.insert(word);
        }
    }
    rooms
}

#[test]
fn no_room_uses_one_it_may_not() {
    let mut wrong = Vec::new();
    let mut arrows = 0;
    for (room, file, code) in code_by_room() {
        let allowed = HOUSE.iter().find(|(name, _)| *name == room);
        let (_, allowed) = allowed.unwrap_or_else(|| panic!("{} is in a room that the house does not have", file.display()));
        for used in named(&code).into_iter().filter(|used| *used != room && HOUSE.iter().any(|(name, _)| name == used)) {
            arrows += 1;
            if !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(arrows > 50, "the search found only {arrows} arrows: it looks in the wrong place");
    assert!(wrong.is_empty(), "forbidden arrows:\n{}", wrong.join("\n"));
}

#[test]
fn each_outside_crate_stays_in_its_room() {
    let mut wrong = Vec::new();
    for (room, file, code) in code_by_room() {
        for (name, rooms) in KEPT {
            if code.contains(name) && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{} names {name}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_search_sees_braces_and_paths() {
    let found = named("use crate::{store, wechat::Client};\nlet x = crate::sim::Sim::new();\nuse crate::domain::id::OpenId;");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["domain", "sim", "store", "wechat"]);
}

#[test]
fn no_file_outgrows_its_room() {
    for (_, file, code) in code_by_room() {
        let lines = code.lines().count();
        assert!(lines <= 420, "{} has {lines} lines of code: is there a second room in it?", file.display());
    }
}
