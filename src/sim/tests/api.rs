use super::*;
use crate::sim::{Action, Standing};

/// The errcode of a call with a token.
fn code(sim: &Sim, path: &str, body: &Value) -> i64 {
    post(sim, &at(sim, path), body).errcode()
}

#[test]
fn checks_come_in_their_order() {
    let sim = started(3);
    let good = at(&sim, SEND);
    let cases: [(&str, &str, &str, &[u8], i64); 10] = [
        ("POST", "/cgi-bin/nonsense", "", b"", 40066),
        ("GET", SEND, "", b"", 43002),
        ("POST", "/cgi-bin/tags/get", "", b"", 43001),
        ("POST", SEND, "", b"", 41001),
        ("POST", "/cgi-bin/message/template/send?access_token=", "", b"", 41001),
        ("POST", "/cgi-bin/message/template/send?access_token=97_x", "", b"", 40001),
        ("POST", &good, "", b"", 44002),
        ("POST", &good, "content-length: 3\r\n", b"a=1", 47001),
        ("POST", &good, "content-length: 4\r\n", b"\"\xff\xfe\"", 47001),
        ("POST", &good, "content-length: 2\r\n", b"{}", 40003),
    ];
    for (method, target, headers, body, errcode) in cases {
        let reply = ask(&sim, method, target, headers, body).unwrap();
        assert_eq!((reply.status, reply.errcode()), (200, errcode), "{method} {target}");
    }
    let chunked = ask(&sim, "POST", &good, "transfer-encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n").unwrap();
    assert_eq!((chunked.status, chunked.body.len()), (412, 0));
    assert_eq!(sim.delivered_count(), 0);
}

#[test]
fn tokens_want_credentials() {
    let sim = started(1);
    let (appid, secret) = credentials(&sim);
    let ask = |grant: &str, appid: &str, secret: &str| {
        let body = json!({"grant_type": grant, "appid": appid, "secret": secret});
        let stable = post(&sim, "/cgi-bin/stable_token", &body).errcode();
        let legacy = get(&sim, &format!("/cgi-bin/token?grant_type={grant}&appid={appid}&secret={secret}")).errcode();
        assert_eq!(stable, legacy);
        stable
    };
    let good = "client_credential";
    assert_eq!(ask("x", &appid, &secret), 40002);
    assert_eq!(ask(good, "", &secret), 41002);
    assert_eq!(ask(good, &appid, ""), 41004);
    assert_eq!(ask(good, "wx0", &secret), 40013);
    assert_eq!(ask(good, &appid, "0"), 40125);
    assert_eq!(ask(good, &appid, &secret), 0);
    assert_eq!(post(&sim, "/cgi-bin/stable_token", &json!("form=1")).errcode(), 41002);
    assert_eq!(sim.token_fetches(), 13);
    sim.world(|world| world.act(None, Action::RevokeSecret)).unwrap();
    assert_eq!(ask(good, &appid, &secret), 40125);
}

#[test]
fn a_token_reply_has_no_errcode_and_stays_the_same() {
    let sim = started(1);
    let reply = ask_token(&sim).json();
    assert!(reply.get("errcode").is_none());
    assert_eq!(reply["expires_in"], 7200);
    assert!(reply["access_token"].as_str().unwrap().len() >= 136);
    assert_eq!(ask_token(&sim).json()["access_token"], reply["access_token"]);
}

