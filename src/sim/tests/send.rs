use super::*;
use crate::sim::{Action, Duplicates, Standing};
use std::time::Duration;

#[test]
fn what_arrives_is_written_down_byte_by_byte() {
    let sim = started(5);
    let to = openid(&sim, 2);
    let reply = send(&sim, &keyed(&to, "k1"));
    assert_eq!((reply.status, reply.errcode()), (200, 0));
    let [one] = &sim.delivered()[..] else { panic!("not one") };
    assert_eq!(one.openid, to);
    assert_eq!((one.template_id.as_str(), one.client_msg_id.as_deref()), (TEMPLATE, Some("k1")));
    assert_eq!(one.body, serde_json::to_vec(&keyed(&to, "k1")).unwrap());
    assert_eq!(reply.json()["msgid"].as_u64(), Some(one.msgid));
    assert!(one.msgid > 1 << 53);
    assert_eq!(one.appid, credentials(&sim).0);
}

#[test]
fn each_standing_has_its_answer() {
    let sim = started(10);
    for (standing, errcode) in [
        (Standing::Follows, 0),
        (Standing::Left, 43004),
        (Standing::Stale, 43004),
        (Standing::Refuses, 43101),
        (Standing::Barred, 43019),
        (Standing::Unknown, 40003),
        (Standing::Broken, 40003),
    ] {
        let to = openid(&sim, 4);
        sim.world(|world| world.accounts_mut()[0].set_standing(&to, standing));
        assert_eq!(send(&sim, &message(&to)).errcode(), errcode, "{standing:?}");
    }
    assert_eq!(sim.delivered_count(), 1);
    assert_eq!(sim.answered_with(SEND, 43004), 2);
}

#[test]
fn a_bad_message_is_refused_for_its_first_fault() {
    let sim = started(3);
    let good = message(&openid(&sim, 0));
    let with = |pointer: &str, value: Value| {
        let mut changed = good.clone();
        changed[pointer] = value;
        changed
    };
    for (body, errcode) in [
        (json!({"toUser": "o", "templateId": "x"}), 40003),
        (with("template_id", json!("")), 40036),
        (with("template_id", json!("x")), 40037),
        (with("miniprogram", json!({"appid": "wx0123456789abcdef", "pagepath": "index"})), 40166),
        (with("miniprogram", json!({"appid": "", "pagepath": "https://x"})), 40165),
        (with("miniprogram", json!({"appid": "", "pagepath": ""})), 0),
        (with("miniprogram", json!([])), 0),
        (with("url", json!("u".repeat(3000))), 40039),
        (with("url", json!("https://example.com/订单")), 0),
        (with("data", json!("{}")), 47003),
        (with("topcolor", json!("#ff0000")), 0),
    ] {
        assert_eq!(send(&sim, &body).errcode(), errcode, "{body}");
    }
    let text = send(&sim, &with("data", json!({"thing1": {"value": "①"}, "phrase2": {"value": "no"}}))).errmsg();
    assert!(text.starts_with("argument invalid! data.thing1.value is empty rid: "), "{text}");
    let text = send(&sim, &with("data", json!({"thing1": {"value": "好"}, "phrase2": {"value": "no"}}))).errmsg();
    assert!(text.starts_with("argument invalid! data.phrase2.value invalid rid: "), "{text}");
}

#[test]
fn a_template_can_be_banned_or_removed() {
    let sim = started(3);
    let template_id = TEMPLATE.to_owned();
    sim.world(|world| world.act(None, Action::BanTemplate { template_id: template_id.clone() })).unwrap();
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 43116);
    sim.world(|world| world.act(None, Action::RemoveTemplate { template_id })).unwrap();
    assert_eq!(send(&sim, &message(&openid(&sim, 0))).errcode(), 40037);
    let list = get(&sim, &at(&sim, "/cgi-bin/template/get_all_private_template")).json();
    assert_eq!(list["template_list"].as_array().unwrap().len(), 1, "still listed");
}

#[test]
fn the_same_key_within_ten_minutes_is_one_message() {
    let sim = started(3);
    let body = keyed(&openid(&sim, 0), "same");
    let first = send(&sim, &body).json();
    assert_eq!(send(&sim, &body).json(), first);
    sim.faults(|faults| faults.duplicates = Duplicates::Refused);
    assert_eq!(send(&sim, &body).errcode(), 40241);
    assert_eq!(send(&sim, &keyed(&openid(&sim, 1), "same")).errcode(), 0);
    assert_eq!(sim.delivered_count(), 2);
    sim.world(|world| world.advance(Duration::from_secs(601)));
    assert_ne!(send(&sim, &body).json()["msgid"], first["msgid"]);
    assert_eq!(sim.delivered_count(), 3);
}

#[test]
fn a_user_can_have_enough() {
    let sim = started(3);
    sim.faults(|faults| faults.per_user = Some(2));
    let codes: Vec<i64> = (0..3).map(|_| send(&sim, &message(&openid(&sim, 0))).errcode()).collect();
    assert_eq!(codes, [0, 0, 43117]);
    assert_eq!(send(&sim, &message(&openid(&sim, 1))).errcode(), 0);
}

#[test]
fn a_connection_is_kept_for_many_sends() {
    let sim = started(3);
    let body = serde_json::to_vec(&message(&openid(&sim, 0))).unwrap();
    let head = format!("POST {} HTTP/1.1\r\nhost: sim\r\ncontent-length: {}\r\n\r\n", at(&sim, SEND), body.len());
    let mut stream = TcpStream::connect(sim.addr()).unwrap();
    for _ in 0..50 {
        stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"}") {
            let mut some = [0; 512];
            let count = stream.read(&mut some).unwrap();
            assert!(count > 0, "closed");
            seen.extend_from_slice(&some[..count]);
        }
    }
    assert_eq!(sim.delivered_count(), 50);
}
