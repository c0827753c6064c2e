//! `explain`: whatever was pasted, without a home and without a network.

use crate::home::{Home, document, said};

#[test]
fn what_is_not_wechats_is_told_from_what_is() {
    let home = Home::new();
    for (raw, meaning) in [
        ("", "empty"),
        ("<html><head><title>502 Bad Gateway</title></head></html>", "page for people"),
        ("rid: 6385c6c1-0fcadca1-22c1fc91", "number of one refused call"),
        ("failed:user block", "switched off"),
        ("failed: system failed", "could not deliver"),
        ("<xml><Event>TEMPLATESENDJOBFINISH</Event><Status><![CDATA[success]]></Status></xml>", "reached"),
    ] {
        let (told, code) = document(&home.run(&["explain", "--json", raw]));
        assert_eq!((code, told["errcode"].is_null()), (Some(0), true), "{raw}: {told}");
        assert!(
            told["meaning"].as_str().unwrap().contains(meaning) && !told["remedy"].as_str().unwrap().is_empty(),
            "{raw}: {told}"
        );
        let people = home.run(&["--lang", "zh", "explain", raw]);
        assert!(people.status.success() && said(&people).chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{raw}");
    }
    assert!(home.files().is_empty(), "explaining leaves nothing behind");
}

#[test]
fn the_call_the_field_and_the_address_are_taken_into_account() {
    let home = Home::new();
    let told = |args: &[&str]| document(&home.run(&[&["explain", "--json"], args].concat())).0;
    let field = told(&[r#"{"errcode":"47003","errmsg":"argument invalid! data.thing2.value is emtpy"}"#]);
    assert!(field["field"] == "thing2" && field["meaning"].as_str().unwrap().contains("Keyword thing2"), "{field}");
    let ip = told(&["40164 invalid ip 203.0.113.7, not in whitelist"]);
    assert!(ip["ip"] == "203.0.113.7" && ip["remedy"].as_str().unwrap().starts_with("Allow 203.0.113.7: "), "{ip}");
    let (send, token) =
        (told(&["40001", "--call", "/cgi-bin/message/template/send"]), told(&["40001", "--call", "/cgi-bin/stable_token"]));
    assert_eq!((&send["class"], &token["class"]), (&"refresh_token".into(), &"stop_account".into()));
    assert!(token["meaning"].as_str().unwrap().contains("AppSecret"), "{token}");
    let mini = told(&["40013", "--call", "/cgi-bin/message/template/send"]);
    assert!(mini["meaning"].as_str().unwrap().contains("Mini Program"), "{mini}");
    assert_ne!(
        told(&["40103", "--call", "/cgi-bin/message/template/send"])["meaning"],
        told(&["40103", "--call", "/cgi-bin/template/api_set_industry"])["meaning"]
    );
    assert_eq!(told(&["-1"])["class"], "retry");
}
