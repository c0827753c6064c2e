use super::*;
use crate::sim::{Action, Chance, ContentType, Dirt};
use std::time::Duration;

fn reset(sim: &Sim, target: &str, body: &Value) -> io::ErrorKind {
    try_post(sim, target, body).err().unwrap().kind()
}

#[test]
fn a_reset_after_accepting_loses_the_answer_not_the_message() {
    let sim = started(3);
    let target = at(&sim, SEND);
    let body = keyed(&openid(&sim, 0), "k");
    sim.faults(|faults| faults.reset_after = Chance::next(1));
    assert_eq!(reset(&sim, &target, &body), io::ErrorKind::ConnectionReset);
    assert_eq!((sim.calls(SEND), sim.answered(SEND), sim.delivered_count()), (1, 0, 1));
    assert_eq!(post(&sim, &target, &body).errcode(), 0);
    assert_eq!(sim.delivered_count(), 1, "the key tells them to be one");
    sim.faults(|faults| faults.reset_before = Chance::next(1));
    assert_eq!(reset(&sim, &target, &message(&openid(&sim, 1))), io::ErrorKind::ConnectionReset);
    assert_eq!(sim.delivered_count(), 1);
}

#[test]
fn gateways_fail_in_html_before_or_after() {
    let sim = started(3);
    let target = at(&sim, SEND);
    let body = message(&openid(&sim, 0));
    sim.faults(|faults| (faults.http_502, faults.http_504) = (Chance::next(1), Chance::nth(1)));
    let reply = post(&sim, &target, &body);
    assert_eq!((reply.status, sim.delivered_count()), (502, 0));
    assert!(reply.body.starts_with(b"<html>"));
    let reply = post(&sim, &target, &body);
    assert_eq!((reply.status, sim.delivered_count()), (504, 1));
    sim.faults(|faults| (faults.http_412, faults.empty_body) = (Chance::next(1), Chance::next(1)));
    let reply = post(&sim, &target, &body);
    assert_eq!((reply.status, reply.body.len(), sim.delivered_count()), (412, 0, 1));
    let reply = post(&sim, &target, &body);
    assert_eq!((reply.status, reply.body.len(), sim.delivered_count()), (200, 0, 2));
}

#[test]
fn busy_comes_in_bursts_or_shares_and_only_where_asked() {
    let sim = started(3);
    let target = at(&sim, SEND);
    let body = message(&openid(&sim, 0));
    let codes = |count: usize| (0..count).map(|_| post(&sim, &target, &body).errcode()).collect::<Vec<_>>();
    sim.faults(|faults| faults.busy = Chance { after: 1, next: 2, percent: 0.0 });
    assert_eq!(codes(4), [0, -1, -1, 0]);
    sim.faults(|faults| faults.busy = Chance::percent(30.0));
    let busy = codes(100).iter().filter(|&&code| code == -1).count();
    assert!((10..60).contains(&busy), "{busy}");
    sim.faults(|faults| faults.busy = Chance::percent(100.0));
    assert_eq!(get(&sim, &at(&sim, "/cgi-bin/tags/get")).errcode(), 0);
    let tags = at(&sim, "/cgi-bin/tags/get");
    sim.faults(|faults| faults.everywhere = true);
    assert_eq!(get(&sim, &tags).errcode(), -1);
}

