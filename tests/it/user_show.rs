//! All that is known of one user, on the command line.

use crate::home::{Home, said};
use muban::sim::{Action, Sim, Standing, World};
use serde_json::{Value, json};

const INFO: &str = "/cgi-bin/user/info";

fn demo() -> (Sim, Home, String) {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    let openid = sim.world(|world| world.accounts()[0].openid(7));
    (sim, home, openid)
}

#[test]
fn a_user_is_shown_with_all_fields_and_what_they_were_sent() {
    let (sim, home, openid) = demo();
    home.send(&["--to", &openid]);
    let shown = home.fine(&["user", "show", &openid, "--json"]);
    let listed = home.fine(&["users", "--search", &openid, "--json"]);
    for key in ["openid", "nickname", "remark", "subscribed", "blacklisted"] {
        assert_eq!(shown[key], listed[0][key], "{key}");
    }
    let tags: Vec<&Value> = shown["tags"].as_array().unwrap().iter().map(|tag| &tag["id"]).collect();
    assert_eq!(tags, listed[0]["tags"].as_array().unwrap().iter().collect::<Vec<_>>());
    assert_eq!((&shown["read"], &shown["imported_name"], &shown["qr_scene"]), (&json!("last_sync"), &Value::Null, &Value::Null));
    assert!(shown["subscribe_time"].is_string() && shown["read_at"].is_string(), "{shown}");
    assert!(shown["subscribe_scene"].as_str().unwrap().starts_with("ADD_SCENE_"), "{shown}");
    let sent = shown["deliveries"].as_array().unwrap();
    assert_eq!((sent.len(), &sent[0]["state"], sim.calls(INFO)), (1, &json!("accepted"), 0));
    let text = said(&home.run(&["user", "show", &openid, "--lang", "zh"]));
    for part in [openid.as_str(), "已关注，自", "来源", "订单发货通知"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("ADD_SCENE"), "in words: {text}");
}

#[test]
fn one_is_asked_of_wechat_anew_and_the_cache_knows_at_once() {
    let (sim, home, openid) = demo();
    sim.world(|world| world.act(None, Action::Standing { openid: openid.clone(), standing: Standing::Left })).unwrap();
    assert_eq!(home.fine(&["user", "show", &openid, "--json"])["subscribed"], true, "nobody asked");
    let shown = home.fine(&["user", "show", &openid, "--refresh", "--json"]);
    assert_eq!((&shown["subscribed"], &shown["read"], sim.calls(INFO)), (&json!(false), &json!("now"), 1));
    assert!(shown["subscribe_time"].is_string(), "what was known stays: {shown}");
    assert_eq!(home.fine(&["users", "--search", &openid, "--json"])[0]["subscribed"], false);
    sim.world(|world| world.act(None, Action::Standing { openid: openid.clone(), standing: Standing::Follows })).unwrap();
    let back = home.fine(&["user", "show", &openid, "--refresh", "--json"]);
    assert_eq!(back["subscribed"], true);
    assert_eq!(home.fine(&["user", "show", &openid, "--json"])["subscribed"], true);
}

#[test]
fn one_whom_the_cache_does_not_have_is_asked_for_if_that_is_wanted() {
    let (sim, home, _) = demo();
    let new = Home::new();
    let (appid, secret) = sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()));
    new.add_account(&appid, &secret, &sim.url());
    let openid = sim.world(|world| world.accounts()[0].openid(3));
    let unknown = new.run(&["user", "show", &openid]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("--refresh"), "{}", said(&unknown));
    let told = new.fine(&["user", "show", &openid, "--refresh", "--json"]);
    let known = home.fine(&["user", "show", &openid, "--json"]);
    for key in ["openid", "remark", "subscribed", "subscribe_time", "subscribe_scene", "unionid", "language"] {
        assert_eq!(told[key], known[key], "{key}");
    }
    let stranger = home.run(&["user", "show", "oNobodyAtAll", "--refresh"]);
    assert_eq!(stranger.status.code(), Some(3), "{}", said(&stranger));
    assert!(said(&stranger).contains("40003"), "{}", said(&stranger));
}
