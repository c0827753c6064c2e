//! What errors say: every one of them in both languages, and nowhere in English to somebody who reads Chinese.

use muban::audience::{self, AudienceError, FileError};
use muban::config::ConfigError;
use muban::dispatch::{DispatchError, ExportError, HandOverError, NewFileError};
use muban::domain::account::{Rate, parse_name};
use muban::domain::alias::AliasError;
use muban::domain::api_base::ApiBase;
use muban::domain::audience::{Excluded, Reach};
use muban::domain::id::{AppId, JobId, OpenId, TemplateId};
use muban::domain::lang::Lang;
use muban::domain::message::Color;
use muban::domain::payload;
use muban::domain::people::{RemarkError, TagError};
use muban::domain::secret::AppSecret;
use muban::domain::told::{Sentence, Told};
use muban::manage::ChangeError;
use muban::session::{BadCommand, BadVariable, SessionError};
use muban::store::{LockError, StoreError, Taken};
use muban::sync::SyncError;
use muban::text::lang::Texts;
use muban::tui::TuiError;
use muban::wechat::{ApiFailure, BuildError, CallError, Doubt, NoConnection};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

/// Errors whose sentences have a table of their own, each variant once.
fn every_error() -> Vec<Box<dyn Told>> {
    let mut all = of_domain();
    all.extend(of_services());
    all.extend(of_files_and_audiences());
    all
}

fn boxed<T: Told + 'static>(errors: impl IntoIterator<Item = T>) -> Vec<Box<dyn Told>> {
    errors.into_iter().map(|error| Box::new(error) as Box<dyn Told>).collect()
}

fn of_domain() -> Vec<Box<dyn Told>> {
    let mut all = boxed([AppId::parse("x").unwrap_err(), OpenId::parse("!").unwrap_err(), TemplateId::parse("!").unwrap_err()]);
    all.extend(boxed([ApiBase::parse("x").unwrap_err(), ApiBase::parse("http://10.0.0.1").unwrap_err()]));
    all.extend(boxed([Color::parse("red").unwrap_err()]));
    all.extend(boxed(["fast".parse::<Rate>().unwrap_err()]));
    let names = [String::new(), "a".repeat(99), "a\u{1}b".into()];
    all.extend(boxed(names.map(|name| parse_name(&name).unwrap_err())));
    all.extend(boxed(["", "abc"].map(|secret| AppSecret::parse(secret).unwrap_err())));
    all.extend(boxed([payload::read("").unwrap_err(), payload::read("{\"template_id\": 1").unwrap_err()]));
    all.extend(boxed([AliasError::Empty, AliasError::TooLong]));
    all
}

