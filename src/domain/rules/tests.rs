use super::*;
use crate::domain::id::{AppId, TemplateId};
use crate::domain::message::{Color, MiniProgram};

fn level(kind: Kind, value: &str) -> Option<Level> {
    check_value(kind, value).map(|(level, _)| level)
}

#[test]
fn every_kind_takes_what_it_should_and_refuses_the_rest() {
    let cases: &[(Kind, &[&str], &[&str])] = &[
        (
            Kind::Thing,
            &["订单已发货", "a", "二十个字二十个字二十个字二十个字二十个字"],
            &["", "  ", "二十一个字二十个字二十个字二十个字二十个字字", "a\nb", "①②"],
        ),
        (Kind::CharacterString, &["M202311092196630", "a b~!"], &["中文", "a中", "", "123456789012345678901234567890123"]),
        (Kind::Number, &["12.5", "-3", "0"], &["12个", "1.", ".5", "1.2.3", "", "１２"]),
        (Kind::Letter, &["ABC", "z"], &["A1", "中", "A B", ""]),
        (Kind::Symbol, &["***", "￥"], &["******", "a", "1", "中", "* *"]),
        (
            Kind::Time,
            &[
                "15:01",
                "9:05:30",
                "2019年10月1日 15:01",
                "2019年10月1日15:01",
                "2023-08-09 08:00~08:30",
                "10月1日 8:00~10月2日 9:00",
            ],
            &["15:00-16:00", "下午三点", "15:1", "15:60", "25:00", "25", "2019年10月1日 ", "10月1日~8:00", ""],
        ),
        (
            Kind::Date,
            &[
                "2019年10月1日",
                "2019-10-01",
                "2019/1/2",
                "2019.10.01",
                "2019年10月",
                "10月1日",
                "10-01",
                "2019年10月1日~2019年10月7日",
                "2019-10-01 15:01",
            ],
            &["明天", "2019", "15:01", "20191001", "2019-10-01-", "2019-13-01", "10-32"],
        ),
        (
            Kind::Amount,
            &["￥100", "10000元", "100", "¥1.50", "1234567890", "RMB12"],
            &["免费", "￥", "1,000", "1234567890123", "100元整", ""],
        ),
        (Kind::PhoneNumber, &["+86-0766-66888866", "13800138000", "(010) 1234"], &["138abc", "+86-0766-668888667", "一三八"]),
        (Kind::CarNumber, &["粤A8Z888挂", "京A12345"], &["粤A8Z8888挂", "粤a12345", "粤A-123", "A粤8888"]),
        (
            Kind::Name,
            &["张三", "John Smith", "Jane O'Neill-Smith", "阿凡提·买买提", "二十个字二十个字二十"],
            &["张三3", "二十个字二十个字二十一", "Abcdefghijklmnopqrstu"],
        ),
        (Kind::Phrase, &["配送中"], &["配送1", "OK", "配送中配送中"]),
        (Kind::Const, &["", "待整改"], &[" ", "已完成→", "二十一个字二十个字二十个字二十个字二十个字字"]),
        (Kind::EnumString, &["男"], &[""]),
        (Kind::ShortThing, &["短文本"], &["", "\t"]),
    ];
    for (kind, good, bad) in cases {
        for value in *good {
            assert_eq!(check_value(*kind, value), None, "{kind:?} should take {value:?}");
        }
        for value in *bad {
            assert_eq!(level(*kind, value), Some(Level::Error), "{kind:?} should refuse {value:?}");
        }
    }
}

#[test]
fn doubtful_values_are_only_warned_about() {
    assert_eq!(check_value(Kind::Amount, "12345678901"), Some((Level::Warning, Rule::ManyDigits)));
    assert_eq!(check_value(Kind::Time, "2023年6月5日"), Some((Level::Warning, Rule::DateOnly)));
}

