//! Templates added, deleted and read anew, and the industries they hang on: nothing changes but at an operator's explicit word.

use crate::home::{Home, said};
use crate::scene::Scene;
use crate::terminal::Terminal;
use muban::domain::id::TemplateId;
use muban::domain::industry::Industry;
use muban::domain::lang::Lang;
use muban::manage::industry::{self, Pair};
use muban::manage::templates::{self, Fate, Part};
use muban::sim::{Action, Sim, Template, World};
use serde_json::{Value, json};
use std::process::Output;

const ADD: &str = "/cgi-bin/template/api_add_template";
const DELETE: &str = "/cgi-bin/template/del_private_template";
const LIST: &str = "/cgi-bin/template/get_all_private_template";
const INDUSTRY: &str = "/cgi-bin/template/get_industry";
const SET_INDUSTRY: &str = "/cgi-bin/template/api_set_industry";

/// An entry of the demo's library, and two of its keywords.
const MEAL: [&str; 3] = ["43218", "取餐时间", "取餐码"];
const SHIPPED: &str = "订单发货通知";

fn demo() -> (Sim, Home) {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    (sim, home)
}

/// How often anything was changed: added, deleted, set.
fn changes(sim: &Sim) -> [u64; 3] {
    [ADD, DELETE, SET_INDUSTRY].map(|path| sim.calls(path))
}

fn at_server<T>(sim: &Sim, act: impl FnOnce(&mut Vec<Template>) -> T) -> T {
    sim.world(|world| act(world.accounts_mut()[0].templates_mut()))
}

fn titles(home: &Home) -> Vec<String> {
    let listed = home.fine(&["templates", "--json"]);
    listed.as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

/// The command ends with 3, and says in both languages what the code means on this call and what to do.
fn refused(home: &Home, args: &[&str], code: i64, call: &str) {
    for lang in Lang::ALL {
        let output = home.run(&[args, &["--json", "--lang", lang.as_str()]].concat());
        let explained = muban::domain::errcode::explain_on(code, call, lang);
        let text = said(&output);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(3), &b""[..]), "{text}");
        for part in [&code.to_string(), &*explained.meaning, &*explained.remedy] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

fn usage(output: &Output, names: &str) {
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{}", said(output));
    assert!(said(output).contains(names), "{names}: {}", said(output));
}

fn terminal(home: &Home, args: &[&str]) -> Terminal {
    Terminal::start(env!("CARGO_BIN_EXE_muban"), args, (120, 30), home.dir.path(), &[])
}

#[test]
fn what_is_added_is_listed_at_once_and_can_be_sent() {
    let (sim, home) = demo();
    let before = sim.calls(LIST);
    let added = home.fine(&[&["template", "add"], &MEAL[..], &["--account", "Acme", "--json"]].concat());
    let id = added["template_id"].as_str().unwrap().to_owned();
    assert_eq!((changes(&sim), sim.calls(LIST)), ([1, 0, 0], before + 1));
    let listed = home.fine(&["templates", "--json"]);
    let shown = listed.as_array().unwrap().iter().find(|one| one["template_id"] == id.as_str()).unwrap();
    assert_eq!((shown, &added["added"], &shown["title"]), (&added["template"], &json!(true), &json!("取餐提醒")));
    let labels: Vec<&str> = shown["fields"].as_array().unwrap().iter().map(|field| field["label"].as_str().unwrap()).collect();
    assert_eq!(labels, MEAL[1..], "in the order given");
    let openid = sim.world(|world| world.accounts()[0].openid(7));
    let set = ["--set", "time4=15:20", "--set", "character_string1=A032"];
    let sent = home.run(&[&["send", "--yes", "--json", "--to", &openid, "--template", &id], &set[..]].concat());
    assert_eq!((sent.status.code(), sim.delivered_count()), (Some(0), 1), "{}", said(&sent));
}

#[test]
fn people_are_shown_the_fields_of_what_was_added() {
    let (_sim, home) = demo();
    for (lang, word) in [("en", "added to Acme"), ("zh", "已为 Acme 添加模板")] {
        let output = home.run(&[&["template", "add", "--lang", lang], &MEAL[..]].concat());
        let shown = said(&output);
        assert_eq!(output.status.code(), Some(0), "{shown}");
        assert!(shown.contains(word) && shown.contains("character_string1"), "{shown}");
    }
}

#[test]
fn what_cannot_be_added_is_explained_and_changes_nothing() {
    let (sim, home) = demo();
    let (known, lists) = (titles(&home), sim.calls(LIST));
    refused(&home, &["template", "add", "43218", "取餐时间", "口味"], 40246, ADD);
    refused(&home, &["template", "add", "43218"], 40246, ADD);
    refused(&home, &["template", "add", "99999", "取餐码"], 40037, ADD);
    refused(&home, &["template", "add", "OPENTM200000001"], 45027, ADD);
    at_server(&sim, |list| {
        let full = (list.len()..25).map(|n| Template::new(&format!("full{n}"), "满", "{{first.DATA}}"));
        list.extend(full.collect::<Vec<_>>());
    });
    refused(&home, &[&["template", "add"], &MEAL[..]].concat(), 45026, ADD);
    assert_eq!((titles(&home), sim.calls(LIST)), (known, lists));
    usage(&home.run(&["template", "add", ""]), "SHORT_ID");
    usage(&home.run(&["template", "add", "43218", "取餐码", "--account", "Nobody"]), "Acme");
}

#[test]
fn a_list_that_cannot_be_read_after_it_is_no_failure_of_the_change() {
    let (sim, home) = demo();
    sim.world(|world| world.act(None, Action::SetQuota { path: LIST.into(), limit: 0 })).unwrap();
    let output = home.run(&[&["template", "add"], &MEAL[..], &["--json"]].concat());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["added"], &document["template"]), (Some(0), &json!(true), &Value::Null));
    assert!(said(&output).contains("45009") && said(&output).contains("the change itself is made"), "{}", said(&output));
}

