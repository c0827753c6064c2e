//! `account check` and `doctor`: of a world in which one thing is wrong, just that is named, with what to do about it.

use crate::home::{Home, document, said};
use muban::sim::{Action, Chance, Sim, World};
use serde_json::Value;

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