#[test]
fn length_counts_utf16_units() {
    assert_eq!(length("👍a中"), 4);
    let twenty_one = format!("{}👍", "字".repeat(19));
    assert_eq!(check_value(Kind::Thing, &twenty_one), Some((Level::Error, Rule::TooLong { max: 20, actual: 21 })));
}

fn template(content: &str) -> Template {
    Template {
        id: TemplateId::trusted("T"),
        title: String::new(),
        content: content.into(),
        example: String::new(),
        industry: Default::default(),
    }
}

fn message(values: &[(&str, &str)]) -> Message {
    let mut message = Message::new(TemplateId::trusted("T"));
    message.values = values.iter().map(|(k, v)| FieldValue { key: (*k).into(), value: (*v).into(), color: None }).collect();
    message
}

fn said(findings: &[Finding]) -> Vec<(Level, &str, &'static str)> {
    findings.iter().map(|f| (f.level, f.field.as_deref().unwrap_or(""), f.rule.key())).collect()
}

#[test]
fn a_category_message_must_be_whole() {
    let template = template("商品:{{thing1.DATA}}\n状态:{{const2.DATA}}\n金额:{{amount3.DATA}}\n");
    assert_eq!(said(&check(&template, &message(&[("thing1", "壶"), ("const2", "好"), ("amount3", "￥1")]))), []);
    assert_eq!(
        said(&check(&template, &message(&[("amount3", "免费"), ("thing9", "x")]))),
        [
            (Level::Error, "thing1", "empty"),
            (Level::Error, "amount3", "shape_amount"),
            (Level::Error, "thing9", "unknown_field"),
            (Level::Warning, "const2", "blank"),
        ]
    );
}

#[test]
fn what_is_stripped_of_a_value_is_named() {
    let template = template("商品:{{thing1.DATA}}\n");
    let findings = check(&template, &message(&[("thing1", "①壶②①\u{200b}")]));
    assert_eq!(findings, [warning("thing1", Rule::Stripped { signs: "①②".into() })]);
    assert_eq!(check(&template, &message(&[("thing1", "壶\u{200b}")])), []);
}

#[test]
fn a_historical_message_is_accepted_and_warned_about() {
    let template = template("{{first.DATA}}\n金额:{{keyword1.DATA}}\n时间:{{keyword2.DATA}}\n{{remark.DATA}}");
    let mut message = message(&[("first", "您好"), ("keyword1", "二十一个字二十个字二十个字二十个字二十个字🎉")]);
    message.values[1].color = Some(Color::parse("#173177").unwrap());
    assert_eq!(
        said(&check(&template, &message)),
        [
            (Level::Warning, "first", "not_shown"),
            (Level::Warning, "keyword1", "cut"),
            (Level::Warning, "keyword1", "emoji"),
            (Level::Warning, "keyword1", "color_ignored"),
            (Level::Warning, "keyword2", "blank"),
        ]
    );
}

#[test]
fn a_link_must_be_one_and_yields_to_a_mini_program() {
    let template = template("{{a.DATA}}");
    let mut message = message(&[("a", "x")]);
    for (url, bad) in [("https://example.com/订单", false), ("example.com", true), ("https://", true), ("https://a b", true)] {
        message.url = Some(url.into());
        assert_eq!(check(&template, &message).iter().any(|f| f.rule == Rule::UrlShape), bad, "{url}");
    }
    message.url = Some("https://example.com".into());
    message.mini = Some(MiniProgram { appid: AppId::trusted("wx0123456789abcdef"), path: None });
    assert_eq!(said(&check(&template, &message)), [(Level::Warning, "url", "url_and_mini")]);
}

#[test]
fn an_openid_of_an_unusual_length_is_warned_about() {
    assert_eq!(check_openid(&OpenId::trusted("oTD8i6Wz6jQZPSNJlzQv43ApodvI")), None);
    let finding = check_openid(&OpenId::trusted("oTD8")).unwrap();
    assert_eq!((finding.level, finding.rule), (Level::Warning, Rule::OpenIdLength { usual: 28, actual: 4 }));
}
