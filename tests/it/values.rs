//! What the form says of a value and what the simulator answers to it: both were written from the reference, each by itself.

use muban::domain::id::{OpenId, TemplateId};
use muban::domain::message::{FieldValue, Message};
use muban::domain::reply::ErrmsgParts;
use muban::domain::rules::{self, Level};
use muban::domain::template::Template;
use muban::sim::{self, Sim, World};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Values of one key, by what is to be said of them.
#[derive(Deserialize)]
struct Rules {
    key: String,
    good: Vec<String>,
    #[serde(default)]
    doubtful: Vec<String>,
    #[serde(default)]
    bad: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    rule: Vec<Rules>,
}

fn table() -> Vec<Rules> {
    toml::from_str::<Table>(include_str!("../data/values.toml")).unwrap().rule
}

/// An account with a template for each key, which has one more field before and one after it.
struct Stage {
    sim: Sim,
    token: String,
    to: OpenId,
}

fn content(key: &str) -> String {
    let around = if is_typed(key) { ["thing91", "thing92"] } else { ["keyword91", "keyword92"] };
    format!("前:{{{{{}.DATA}}}}\n此:{{{{{key}.DATA}}}}\n后:{{{{{}.DATA}}}}\n", around[0], around[1])
}

fn is_typed(key: &str) -> bool {
    !key.starts_with("keyword") && key != "first"
}

impl Stage {
    fn of(rules: &[Rules]) -> Self {
        let mut account = sim::Account::new("Test", 1).with_followers(1);
        for Rules { key, .. } in rules {
            account = account.with_template(sim::Template::new(key, key, &content(key)));
        }
        let (appid, secret, to) = (account.appid.clone(), account.secret.clone(), account.openid(0));
        let sim = Sim::local(World::empty(1).with_account(account)).unwrap();
        let ask = json!({ "grant_type": "client_credential", "appid": appid, "secret": secret }).to_string();
        let token = post(&sim, "/cgi-bin/stable_token", &ask)["access_token"].as_str().unwrap().to_owned();
        Self { sim, token, to: OpenId::trusted(to) }
    }

    /// The key that the simulator refuses in a real send; none if it takes the message.
    fn refused(&self, message: &Message) -> Option<String> {
        let target = format!("/cgi-bin/message/template/send?access_token={}", self.token);
        let reply = post(&self.sim, &target, &message.body(&self.to));
        let errmsg = reply["errmsg"].as_str().unwrap();
        match reply["errcode"].as_i64().unwrap() {
            0 => None,
            47003 => Some(ErrmsgParts::read(errmsg).field.unwrap().key.to_owned()),
            other => panic!("{other}: {errmsg}"),
        }
    }
}

/// One request on a connection of its own.
fn post(sim: &Sim, target: &str, body: &str) -> Value {
    let mut stream = TcpStream::connect(sim.addr()).unwrap();
    let head = format!("POST {target} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn message(key: &str, value: &str) -> (Template, Message) {
    let template = Template {
        id: TemplateId::trusted(key),
        title: key.into(),
        content: content(key),
        example: String::new(),
        industry: <_>::default(),
    };
    let mut message = Message::new(template.id.clone());
    for field in template.fields() {
        let value = if field.key == key { value } else { "好" };
        message.values.push(FieldValue { key: field.key, value: value.into(), color: None });
    }
    (template, message)
}

/// The worst that the form says; only of this key can anything be said.
fn verdict(key: &str, value: &str) -> Option<Level> {
    let (template, message) = message(key, value);
    let findings = rules::check(&template, &message);
    assert!(findings.iter().all(|finding| finding.field.as_deref() == Some(key)), "{findings:?}");
    findings.into_iter().map(|finding| finding.level).max()
}

#[test]
fn the_form_and_the_simulator_agree_on_every_rule() {
    let rules = table();
    let stage = Stage::of(&rules);
    let mut wrong = Vec::new();
    let mut count = 0;
    for Rules { key, good, doubtful, bad } in &rules {
        for (values, said) in [(good, None), (doubtful, Some(Level::Warning)), (bad, Some(Level::Error))] {
            for value in values {
                count += 1;
                let refused = (said == Some(Level::Error)).then(|| key.clone());
                let found = (verdict(key, value), stage.refused(&message(key, value).1));
                if found != (said, refused.clone()) {
                    wrong.push(format!("{key} {value:?}: form and simulator say {found:?}, not {:?}", (said, refused)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 250, "only {count} values were tried");
}

#[test]
fn every_kind_of_value_is_in_the_table() {
    let keys: Vec<String> = table().into_iter().map(|rules| rules.key).collect();
    for kind in [
        "thing",
        "short_thing",
        "character_string",
        "number",
        "letter",
        "symbol",
        "time",
        "date",
        "amount",
        "phone_number",
        "car_number",
        "name",
        "phrase",
        "const",
        "enum",
        "enum_string",
    ] {
        assert!(keys.contains(&format!("{kind}1")), "{kind}");
    }
}

/// Pieces of values of every kind, near the edges of the rules.
const PIECES: &[&str] = &[
    "0",
    "7",
    "12",
    "2019",
    "2023-08-09",
    "2019年10月1日",
    "10月1日",
    "10-01",
    "15:01",
    "9:05:30",
    "24:00",
    "60",
    ":",
    "~",
    "-",
    "/",
    ".",
    "年",
    "月",
    "日",
    " ",
    "\u{3000}",
    "中",
    "々",
    "〇",
    "𠮷",
    "a",
    "Z",
    "é",
    "粤A8Z888挂",
    "￥",
    "¥",
    "元",
    "RMB",
    "→",
    "①",
    "❶",
    "😀",
    "★",
    "✓",
    "(",
    "+",
    "'",
    "·",
    "*",
    "\n",
    "\t",
    "\u{7f}",
    "\u{85}",
    "\u{200b}",
    "\u{fe0f}",
    "１",
    "½",
];

fn any_value() -> impl Strategy<Value = String> {
    let piece = || prop::sample::select(PIECES);
    prop_oneof![
        4 => prop::collection::vec(piece(), 0..6).prop_map(|pieces| pieces.concat()),
        2 => (piece(), 1usize..36).prop_map(|(piece, times)| piece.repeat(times)),
        1 => (piece(), 1usize..34, piece()).prop_map(|(piece, times, end)| piece.repeat(times) + end),
        1 => "[0-9年月日:~ ./-]{1,12}",
        1 => "[￥0-9.元]{1,16}",
        1 => any::<String>(),
    ]
}

/// No error in the form is no refusal; an error in the form is a refusal of that very field.
#[test]
fn the_form_and_the_simulator_agree_on_any_value() {
    let rules = table();
    let stage = Stage::of(&rules);
    let keys: Vec<String> = rules.iter().map(|rules| rules.key.clone()).collect();
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&(prop::sample::select(keys), any_value()), |(key, value)| {
        let refused = (verdict(&key, &value) == Some(Level::Error)).then(|| key.clone());
        prop_assert_eq!(stage.refused(&message(&key, &value).1), refused, "{} {:?}", key, value);
        Ok(())
    });
    tried.unwrap();
}
