use super::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The codes that `wechat-api.md` names, by section. Each is explained in words of its own.
const FAMILIES: [(&str, &[i64]); 8] = [
    (
        "§2.3, §2.4 token",
        &[
            -1, 40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 43002, 45009, 45011, 48001, 50004,
            50007, 61004, 89501, 89503, 89504, 89505, 89506, 89507,
        ],
    ),
    ("§3 quota and diagnosis", &[40013, 41002, 41004, 40125, 48006, 76001, 76002, 76003, 76021, 76022]),
    ("§4 templates", &[40037, 40102, 40103, 40246, 43100, 43106, 45026, 45027, 45109, 48011]),
    (
        "§5.5 send",
        &[
            -1, 40001, 40003, 40013, 40014, 40036, 40037, 40039, 40165, 40166, 40241, 40249, 40252, 41001, 42001, 43002, 43004,
            43019, 43101, 43116, 43117, 44002, 45009, 45011, 45014, 47001, 47003, 48001, 48002, 48004, 50002, 50005,
        ],
    ),
    ("§8 subscription", &[200_011, 200_012, 200_013, 200_014, 200_016, 200_017, 200_018, 200_019, 200_020, 200_021]),
    ("§9 users", &[40003, 40032, 40092, 47001, 48001]),
    ("§10 tags", &[-1, 40003, 40032, 45011, 45056, 45057, 45058, 45059, 45157, 45158, 45159, 49003]),
    (
        "§13 the rest",
        &[
            0, 40031, 40033, 40035, 40066, 40097, 40132, 41009, 43001, 43003, 43005, 45002, 45012, 45013, 45035, 45051, 45065,
            45066, 45067, 45168, 47002, 48003, 48017, 50001, 61007,
        ],
    ),
];

fn named() -> BTreeSet<i64> {
    FAMILIES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect()
}

fn special_lines() -> Vec<Vec<&'static str>> {
    CALLS.lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

#[test]
fn the_catalogue_is_whole_sorted_and_readable() {
    assert_eq!(INDEX.len(), CODES.lines().count() - 1, "a line has no number");
    assert_eq!(all().len(), INDEX.len(), "a line cannot be read");
    assert!(INDEX.len() >= 2287);
    assert!(INDEX.is_sorted_by(|a, b| a.0 < b.0), "sorted, none twice");
    for line in CODES.lines() {
        assert_eq!(line.split('\t').count(), 8, "{line}");
    }
    for entry in all() {
        assert!(entry.meaning.get(Lang::En).is_some(), "{} has no meaning", entry.errcode);
        assert_eq!(lookup(entry.errcode), Some(entry));
        let texts = [entry.errmsg, entry.meaning.en, entry.meaning.zh, entry.remedy.en, entry.remedy.zh];
        assert!(texts.iter().all(|text| text.trim() == *text), "{} has blanks around a text", entry.errcode);
    }
}

#[test]
fn every_area_and_class_has_its_sentences() {
    let areas: HashSet<&str> = all().iter().map(|entry| entry.area).chain([UNLISTED]).collect();
    let classes = Class::ALL.map(Class::as_str);
    for lang in Lang::ALL {
        for area in &areas {
            assert_ne!(shared("name", area, lang), "", "name of {area}");
            assert_ne!(shared("meaning", area, lang), "", "meaning of {area}");
        }
        for class in classes.into_iter().chain([UNLISTED]) {
            assert_ne!(shared("remedy", class, lang), "", "remedy of {class}");
        }
        assert!(Class::ALL.iter().all(|class| !class.label(lang).is_empty()));
    }
}

#[test]
fn what_a_template_sender_can_meet_is_told_in_its_own_words() {
    let mut remedies: HashMap<String, i64> = HashMap::new();
    for code in named() {
        let entry = lookup(code).unwrap_or_else(|| panic!("{code} is missing"));
        for lang in Lang::ALL {
            assert!(!entry.is_generic(lang), "{code} has no {lang:?} text");
            let other = remedies.insert(entry.remedy(lang).into_owned(), code);
            assert_eq!(other, None, "the same remedy as {code}");
        }
    }
    assert_eq!(named().len(), 107);
}

#[test]
fn chinese_is_chinese_and_english_is_english() {
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    for entry in all() {
        for text in [entry.meaning.zh, entry.remedy.zh] {
            assert!(text.is_empty() || han(text), "{}: {text}", entry.errcode);
        }
        if !named().contains(&entry.errcode) {
            assert!(!han(entry.meaning.en) && !han(entry.remedy.en), "{}", entry.errcode);
        }
    }
}

#[test]
fn the_classes_are_those_of_the_manual() {
    use Class::{FailRecipient, Ok, RefreshToken, Retry, StopAccount, StopJob, WaitQuota};
    let table: [(Class, &[i64]); 7] = [
        (Ok, &[0, 40252]),
        (RefreshToken, &[40001, 40014, 41001, 42001]),
        (Retry, &[-1]),
        (WaitQuota, &[45011]),
        (FailRecipient, &[40003, 40241, 43004, 43019, 43101, 43117, 45014, 47003, 48002, 49003, 50005, 45168]),
        (StopJob, &[40036, 40037, 40039, 40165, 40166, 40249, 43002, 43116, 44002, 47001, 48011, 45109]),
        (
            StopAccount,
            &[
                40013, 40125, 40164, 40243, 41002, 41004, 45009, 45035, 48001, 48004, 50002, 50004, 50007, 61004, 89501, 89503,
                89504, 89505, 89506, 89507,
            ],
        ),
    ];
    for (class, codes) in table {
        for code in codes {
            assert_eq!(class_of(*code), class, "{code}");
        }
    }
}

