//! Templates added, deleted and looked at anew, and the industries they hang on.

use super::pictures::pictures;
use crate::domain::id::{AccountId, JobId, TemplateId};
use crate::domain::industry::Industry;
use crate::domain::lang::Lang;
use crate::domain::template::Template;
use crate::manage::industry::Pair;
use crate::manage::templates::{Fate, Part};
use crate::tui::effect::{Effect, TemplatesEffect};
use crate::tui::input::Input;
use crate::tui::msg::{AccountsMsg, Refusal, TemplatesMsg, Weighed};
use crate::tui::testkit::{Bench, World};
use crate::wechat::{ADD_TEMPLATE_PATH, INDUSTRY_PATH, Industries, Industry as Told, SET_INDUSTRY_PATH};

const ACME: AccountId = AccountId(1);
const ORDER: &str = "Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM";

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.keys("2").asked();
    bench
}

fn english() -> Bench {
    bench(Lang::En, (120, 36))
}

fn pair(first: u8, second: u8) -> Pair {
    Pair::of(Industry::by_code(first).unwrap(), Industry::by_code(second).unwrap()).unwrap()
}

fn refusal(code: i64, text: &str, call: &'static str) -> Refusal {
    Refusal { text: format!("WeChat answered {code}: {text}"), code: Some((code, call)), unsure: false }
}

fn told(main: &str, sub: &str) -> Told {
    Told { main: main.into(), sub: sub.into() }
}

fn industries(told: Result<Industries, Refusal>) -> TemplatesMsg {
    TemplatesMsg::IndustriesLoaded { account: ACME, told }
}

fn weighed(weighed: Result<Weighed, Refusal>) -> TemplatesMsg {
    TemplatesMsg::Weighed { account: ACME, pair: pair(13, 41), weighed }
}

fn titles(count: usize) -> Vec<String> {
    [
        "订单状态更新",
        "领取奖金提醒",
        "会员积分变动通知",
        "维修进度提醒",
        "预约取消通知",
        "物流签收通知",
        "账单到期提醒",
        "退款到账通知",
    ]
    .into_iter()
    .take(count)
    .map(str::to_owned)
    .collect()
}

fn paste(bench: &mut Bench, text: &str) {
    bench.input(Input::Paste(text.into()));
}

/// What was asked of WeChat; reading lists aside.
fn asked(bench: &mut Bench) -> Vec<TemplatesEffect> {
    let effects = bench.asked().into_iter();
    let templates = |effect| if let Effect::Templates(effect) = effect { Some(effect) } else { None };
    effects.filter_map(templates).collect()
}

fn shows(bench: &mut Bench, text: &str) {
    let screen = bench.screen();
    assert!(screen.contains(text), "{text}\n{screen}");
}

#[test]
fn pictures_of_adding_and_deleting() {
    let full = |bench: &mut Bench| {
        bench.keys("n 47123 tab 消费时间、消费门店，消费金额");
        bench.keys("enter");
        let refusal = refusal(40246, "keyword name invalid", ADD_TEMPLATE_PATH);
        bench.msg(TemplatesMsg::AddRefused { account: ACME, refusal });
    };
    pictures("add_template", |bench| _ = bench.keys("n"), bench);
    pictures("add_template_refused", full, bench);
    let deleting = |bench: &mut Bench| {
        bench.keys("D");
        let jobs = vec![JobId(17), JobId(12)];
        bench.msg(TemplatesMsg::JobsFound { template: TemplateId::trusted(ORDER), jobs });
        bench.keys("订单 enter");
    };
    pictures("delete_template", deleting, bench);
}

#[test]
fn pictures_of_the_industries() {
    let shown = |bench: &mut Bench| {
        bench.keys("I");
        let now =
            Industries { primary: Some(told("IT科技", "互联网|电子商务")), secondary: Some(told("其他", "宠物")) };
        bench.msg(industries(Ok(now)));
    };
    pictures("industries", shown, bench);
    pictures("set_industries", |bench| _ = bench.keys("I s 13 enter 运输 down"), bench);
    let confirming = |bench: &mut Bench| {
        bench.keys("I s 13 enter 41 enter").msg(weighed(Ok(Weighed::Loses(titles(8)))));
        bench.keys("acme enter");
    };
    pictures("set_industries_confirm", confirming, bench);
}