#[test]
fn the_same_seed_fails_the_same_calls() {
    let run = || {
        let sim = started(3);
        let target = at(&sim, SEND);
        sim.faults(|faults| faults.busy = Chance::percent(40.0));
        (0..40).map(|_| post(&sim, &target, &message(&openid(&sim, 0))).errcode()).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_token_dies_at_the_chosen_send() {
    let sim = started(3);
    let body = message(&openid(&sim, 0));
    for (expire, errcode) in [(false, 40001), (true, 42001)] {
        let old = at(&sim, SEND);
        sim.faults(|faults| *(if expire { &mut faults.expire_token } else { &mut faults.kill_token }) = Chance::nth(2));
        let codes: Vec<i64> = (0..3).map(|_| post(&sim, &old, &body).errcode()).collect();
        assert_eq!(codes, [0, errcode, errcode]);
        assert_ne!(at(&sim, SEND), old);
        assert_eq!(send(&sim, &body).errcode(), 0);
    }
    sim.faults(|faults| faults.reject_tokens = true);
    let before = at(&sim, SEND);
    assert_eq!(post(&sim, &before, &body).errcode(), 40001);
    assert_eq!(at(&sim, SEND), before, "the refused token is given out again");
}

#[test]
fn a_token_runs_out_by_the_clock() {
    let sim = started(3);
    let old = at(&sim, SEND);
    sim.world(|world| world.advance(Duration::from_secs(7201)));
    assert_eq!(post(&sim, &old, &message(&openid(&sim, 0))).errcode(), 42001);
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 0);
}

#[test]
fn a_used_up_day_ends_at_midnight() {
    let sim = started(3);
    let body = message(&openid(&sim, 0));
    sim.faults(|faults| faults.quota_out = Chance::nth(3));
    let codes: Vec<i64> = (0..4).map(|_| send(&sim, &body).errcode()).collect();
    assert_eq!(codes, [0, 0, 45009, 45009]);
    sim.world(|world| world.act(None, Action::NextDay)).unwrap();
    assert_eq!(send(&sim, &body).errcode(), 0);
}

#[test]
fn a_slow_minute_lasts_sixty_seconds() {
    let sim = started(3);
    let body = message(&openid(&sim, 0));
    sim.faults(|faults| faults.slow_minute = Chance::next(1));
    assert_eq!(send(&sim, &body).errcode(), 45011);
    assert_eq!(send(&sim, &body).errcode(), 45011);
    sim.world(|world| world.advance(Duration::from_secs(61)));
    assert_eq!(send(&sim, &body).errcode(), 0);
}

#[test]
fn an_unlisted_address_is_named() {
    let sim = started(1);
    sim.faults(|faults| faults.deny_ip = true);
    let reply = ask_token(&sim);
    assert_eq!(reply.errcode(), 40164);
    let text = reply.errmsg();
    assert!(text.starts_with("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "), "{text}");
    sim.faults(|faults| (faults.deny_ip, faults.token_code) = (false, 40243));
    assert_eq!(ask_token(&sim).errcode(), 40243);
}

#[test]
fn any_code_can_be_answered() {
    let sim = started(1);
    sim.faults(|faults| (faults.refuse, faults.refuse_code) = (Chance::next(1), 48004));
    let reply = send(&sim, &message(&openid(&sim, 0)));
    assert_eq!(reply.errcode(), 48004);
    assert!(reply.errmsg().starts_with("api forbidden for irregularities rid: "));
    sim.faults(|faults| (faults.refuse, faults.refuse_code) = (Chance::next(1), 40164));
    let reply = send(&sim, &message(&openid(&sim, 0)));
    assert!(reply.errmsg().starts_with("invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "));
}

#[test]
fn a_review_is_a_message_that_comes_later_or_never() {
    let sim = started(2);
    let path = "/wxa/sec/queryblocktmplmsg";
    let page = |largest: u64, limit: u64| {
        post(&sim, &at(&sim, path), &json!({"tmpl_msg_id": TEMPLATE, "largest_id": largest, "limit": limit})).json()
    };
    sim.faults(|faults| faults.review = Chance::next(4));
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 40252);
    assert_eq!((sim.delivered_count(), page(0, 100)["msginfo"].clone()), (1, json!([])), "this one passes");
    sim.faults(|faults| faults.block = Chance::next(2));
    let mut blocked = message(&openid(&sim, 1));
    blocked["client_msg_id"] = json!("b");
    assert_eq!(send(&sim, &blocked).errcode(), 40252);
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 40252);
    assert_eq!(sim.delivered_count(), 1, "these never arrive");
    let first = page(0, 1);
    assert_eq!((&first["msginfo"][0]["id"], &first["msginfo"][0]["openid"]), (&json!(1), &json!(openid(&sim, 1))));
    assert_eq!(first["msginfo"].as_array().unwrap().len(), 1);
    assert_eq!(page(1, 100)["msginfo"][0]["openid"], json!(openid(&sim, 0)));
    assert_eq!(page(2, 100)["msginfo"], json!([]));
    sim.faults(|faults| (faults.review, faults.block) = (Chance::NEVER, Chance::NEVER));
    assert_eq!(send(&sim, &blocked).errcode(), 40252, "the same message again is still the same");
    assert_eq!((sim.delivered_count(), page(2, 100)["msginfo"].clone()), (1, json!([])));
}

