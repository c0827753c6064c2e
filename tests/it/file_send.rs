//! Sending to those in a file, each with what the file says of them.

use crate::home::{Home, MESSAGE, document, said};
use muban::sim::{Action, Delivered, Sim, World};
use serde_json::{Value, json};
use std::path::PathBuf;

fn write(home: &Home, name: &str, text: impl AsRef<[u8]>) -> String {
    let path: PathBuf = home.dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn openids(sim: &Sim, count: u32) -> Vec<String> {
    let account = sim.world(|world| world.accounts()[0].clone());
    (0..count).map(|n| account.openid(n)).collect()
}

fn body(message: &Delivered) -> Value {
    serde_json::from_slice(&message.body).unwrap()
}

#[test]
fn who_stands_in_a_file_gets_it_once_with_its_columns_and_the_rest_is_told_by_row() {
    let sim = Sim::local(World::with_followers(20, 1)).unwrap();
    let who = openids(&sim, 4);
    let home = Home::synced(&sim);
    sim.world(|world| world.act(None, Action::Unfollow { openid: who[3].clone() })).unwrap();
    home.fine(&["sync", "users", "--json"]);
    let text = format!(
        "姓名,openid,单号\r\n张三,{},SF1\r\n李四,{},SF2\r\n无名,,SF3\r\n张三,{},SF4\r\n走了,{},SF5\r\n外人,oStrangerStrangerStranger123,SF6\r\n空号,{},\r\n",
        who[0], who[1], who[0], who[3], who[2]
    );
    let path = write(&home, "会员.csv", encoding_rs::GB18030.encode(&text).0);
    let mut message = MESSAGE.to_vec();
    let at = message.iter().position(|word| word.starts_with("character_string4")).unwrap();
    message[at] = "character_string4={{ 单号 }}";
    let args = [&["send", "--yes", "--json", "--rate", "0", "--file", &path], &message[..]].concat();

    let report = home.dir.path().join("report.csv").display().to_string();
    let dry = home.run(&[&args[..], &["--dry-run", "--report", &report]].concat());
    let (dry, _) = document(&dry);
    let excluded = json!({"duplicate": 1, "unsubscribed": 1, "blacklisted": 0, "unknown_user": 1, "invalid": 2});
    assert_eq!((dry["queued"].as_u64(), &dry["excluded"]), (Some(2), &excluded));
    assert_eq!(dry["findings"][0]["row"], 8, "who has no number: {dry}");
    let report = std::fs::read_to_string(report).unwrap();
    for line in ["duplicate,,5", "invalid,", ",4", "unsubscribed,,6", "unknown_user,,7"] {
        assert!(report.contains(line), "{line}: {report}");
    }

    let (sent, code) = document(&home.run(&args));
    assert_eq!((sent["accepted"].as_u64(), &sent["excluded"], code), (Some(2), &excluded, Some(0)), "{sent}");
    let got: Vec<(String, String)> = sim
        .delivered()
        .into_iter()
        .map(|m| (m.openid.clone(), body(&m)["data"]["character_string4"]["value"].to_string()))
        .collect();
    let expected = [(who[0].clone(), "\"SF1\"".to_owned()), (who[1].clone(), "\"SF2\"".to_owned())];
    assert!(got.len() == 2 && expected.iter().all(|one| got.contains(one)), "{got:?}");

    // The same file under another name is the same audience.
    let other = write(&home, "copy.csv", encoding_rs::GB18030.encode(&text).0);
    let again = home.run(&[&["send", "--yes", "--json", "--file", &other], &message[..]].concat());
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    // Who has it is taken out of what is sent next.
    let rest = format!("file:{other} - job:1:sent");
    let rest = home.run(&[&["send", "--dry-run", "--json", "--audience", &rest], &message[..]].concat());
    assert_eq!(document(&rest).0["queued"], 0);
}

#[test]
fn a_list_of_recipients_each_with_their_own_data_needs_nothing_but_a_template() {
    let sim = Sim::local(World::with_followers(20, 1)).unwrap();
    let who = openids(&sim, 2);
    let home = Home::synced(&sim);
    let data = |number: &str, thing: &str| {
        json!({
            "time5": {"value": "2023-11-09 15:01"}, "character_string1": {"value": number}, "thing2": {"value": thing},
            "thing3": {"value": "顺丰"}, "character_string4": {"value": "SF1"},
        })
    };
    let list = json!([
        {"touser": who[0], "url": "https://example.com/1", "data": data("M1", "苹果")},
        {"touser": who[1], "data": data("M2", "梨")},
    ]);
    let list = list.to_string();
    let args = ["send", "--yes", "--json", "--rate", "0", "--template", "订单发货通知", "--file", "-"];
    let output = home.run_with(&args, &list);
    let (sent, code) = document(&output);
    assert_eq!((sent["accepted"].as_u64(), code), (Some(2), Some(0)), "{}", said(&output));
    assert!(said(&output).contains("thing2 is taken from the column of this name"), "{}", said(&output));
    for (openid, number, thing, url) in [(&who[0], "M1", "苹果", "https://example.com/1"), (&who[1], "M2", "梨", "")] {
        let got = sim.delivered().into_iter().find(|message| message.openid == *openid).unwrap();
        assert_eq!(body(&got)["data"]["character_string1"]["value"], number);
        assert_eq!(body(&got)["data"]["thing2"]["value"], thing);
        assert_eq!(body(&got)["url"].as_str().unwrap_or_default(), url);
    }
}

#[test]
fn a_file_that_cannot_be_read_or_has_nobody_sends_nothing_and_says_why() {
    let sim = Sim::local(World::with_followers(5, 1)).unwrap();
    let home = Home::synced(&sim);
    for (text, options, words) in [
        ("name,city\nx,y\n", &[][..], "--openid-column"),
        ("openid\n", &[], "nobody"),
        ("", &[], "the file is empty"),
        ("openid,name\n", &["--openid-column", "wechat"], "no column `wechat`"),
        ("openid,say\noA,\"x\n", &[], "never closed"),
    ] {
        let path = write(&home, "list.csv", text);
        let output = home.run(&[&["send", "--yes", "--file", &path], options, MESSAGE].concat());
        assert_eq!(output.status.code(), Some(2), "{text}: {}", said(&output));
        assert!(said(&output).contains(words), "{text}: {}", said(&output));
    }
    let missing = home.run(&[&["send", "--yes", "--file", "/nowhere/list.csv"], MESSAGE].concat());
    assert!(missing.status.code() == Some(2) && said(&missing).contains("/nowhere/list.csv"), "{}", said(&missing));
    assert_eq!(sim.delivered_count(), 0);
}
