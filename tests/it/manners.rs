//! The manners of the command line: help, completions, manual, build facts.

use crate::home::{Home, said};
use std::io::Write;
use std::process::{Command, Output, Stdio};

const MUBAN: &str = env!("CARGO_BIN_EXE_muban");

/// Without a home, and without any place where one could be.
fn homeless(args: &[&str]) -> Output {
    let mut command = Command::new(MUBAN);
    command.args(args).env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
    command.output().unwrap()
}

fn printed(args: &[&str]) -> String {
    let output = homeless(args);
    assert!(output.status.success() && output.stderr.is_empty(), "{args:?}: {}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What a checker says of a text; nothing where it is not installed.
fn checked(checker: &str, args: &[&str], text: &str) -> Option<Output> {
    let mut command = Command::new(checker);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
fn each_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for word in ["preview", "clear-quota", "dry-run", "import-names"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let script = printed(&["completions", "bash"]);
    if let Some(output) = checked("bash", &["-n"], &script) {
        assert!(output.status.success() && output.stderr.is_empty(), "{}", said(&output));
    }
    let asked =
        format!("{script}\nCOMP_WORDS=(muban job re); COMP_CWORD=2; _muban muban re job; printf '%s\\n' \"${{COMPREPLY[@]}}\"");
    if let Some(output) = checked("bash", &["--norc"], &asked) {
        let found = String::from_utf8(output.stdout.clone()).unwrap();
        assert_eq!(found.lines().collect::<Vec<_>>(), ["resume", "retry", "review"], "{}", said(&output));
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let page = printed(&["man"]);
    for section in
        [".TH MUBAN 1", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH SUBCOMMANDS", ".SH FIRST STEPS", ".SH EXIT STATUS"]
    {
        assert!(page.contains(section), "{section}");
    }
    let home = Home::new();
    let dir = home.dir.path().join("man");
    let told = homeless(&["man", "--dir", dir.to_str().unwrap()]);
    assert!(told.status.success() && told.stdout.is_empty(), "{}", said(&told));
    let pages: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(pages.len() > 45 && said(&told).contains(&pages.len().to_string()), "{}", said(&told));
    for path in &pages {
        let page = std::fs::read_to_string(path).unwrap();
        assert!(page.contains(".SH EXAMPLES") || page.contains(".SH FIRST STEPS"), "{}", path.display());
        assert_eq!(page.matches(".ie ").count(), 1, "{}", path.display());
        if let Some(output) = checked("groff", &["-man", "-Tutf8", "-k", "-ww"], &page) {
            assert!(output.status.success() && output.stderr.is_empty(), "{}: {}", path.display(), said(&output));
        }
    }
    // A folder that cannot be made is a sentence, not a panic.
    let below = pages[0].join("no folder");
    let refused = homeless(&["man", "--dir", below.to_str().unwrap()]);
    assert_eq!((refused.status.code(), said(&refused).contains("--dir")), (Some(5), true), "{}", said(&refused));
}

#[test]
fn help_shows_what_to_do_first_and_how() {
    let help = printed(&["--help"]);
    let places: Vec<usize> = ["demo", "account add", "sync", "preview", "--dry-run", "--tag VIP\n"]
        .iter()
        .map(|step| {
            help.find(&format!("\n  muban {step}")).or_else(|| help.rfind(step)).unwrap_or_else(|| panic!("{step}: {help}"))
        })
        .collect();
    assert!(places.is_sorted(), "{help}");
    assert!(help.contains("Exit codes:\n  0  "), "{help}");
    assert!(!printed(&["-h"]).contains("First steps"), "the short help is short");
    assert_eq!(printed(&["help", "job", "retry"]), printed(&["job", "retry", "--help"]));
    assert!(printed(&["send", "--help"]).contains("Examples:\n  # "));
    assert!(!help.contains('\u{1b}'), "no colour in a pipe");
    let nothing = homeless(&["job"]);
    assert_eq!((nothing.status.code(), nothing.stdout.is_empty()), (Some(2), true));
    assert!(said(&nothing).contains("resume"), "{}", said(&nothing));
}

#[test]
fn the_version_tells_how_it_was_built() {
    let short = concat!("muban ", env!("CARGO_PKG_VERSION"));
    assert_eq!(printed(&["-V"]).trim_end(), short);
    let long = printed(&["--version"]);
    assert_eq!(long.lines().next(), Some(short));
    let facts: Vec<&str> = long.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(facts, ["commit", "target", "profile", "rustc", "sqlite", "tls", "features"]);
    assert!(!long.contains('/') || !long.contains(env!("CARGO_MANIFEST_DIR")), "{long}");
    let document: serde_json::Value = serde_json::from_str(&printed(&["--version", "--json"])).unwrap();
    assert_eq!(document["version"], env!("CARGO_PKG_VERSION"));
    assert!(long.contains(document["sqlite"].as_str().unwrap()) && long.contains(document["target"].as_str().unwrap()));
    let features: Vec<&str> = document["features"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(features.contains(&"sim"), cfg!(feature = "sim"));
}
