//! `account check` and `doctor`: of a world in which one thing is wrong, just that is named, with what to do about it.

use crate::home::{APPID, Home, SECRET, document, said};
use crate::relay::{Meddle, answer, relay};
use muban::sim::{Action, Chance, Sim, World};
use serde_json::Value;
use std::process::Command;

/// The checks of an account in this state, in their order.
fn in_state<'a>(lines: &'a Value, state: &str) -> Vec<&'a str> {
    let lines = lines.as_array().unwrap().iter();
    lines.filter(|line| line["state"] == state).map(|line| line["check"].as_str().unwrap()).collect()
}

/// What is said of one check, and what to do about it.
fn of<'a>(lines: &'a Value, check: &str) -> (&'a str, &'a str) {
    let line = lines.as_array().unwrap().iter().find(|line| line["check"] == check).unwrap();
    (line["text"].as_str().unwrap(), line["remedy"].as_str().unwrap_or_default())
}

fn check(home: &Home) -> (Value, Option<i32>) {
    document(&home.run(&["account", "check", "--json"]))
}

#[test]
fn where_everything_works_every_line_is_fine() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let (lines, code) = check(&home);
    assert_eq!((in_state(&lines, "failed"), code), (vec![], Some(0)), "{lines}");
    assert_eq!(in_state(&lines, "not_tried"), Vec::<&str>::new());
    for name in ["name", "connection", "answer", "clock", "whitelist", "token", "templates", "quota", "followers"] {
        assert!(in_state(&lines, "ok").contains(&name), "{name}: {lines}");
    }
    let people = said(&home.run(&["account", "check"]));
    assert!(people.contains("✓ IP whitelist") && people.contains("Everything works"), "{people}");
    let all = home.run(&["doctor", "--json"]);
    let (lines, _) = document(&all);
    assert_eq!(in_state(&lines, "failed"), Vec::<&str>::new(), "{lines}");
    assert!(in_state(&lines, "ok").contains(&"store"), "{lines}");
    assert!(in_state(&lines, "ok").contains(&"keys"), "{lines}");
    std::fs::write(home.dir.path().join("keys.toml"), "[users]\nselect = ['v']\n[everywhere]\nsend = ['cmd-s']\n").unwrap();
    let (lines, code) = document(&home.run(&["doctor", "--json"]));
    let (text, remedy) = of(&lines, "keys");
    assert!(text.contains("Line 2, column 1") && text.contains("Line 4, column 9: `cmd-s` is no key"), "{text}");
    assert!(!remedy.is_empty() && in_state(&lines, "warning").contains(&"keys"), "{lines}");
    assert_eq!(code, Some(0), "it works all the same");
}

#[test]
fn each_fault_is_named_and_nothing_else_and_what_hangs_on_it_is_not_tried() {
    let broken = |fault: &dyn Fn(&Sim), check_name: &str, state: &str, words: &str| {
        let sim = Sim::local(World::demo()).unwrap();
        let home = Home::synced(&sim);
        fault(&sim);
        let (lines, code) = check(&home);
        let failed = if state == "failed" { vec![check_name] } else { Vec::new() };
        assert_eq!(in_state(&lines, "failed"), failed, "{check_name}: {lines}");
        assert!(in_state(&lines, state).contains(&check_name), "{check_name}: {lines}");
        let (text, remedy) = of(&lines, check_name);
        assert!(format!("{text} {remedy}").contains(words), "{check_name}: {text} {remedy}");
        assert!(!remedy.is_empty(), "{check_name} has something to do");
        assert_eq!(code, Some(if state == "failed" { 3 } else { 0 }), "{check_name}");
        lines
    };
    let act = |action: Action| move |sim: &Sim| sim.world(|world| world.act(None, action.clone())).unwrap();
    let send = "/cgi-bin/message/template/send";
    broken(&act(Action::SetQuota { path: send.into(), limit: 0 }), "quota", "failed", "clear-quota");
    let lines = broken(
        &|sim| {
            act(Action::ReplaceToken)(sim);
            sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::percent(100.0), 40164));
        },
        "whitelist",
        "failed",
        "40164",
    );
    assert_eq!(in_state(&lines, "not_tried"), ["token", "templates", "industries", "quota"], "{lines}");
    let gone = |sim: &Sim| {
        let id = sim.world(|world| world.accounts()[0].templates()[0].id.clone());
        Home::synced(sim).fine(&["template", "remove", &id, "--confirm", "订单发货通知"]);
    };
    broken(&gone, "templates", "warning", "muban sync templates");
}

#[test]
fn a_host_that_is_not_there_and_a_secret_that_is_wrong_say_so() {
    let home = Home::new();
    let sim = Sim::local(World::demo()).unwrap();
    let (appid, secret) = sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()));
    home.add_account(&appid, "0123456789abcdef0123456789abcdef", &sim.url());
    let (lines, code) = check(&home);
    assert_eq!((in_state(&lines, "failed"), code), (vec!["token"], Some(3)), "{lines}");
    assert!(of(&lines, "token").1.contains("AppSecret"), "{lines}");
    let url = sim.url();
    drop(sim);
    let away = Home::new();
    away.add_account(&appid, &secret, &url);
    let (lines, code) = check(&away);
    assert_eq!((in_state(&lines, "failed"), code), (vec!["connection"], Some(3)), "{lines}");
    assert!(of(&lines, "connection").1.contains("firewall"), "{lines}");
    assert!(in_state(&lines, "not_tried").contains(&"token"));
    assert!(!lines.to_string().contains(&secret), "no secret is shown");
}