fn of_services() -> Vec<Box<dyn Told>> {
    let why = || "os error 2".to_owned();
    let broken = || io::Error::other("os error 2");
    let path = || PathBuf::from("/tmp/x");
    let api = || ApiFailure { errcode: 40001, errmsg: "invalid credential".into() };
    let lost = |why| CallError::Ambiguous { host: "api.weixin.qq.com".into(), why };
    let unsent = |why| CallError::NotSent { host: "api.weixin.qq.com".into(), why };
    let secret = || AppSecret::parse("abc").unwrap_err();
    let mut all = boxed([CallError::Api(api()), CallError::Refused { host: "h".into() }]);
    all.extend(boxed([NoConnection::NameNotFound, NoConnection::TimedOut, NoConnection::Failed(why())].map(unsent)));
    let doubts =
        [Doubt::TimedOut, Doubt::Lost(why()), Doubt::Status(502), Doubt::Empty, Doubt::Unreadable(why()), Doubt::TooLong];
    all.extend(boxed(doubts.map(lost)));
    all.extend(boxed([BuildError::Address(ApiBase::default()), BuildError::Transport { base: ApiBase::default(), why: why() }]));
    all.extend(boxed([LockError::Held, LockError::Io { path: path(), source: broken() }]));
    let sql = || rusqlite::Error::InvalidQuery;
    all.extend(boxed([
        StoreError::Newer { file: path(), found: 9, known: 4 },
        StoreError::NotSqlite { file: path() },
        StoreError::Open { path: path(), source: broken() },
        StoreError::DiskFull,
        StoreError::Disk(sql()),
        StoreError::Busy,
        StoreError::AccountExists(Taken::Name("Acme".into())),
        StoreError::AccountExists(Taken::AppId(AppId::trusted("wx0123456789abcdef"))),
        StoreError::FileGone("a.csv".into()),
        StoreError::Sql(sql()),
        StoreError::Closed,
    ]));
    let variable = |what| SessionError::SecretVariable { variable: "V".into(), account: "a".into(), what };
    all.extend(boxed([BadVariable::NotSet, BadVariable::Wrong(secret())].map(variable)));
    let command = |what| SessionError::SecretCommand { account: "a".into(), what };
    let commands = [
        BadCommand::NotStarted(broken()),
        BadCommand::TooSlow { seconds: 10 },
        BadCommand::Ended(ExitStatus::from_raw(256)),
        BadCommand::Unreadable(broken()),
        BadCommand::TooMuch { bytes: 4096 },
        BadCommand::Wrong(secret()),
    ];
    all.extend(boxed(commands.map(command)));
    all.extend(boxed([
        SessionError::SecretMissing { account: "a".into() },
        SessionError::SameToken,
        SessionError::Token(CallError::Api(api())),
        SessionError::Call(CallError::Api(api())),
        SessionError::Build(BuildError::Address(ApiBase::default())),
        SessionError::Store(StoreError::Busy),
        SessionError::Lock(LockError::Held),
    ]));
    all.extend(boxed([SyncError::Session(SessionError::SameToken), SyncError::Store(StoreError::Busy), SyncError::Held]));
    let rules = [ChangeError::Tag(TagError::Nameless), ChangeError::Remark(RemarkError::Control)];
    all.extend(boxed(rules));
    all.extend(boxed([ChangeError::Session(SessionError::SameToken)]));
    let (job, ended) = (JobId(7), ExitStatus::from_raw(256));
    all.extend(boxed([
        DispatchError::Nobody(Excluded::default()),
        DispatchError::NothingToRetry(job),
        DispatchError::Same(job),
        DispatchError::Changed(Reach::default()),
        DispatchError::Held(job),
        DispatchError::Finished(job),
        DispatchError::Session(SessionError::SameToken),
        DispatchError::Store(StoreError::Busy),
        DispatchError::Lock(LockError::Held),
    ]));
    all.extend(boxed([
        HandOverError::Start(broken()),
        HandOverError::Ended { job, status: ended },
        HandOverError::Store(StoreError::Busy),
    ]));
    all.extend(boxed([NewFileError::Exists(path()), NewFileError::Io { path: path(), source: broken() }]));
    all.extend(boxed([ExportError::Store(StoreError::Busy), ExportError::Write(broken())]));
    all.extend(boxed([TuiError::Store(StoreError::Busy), TuiError::Terminal(broken())]));
    all.extend(boxed([
        ConfigError::NoHome,
        ConfigError::File { path: path(), source: broken() },
        ConfigError::Syntax { path: path(), line: 2, column: 3, what: why() },
    ]));
    all
}

fn of_files_and_audiences() -> Vec<Box<dyn Told>> {
    let text = || "x".to_owned();
    let mut all = boxed([
        FileError::Unreadable { path: PathBuf::from("/tmp/x"), source: io::Error::other("os error 2") },
        FileError::Empty,
        FileError::NotText,
        FileError::OldExcel,
        FileError::Password,
        FileError::Changed,
        FileError::NoWorkbooks,
        FileError::Workbook(text()),
        FileError::NoSheet,
        FileError::Encoding { line: 3 },
        FileError::Quote { line: 3 },
        FileError::Json { line: 3, what: text() },
        FileError::NoList,
        FileError::LargeObject(64),
        FileError::NoRecipient { number: 3 },
        FileError::TooManyColumns(1000),
        FileError::NoOpenids(text()),
        FileError::Ambiguous(text()),
        FileError::NoColumn { name: text(), columns: text() },
    ]);
    let wrong = [
        audience::Wrong::Empty,
        audience::Wrong::Sign(text()),
        audience::Wrong::End,
        audience::Wrong::Set(text()),
        audience::Wrong::KeptInside(text()),
        audience::Wrong::Outcome(text()),
        audience::Wrong::Quote,
    ];
    all.extend(boxed(wrong.map(AudienceError::Expression)));
    all.extend(boxed([
        AudienceError::Nobody,
        AudienceError::UnknownTag { name: text(), known: text() },
        AudienceError::UnknownTag { name: text(), known: String::new() },
        AudienceError::AmbiguousTag { name: text(), first: text(), second: text() },
        AudienceError::UnknownJob(JobId(7)),
        AudienceError::File { path: text(), error: FileError::Empty },
        AudienceError::NoSuchNameColumn { name: text(), columns: text() },
        AudienceError::WhichNames { columns: text() },
        AudienceError::NoNames,
        AudienceError::GivenUp,
        AudienceError::UnknownKept { name: text(), known: text() },
        AudienceError::UnknownKept { name: text(), known: String::new() },
        AudienceError::OpenId(OpenId::parse("!").unwrap_err()),
        AudienceError::Store(StoreError::Busy),
    ]));
    all
}