#[test]
fn a_template_is_added_by_number_and_keywords() {
    let mut bench = english();
    bench.keys("n enter enter");
    assert_eq!(asked(&mut bench), [], "nothing without a number");
    shows(&mut bench, "✗ Give the number");
    bench.keys("4712x backspace");
    assert!(!bench.screen().contains("Give the number"));
    bench.keys("3 enter");
    paste(&mut bench, "消费时间、消费门店 , 消费金额\n");
    shows(&mut bench, "keywords (3): 消费时间 · 消费门店 · 消费金额");
    bench.keys("enter");
    let keywords: Vec<String> = ["消费时间", "消费门店", "消费金额"].map(str::to_owned).into();
    let add = TemplatesEffect::Add { account: ACME, short_id: "47123".into(), keywords };
    assert_eq!(asked(&mut bench), [add]);
    bench.keys("enter");
    assert_eq!(asked(&mut bench), [], "not twice");
    let refusal = refusal(45026, "template num exceeds limit", ADD_TEMPLATE_PATH);
    bench.msg(TemplatesMsg::AddRefused { account: AccountId(2), refusal: refusal.clone() });
    assert!(!bench.screen().contains("✗ WeChat"), "of another account");
    bench.keys("esc n 47123 tab 消费时间 enter").asked();
    bench.msg(TemplatesMsg::AddRefused { account: ACME, refusal });
    shows(&mut bench, "✗ WeChat answered 45026");
    shows(&mut bench, "delete one that is no longer used");
    shows(&mut bench, "消费时间");
    bench.keys("enter");
    assert_eq!(asked(&mut bench).len(), 1, "what was typed is still there");
}

#[test]
fn a_template_just_added_is_selected() {
    let mut bench = english();
    bench.keys("/ 隐患 tab n 47123 tab 消费时间 enter").asked();
    let new = Template { title: "消费成功通知".into(), ..Template::empty(TemplateId::trusted("new")) };
    bench.world().templates.insert(0, new.clone());
    bench.msg(TemplatesMsg::Added { account: ACME, id: new.id.clone(), title: Some(new.title), listed: Ok(()) });
    assert!(!bench.screen().contains("library number"), "the dialog is gone");
    shows(&mut bench, "▸ 消费成功通知");
    shows(&mut bench, "订单发货提醒");
    assert!(bench.footer().starts_with("Template “消费成功通知” is added."), "{}", bench.footer());
    let listed = Err("WeChat answered 45009".to_owned());
    bench.msg(TemplatesMsg::Added { account: ACME, id: TemplateId::trusted("other"), title: None, listed });
    shows(&mut bench, "Template “other” is added.");
    shows(&mut bench, "shown may be old: WeChat answered 45009");
    shows(&mut bench, "─ Note ─");
}

#[test]
fn a_refusal_is_told_even_when_nobody_waits_any_more() {
    let mut bench = english();
    bench.keys("n 47123 tab 消费时间 enter esc");
    let refusal = Refusal { unsure: true, ..refusal(-1, "system error", ADD_TEMPLATE_PATH) };
    bench.msg(TemplatesMsg::AddRefused { account: ACME, refusal });
    shows(&mut bench, "Something went wrong");
    shows(&mut bench, "Nobody can tell whether WeChat did it.");
}

#[test]
fn a_template_is_deleted_once_its_title_is_typed() {
    let id = TemplateId::trusted(ORDER);
    let find = TemplatesEffect::FindJobs { account: ACME, template: id.clone() };
    let mut bench = english();
    bench.keys("D");
    assert_eq!(asked(&mut bench), [find], "jobs are looked for, nothing else");
    bench.msg(TemplatesMsg::JobsFound { template: TemplateId::trusted("another"), jobs: vec![JobId(1)] });
    assert!(!bench.screen().contains("Unfinished jobs"));
    bench.msg(TemplatesMsg::JobsFound { template: id.clone(), jobs: vec![JobId(17), JobId(12)] });
    shows(&mut bench, "what is left of them: 17");
    bench.keys("enter 订单 enter");
    shows(&mut bench, "✗ this is not the title of the template");
    assert_eq!(asked(&mut bench), []);
    paste(&mut bench, "发货提醒");
    bench.keys("enter");
    let title = "订单发货提醒".to_owned();
    assert_eq!(asked(&mut bench), [TemplatesEffect::Delete { account: ACME, template: id, title: title.clone() }]);
    assert!(bench.footer().starts_with("Deleting “订单发货提醒”"), "{}", bench.footer());
    bench.world().templates.remove(0);
    bench.msg(TemplatesMsg::Deleted { account: ACME, title, listed: Ok(()) });
    shows(&mut bench, "▸ 隐患整改工单已超期");
    assert!(bench.footer().starts_with("Template “订单发货提醒” is deleted."), "{}", bench.footer());
    bench.keys("D esc").asked();
    bench.keys("D ctrl-c");
    assert_eq!(asked(&mut bench).len(), 1, "looking is all");
}