#[test]
fn followers_come_in_pages_and_the_last_one_still_names_a_next() {
    let sim = started(23_000);
    let base = at(&sim, "/cgi-bin/user/get");
    let mut all = Vec::new();
    let mut next = String::new();
    for count in [10_000, 10_000, 3_000] {
        let page = get(&sim, &format!("{base}&next_openid={next}")).json();
        assert_eq!((&page["total"], &page["count"]), (&json!(23_000), &json!(count)));
        all.extend(page["data"]["openid"].as_array().unwrap().iter().map(|openid| openid.as_str().unwrap().to_owned()));
        next = page["next_openid"].as_str().unwrap().to_owned();
        assert_eq!(all.last(), Some(&next));
    }
    let end = get(&sim, &format!("{base}&next_openid={next}"));
    assert_eq!(end.body, br#"{"total":23000,"count":0,"next_openid":""}"#);
    assert_eq!(all, sim.world(|world| world.accounts()[0].openids().collect::<Vec<_>>()));
    assert_eq!(get(&sim, &format!("{base}&next_openid=oNobody")).errcode(), 40003);
}

#[test]
fn who_left_is_known_by_name_only() {
    let sim = started(10);
    let gone = openid(&sim, 3);
    sim.world(|world| world.act(None, Action::Unfollow { openid: gone.clone() })).unwrap();
    let list = get(&sim, &at(&sim, "/cgi-bin/user/get")).json();
    assert_eq!(list["total"], 9);
    assert!(!list["data"]["openid"].as_array().unwrap().contains(&json!(gone)));
    let info = get(&sim, &format!("{}&openid={gone}&lang=zh_CN", at(&sim, "/cgi-bin/user/info")));
    assert_eq!(info.json(), json!({"subscribe": 0, "openid": gone}));
    let members = post(&sim, &at(&sim, "/cgi-bin/user/tag/get"), &json!({"tagid": 100, "next_openid": ""})).json();
    assert_eq!(members["count"], 2, "leaving takes the tags away");
}

#[test]
fn details_come_all_or_not_at_all() {
    let sim = started(200);
    let path = "/cgi-bin/user/info/batchget";
    let list = |numbers: std::ops::Range<u32>| {
        let all: Vec<Value> = numbers.map(|n| json!({"openid": openid(&sim, n), "lang": "zh_CN"})).collect();
        json!({"user_list": all})
    };
    let reply = post(&sim, &at(&sim, path), &list(0..100)).json();
    let users = reply["user_info_list"].as_array().unwrap();
    assert_eq!(users.len(), 100);
    assert!(reply.get("errcode").is_none());
    assert!(users.iter().all(|user| user["subscribe"] == 1 && user["tagid_list"].is_array()));
    assert_eq!(users[3]["tagid_list"], json!([100]));
    assert!(users.iter().any(|user| user["remark"].as_str().is_some_and(|remark| !remark.is_empty())));
    assert_eq!(code(&sim, path, &list(0..101)), 40032);
    assert_eq!(code(&sim, path, &list(0..0)), 40032);
    let broken = openid(&sim, 7);
    sim.world(|world| world.accounts_mut()[0].set_standing(&broken, Standing::Broken));
    assert_eq!(code(&sim, path, &list(0..100)), 40003);
    assert_eq!(code(&sim, path, &list(8..108)), 0);
    assert_eq!(code(&sim, path, &json!({"user_list": [{"openid": format!("{}\r", openid(&sim, 8))}]})), 40003);
}

#[test]
fn remarks_are_kept() {
    let sim = started(5);
    let path = "/cgi-bin/user/info/updateremark";
    let who = openid(&sim, 2);
    assert_eq!(code(&sim, path, &json!({"openid": who, "remark": "张三"})), 0);
    let info = get(&sim, &format!("{}&openid={who}", at(&sim, "/cgi-bin/user/info"))).json();
    assert_eq!((&info["remark"], &info["nickname"]), (&json!("张三"), &json!("")));
    assert_eq!(code(&sim, path, &json!({"openid": who, "remark": "一".repeat(30)})), 40092);
    assert_eq!(code(&sim, path, &json!({"openid": "oNobody", "remark": ""})), 40003);
}

#[test]
fn tags_live_and_die() {
    let sim = started(60);
    let list = get(&sim, &at(&sim, "/cgi-bin/tags/get")).json();
    assert_eq!(
        list,
        json!({"tags": [{"id": 2, "name": "星标组", "count": 0}, {"id": 100, "name": "VIP", "count": 3}, {"id": 101, "name": "empty", "count": 0}]})
    );
    let made = post(&sim, &at(&sim, "/cgi-bin/tags/create"), &json!({"tag": {"name": "广东"}})).json();
    assert_eq!(made, json!({"tag": {"id": 102, "name": "广东"}}));
    assert_eq!(code(&sim, "/cgi-bin/tags/update", &json!({"tag": {"id": 102, "name": "广东人"}})), 0);
    assert_eq!(sim.world(|world| world.accounts()[0].tag_id("广东人")), Some(102));
    assert_eq!(code(&sim, "/cgi-bin/tags/delete", &json!({"tag": {"id": 2}})), 45058);
    assert_eq!(code(&sim, "/cgi-bin/tags/delete", &json!({"tag": {"id": 102}})), 0);
    let empty = post(&sim, &at(&sim, "/cgi-bin/user/tag/get"), &json!({"tagid": 101}));
    assert_eq!(empty.body, br#"{"count":0}"#);
    assert_eq!(code(&sim, "/cgi-bin/user/tag/get", &json!({"tagid": 102})), 45159);
}

#[test]
fn members_are_tagged_fifty_at_a_time() {
    let sim = started(60);
    let path = "/cgi-bin/tags/members/batchtagging";
    let all: Vec<String> = (0..51).map(|n| openid(&sim, n)).collect();
    assert_eq!(code(&sim, path, &json!({"openid_list": all, "tagid": 101})), 40032);
    assert_eq!(code(&sim, path, &json!({"openid_list": [], "tagid": 101})), 40032);
    assert_eq!(code(&sim, path, &json!({"openid_list": all[..50], "tagid": 101})), 0);
    let page = post(&sim, &at(&sim, "/cgi-bin/user/tag/get"), &json!({"tagid": 101, "next_openid": all[9]})).json();
    assert_eq!((&page["count"], &page["next_openid"]), (&json!(40), &json!(all[49])));
    let tags = post(&sim, &at(&sim, "/cgi-bin/tags/getidlist"), &json!({"openid": all[3]})).json();
    assert_eq!(tags, json!({"tagid_list": [100, 101]}));
    assert_eq!(code(&sim, "/cgi-bin/tags/members/batchuntagging", &json!({"openid_list": all[..20], "tagid": 101})), 0);
    assert_eq!(sim.world(|world| world.accounts()[0].tag_members("empty").len()), 30);
    let of_another = Account::new("Other", 99).with_followers(1).openid(0);
    assert_eq!(code(&sim, path, &json!({"openid_list": [of_another], "tagid": 101})), 49003);
    assert_eq!(code(&sim, path, &json!({"openid_list": ["o"], "tagid": 101})), 40003);
}

#[test]
fn nobody_has_more_than_twenty_tags() {
    let account = (0..21).fold(Account::new("Test", 1).with_followers(2), |account, n| account.with_tag(&format!("t{n}"), []));
    let sim = Sim::local(World::empty(1).with_account(account)).unwrap();
    let path = "/cgi-bin/tags/members/batchtagging";
    let codes: Vec<i64> =
        (100..121).map(|id| code(&sim, path, &json!({"openid_list": [openid(&sim, 0)], "tagid": id}))).collect();
    assert_eq!(codes[..20], [0; 20]);
    assert_eq!(codes[20], 45059);
    assert_eq!(code(&sim, path, &json!({"openid_list": [openid(&sim, 0)], "tagid": 100})), 0, "has it already");
}

#[test]
fn the_blacklist_bars_and_pardons() {
    let sim = started(30);
    let who: Vec<String> = (0..21).map(|n| openid(&sim, n)).collect();
    let path = "/cgi-bin/tags/members/batchblacklist";
    assert_eq!(code(&sim, path, &json!({"openid_list": who})), 40032);
    assert_eq!(code(&sim, path, &json!({"openid_list": who[..2]})), 0);
    let page = post(&sim, &at(&sim, "/cgi-bin/tags/members/getblacklist"), &json!({"begin_openid": ""})).json();
    assert_eq!(page, json!({"total": 2, "count": 2, "data": {"openid": who[..2]}, "next_openid": who[1]}));
    assert_eq!(send(&sim, &message(&who[0])).errcode(), 43019);
    assert_eq!(get(&sim, &at(&sim, "/cgi-bin/user/get")).json()["total"], 30, "they stay followers");
    assert_eq!(code(&sim, "/cgi-bin/tags/members/batchunblacklist", &json!({"openid_list": who[..1]})), 0);
    assert_eq!(send(&sim, &message(&who[0])).errcode(), 0);
}

#[test]
fn templates_are_added_up_to_25_and_deleted_for_good() {
    let sim = Sim::local(World::demo()).unwrap();
    let list = get(&sim, &at(&sim, "/cgi-bin/template/get_all_private_template")).json();
    let list = list["template_list"].as_array().unwrap();
    assert_eq!(list.len(), 12);
    assert!(list[0]["primary_industry"].is_null() && list[0]["content"].as_str().unwrap().ends_with('\n'));
    assert!(list.iter().any(|template| template["deputy_industry"] == "互联网|电子商务"));
    let path = "/cgi-bin/template/api_add_template";
    let coffee = json!({"template_id_short": "43218", "keyword_name_list": ["取餐码", "门店"]});
    let added = post(&sim, &at(&sim, path), &coffee).json();
    let id = added["template_id"].as_str().unwrap().to_owned();
    let content = sim.world(|world| world.accounts()[0].templates()[12].content.clone());
    assert_eq!((id.len(), content.as_str()), (43, "取餐码:{{character_string1.DATA}}\n门店:{{thing3.DATA}}\n"));
    for (body, errcode) in [
        (json!({"template_id_short": "43218"}), 40246),
        (json!({"template_id_short": "43218", "keyword_name_list": ["价格"]}), 40246),
        (json!({"template_id_short": "1", "keyword_name_list": ["价格"]}), 40037),
        (json!({"template_id_short": "TM00001", "keyword_name_list": []}), 45027),
        (message("o"), 45027),
    ] {
        assert_eq!(code(&sim, path, &body), errcode, "{body}");
    }
    for _ in 13..25 {
        assert_eq!(code(&sim, path, &coffee), 0);
    }
    assert_eq!(code(&sim, path, &coffee), 45026);
    let delete = "/cgi-bin/template/del_private_template";
    assert_eq!(code(&sim, delete, &json!({"template_id": id})), 0);
    assert_eq!(code(&sim, delete, &json!({"template_id": id})), 40037);
}

#[test]
fn a_new_industry_takes_old_templates_away_once_a_month() {
    let sim = Sim::local(World::demo()).unwrap();
    let shown = get(&sim, &at(&sim, "/cgi-bin/template/get_industry")).json();
    assert_eq!(
        shown,
        json!({"primary_industry": {"first_class": "IT科技", "second_class": "互联网|电子商务"},
               "secondary_industry": {"first_class": "消费品", "second_class": "消费品"}})
    );
    let path = "/cgi-bin/template/api_set_industry";
    assert_eq!(code(&sim, path, &json!({"industry_id1": 10, "industry_id2": 31})), 40103);
    assert_eq!(code(&sim, path, &json!({"industry_id1": "10", "industry_id2": "99"})), 40102);
    assert_eq!(code(&sim, path, &json!({"industry_id1": "10", "industry_id2": "31"})), 0);
    assert_eq!(code(&sim, path, &json!({"industry_id1": "1", "industry_id2": "31"})), 43100);
    let left = sim.world(|world| world.accounts()[0].templates().len());
    assert_eq!(left, 10, "the two historical ones are gone");
}

#[test]
fn quotas_are_told_and_cleared() {
    let sim = started(3);
    let (appid, secret) = credentials(&sim);
    let path = "/cgi-bin/openapi/quota/get";
    send(&sim, &message(&openid(&sim, 0)));
    let told = post(&sim, &at(&sim, path), &json!({"cgi_path": SEND})).json();
    assert_eq!(told["quota"], json!({"daily_limit": 100_000, "used": 1, "remain": 99_999}));
    assert_eq!(code(&sim, path, &json!({"cgi_path": "cgi-bin/user/get"})), 76021);
    sim.world(|world| world.act(None, Action::SetQuota { path: SEND.into(), limit: 1 })).unwrap();
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 45009);
    assert_eq!(code(&sim, "/cgi-bin/clear_quota", &json!({"appid": "wx0"})), 40013);
    assert_eq!(code(&sim, "/cgi-bin/clear_quota", &json!({"appid": appid})), 0);
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 0);
    assert_eq!(post(&sim, "/cgi-bin/clear_quota/v2", &json!({"appid": appid, "appsecret": secret})).errcode(), 0);
    assert_eq!(post(&sim, "/cgi-bin/clear_quota/v2", &json!({"appid": appid, "appsecret": "x"})).errcode(), 40125);
    sim.world(|world| world.act(None, Action::SetQuota { path: "/nowhere".into(), limit: 1 })).unwrap_err();
}

