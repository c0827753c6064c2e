//! Writing a message: what differs from one recipient to the next, and what is said as one types.

use super::pictures::pictures;
use crate::domain::id::AccountId;
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::tui::effect::{ComposeEffect, Effect, SendEffect, Step};
use crate::tui::input::Input;
use crate::tui::msg::{SendMsg, SyncMsg, SyncSummary};
use crate::tui::testkit::{Bench, World, job};

/// A message that names its recipient, to those with a tag.
fn personal(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(size.0, size.1);
    bench.keys("2 enter M2023 tab");
    bench.input(Input::Paste("{{ remark }}的壶".into()));
    bench.keys("tab ￥12.50 tab 15:01 esc 3 down enter 5 down").asked();
    bench
}

#[test]
fn the_message_is_shown_with_the_eyes_of_a_recipient() {
    let mut bench = personal(Lang::En, (120, 36));
    let screen = bench.screen();
    assert!(screen.contains("\"value\": \"张三的壶\""), "{screen}");
    assert!(screen.contains("for 张三") && screen.contains("{{ remark }}的壶"), "{screen}");
    bench.keys("]");
    assert!(bench.screen().contains("\"value\": \"李四的壶\""), "{}", bench.screen());
    bench.keys("6 ]");
    let screen = bench.screen();
    assert!(screen.contains("✗ for o6_bmjrPTlm6"), "{screen}");
    assert!(screen.contains("nothing is known as `remark`"), "{screen}");
    bench.asked();
    bench.keys("s 872 enter");
    let asked = bench.asked();
    let [Effect::Send(SendEffect::StartSend { order, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(order.message.value("thing2"), Some("{{ remark }}的壶"), "who has no remark keeps nobody else from it");
}

#[test]
fn whoever_is_looked_for_is_asked_of_the_audience() {
    let mut bench = personal(Lang::En, (120, 36));
    bench.world().users.truncate(1);
    bench.keys("}");
    assert!(bench.footer().contains("nothing to say"), "{}", bench.footer());
    bench.keys("]");
    assert!(bench.footer().contains("no other recipient"), "{}", bench.footer());
    let mut alone = Bench::new();
    alone.keys("2 enter esc ]");
    assert!(alone.footer().contains("Choose recipients first"), "{}", alone.footer());
    assert!(
        !alone
            .asked()
            .iter()
            .any(|effect| matches!(effect, Effect::Compose(ComposeEffect::StepRecipient { step: Step::Next, .. })))
    );
}

#[test]
fn the_names_of_placeholders_are_checked_as_one_types() {
    let mut bench = Bench::new();
    bench.keys("2 enter tab");
    bench.input(Input::Paste("{{ order }}".into()));
    assert!(bench.screen().contains("nothing is called `order` here"), "{}", bench.screen());
    bench.keys("backspace");
    assert!(bench.screen().contains("is not complete"), "{}", bench.screen());
}

#[test]
fn pictures_of_placeholders() {
    pictures("placeholders", |bench| _ = bench.keys("6 ] ]"), personal);
}

fn import(bench: &mut Bench, body: &str) {
    bench.keys("5 I");
    bench.input(Input::Paste(body.into()));
    bench.keys("ctrl-s");
}

#[test]
fn a_body_flows_into_the_form_and_what_was_written_stays_a_draft() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 esc");
    let openid = "oTD8i6Wz6jQZPSNJlzQv43ApodvI";
    import(
        &mut bench,
        &format!(
            r#"{{"touser":"{openid}","template_id":"Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM","url":"https://example.com",
            "data":{{"thing2":{{"value":"来自别处"}},"thing9":{{"value":"多余"}}}}}}"#
        ),
    );
    let screen = bench.screen();
    assert!(screen.contains("来自别处") && screen.contains("https://example.com"), "{screen}");
    assert!(screen.contains("the template has no such key") || screen.contains("thing9"), "{screen}");
    assert!(screen.contains(&format!("to  {openid}")), "whom it names is the audience: {screen}");
    let words: Vec<_> = bench.world().drafts.iter().map(|(_, draft)| draft.texts.first_words().to_owned()).collect();
    assert_eq!(words, ["来自别处", "M2023"]);
    bench.keys("e ctrl-home down down down down down");
    assert!(bench.screen().contains("\"data\""), "{}", bench.screen());
    bench.keys("esc");
    assert_eq!(bench.world().drafts.len(), 2, "looking at it changes nothing");
}