#[test]
fn nothing_is_deleted_unless_the_title_is_given() {
    let (sim, home) = demo();
    let remove = ["template", "remove", SHIPPED];
    usage(&home.run(&remove), "--confirm");
    usage(&home.run(&[&remove[..], &["--confirm", "支付成功通知"]].concat()), SHIPPED);
    usage(&home.run(&[&remove[..], &["--confirm", ""]].concat()), SHIPPED);
    usage(&home.run(&["template", "remove", "没有这个", "--confirm", "没有这个"]), "没有这个");
    for (lang, all) in [("en", "for good"), ("zh", "彻底删除")] {
        let mut terminal = terminal(&home, &[&remove[..], &["--lang", lang]].concat());
        terminal.wait_for(all).wait_for(SHIPPED).keys("yes\r");
        assert_eq!(terminal.end().0, 2);
    }
    assert_eq!((changes(&sim), titles(&home).contains(&SHIPPED.to_owned())), ([0; 3], true));
}

#[test]
fn what_is_deleted_is_gone_from_the_list_at_once() {
    let (sim, home) = demo();
    let document = home.fine(&["template", "remove", SHIPPED, "--confirm", SHIPPED, "--json"]);
    assert_eq!((&document["removed"], &document["title"]), (&json!(true), &json!(SHIPPED)));
    assert!(!titles(&home).contains(&SHIPPED.to_owned()));
    let paid = "支付成功通知";
    let mut terminal = terminal(&home, &["template", "remove", paid]);
    terminal.wait_for(&format!("Type {paid}")).keys(&format!("{paid}\r")).wait_for("deleted from Acme");
    assert_eq!((terminal.end().0, changes(&sim)), (0, [0, 2, 0]));
    assert!(!titles(&home).contains(&paid.to_owned()));
    let again = home.run(&["template", "remove", SHIPPED, "--confirm", SHIPPED]);
    usage(&again, SHIPPED);
}

#[test]
fn deleting_what_another_deleted_already_is_explained() {
    let (sim, home) = demo();
    at_server(&sim, |list| list.retain(|one| one.title != SHIPPED));
    let remove = ["template", "remove", SHIPPED, "--confirm", SHIPPED];
    let output = home.run(&remove);
    let explained = muban::domain::errcode::explain_on(40037, DELETE, Lang::En);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains(&*explained.meaning), "{}", said(&output));
    // The list was read anew for it: it is not offered any more.
    usage(&home.run(&remove), SHIPPED);
}

#[test]
fn a_job_that_still_needs_the_template_is_named_before_it_is_deleted() {
    let (sim, home) = demo();
    sim.world(|world| world.act(None, Action::SetQuota { path: crate::scene::SEND.into(), limit: 5 })).unwrap();
    let (summary, exit) = home.send(&["--tag", "内部"]);
    assert_eq!((exit, &summary["state"]), (Some(3), &json!("paused")), "{summary}");
    for (name, named) in [(SHIPPED, true), ("支付成功通知", false)] {
        let output = home.run(&["template", "remove", name]);
        usage(&output, "--confirm");
        assert_eq!(said(&output).contains("Unfinished jobs use it and could not send what is left of them: 1."), named);
    }
    assert_eq!(changes(&sim), [0; 3]);
}