#[test]
fn a_template_without_a_title_goes_by_its_id() {
    let world = World { templates: vec![Template::empty(TemplateId::trusted("untitled_one"))], ..World::default() };
    let mut bench = Bench::with(Lang::En, world);
    bench.keys("2 D enter untitled_one enter");
    assert!(matches!(asked(&mut bench).last(), Some(TemplatesEffect::Delete { .. })));
}

#[test]
fn one_template_is_looked_at_anew() {
    let title = "隐患整改工单已超期".to_owned();
    let mut bench = english();
    bench.keys("down R");
    let asked_for = asked(&mut bench);
    assert!(matches!(&asked_for[..], [TemplatesEffect::Refresh { title: of, .. }] if *of == title), "{asked_for:?}");
    bench.world().templates.insert(0, Template::empty(TemplateId::trusted("new")));
    let became = |fate| TemplatesMsg::Refreshed { account: ACME, title: title.clone(), fate };
    bench.msg(became(Fate::Unchanged));
    assert!(bench.footer().starts_with("“隐患整改工单已超期” is as it was."), "{}", bench.footer());
    shows(&mut bench, "▸ 隐患整改工单已超期");
    bench.msg(became(Fate::Changed(vec![Part::Title, Part::Content])));
    shows(&mut bench, "has changed: title, fields.");
    bench.keys("esc").msg(became(Fate::Gone));
    shows(&mut bench, "is gone: it was deleted");
    let refusal = refusal(45009, "reach max api daily quota limit", crate::wechat::TEMPLATES_PATH);
    bench.keys("esc").msg(TemplatesMsg::Refused { refusal });
    shows(&mut bench, "The list of templates was read too often today");
}

#[test]
fn industries_are_shown_with_their_codes() {
    let mut bench = english();
    bench.keys("I");
    assert_eq!(asked(&mut bench), [TemplatesEffect::LoadIndustries { account: ACME }]);
    shows(&mut bench, "asking WeChat…");
    bench.msg(industries(Ok(Industries {
        primary: Some(told("IT科技", "互联网|电子商务")),
        secondary: Some(told("其他", "宠物")),
    })));
    shows(&mut bench, "1  IT科技 / 互联网|电子商务");
    shows(&mut bench, "?  其他 / 宠物 (unknown code)");
    bench.msg(industries(Ok(Industries::default())));
    shows(&mut bench, "This account has no industries.");
    bench.msg(industries(Err(refusal(48001, "api unauthorized", INDUSTRY_PATH))));
    shows(&mut bench, "WeChat does not tell any industries of this account");
    shows(&mut bench, "WeChat answered 48001");
    let refusal = Refusal { text: "nothing was sent to localhost".into(), code: None, unsure: false };
    bench.msg(industries(Err(refusal)));
    shows(&mut bench, "nothing was sent to localhost");
    assert!(!bench.screen().contains("does not tell any industries"), "it was not asked");
    bench.keys("esc");
    assert!(!bench.screen().contains("nothing was sent"));
}