#[test]
fn shapes_can_be_odd() {
    let sim = started(1);
    let plain = send(&sim, &message(&openid(&sim, 0)));
    assert!(plain.head.to_lowercase().contains("content-type: application/json; encoding=utf-8"), "{}", plain.head);
    sim.faults(|faults| {
        faults.errcode_as_text = true;
        faults.huge_msgid = true;
        faults.content_type = ContentType::Text;
    });
    let odd = send(&sim, &message(&openid(&sim, 0)));
    assert!(odd.head.to_lowercase().contains("content-type: text/plain"), "{}", odd.head);
    assert_eq!(odd.json()["errcode"], "0");
    assert!(odd.json()["msgid"].as_u64().unwrap() > (1 << 63) - (1 << 41));
    assert_eq!(send(&sim, &message("o")).json()["errcode"], "40003");
}

#[test]
fn texts_can_be_dirty() {
    let sim = started(50);
    let who = openid(&sim, 2);
    sim.world(|world| world.accounts_mut()[0].set_remark(&who, "张三"));
    let info = format!("{}&openid={who}", at(&sim, "/cgi-bin/user/info"));
    let templates = at(&sim, "/cgi-bin/template/get_all_private_template");
    for (dirt, byte) in [(Dirt::Control, 0x0b), (Dirt::NotUtf8, 0xff)] {
        sim.faults(|faults| faults.dirt = dirt);
        for target in [&info, &templates] {
            let body = get(&sim, target).body;
            assert!(body.contains(&byte) && serde_json::from_slice::<Value>(&body).is_err());
        }
    }
    sim.faults(|faults| faults.dirt = Dirt::None);
    assert_eq!(get(&sim, &info).json()["remark"], "张三");
}

#[test]
fn escapes_can_be_disliked() {
    let sim = started(1);
    sim.faults(|faults| faults.refuse_escapes = true);
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 0);
    let escaped = br#"{"touser":"\u006f"}"#;
    let reply = ask(&sim, "POST", &at(&sim, SEND), &format!("content-length: {}\r\n", escaped.len()), escaped).unwrap();
    assert_eq!(reply.errcode(), 47002);
}

#[test]
fn a_stalled_answer_is_late_but_the_message_is_not() {
    let sim = started(1);
    sim.faults(|faults| (faults.stall, faults.stall_ms) = (Chance::next(1), 3_600_000));
    let body = serde_json::to_vec(&message(&openid(&sim, 0))).unwrap();
    let head = format!("POST {} HTTP/1.1\r\nhost: sim\r\ncontent-length: {}\r\n\r\n", at(&sim, SEND), body.len());
    let mut waiting = TcpStream::connect(sim.addr()).unwrap();
    waiting.write_all(&[head.as_bytes(), &body].concat()).unwrap();
    while sim.delivered_count() == 0 {
        std::thread::yield_now();
    }
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 0, "others are not held up");
    drop(sim);
    assert!(!matches!(waiting.read(&mut [0]), Ok(1)), "never answered");
}