#[test]
fn a_refresh_says_what_became_of_one() {
    let (sim, home) = demo();
    let refresh = |name: &str| home.fine(&["template", "refresh", name, "--json"])["template"].clone();
    let state = |name: &str| refresh(name)["state"].as_str().unwrap().to_owned();
    assert_eq!(state(SHIPPED), "unchanged");
    at_server(&sim, |list| {
        let one = list.iter_mut().find(|one| one.title == SHIPPED).unwrap();
        let id = one.id.clone();
        *one = Template::new(&id, SHIPPED, "订单编号:{{character_string1.DATA}}\n");
        list.push(Template::new("newcomer", "新来的", "{{thing1.DATA}}"));
    });
    let changed = refresh(SHIPPED);
    assert_eq!((&changed["state"], &changed["changed"]), (&json!("changed"), &json!(["content", "example"])));
    at_server(&sim, |list| list.push(Template::new("later", "更新的", "{{thing1.DATA}}")));
    assert_eq!((state("更新的").as_str(), state("later").as_str()), ("new", "unchanged"));
    at_server(&sim, |list| list.retain(|one| one.title != SHIPPED));
    let output = home.run(&["template", "refresh", SHIPPED, "--lang", "zh"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("已不存在"), "{}", said(&output));
    assert!(!titles(&home).contains(&SHIPPED.to_owned()));
    usage(&home.run(&["template", "refresh", SHIPPED]), SHIPPED);
    let all = home.fine(&["template", "refresh", "--json"]);
    assert_eq!((&all["template"], &all["templates"]["added"], changes(&sim)), (&Value::Null, &json!(0), [0; 3]));
    sim.world(|world| world.act(None, Action::SetQuota { path: LIST.into(), limit: 0 })).unwrap();
    refused(&home, &["template", "refresh"], 45009, LIST);
}

#[test]
fn the_industries_are_shown_with_their_codes() {
    let (sim, home) = demo();
    assert_eq!(
        home.fine(&["industry", "show", "--json"]),
        json!({ "primary": { "code": 1, "main": "IT科技", "sub": "互联网|电子商务" },
                "secondary": { "code": 31, "main": "消费品", "sub": "消费品" } })
    );
    assert!(said(&home.run(&["industry", "show"])).contains("1  IT科技 / 互联网|电子商务"));
    sim.world(|world| world.act(None, Action::SetQuota { path: INDUSTRY.into(), limit: 0 })).unwrap();
    let output = home.run(&["industry", "show"]);
    assert_eq!(output.status.code(), Some(0), "a refusal means no more than none");
    assert!(said(&output).contains("45009"), "{}", said(&output));
    let none = Sim::local(World::with_followers(1, 1)).unwrap();
    let home = Home::synced(&none);
    assert_eq!(home.fine(&["industry", "show", "--json"]), json!({ "primary": null, "secondary": null }));
    assert!(said(&home.run(&["industry", "show"])).contains("has no industries"));
}

#[test]
fn no_industry_is_set_unless_the_account_is_named() {
    let (sim, home) = demo();
    let set = ["industry", "set", "快递", "31"];
    let calls = || [LIST, INDUSTRY].map(|path| sim.calls(path));
    let before = calls();
    usage(&home.run(&set), "--confirm");
    usage(&home.run(&[&set[..], &["--confirm", "acme"]].concat()), "Acme");
    usage(&home.run(&["industry", "set", "宠物", "31", "--confirm", "Acme"]), "宠物");
    usage(&home.run(&["industry", "set", "42", "31", "--confirm", "Acme"]), "42");
    usage(&home.run(&["industry", "set", "13", "快递", "--confirm", "Acme"]), "40102");
    assert_eq!(calls(), before, "not even asked for");
    for (lang, once, lost) in [("en", "once a calendar month", "deleted: 2"), ("zh", "每个自然月", "2 个")] {
        let mut terminal = terminal(&home, &[&set[..], &["--lang", lang]].concat());
        terminal.wait_for(once).wait_for(lost).wait_for("领取奖金提醒").wait_for("Acme").keys("yes\r");
        assert_eq!(terminal.end().0, 2);
    }
    let same = home.fine(&["industry", "set", "1", "31", "--confirm", "Acme", "--json"]);
    assert_eq!((&same["set"], changes(&sim)), (&json!(false), [0; 3]), "what it has already is not set again");
}

#[test]
fn a_second_change_in_the_month_is_refused_with_its_explanation() {
    let (sim, home) = demo();
    let mut terminal = terminal(&home, &["industry", "set", "13", "消费品"]);
    terminal.wait_for("deleted: 2").wait_for("Type Acme").keys("Acme\r").wait_for("are set");
    assert_eq!((terminal.end().0, changes(&sim)), (0, [0, 0, 1]));
    assert!(!titles(&home).contains(&"领取奖金提醒".to_owned()), "the cache follows at once");
    assert_eq!(home.fine(&["industry", "show", "--json"])["primary"]["code"], json!(13));
    refused(&home, &["industry", "set", "2", "3", "--confirm", "Acme"], 43100, SET_INDUSTRY);
    sim.world(|world| world.act(None, Action::Advance { seconds: 40 * 86_400 })).unwrap();
    let set = home.fine(&["industry", "set", "2", "3", "--confirm", "Acme", "--json"]);
    assert_eq!((&set["set"], &set["industries"][1]["code"], &set["templates_lost"]), (&json!(true), &json!(3), &json!([])));
}

#[tokio::test]
async fn the_services_list_again_after_each_change() {
    let scene = Scene::of(World::demo()).await;
    let session = scene.session().await;
    let keywords = MEAL[1..].iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let added = templates::add(&session, &scene.store, MEAL[0], &keywords).await.unwrap();
    assert_eq!(added.listed.unwrap().total, 13);
    let refreshed = |id| templates::refresh(&session, &scene.store, Some(id));
    assert_eq!(refreshed(&added.id).await.unwrap().asked, Some(Fate::Unchanged));
    at_server(&scene.sim, |list| {
        list.iter_mut().filter(|one| one.id == added.id.as_str()).for_each(|one| one.title = "取餐".into());
    });
    assert_eq!(refreshed(&added.id).await.unwrap().asked, Some(Fate::Changed(vec![Part::Title])));
    let listed = templates::remove(&session, &scene.store, &added.id).await.unwrap().unwrap();
    assert_eq!((listed.total, listed.removed), (12, 1));
    assert_eq!(refreshed(&added.id).await.unwrap().asked, Some(Fate::Gone));
    let [first, second] = [13, 1].map(|code| Industry::by_code(code).unwrap());
    let pair = Pair::of(first, second).unwrap();
    let now = industry::show(&session).await.unwrap();
    let known = scene.store.templates(scene.account.id).await.unwrap();
    assert!(pair.lost(Some(&now), &known).is_empty(), "both hang on the one that stays");
    assert_eq!(industry::set(&session, &scene.store, pair).await.unwrap().unwrap().removed, 0);
    assert!(pair.is(&industry::show(&session).await.unwrap()));
}

#[tokio::test]
async fn a_deleted_template_is_gone_here_too_even_if_the_list_cannot_be_read() {
    let scene = Scene::of(World::demo()).await;
    let session = scene.session().await;
    templates::refresh(&session, &scene.store, None).await.unwrap();
    let kept = async || scene.store.templates(scene.account.id).await.unwrap();
    let [first, second] = [0, 1].map(|at| kept_id(&scene, at));
    scene.act(Action::SetQuota { path: LIST.into(), limit: 0 });
    let listed = templates::remove(&session, &scene.store, &first).await.unwrap();
    assert_eq!(listed.unwrap_err().errcode(), Some(45009));
    assert_eq!(kept().await.len(), 11);
    assert!(kept().await.iter().all(|template| template.id != first));
    // One that was deleted elsewhere: WeChat does not know it, and the list tells so.
    scene.act(Action::NextDay);
    scene.act(Action::SetQuota { path: LIST.into(), limit: 100 });
    at_server(&scene.sim, |templates| templates.retain(|template| template.id != second.as_str()));
    let error = templates::remove(&session, &scene.store, &second).await.unwrap_err();
    assert_eq!((error.errcode(), kept().await.len()), (Some(40037), 10));
}

fn kept_id(scene: &Scene, at: usize) -> TemplateId {
    TemplateId::trusted(scene.sim.world(|world| world.accounts()[0].templates()[at].id.clone()))
}