#[test]
fn a_body_of_an_unknown_template_is_kept_and_cannot_be_sent() {
    let mut bench = Bench::new();
    import(&mut bench, r#"{"template_id":"NOT_OURS","data":{"thing2":{"value":"手冲咖啡壶"},"x":{"value":"y"}}}"#);
    assert!(bench.screen().contains("no template NOT_OURS"), "{}", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("手冲咖啡壶"));
    bench.keys("3 down enter").asked();
    bench.keys("s");
    assert!(bench.screen().contains("no template NOT_OURS"), "{}", bench.screen());
    bench.keys("esc 2 enter esc");
    assert!(bench.screen().contains("手冲咖啡壶"), "the value of the same key: {}", bench.screen());
}

#[test]
fn names_of_placeholders_are_offered() {
    let mut bench = Bench::new();
    bench.keys("2 enter tab ctrl-n");
    assert!(bench.screen().contains("ctrl-n  remark · nickname · openid · today"), "{}", bench.screen());
    bench.keys("t");
    assert!(bench.screen().contains("ctrl-n  today"), "{}", bench.screen());
    bench.keys("ctrl-n");
    assert!(bench.screen().contains("{{ today }}") && !bench.screen().contains("ctrl-n  "), "{}", bench.screen());
    bench.keys("left left left backspace backspace ctrl-n");
    assert!(bench.screen().contains("{{ today }}"), "what is closed is not closed twice: {}", bench.screen());
}

#[test]
fn values_that_were_taken_before_are_offered_one_after_the_other() {
    let mut world = World::default();
    world.templates[1].example = "单位名称:某公司\n隐患状态:待整改\n".into();
    world.used.insert("const2".into(), vec!["整改中".into(), "已完成".into()]);
    let mut bench = Bench::with(Lang::En, world);
    bench.keys("2 down enter 某公司 tab");
    assert!(bench.screen().contains("ctrl-n  整改中 · 已完成 · 待整改"), "{}", bench.screen());
    for (value, next) in [("整改中", "已完成 · 待整改"), ("已完成", "待整改 · 整改中"), ("待整改", "整改中 · 已完成")]
    {
        bench.keys("ctrl-n");
        let screen = bench.screen();
        assert!(screen.contains(&format!("\"value\": \"{value}\"")) && screen.contains(&format!("ctrl-n  {next}")), "{screen}");
    }
    bench.keys("了");
    assert!(bench.screen().contains("only the values that were"), "{}", bench.screen());
}

#[test]
fn pictures_of_offers() {
    let start = |lang, size: (u16, u16)| {
        let mut world = World::default();
        world.used.insert("const2".into(), vec!["整改中".into(), "已完成".into()]);
        let mut bench = Bench::with(lang, world).size(size.0, size.1);
        bench.keys("2 down enter 某公司 tab 未知");
        bench
    };
    pictures("offers", |_| {}, start);
}

#[test]
fn pictures_of_cards() {
    let start = |lang, size: (u16, u16)| Bench::with(lang, World::default()).size(size.0, size.1);
    let category = |bench: &mut Bench| {
        bench.keys(
            "2 enter M202311092196630 tab 手冲咖啡壶与滤纸套装礼盒装一份 tab ￥128 tab 15:01 tab https://example.com esc 6 J",
        );
    };
    pictures("card_category", category, start);
    let historical = |bench: &mut Bench| {
        bench.keys("2 down down enter 您好 tab 一二三四五六七八九十一二三四五六七八九十一二 tab 好👍了 tab 再见 esc 6 J");
    };
    pictures("card_historical", historical, start);
}

#[test]
fn a_template_that_changed_at_wechat_is_renewed_and_what_was_written_stays() {
    let mut bench = Bench::new();
    bench.keys("2 enter M2023 tab 手冲咖啡壶 esc");
    let mut templates = bench.world().templates.clone();
    templates[0].content = "商品名:{{thing2.DATA}}\n备注:{{thing5.DATA}}\n".into();
    bench.world().templates = templates;
    bench.msg(SyncMsg::Finished { account: AccountId(1), summary: SyncSummary::default() });
    let screen = bench.screen();
    assert!(screen.contains("商品名  thing2") && screen.contains("手冲咖啡壶") && screen.contains("备注  thing5"), "{screen}");
    assert!(screen.contains("M2023") && screen.contains("character_string1"), "a field that is gone keeps its value: {screen}");
}

#[test]
fn what_was_taken_just_now_is_offered_at_once() {
    let mut bench = Bench::new();
    bench.keys("2 down enter 某公司 tab");
    assert!(!bench.screen().contains("ctrl-n  "), "{}", bench.screen());
    bench.world().used.insert("const2".into(), vec!["已整改".into()]);
    bench.msg(SendMsg::Ended { job: Box::new(job(15, JobState::Done)) });
    assert!(bench.screen().contains("ctrl-n  已整改"), "{}", bench.screen());
}
