use super::*;
use crate::domain::api_base::ApiBase;
use proptest::prelude::*;

#[test]
fn a_body_is_read_and_written_again_the_same() {
    let text = r##"{"touser":"oTD8","template_id":"Hmr2","url":"https://example.com","miniprogram":{"appid":"wx0123456789abcdef","pagepath":"p"},"data":{"b1":{"value":"乙"},"a1":{"value":"甲","color":"#173177"}}}"##;
    let payload = read(text).unwrap();
    assert_eq!(payload.message.body(payload.to.as_ref().unwrap()), text);
    assert_eq!(payload.notes, []);
}

#[test]
fn empty_members_and_old_ones_do_no_harm() {
    let payload = read(
        r##"{"template_id":"T","touser":"","url":"","miniprogram":{"appid":"","pagepath":""},"topcolor":"#FF0000","data":{}}"##,
    )
    .unwrap();
    assert_eq!((payload.to, payload.message.url, payload.message.mini), (None, None, None));
    assert_eq!(payload.notes, [Note::NoEffect { members: vec!["topcolor".into()] }]);
    for empty in ["[]", "{}", "null", "\"\"", r#"{"appid":null}"#] {
        let payload = read(&format!(r#"{{"template_id":"T","miniprogram":{empty},"data":{{}}}}"#)).unwrap();
        assert_eq!((payload.message.mini, payload.notes), (None, vec![]), "{empty}");
    }
}

/// The error of a text, as its key and place.
fn refused(text: &str) -> (&'static str, Option<(usize, usize)>) {
    let error = read(text).unwrap_err();
    (error.key(), error.place())
}

/// The keys of the notes of a text.
fn told(text: &str) -> Vec<&'static str> {
    read(text).unwrap_or_else(|error| panic!("{error:?}: {text}")).notes.iter().map(Note::key).collect()
}

#[test]
fn what_is_not_json_is_named_where_it_stands() {
    for (text, key, place) in [
        ("", "empty", None),
        (" \r\n\u{feff}", "empty", None),
        ("touser=oX&template_id=T", "no_json", None),
        ("<xml><ToUserName/></xml>", "xml", None),
        ("12", "not_object", Some((1, 1))),
        ("{\n  \"touser\": oX\n}", "bare_text", Some((2, 13))),
        ("{'touser': 'oX'}", "quotes", Some((1, 2))),
        ("{“touser”: 1}", "quotes", Some((1, 2))),
        ("{touser: \"oX\"}", "bare_name", Some((1, 2))),
        ("{\"a\": 1, // x\n}", "comment", Some((1, 10))),
        ("{\"名\": 1, # x\n}", "comment", Some((1, 10))),
        ("{\"a\": 1,\n}", "trailing_comma", Some((1, 8))),
        ("{\"a\": \"1\"\n \"b\": 2}", "no_comma", Some((2, 2))),
        ("{\"a\": \"他说\"好\"\"}", "no_comma", Some((1, 11))),
        ("{\"a\" 1}", "no_colon", Some((1, 6))),
        ("{\"a\": 1, 2}", "no_member_name", Some((1, 10))),
        ("[\"touser\"=>$user]", "equals", Some((1, 10))),
        ("{,}", "no_member_name", Some((1, 2))),
        ("{\"a\": ,}", "no_json_value", Some((1, 7))),
        ("{\"a\": True}", "foreign_word", Some((1, 7))),
        ("{\"a\": None}", "foreign_word", Some((1, 7))),
        ("{\"a\": 订单}", "bare_text", Some((1, 7))),
        ("{\"a\": 15:01}", "bare_text", Some((1, 7))),
        ("{\"a\"：1}", "wide_mark", Some((1, 5))),
        ("{\"a\": 1，\"b\": 2}", "wide_mark", Some((1, 8))),
        ("{\"a\": {{openid}}}", "placeholder", Some((1, 8))),
        ("{\"a\": $openid}", "placeholder", Some((1, 7))),
        ("{\"a\": \\\"x\\\"}", "backslash", Some((1, 7))),
        ("{\"a\": \"\\x\"}", "escape", Some((1, 8))),
        ("{\"a\": \"\\ud800\"}", "escape", Some((1, 8))),
        ("{\"a\": \"1\n\"}", "line_end", Some((1, 9))),
        ("{\"a\": \"1\t\"}", "control", Some((1, 9))),
        ("{\"a\": \"1", "open_text", Some((1, 7))),
        ("{\"a\": \"1\"", "unfinished", Some((1, 10))),
        ("{\"a\": \"1\"}}", "after_end", Some((1, 11))),
        ("\r\n{\"a\": '1'}", "quotes", Some((2, 7))),
    ] {
        assert_eq!(refused(text), (key, place), "{text}");
    }
    let deep = format!("{}{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert_eq!(refused(&deep).0, "too_deep");
}

#[test]
fn what_is_no_body_is_named_too() {
    for (text, key, place) in [
        ("[]", "not_object", Some((1, 1))),
        ("\"text\"", "not_object", None),
        (r#"{"errcode":40037,"errmsg":"invalid template_id"}"#, "reply", None),
        (r#"{"template_list":[{"template_id":"A"},{"template_id":"B"}]}"#, "reply", None),
        (r#"[{"template_id":"A","data":{}},{"template_id":"B","data":{}}]"#, "several", None),
        (r#"{"touser":"o","msgtype":"text","text":{"content":"x"}}"#, "other_message", Some((1, 15))),
        (r#"{"data":{}}"#, "missing", None),
        (r#"{"template_id":"","data":{}}"#, "missing", None),
        (r#"{"template_id":"T"}"#, "missing", None),
        (r#"{"template_id":"T","data":5}"#, "type_object", Some((1, 27))),
        (r#"{"template_id":5,"data":{}}"#, "type_text", Some((1, 16))),
        (r#"{"template_id":"T","touser":["o1","o2"],"data":{}}"#, "type_one_openid", Some((1, 29))),
        (r#"{"template_id":"T","data":{"a":{"value":{}}}}"#, "type_text", Some((1, 41))),
        (r##"{"template_id":"T","data":{"a":{"color":"#173177"}}}"##, "no_value", Some((1, 32))),
        (r#"{"template_id":"T","data":{"a":{"vaule":"x"}}}"#, "misspelt", Some((1, 33))),
        (r#"{"tempalte_id":"T","data":{}}"#, "misspelt", Some((1, 2))),
        (r#"{"template_id":"T","scene":"1","data":{}}"#, "unknown", Some((1, 20))),
        (r#"{"template_id":"T","first":{"value":"x"}}"#, "outside_data", Some((1, 20))),
        (r#"{"template_id":"模板 id","data":{}}"#, "template_id", Some((1, 16))),
        (r#"{"template_id":"T","touser":"o x","data":{}}"#, "openid", Some((1, 29))),
        (r#"{"template_id":"T","miniprogram":{"appid":"gh_1"},"data":{}}"#, "appid", Some((1, 43))),
        (r#"{"template_id":"T","miniprogram":{"pagepath":"p"},"data":{}}"#, "missing", Some((1, 34))),
        ("curl https://api.weixin.qq.com -d @body.json", "body_in_file", None),
    ] {
        assert_eq!(refused(text), (key, place), "{text}");
    }
}

#[test]
fn what_is_meant_beyond_doubt_is_put_right_and_told() {
    let good = r#"{"touser":"oX","template_id":"T","data":{"thing1":{"value":"订单"}}}"#;
    let escaped = good.replace('"', "\\\"");
    let cases: Vec<(String, &[&str])> = vec![
        (format!("\u{feff}{good}\r\n"), &["odd_blanks"]),
        (good.replace(',', ",\u{a0}"), &["odd_blanks"]),
        (good.replace("订单", "\\u8ba2\\u5355"), &[]),
        (good.replace("thing1", "thing1.DATA"), &["keys_stripped"]),
        (good.replace("thing1", "{{thing1.DATA}}"), &["keys_stripped"]),
        (good.replace(r#"{"value":"订单"}"#, r#""订单""#), &["plain_values"]),
        (good.replace(r#"{"value":"订单"}"#, r##"["订单","#173177"]"##).replace(",\"#173177\"", ""), &["list_values"]),
        (good.replace(r#"{"thing1":{"value":"订单"}}"#, r#"[{"name":"thing1","value":"订单"}]"#), &["data_list"]),
        (good.replace(r#"{"thing1":{"value":"订单"}}"#, r#""{\"thing1\":{\"value\":\"订单\"}}""#), &["member_encoded_twice"]),
        (format!("\"{escaped}\""), &["encoded_twice"]),
        (escaped.clone(), &["encoded_twice"]),
        (good.replace("touser", "toUser").replace("template_id", "templateId"), &["renamed", "renamed"]),
        (good.replace("touser", "openid"), &["renamed"]),
        (format!(r#"{{"data":{good}}}"#), &["unwrapped"]),
        (format!(r#"{{"item":[{{"request":{{"body":{{"mode":"raw","raw":"{escaped}"}}}}}}]}}"#), &["unwrapped"]),
        (
            r#"{"touser":"oX","mp_template_msg":{"appid":"wx1","template_id":"T","data":{"thing1":{"value":"订单"}}}}"#.into(),
            &["uniform_send"],
        ),
        (good.replace("\"data\"", r#""page":"p","lang":"zh_CN","data""#), &["subscription"]),
        (good.replace("\"data\"", r##""topcolor":"#F00","form_id":"1","data""##), &["no_effect"]),
        (good.replace("\"data\"", r#""client_msg_id":"1","data""#), &["client_msg_id"]),
        (good.replace("\"data\"", r#""access_token":"68_SECRET","data""#), &["access_token"]),
        (good.replace("\"thing1\"", r#""thing1":{"value":"x"},"thing1""#), &["twice"]),
        (good.replace("\"订单\"", "\"订单\",\"color\":\"red\""), &["bad_colors"]),
        (format!("2024-01-01 INFO send: {good} took 3 ms"), &["surrounded"]),
        (format!("```json\n{good}\n```"), &["surrounded"]),
        (format!("body={good}"), &["surrounded"]),
        (format!("curl -X POST 'https://x?access_token=$T' \\\n  -d '{good}'"), &["curl"]),
        (format!("curl 'https://x' --data-raw $'{}' --compressed", good.replace("订单", "\\u8ba2\\u5355")), &["curl"]),
        (format!("$ curl 'https://x' --data=\"{escaped}\""), &["curl"]),
    ];
    for (text, notes) in cases {
        assert_eq!(told(&text), notes, "{text}");
        let payload = read(&text).unwrap();
        assert_eq!(payload.message.body(payload.to.as_ref().unwrap()), good, "{text}");
    }
}

#[test]
fn numbers_and_words_become_texts() {
    let body = r#"{"template_id":"T","touser":"{{openid}}","data":{"a":1.50,"b":{"value":true},"c":null,"d":{"value":null}}}"#;
    let payload = read(body).unwrap();
    let values: Vec<_> = payload.message.values.iter().map(|v| v.value.as_str()).collect();
    assert_eq!((payload.to, values), (None, vec!["1.50", "true", "", ""]));
    assert_eq!(told(body), ["plain_values", "not_texts", "nulls", "no_recipient"]);
}

#[test]
fn a_placeholder_is_nobody() {
    for to in ["OPENID", "{{openid}}", "${openid}", "客户openid", "xxx", "***", "<openid>"] {
        let text = format!(r#"{{"touser":"{to}","template_id":"T","data":{{}}}}"#);
        assert_eq!((read(&text).unwrap().to, told(&text)), (None, vec!["no_recipient"]), "{to}");
    }
    let variable = r#"{"template_id":"T","data":{"a":{"value":"${x}"},"b":{"value":"$100"}}}"#;
    assert_eq!(read(variable).unwrap().notes, [Note::Variables { keys: vec!["a".into()] }]);
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e9f64..1e9).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

fn plain(node: &json::Node) -> serde_json::Value {
    match &node.json {
        json::Json::Null => serde_json::Value::Null,
        json::Json::Bool(is) => (*is).into(),
        json::Json::Number(number) => serde_json::from_str(number).unwrap(),
        json::Json::Text(text) => text.clone().into(),
        json::Json::List(items) => items.iter().map(plain).collect(),
        json::Json::Object(members) => {
            serde_json::Value::Object(members.iter().map(|m| (m.name.clone(), plain(&m.value))).collect())
        }
    }
}

proptest! {
    /// What is JSON is read as any other reader does.
    #[test]
    fn json_is_read_as_it_is(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let other: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(plain(&json::whole(&text, 0).unwrap().node), other);
    }

    /// What another reader refuses is refused here, but for the blanks that are told; whatever is given, nothing falls.
    #[test]
    fn nothing_but_json_is_json(text in r#"[\[\]{}:,"'\\/#tuefnrl0-9. \n\u{a0}\u{feff}中xX=$<-]{0,40}"#) {
        let odd = text.contains(['\u{a0}', '\u{feff}']);
        let ours = json::whole(&text, 0).is_ok();
        prop_assert!(odd || ours == serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{}", text);
        let _ = read(&text);
    }

    /// A body with anything in its values comes through unchanged, by itself, encoded twice, and in a command line.
    #[test]
    fn a_body_comes_through_every_wrapping(value in "[^$]*", key in "[a-z]{1,9}[0-9]{1,2}") {
        let body = serde_json::json!({ "touser": "oX", "template_id": "T", "data": { key: { "value": value } } }).to_string();
        let twice = serde_json::to_string(&body).unwrap();
        let curl = crate::domain::curl::post(&ApiBase::default(), "/cgi-bin/message/template/send", &body);
        for text in [body.clone(), twice, curl, format!("{{\"data\":{body}}}"), format!("INFO body={body} 3 ms")] {
            let payload = read(&text).unwrap();
            prop_assert_eq!(payload.message.body(&payload.to.unwrap()), body.clone(), "{}", text);
        }
    }
}