/// Whether a `{name}` was left. A body in JSON has braces as well.
fn has_gap(text: &str) -> bool {
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.into_iter().any(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_error_has_its_sentence_in_both_languages() {
    for error in every_error() {
        for lang in [Lang::En, Lang::Zh] {
            let text = Texts::of(lang).told(error.as_ref());
            assert!(!has_gap(&text) && !text.contains("error."), "{lang:?}: {text}");
            assert_eq!(text.chars().any(is_chinese), lang == Lang::Zh, "{lang:?}: {text}");
        }
    }
}

#[test]
fn the_list_above_has_every_error_there_is() {
    let mut seen = BTreeSet::new();
    let mut note = |sentence: Sentence| {
        let mut left = vec![sentence];
        while let Some(sentence) = left.pop() {
            seen.insert(format!("{}.{}", sentence.table, sentence.key));
            for (_, gap) in sentence.gaps {
                if let muban::domain::told::Gap::Sentence(cause) = gap {
                    left.push(cause);
                }
            }
        }
    };
    for error in every_error() {
        note(error.told());
    }
    // Sentences that are no variants, and are held by the test below.
    let alone = ["error.screen", "error.way", "error.command", "error.delivery"];
    let table: toml::Table = fs::read_to_string(root().join("assets/locales/en.toml")).unwrap().parse().unwrap();
    for (name, keys) in table["error"].as_table().unwrap() {
        for key in keys.as_table().unwrap().keys() {
            let whole = format!("error.{name}.{key}");
            let is_alone = alone.contains(&format!("error.{name}").as_str()) && whole != "error.screen.terminal";
            assert_eq!(seen.contains(&whole), !is_alone, "{whole}");
        }
    }
}

#[test]
fn sentences_in_the_code_are_in_the_tables() {
    let mut found = 0;
    for (file, code) in code() {
        for rest in code.split("Sentence::of(\"").skip(1) {
            let (table, rest) = rest.split_once('"').unwrap();
            let Some(key) = rest.strip_prefix(", \"").and_then(|rest| rest.split('"').next()) else { continue };
            found += 1;
            let whole = format!("{table}.{key}");
            assert_ne!(Texts::of(Lang::En).say(&whole), whole, "{}", file.display());
        }
        for (call, table) in [("on_command(\"", "error.command"), ("on_the_way(\"", "error.way"), ("kept(\"", "error.delivery")] {
            for key in code.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                found += 1;
                let whole = format!("{table}.{key}");
                assert_ne!(Texts::of(Lang::En).say(&whole), whole, "{}", file.display());
            }
        }
    }
    assert!(found > 30, "the search found only {found}");
}

#[test]
fn what_the_ledger_keeps_in_english_is_told_in_chinese() {
    let zh = Texts::of(Lang::Zh);
    let mut told = 0;
    for error in of_services() {
        let (english, chinese) = (Texts::of(Lang::En).told(error.as_ref()), zh.told(error.as_ref()));
        let table = error.told().table;
        if ["error.call", "error.session", "error.store", "error.lock"].contains(&table) {
            // What a secret is, is not kept apart: its sentence stays as it is.
            let has_secret = english.contains("hexadecimal");
            assert!(has_secret || zh.recorded(&english) == chinese, "{}", zh.recorded(&english));
            assert!(zh.recorded(&english).chars().any(is_chinese), "{english}");
            told += 1;
        }
    }
    assert!(told > 25, "{told}");
    for other in ["", "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 5f5", "何"] {
        assert_eq!(zh.recorded(other), other);
    }
    let english = "the program ended before WeChat's answer was known";
    assert_eq!(zh.recorded(english), "得知微信的答复之前，程序已结束");
    assert_eq!(Texts::of(Lang::En).recorded(english), english);
}

/// An error in its English is for logs, the ledger and tests; whoever reads a message reads one language.
#[test]
fn no_error_reaches_a_message_in_its_english() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for (file, code) in code() {
        let name = file.display().to_string();
        let is_face = name.contains("src/tui") || name.contains("src/cli") || name.contains("src/check");
        // Parses tables that are built in.
        let is_built_in = ["src/tui/keys.rs", "src/tui/theme.rs", "src/tui/input.rs"].iter().any(|end| name.ends_with(end));
        if !is_face || is_built_in {
            continue;
        }
        seen += 1;
        for line in code.lines() {
            let is_system = line.contains("FileTrouble::Unreadable") || line.contains("StopReason::Store { detail");
            let says = line.contains("error.to_string()") || line.contains("{error}") && !line.contains("format!(\"✗ {error}\")");
            // What goes into a ledger is English; what the system says is put into a sentence.
            if says && !is_system && !line.contains("let detail = error.to_string();") {
                wrong.push(format!("{name}: {}", line.trim()));
            }
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `{:<20}` counts characters, and a name in Chinese has twice as many columns: what is put side by side is padded by
/// `text::width`.
#[test]
fn nothing_on_a_screen_is_padded_by_characters() {
    let mut wrong = Vec::new();
    for (file, code) in code() {
        let name = file.display().to_string();
        if !(name.contains("src/tui") || name.contains("src/cli")) {
            continue;
        }
        for line in code.lines().filter(|line| pads(line)) {
            wrong.push(format!("{name}: {}", line.trim()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (line, padded) in [
        ("format!(\"{:<20}\", name)", true),
        ("format!(\"{name:>8}\")", true),
        ("format!(\"{name:width$}\")", true),
        ("format!(\"{:24}\", name)", true),
        ("format!(\"{rate:.1}/s {error:?} {{a: 1}} {left}\")", false),
        ("Self { width: 20 }", false),
    ] {
        assert_eq!(pads(line), padded, "{line}");
    }
}

/// Whether a format of this line gives a width.
fn pads(line: &str) -> bool {
    let has_width = |spec: &str| {
        let spec = spec.trim_start_matches(|c: char| !c.is_ascii_digit() && !".$?<>^".contains(c) && !c.is_alphabetic());
        spec.starts_with(['<', '>', '^']) || spec.starts_with(|c: char| c.is_ascii_digit()) || spec.ends_with('$')
    };
    line.split('"').skip(1).step_by(2).any(|text| {
        let text = text.replace("{{", "");
        let specs =
            text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).filter_map(|(inside, _)| inside.split_once(':'));
        specs.into_iter().any(|(name, spec)| name.chars().all(|c| c.is_alphanumeric() || c == '_') && has_width(spec))
    })
}

/// Units are written in one place, `text::number`, or stand in a sentence of the tables; the Chinese ones have none in English.
#[test]
fn units_are_those_of_the_language() {
    let mut wrong = Vec::new();
    for (file, code) in code() {
        let name = file.display().to_string();
        if name.contains("src/tui") || name.contains("src/cli") {
            let has_unit = |line: &&str| ["}/s", "} ms", "} s\"", "} s ", "} min", "} h "].iter().any(|unit| line.contains(unit));
            wrong.extend(code.lines().filter(has_unit).map(|line| format!("{name}: {}", line.trim())));
        }
    }
    let chinese = fs::read_to_string(root().join("assets/locales/zh.toml")).unwrap();
    let has_unit = |line: &&str| ["}/s", "} ms", "} s", "ETA"].iter().any(|unit| line.contains(unit));
    wrong.extend(chinese.lines().filter(has_unit).map(str::to_owned));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All code but tests and comments, by file.
fn code() -> Vec<(PathBuf, String)> {
    let mut dirs = vec![root().join("src")];
    let mut found = Vec::new();
    while let Some(dir) = dirs.pop() {
        for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            let is_test = path.file_stem().is_some_and(|name| name == "tests" || name == "testkit");
            if is_test {
                continue;
            }
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
                let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                found.push((path, lines.join("\n")));
            }
        }
    }
    found
}