/// A home whose calls pass a relay, synced before anything is meddled with.
fn behind(sim: &Sim, meddle: Meddle) -> Home {
    let home = Home::synced(sim);
    home.fine(&["account", "set", "Acme", "--api-base", &relay(&sim.url(), meddle)]);
    home
}

#[test]
fn what_goes_wrong_on_the_way_is_told_from_what_goes_wrong_at_wechat() {
    let sim = Sim::local(World::demo()).unwrap();
    let cases: [(Meddle, &str, &str, &str); 5] = [
        (|_, _| answer("503 Service Unavailable", "<html>maintenance</html>"), "answer", "failed", "503"),
        (|_, _| String::new(), "answer", "failed", ""),
        (|_, text| at("Sat, 28 Nov 2020 00:00:00 GMT", &text), "clock", "failed", ""),
        (|path, text| if path.ends_with("get_industry") { refusal(48001) } else { text }, "industries", "warning", "48001"),
        (
            |path, text| if path.ends_with("get_all_private_template") { refusal(48001) } else { text },
            "templates",
            "failed",
            "48001",
        ),
    ];
    for (meddle, name, state, words) in cases {
        let home = behind(&sim, meddle);
        let (lines, code) = check(&home);
        let failed = if state == "failed" { vec![name] } else { Vec::new() };
        assert_eq!(in_state(&lines, "failed"), failed, "{name}: {lines}");
        assert_eq!(in_state(&lines, "warning"), if failed.is_empty() { vec![name] } else { Vec::new() }, "{name}: {lines}");
        let (text, remedy) = of(&lines, name);
        assert!(!remedy.is_empty() && format!("{text} {remedy}").contains(words), "{name}: {text} {remedy}");
        assert_eq!(code, Some(if failed.is_empty() { 0 } else { 3 }), "{name}");
    }
}

/// The same answer at another time of day.
fn at(date: &str, answer: &str) -> String {
    let lines = answer
        .split("\r\n")
        .map(|line| if line.to_lowercase().starts_with("date:") { format!("date: {date}") } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\r\n")
}

fn refusal(errcode: i64) -> String {
    answer("200 OK", &format!(r#"{{"errcode":{errcode},"errmsg":"api unauthorized"}}"#))
}

#[test]
fn a_name_that_is_not_found_and_a_proxy_that_is_not_there_say_so() {
    let home = Home::new();
    home.add_account(APPID, SECRET, "https://api.muban.invalid");
    let (lines, code) = check(&home);
    assert_eq!((in_state(&lines, "failed"), code), (vec!["name"], Some(3)), "{lines}");
    assert!(of(&lines, "name").0.contains("api.muban.invalid") && !of(&lines, "name").1.is_empty(), "{lines}");
    // Nobody listens at the port of a listener that is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
    command.args(["account", "check", "--json"]).env("MUBAN_HOME", home.dir.path()).env("LANG", "C");
    command.env("HTTPS_PROXY", format!("http://user:secret@127.0.0.1:{port}"));
    let (lines, _) = document(&command.output().unwrap());
    assert_eq!(in_state(&lines, "failed"), ["answer"], "{lines}");
    assert!(in_state(&lines, "warning").contains(&"proxy"), "{lines}");
    assert!(of(&lines, "answer").1.contains("proxy") && !lines.to_string().contains("secret@"), "{lines}");
}

#[test]
fn a_list_that_was_never_read_and_files_that_are_damaged_say_so() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::new();
    home.add_account(APPID, SECRET, &sim.url());
    let (lines, code) = check(&home);
    assert_eq!((in_state(&lines, "warning"), code), (vec!["followers"], Some(0)), "{lines}");
    assert!(of(&lines, "followers").1.contains("sync"), "{lines}");
    let home = Home::synced(&sim);
    let file = home.dir.path().join("cache.db");
    let mut bytes = std::fs::read(&file).unwrap();
    // Behind the first pages, so that the file opens as it did.
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xA5);
    std::fs::write(&file, bytes).unwrap();
    let output = home.run(&["doctor", "--json"]);
    let (lines, code) = document(&output);
    assert_eq!(in_state(&lines, "failed").first(), Some(&"store"), "{lines}");
    assert!(!of(&lines, "store").1.is_empty() && code == Some(5), "{lines}");
}

#[test]
fn what_a_terminal_cannot_show_is_worth_a_word() {
    let home = Home::new();
    let with = |term: &str, lang: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muban"));
        command.args(["doctor", "--json"]).env("MUBAN_HOME", home.dir.path());
        command.env("TERM", term).env("LANG", lang).env_remove("LC_ALL").env_remove("LC_CTYPE");
        document(&command.output().unwrap()).0
    };
    assert_eq!(in_state(&with("xterm-256color", "zh_CN.UTF-8"), "warning"), Vec::<&str>::new());
    for (term, lang) in [("dumb", "zh_CN.UTF-8"), ("xterm", "C")] {
        let lines = with(term, lang);
        assert_eq!(in_state(&lines, "warning"), ["terminal"], "{lines}");
        assert!(!of(&lines, "terminal").1.is_empty(), "{lines}");
    }
}