#[test]
fn a_class_goes_by_one_name() {
    for class in Class::ALL {
        assert_eq!(Class::parse(class.as_str()), Some(class));
        assert_eq!(serde_json::to_string(&class).unwrap(), format!("\"{class}\""));
    }
    assert_eq!(Class::parse("stop"), None);
}

#[test]
fn an_unlisted_code_says_so() {
    for code in [1, 40999, i64::MAX, i64::MIN] {
        assert_eq!(lookup(code), None);
        assert_eq!(class_of(code), Class::FailRecipient);
        let told = explain(code, Lang::En);
        assert_eq!((told.area, told.class), ("unlisted", Class::FailRecipient));
        assert!(told.meaning.contains("not in muban's catalogue"), "{}", told.meaning);
        assert!(explain(code, Lang::Zh).meaning.contains("没有收录"));
    }
}

#[test]
fn a_code_without_words_borrows_those_of_its_area_and_class() {
    let entry = Entry {
        errcode: 1,
        errmsg: "invalid card",
        area: "card",
        class: Class::Retry,
        meaning: Text { en: "", zh: "" },
        remedy: Text { en: "", zh: "" },
    };
    assert!(entry.is_generic(Lang::Zh));
    assert_eq!(entry.meaning(Lang::Zh), "卡券、发票类接口的错误码，与模板消息无关。微信原文：invalid card");
    assert!(entry.meaning(Lang::En).ends_with("WeChat's text: invalid card"));
    assert_eq!(entry.remedy(Lang::Zh), shared("remedy", "retry", Lang::Zh));
    assert_eq!(Entry { errmsg: "", ..entry }.meaning(Lang::Zh), "卡券、发票类接口的错误码，与模板消息无关。");
}

#[test]
fn some_codes_mean_another_thing_on_some_calls() {
    let send = "/cgi-bin/message/template/send";
    for (code, call, class, word) in [
        (40001, "/cgi-bin/token", Class::StopAccount, "AppSecret"),
        (40001, "https://api.weixin.qq.com/cgi-bin/stable_token?x=/cgi-bin/user/", Class::StopAccount, "AppSecret"),
        (40001, send, Class::RefreshToken, "replaced"),
        (45009, "cgi-bin/stable_token", Class::StopAccount, "token"),
        (45009, "cgi-bin/token", Class::StopAccount, "2,000"),
        (40003, "/cgi-bin/user/info/batchget", Class::FailRecipient, "batch"),
        (40003, "/cgi-bin/user/get", Class::StopJob, "list"),
        (40003, send, Class::FailRecipient, "OpenID"),
        (48001, "/cgi-bin/tags/members/batchtagging", Class::StopAccount, "followers"),
        (48001, "cgi-bin/user/get?next_openid=", Class::StopAccount, "followers"),
        (40037, "/cgi-bin/template/api_add_template/", Class::StopJob, "library"),
    ] {
        assert_eq!(class_on(code, call), class, "{code} on {call}");
        let told = explain_on(code, call, Lang::En);
        assert_eq!(told.class, class);
        assert!(told.meaning.contains(word), "{code} on {call}: {}", told.meaning);
    }
    assert_eq!(explain_on(43004, "/cgi-bin/token", Lang::Zh), explain(43004, Lang::Zh));
    assert_eq!(class_on(7, send), Class::FailRecipient);
}

#[test]
fn the_rules_for_single_calls_are_whole() {
    for line in special_lines() {
        assert_eq!(line.len(), 7, "{line:?}");
        let code = line[0].parse().unwrap();
        assert!(lookup(code).is_some() && line.iter().all(|cell| !cell.is_empty()), "{line:?}");
        for path in line[1].split(' ') {
            let call = if path.ends_with('/') { format!("{path}get") } else { path.to_owned() };
            let (class, meaning, remedy) = special(code, &call).unwrap();
            assert_eq!((class.as_str(), meaning.en, remedy.zh), (line[2], line[3], line[6]), "another rule comes first");
        }
    }
}

#[test]
fn search_finds_words_in_any_case_and_order() {
    let codes = |text: &str, lang| search(text, lang).iter().map(|entry| entry.errcode).collect::<Vec<_>>();
    assert_eq!(codes("40037", None).first(), Some(&40037));
    assert_eq!(codes("-1", None).first(), Some(&-1));
    assert!(codes("REQUIRE subscribe", None).contains(&43004));
    assert!(codes("subscribe require", Some(Lang::En)).contains(&43004));
    assert!(codes("取消关注", Some(Lang::Zh)).contains(&43004));
    assert!(codes("白名单", None).contains(&40164));
    assert!(!codes("follow this account", Some(Lang::Zh)).contains(&43004), "only the language asked for");
    assert!(codes("卡券", Some(Lang::Zh)).len() > 100, "the name of an area finds its codes");
    assert!(codes("no such words anywhere", None).is_empty());
    assert!(codes("  ", None).is_empty());
}

#[test]
fn search_puts_what_is_explained_first() {
    let found = search("invalid", Some(Lang::En));
    assert!(found.is_sorted_by_key(|entry| entry.is_generic(Lang::En)));
    assert!(found.len() > 100);
}