#[test]
fn industries_are_set_once_two_are_picked_and_the_name_is_typed() {
    let mut bench = english();
    bench.keys("I s 快递").asked();
    shows(&mut bench, "▸ 13  运输与仓储 / 快递");
    bench.keys("enter 没有");
    shows(&mut bench, "First: 13 运输与仓储 / 快递. Pick the second:");
    shows(&mut bench, "no industry is called so");
    bench.keys("enter backspace backspace 快递 enter");
    shows(&mut bench, "Pick the first of two:");
    bench.keys("13 enter");
    paste(&mut bench, "其它");
    bench.keys("enter");
    assert_eq!(asked(&mut bench), [TemplatesEffect::WeighIndustries { account: ACME, pair: pair(13, 41) }]);
    shows(&mut bench, "which templates would be deleted…");
    bench.msg(TemplatesMsg::Weighed { account: ACME, pair: pair(1, 2), weighed: Ok(Weighed::Already) });
    shows(&mut bench, "which templates would be deleted…");
    bench.msg(weighed(Ok(Weighed::Loses(titles(2)))));
    shows(&mut bench, "deleted for good, 2 in all:");
    shows(&mut bench, "领取奖金提醒");
    bench.keys("enter Acme enter");
    shows(&mut bench, "✗ this is not the name of the account");
    assert_eq!(asked(&mut bench), []);
    paste(&mut bench, " 服务号");
    bench.keys("enter");
    assert_eq!(asked(&mut bench), [TemplatesEffect::SetIndustries { account: ACME, pair: pair(13, 41) }]);
    bench.msg(TemplatesMsg::IndustriesSet { account: ACME, pair: pair(13, 41), listed: Ok(()) });
    assert!(bench.footer().starts_with("The industries are set"), "{}", bench.footer());
    bench.msg(TemplatesMsg::Refused { refusal: refusal(43100, "change template too frequently", SET_INDUSTRY_PATH) });
    shows(&mut bench, "industries of this account were already changed");
}

#[test]
fn what_would_be_lost_is_named_as_far_as_there_is_room() {
    for (count, left) in [(6, None), (7, None), (8, Some("… and 2 more"))] {
        let mut bench = english();
        bench.keys("I s 13 enter 41 enter").msg(weighed(Ok(Weighed::Loses(titles(count)))));
        assert_eq!(bench.screen().contains("more"), left.is_some(), "{count}: {}", bench.screen());
        shows(&mut bench, left.unwrap_or("物流签收通知"));
    }
    let mut bench = english();
    bench.keys("I s 13 enter 41 enter").msg(weighed(Ok(Weighed::Loses(Vec::new()))));
    shows(&mut bench, "No template of the account will be deleted.");
    bench.keys("esc 13 enter 41 enter").msg(weighed(Ok(Weighed::Already)));
    shows(&mut bench, "The account has just these two");
    bench.keys("Acme enter").asked();
    assert!(!bench.screen().contains("just these two"), "there is nothing to do");
    bench.keys("I s 13 enter 41 enter").msg(weighed(Err(refusal(-1, "system error", INDUSTRY_PATH))));
    shows(&mut bench, "WeChat answered -1");
    bench.keys("enter").asked();
    bench.keys("esc");
    shows(&mut bench, "Pick the first of two:");
}

#[test]
fn without_an_account_there_is_one_to_add_first() {
    let mut bench = Bench::with(Lang::En, World::empty());
    for key in ["n", "D", "R", "I"] {
        bench.keys("2").keys(key);
        shows(&mut bench, "Add an account");
        bench.keys("esc");
    }
    let world = World { templates: Vec::new(), ..World::default() };
    let mut bench = Bench::with(Lang::En, world);
    bench.keys("2").asked();
    bench.keys("D R");
    assert_eq!(asked(&mut bench), []);
    let account = World::default().accounts.remove(1);
    bench.keys("I").msg(AccountsMsg::Chosen { account });
    bench.msg(industries(Ok(Industries::default())));
    shows(&mut bench, "This account has no industries.");
}

#[test]
fn where_there_is_little_room_the_field_is_in_view() {
    let mut bench = Bench::with(Lang::En, World::default()).size(60, 15);
    bench.keys("2 D");
    bench.msg(TemplatesMsg::JobsFound { template: TemplateId::trusted(ORDER), jobs: (1..200).map(JobId).collect() });
    bench.keys("enter");
    shows(&mut bench, "Type 订单发货提醒 to do it:");
    shows(&mut bench, "✗ this is not the title");
    assert!(bench.cursor().is_some());
    bench.keys("esc I s 13 enter 41 enter").msg(weighed(Ok(Weighed::Loses(titles(8)))));
    shows(&mut bench, "Type Acme 服务号 to do it:");
    assert!(bench.cursor().is_some());
    bench.keys("esc esc n 47123 tab 消费时间 enter");
    let refusal = refusal(48001, "api unauthorized", ADD_TEMPLATE_PATH);
    bench.msg(TemplatesMsg::AddRefused { account: ACME, refusal });
    shows(&mut bench, "WeChat answered 48001");
}