#[test]
fn a_rid_leads_back_to_its_call() {
    let sim = started(3);
    let target = at(&sim, SEND);
    let refused = post(&sim, &target, &message("oNobody"));
    let errmsg = refused.errmsg();
    let rid = errmsg.split("rid: ").nth(1).unwrap();
    let path = "/cgi-bin/openapi/rid/get";
    let found = post(&sim, &at(&sim, path), &json!({"rid": rid})).json();
    let request = &found["request"];
    assert_eq!(request["request_body"], serde_json::to_string(&message("oNobody")).unwrap());
    assert_eq!(request["response_body"].as_str().unwrap().as_bytes(), refused.body);
    assert!(target.ends_with(request["request_url"].as_str().unwrap()));
    assert_eq!(code(&sim, path, &json!({"rid": "61725984-6126f6f9-040f19c4"})), 76001);
    assert_eq!(code(&sim, path, &json!({"rid": "nonsense"})), 76002);
}

#[test]
fn users_and_tags_give_a_hint_as_well() {
    let sim = started(1);
    let text = get(&sim, &format!("{}&openid=o", at(&sim, "/cgi-bin/user/info"))).errmsg();
    assert!(text.starts_with("invalid openid hint: [") && text.contains("] rid: "), "{text}");
    let text = send(&sim, &message("o")).errmsg();
    assert!(text.starts_with("invalid openid rid: "), "{text}");
}

#[test]
fn addresses_are_told() {
    let sim = started(1);
    for path in ["/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"] {
        assert!(!get(&sim, &at(&sim, path)).json()["ip_list"].as_array().unwrap().is_empty());
    }
}

#[test]
fn without_certification_there_are_only_tokens() {
    let sim = started(1);
    sim.world(|world| world.act(None, Action::Certify { certified: false })).unwrap();
    assert_eq!(get(&sim, &at(&sim, "/cgi-bin/user/get")).errcode(), 48001);
}
