use super::*;

#[test]
fn scripts_read_the_ledger() {
    let sim = started(5);
    for number in [0, 1, 0] {
        send(&sim, &message(&openid(&sim, number)));
    }
    send(&sim, &message("oNobody"));
    let ledger = get(&sim, "/sim/ledger").json();
    assert_eq!((&ledger["delivered"], &ledger["recipients"], &ledger["duplicates"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(ledger["by_errcode"], json!({"0": 3, "40003": 1}));
    assert_eq!(ledger["calls"], json!({SEND: 4, "/cgi-bin/stable_token": 4}));
    assert_eq!(ledger["answered"][SEND], 4);
    let all = get(&sim, "/sim/ledger/messages?limit=2").json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    let to = openid(&sim, 0);
    let mine = get(&sim, &format!("/sim/ledger/messages?openid={to}")).json();
    assert_eq!(mine.as_array().unwrap().len(), 2);
    assert_eq!(mine[0]["body"], serde_json::to_string(&message(&to)).unwrap());
    assert_eq!(sim.calls_total(), 8, "asking for the ledger is no call of WeChat");
}

#[test]
fn scripts_learn_the_credentials() {
    let sim = Sim::local(World::demo()).unwrap();
    let accounts = get(&sim, "/sim/accounts").json();
    let (appid, secret) = credentials(&sim);
    assert_eq!((&accounts[0]["name"], &accounts[1]["name"]), (&json!("Acme 服务号"), &json!("Beta 商城")));
    assert_eq!((&accounts[0]["appid"], &accounts[0]["secret"]), (&json!(appid), &json!(secret)));
    assert_eq!((&accounts[0]["followers"], accounts[0]["templates"].as_array().unwrap().len()), (&json!(2000), 12));
    assert_eq!(accounts[0]["tags"][1], json!({"id": 100, "name": "VIP", "count": 120}));
}

#[test]
fn scripts_turn_switches() {
    let sim = started(1);
    let now = post(&sim, "/sim/faults", &json!({"busy": {"next": 1}, "latency_ms": 0, "duplicates": "refused"}));
    assert_eq!((now.status, &now.json()["busy"]["next"]), (200, &json!(1)));
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), -1);
    assert_eq!(post(&sim, "/sim/faults", &json!({"huge_msgid": true})).json()["duplicates"], "refused", "others stay");
    assert_eq!(post(&sim, "/sim/faults", &json!({"reset": true})).json()["duplicates"], "ok");
    for bad in [json!({"bussy": 1}), json!({"busy": {"every": 3}}), json!([])] {
        assert_eq!(post(&sim, "/sim/faults", &bad).status, 400, "{bad}");
    }
}

#[test]
fn scripts_change_the_world() {
    let sim = started(3);
    let to = openid(&sim, 1);
    let act = |body: Value| post(&sim, "/sim/world", &body);
    assert_eq!(act(json!({"action": "unfollow", "openid": to})).json(), json!({"ok": true}));
    assert_eq!(send(&sim, &message(&to)).errcode(), 43004);
    act(json!({"action": "follow", "openid": to}));
    assert_eq!(send(&sim, &message(&to)).errcode(), 0);
    act(json!({"action": "standing", "openid": to, "standing": "refuses"}));
    assert_eq!(send(&sim, &message(&to)).errcode(), 43101);
    let old = at(&sim, SEND);
    for (action, errcode) in [("expire_token", 42001), ("replace_token", 40001)] {
        let old = at(&sim, SEND);
        act(json!({"action": action}));
        assert_eq!(post(&sim, &old, &message(&to)).errcode(), errcode);
    }
    assert_ne!(old, at(&sim, SEND));
    assert_eq!(act(json!({"action": "unfollow", "openid": "oNobody"})).json()["ok"], false);
    assert_eq!(act(json!({"action": "expire_token", "appid": "wx0"})).json()["error"], "no account with this appid");
    assert_eq!(act(json!({"action": "dance"})).status, 400);
    act(json!({"action": "reset_ledger"}));
    assert_eq!(get(&sim, "/sim/ledger").json()["delivered"], 0);
    assert_eq!(get(&sim, "/sim/nothing").status, 404);
    assert_eq!(get(&sim, "/sim/world").status, 405);
}
