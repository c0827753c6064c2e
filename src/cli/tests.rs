//! The command line as it is promised: every command and option of the contract, and every example that help shows.

use super::args::Cli;
use super::guide::{Guide, WIDEST};
use crate::text::width::columns;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, Parser};
use std::collections::BTreeSet;

/// The words that a shell makes of a line, of a pipe those of its last `muban`; what is written into a file stays unwritten.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" > ").next().unwrap();
    let line = line.split(" | ").find(|part| part.starts_with("muban")).unwrap();
    let script = format!("muban() {{ printf '%s\\0' muban \"$@\"; }}\n{line}");
    let output = std::process::Command::new("sh").args(["-c", &script]).env("HOME", "/home/me").output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    let words: Vec<String> = String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect();
    assert!(words.first().is_some_and(|first| first == "muban"), "{line}");
    words
}

fn parses(line: &str) {
    if let Err(error) = Cli::try_parse_from(words(line)) {
        assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{line}\n{error}");
    }
}

/// Every command below one, with those above it in its name.
fn paths(command: &Command, above: &str, found: &mut BTreeSet<String>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = format!("{above} {}", sub.get_name()).trim_start().to_owned();
        paths(sub, &path, found);
        found.insert(path);
    }
}

#[test]
fn every_example_is_a_line_that_this_program_takes() {
    let guide = Guide::read();
    let mut count = 0;
    for examples in &guide.examples {
        for (says, line) in &examples.lines {
            assert!(line.starts_with(format!("muban {}", examples.command).trim_end()) || examples.command.is_empty(), "{line}");
            assert!(!says.is_empty() && !says.ends_with('.'), "{says}");
            parses(line);
            count += 1;
        }
    }
    assert!(count > 100, "only {count}: they are read from the wrong place");
    assert!(Cli::try_parse_from(words("muban send --tempalte x")).is_err(), "a line that is wrong is seen to be");
}

#[cfg(feature = "sim")]
#[test]
fn every_command_has_examples_and_one_place_in_the_list() {
    let guide = Guide::read();
    let mut all = BTreeSet::new();
    paths(&Cli::command(), "", &mut all);
    let taught: Vec<&str> = guide.examples.iter().map(|examples| examples.command.as_str()).collect();
    for path in &all {
        assert_eq!(taught.iter().filter(|command| *command == path).count(), 1, "examples of `{path}`");
    }
    for command in taught {
        assert!(command.is_empty() || command == "help" || all.contains(command), "there is no `{command}`");
    }
    let mut listed: Vec<&str> = guide.groups.iter().flat_map(|group| &group.commands).map(String::as_str).collect();
    listed.sort_unstable();
    let mut top: Vec<&str> = all.iter().map(String::as_str).filter(|path| !path.contains(' ')).chain(["help"]).collect();
    top.sort_unstable();
    assert_eq!(listed, top);
}

#[cfg(feature = "sim")]
#[test]
fn the_contract_of_the_command_line_is_kept() {
    for line in [
        "muban",
        "muban --home /tmp/x --json",
        "muban demo",
        "muban sim --listen 127.0.0.1:0",
        "muban account add --name N --appid A --secret-env VAR --api-base https://x --token stable",
        "muban account add --name N --appid A --secret-command CMD --token legacy",
        "muban account add --name N --appid A --secret-stdin",
        "muban account list --json",
        "muban account set N --name M --appid A --secret-stdin --api-base https://x --token stable --rate 20",
        "muban account remove N",
        "muban account check",
        "muban account check N",
        "muban account clear-quota N",
        "muban sync",
        "muban sync --account A users tags templates --no-details --concurrency 4 --json",
        "muban templates --account A --search x --limit 3 --json",
        "muban tags --account A --search x --limit 3 --json",
        "muban users --account A --search x --tag 2 --limit 3 --json",
        "muban preview --template T --to oX --set a=b --color a='#000000' --url https://x --mini-appid A --mini-path P --json",
        "muban preview --payload -",
        "muban send --template T --set a=b --set c=d --color a='#112233' --url U --mini-appid A --mini-path P --to o1 --to o2",
        "muban send --payload - --tag VIP --tag 2 --minus-tag 3 --all --file f.csv --file -",
        "muban send --template T --audience 'all - tag:x' --rate 0 --concurrency 2 --attempts 3 --dry-run --again --detach --yes --json",
        "muban send --template T --all --rate 50/s",
        "muban jobs --json",
        "muban job show 1 --json",
        "muban job resume 1",
        "muban job retry 1 --state failed",
        "muban job retry 1 --state unknown",
        "muban job cancel 1",
        "muban job prune --older-than 30",
        "muban job export 1 --format csv --state failed",
        "muban job export 1 --format json",
        "muban tag add N",
        "muban tag rename N M",
        "muban tag remove N",
        "muban tag assign N oX",
        "muban tag unassign N oX",
        "muban user remark oX Y",
        "muban user block oX",
        "muban user unblock oX",
        "muban user import-names FILE",
        "muban template add 1 a b",
        "muban template remove T",
        "muban template alias T N",
        "muban industry show",
        "muban industry set 1 2",
        "muban explain --lang zh --call /cgi-bin/x 40164",
        "muban explain -1",
        "muban explain '{\"errcode\":40001}' --json",
        "muban explain --search x",
        "muban doctor --json",
        "muban completions zsh",
        "muban man",
        "muban sync -q",
        "muban --verbose sync",
        "muban explain -q -1",
    ] {
        parses(line);
    }
}

#[test]
fn what_is_mistyped_is_told_with_what_was_meant() {
    for (line, meant) in [
        ("muban sned", "send"),
        ("muban send --tempalte x", "--template"),
        ("muban job reusme 1", "resume"),
        ("muban sync tag", "tags"),
    ] {
        let error = Cli::try_parse_from(words(line)).unwrap_err();
        let hint = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let hint = hint.into_iter().find_map(|kind| error.get(kind)).map(|value| match value {
            ContextValue::String(one) => vec![one.clone()],
            ContextValue::Strings(many) => many.clone(),
            _ => Vec::new(),
        });
        assert!(hint.unwrap_or_default().iter().any(|hint| hint == meant), "{line}: {error}");
    }
    for line in ["muban account add", "muban send", "muban job show", "muban completions", "muban sync -q -v"] {
        let error = Cli::try_parse_from(words(line)).unwrap_err();
        assert!(error.to_string().contains("--help"), "{line}: {error}");
    }
}

#[test]
fn no_help_is_wider_than_it_may_be() {
    fn too_wide(command: &mut Command) -> Vec<String> {
        let help = command.render_long_help().to_string();
        let mut found: Vec<String> =
            help.lines().filter(|line| columns(line) > WIDEST).map(|line| format!("{}: {line}", command.get_name())).collect();
        command.get_subcommands_mut().for_each(|sub| found.extend(too_wide(sub)));
        found
    }
    let mut command = Guide::read().teach(Cli::command()).term_width(WIDEST);
    command.build();
    assert_eq!(too_wide(&mut command), [""; 0]);
}
