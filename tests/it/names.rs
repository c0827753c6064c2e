//! Names that the operator gives users: kept through syncs, and found.

use crate::home::{Home, MESSAGE, document, said};
use crate::scene::{Scene, within};
use muban::domain::id::OpenId;
use muban::sim::{Action, Sim, World};
use muban::store::NewName;
use muban::sync::{self, Look, SyncPlan, SyncProgress};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn demo() -> (Sim, Home, Vec<String>) {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let openids = sim.world(|world| (0..8).map(|n| world.accounts()[0].openid(n)).collect());
    (sim, home, openids)
}

fn file(home: &Home, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = home.dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn import(home: &Home, path: &Path, options: &[&str]) -> Value {
    home.fine(&[&["user", "import-names", path.to_str().unwrap(), "--json"], options].concat())
}

fn nickname(home: &Home, openid: &str) -> Value {
    home.fine(&["users", "--search", openid, "--json"])[0]["nickname"].clone()
}

#[test]
fn names_are_shown_found_and_kept_through_every_sync() {
    let (sim, home, openids) = demo();
    let names = file(&home, "names.csv", format!("openid,城市,姓名\n{},北京,欧阳小满\n{},上海,赵 六\n", openids[2], openids[3]));
    let imported = import(&home, &names, &[]);
    let all = json!({ "column": "姓名", "named": 2, "removed": 0, "empty": 0, "unknown": 0, "refused": 0, "problems": [] });
    assert_eq!(imported, all);
    let kept = |when: &str| {
        assert_eq!(nickname(&home, &openids[2]), "欧阳小满", "{when}");
        assert_eq!(nickname(&home, &openids[3]), "赵 六", "{when}");
        assert_eq!(home.fine(&["users", "--search", "小满", "--json"])[0]["openid"], openids[2].as_str(), "{when}");
        assert_eq!(home.fine(&["user", "show", &openids[2], "--json"])["imported_name"], "欧阳小满", "{when}");
    };
    kept("at once");
    for sync in [&["sync", "--full"][..], &["sync", "users"], &["sync", "--no-details"], &["sync", "--full", "users"]] {
        home.fine(sync);
        kept(&format!("{sync:?}"));
    }
    home.fine(&["user", "show", &openids[2], "--refresh"]);
    kept("looked up");
    sim.world(|world| world.act(None, Action::Unfollow { openid: openids[2].clone() })).unwrap();
    home.fine(&["sync", "users"]);
    kept("left");
    sim.world(|world| world.act(None, Action::Follow { openid: openids[2].clone() })).unwrap();
    home.fine(&["sync", "users"]);
    kept("back again");
    let set = MESSAGE.iter().map(|word| if *word == "thing2=手冲咖啡壶" { "thing2={{ nickname }}" } else { *word });
    let message: Vec<&str> = ["preview", "--to", &openids[2]].into_iter().chain(set).collect();
    assert_eq!(home.fine(&message)["data"]["thing2"]["value"], "欧阳小满", "a message can name them");
}

#[test]
fn a_sync_that_gives_no_name_takes_none_away_even_if_it_is_cut_off() {
    let (sim, home, openids) = demo();
    let names = file(&home, "names.txt", format!("openid\tname\n{}\t老张\n", openids[1]));
    import(&home, &names, &[]);
    // The details are in when it fails: the blacklist is asked for last.
    sim.world(|world| world.act(None, Action::SetQuota { path: "/cgi-bin/tags/members/getblacklist".into(), limit: 0 })).unwrap();
    let cut = home.run(&["sync", "--full", "users"]);
    assert_eq!(cut.status.code(), Some(3), "{}", said(&cut));
    assert_eq!(nickname(&home, &openids[1]), "老张");
}

#[test]
fn whoever_comes_later_has_the_name_that_waits_for_them() {
    let (sim, home, openids) = demo();
    let new = "oNewcomerNewcomerNewcomer_01";
    let names = file(
        &home,
        "names.jsonl",
        format!("{{\"openid\":\"{new}\",\"name\":\"新来的\"}}\n{{\"openid\":\"{}\",\"name\":\"老客\"}}\n", openids[0]),
    );
    let imported = import(&home, &names, &[]);
    assert_eq!((&imported["named"], &imported["unknown"]), (&json!(2), &json!(1)));
    assert_eq!(imported["problems"], json!([{ "row": 1, "openid": new, "problem": "unknown" }]));
    sim.world(|world| world.act(None, Action::Follow { openid: new.into() })).unwrap();
    home.fine(&["sync", "users"]);
    assert_eq!(nickname(&home, new), "新来的");
}

#[test]
fn an_empty_name_takes_away_the_one_there_was_and_the_last_row_counts() {
    let (_sim, home, openids) = demo();
    let first = file(&home, "1.csv", format!("openid,name\n{0},甲\n{1},乙\n{0},甲二\n", openids[4], openids[5]));
    assert_eq!(import(&home, &first, &[])["named"], 3);
    assert_eq!(nickname(&home, &openids[4]), "甲二");
    let second = file(&home, "2.csv", format!("openid,name\n{},\n{},  \n{},丙\n", openids[4], openids[6], openids[5]));
    let imported = import(&home, &second, &[]);
    assert_eq!((&imported["named"], &imported["removed"], &imported["empty"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!((nickname(&home, &openids[4]), nickname(&home, &openids[5])), (json!(""), json!("丙")));
    home.fine(&["sync", "--full"]);
    assert_eq!((nickname(&home, &openids[4]), nickname(&home, &openids[5])), (json!(""), json!("丙")));
}

#[test]
fn rows_that_name_nobody_are_told_and_left_out() {
    let (_sim, home, openids) = demo();
    let long = "长".repeat(65);
    let rows = format!("openid,昵称\n张三,一\n{},{long}\n,谁\n{},好\n", openids[0], openids[1]);
    let path = file(&home, "names.csv", rows);
    let path = path.to_str().unwrap();
    let output = home.run(&["user", "import-names", path, "--json"]);
    let (document, code) = document(&output);
    assert_eq!((code, &document["named"], &document["refused"]), (Some(1), &json!(1), &json!(3)));
    let problems: Vec<(u64, &str)> = document["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["row"].as_u64().unwrap(), problem["problem"].as_str().unwrap()))
        .collect();
    assert_eq!(problems, [(2, "malformed"), (3, "long_name"), (4, "no_openid")]);
    for (lang, words) in [
        ("en", ["1 users are named", "3 rows were left out", "row 2: “张三” is no openid"]),
        ("zh", ["已为 1 位用户设定名称", "3 行未采用", "第 4 行：没有 openid"]),
    ] {
        let text = said(&home.run(&["user", "import-names", path, "--lang", lang]));
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn the_column_of_the_names_is_found_or_asked_for() {
    let (_sim, home, openids) = demo();
    let refused = |name: &str, content: String, options: &[&str], says: &str| {
        let path = file(&home, name, content);
        let output = home.run(&[&["user", "import-names", path.to_str().unwrap()], options].concat());
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(says), "{says}: {}", said(&output));
    };
    let openid = &openids[0];
    refused("only.txt", format!("{openid}\n"), &[], "openids only");
    refused("which.csv", format!("openid,a,b\n{openid},1,2\n"), &[], "`a`, `b`");
    refused("none.csv", format!("openid,a,b\n{openid},1,2\n"), &["--name-column", "c"], "no column `c`");
    refused("missing.csv", String::new(), &[], "empty");
    let chosen = file(&home, "chosen.csv", format!("openid,a,B\n{openid},一,二\n"));
    assert_eq!((&import(&home, &chosen, &["--name-column", "b"])["column"], nickname(&home, openid)), (&json!("B"), json!("二")));
    assert_eq!((&import(&home, &chosen, &["--name-column", "2"])["column"], nickname(&home, openid)), (&json!("a"), json!("一")));
    let plain = file(&home, "plain.csv", format!("{openid},三\n"));
    assert_eq!((&import(&home, &plain, &[])["named"], nickname(&home, openid)), (&json!(1), json!("三")));
    let gbk = [format!("openid,备注\n{openid},").as_bytes(), b"\xd5\xc5\xc8\xfd\n"].concat();
    let gbk = file(&home, "gbk.csv", encode_title(&gbk));
    assert_eq!((&import(&home, &gbk, &[])["column"], nickname(&home, openid)), (&json!("备注"), json!("张三")));
    let piped = home.run_with(&["user", "import-names", "-", "--json"], &format!("openid,name\n{openid},四\n"));
    assert_eq!((piped.status.code(), nickname(&home, openid)), (Some(0), json!("四")), "{}", said(&piped));
}

/// The title in GBK as well.
fn encode_title(bytes: &[u8]) -> Vec<u8> {
    let title = "备注".as_bytes();
    let at = bytes.windows(title.len()).position(|window| window == title).unwrap();
    [&bytes[..at], b"\xb1\xb8\xd7\xa2", &bytes[at + title.len()..]].concat()
}

#[test]
fn thousands_of_names_are_kept_and_only_the_first_problems_told() {
    let (_sim, home, openids) = demo();
    let mut rows = String::from("openid,name\n");
    for n in 0..25_000 {
        writeln!(rows, "oStranger{n:019},陌生人{n}").unwrap();
    }
    writeln!(rows, "{},认识的", openids[0]).unwrap();
    let imported = import(&home, &file(&home, "many.csv", rows), &[]);
    assert_eq!((&imported["named"], &imported["unknown"]), (&json!(25_001), &json!(25_000)));
    assert_eq!(imported["problems"].as_array().unwrap().len(), 100);
    assert_eq!(nickname(&home, &openids[0]), "认识的");
}

#[tokio::test]
async fn whoever_is_looked_for_among_the_newcomers_has_their_name_too() {
    let scene = Scene::of(World::demo()).await;
    scene.sync(SyncPlan::default()).await;
    let new = OpenId::trusted("oNewcomerNewcomerNewcomer_01");
    let name = NewName { openid: new.clone(), name: Some("新来的".into()) };
    scene.store.put_names(scene.account.id, vec![name]).await.unwrap();
    scene.act(Action::Follow { openid: new.to_string() });
    let session = scene.session().await;
    let progress = SyncProgress::default();
    let look = sync::newcomers(&session, &scene.store, Look::AtEnd, &progress);
    assert_eq!(within(look).await.unwrap().came, std::slice::from_ref(&new));
    let user = scene.store.user(scene.account.id, new).await.unwrap().unwrap();
    assert_eq!(user.nickname, "新来的");
}
