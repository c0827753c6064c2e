//! From what went wrong to what helps, on one key; the catalogue; an account checked step by step.

use super::jobs::{sending, sends};
use super::pictures::pictures;
use crate::check::{Check, Health, Line};
use crate::domain::account::{Account, SecretSource};
use crate::domain::delivery::State;
use crate::domain::id::AccountId;
use crate::domain::job::JobState;
use crate::domain::lang::Lang;
use crate::domain::message::FieldValue;
use crate::text::explain;
use crate::tui::effect::{AccountsEffect, CheckupEffect, Effect, PeopleEffect, ProfileEffect, SendEffect, SystemEffect};
use crate::tui::input::Input;
use crate::tui::msg::{AccountsMsg, CheckupMsg, Generation};
use crate::tui::testkit::{Bench, World, deliveries, job, progress};
use crate::wechat::RefusedCall;

/// A job that is over, whose first row ended with this.
fn done(lang: Lang, size: (u16, u16), errcode: Option<i64>, errmsg: &str) -> Bench {
    let mut rows = deliveries(15);
    (rows[0].0.errcode, rows[0].0.errmsg) = (errcode, Some(errmsg.to_owned()));
    let mut over = job(15, JobState::Done);
    over.counts = progress(15).counts;
    let value = "一二三四五六七八九十一二三四五六七八九十一".to_owned();
    over.message.values.push(FieldValue { key: "thing2".into(), value, color: None });
    let mut bench = Bench::with(lang, World { jobs: vec![over], deliveries: rows, ..World::default() }).size(size.0, size.1);
    bench.keys("7 enter");
    bench.asked();
    bench
}

const RID: &str = "6560aa11-2b3c4d5e-6f708192";

#[test]
fn a_row_says_which_field_breaks_which_rule_and_one_key_leads_there() {
    let errmsg = format!("argument invalid! data.thing2.value invalid rid: {RID}");
    let mut bench = done(Lang::En, (120, 36), Some(47003), &errmsg);
    let screen = bench.screen();
    assert!(screen.contains("Keyword 商品 thing2: longer than 20 characters (21)."), "{screen}");
    assert!(screen.contains("1  write the field thing2 anew") && screen.contains("3  look the rid up"), "{screen}");
    bench.keys("esc");
    assert!(bench.screen().contains("Keyword 商品 thing2: longer"), "in the row too\n{}", bench.screen());
    bench.keys("enter 1");
    let screen = bench.screen();
    assert!(!screen.contains("what helps") && screen.contains("Compose · 订单发货提醒"), "{screen}");
    assert!(screen.contains("▸ 一二三四五六七八九十"), "the field is the one to write in\n{screen}");
}

#[test]
fn what_wechat_kept_of_a_call_is_shown_in_place() {
    let mut bench = done(Lang::En, (120, 36), Some(40037), &format!("invalid template_id rid: {RID}"));
    let at = bench
        .screen()
        .lines()
        .find(|line| line.contains("look the rid up"))
        .and_then(|line| line.split("look the rid up").next().and_then(|before| before.trim().chars().next_back()));
    bench.keys(&at.unwrap().to_string());
    let rid = RID.to_owned();
    let wanted = Effect::Checkup(CheckupEffect::LookUpRid { account: AccountId(1), rid: rid.clone() });
    assert_eq!(bench.asked(), [wanted]);
    let call = RefusedCall {
        at: Some(1_763_880_000),
        millis: Some(116),
        request: r#"{"touser":"oTD8i6Wz6jQZPSNJlzQv43ApodvI"}"#.into(),
        response: r#"{"errcode":40037}"#.into(),
        ip: "203.0.113.7".into(),
    };
    bench.msg(CheckupMsg::RidFound { rid: "1-1-1".into(), found: Ok(Box::new(call.clone())) });
    assert!(!bench.screen().contains("203.0.113.7"), "of another call");
    bench.msg(CheckupMsg::RidFound { rid, found: Ok(Box::new(call)) });
    let screen = bench.screen();
    assert!(screen.contains("203.0.113.7") && screen.contains("116 ms") && screen.contains(r#"{"errcode":40037}"#), "{screen}");
}

#[test]
fn each_help_does_what_it_says() {
    let openid = || deliveries(15)[0].0.openid.clone();
    let account = AccountId(1);
    let gone = "require subscribe";
    let mut bench = done(Lang::En, (120, 36), Some(43004), gone);
    bench.keys("2");
    assert_eq!(bench.asked(), [PeopleEffect::MarkGone { account, openid: openid() }.into()]);
    bench.keys("1");
    assert!(bench.asked().contains(&ProfileEffect::LookUp { account, openid: openid() }.into()));
    let mut bench = done(Lang::En, (120, 36), Some(40001), "invalid credential");
    bench.keys("1");
    assert_eq!(bench.asked(), [AccountsEffect::RenewToken { account }.into()]);
    bench.keys("2");
    assert!(bench.screen().contains("Check · Acme 服务号"), "{}", bench.screen());
    assert_eq!(bench.asked(), [CheckupEffect::Begin { generation: Generation(1), account }.into()]);
    let mut bench = done(Lang::En, (120, 36), Some(43117), "too many");
    bench.keys("1 y");
    assert_eq!(sends(&mut bench), [SendEffect::RetryJob { job: crate::domain::id::JobId(15), state: State::Failed }]);
    let mut bench = done(Lang::En, (120, 36), Some(43117), "too many");
    bench.keys("9");
    assert!(bench.asked().is_empty() && bench.screen().contains("what helps"), "there is no ninth");
}

#[test]
fn a_stop_leads_to_what_helps() {
    let mut bench = sending(Lang::En, (120, 36));
    let stopped = super::stops::wrong_ip();
    let paused = super::jobs::paused(15, stopped);
    bench.msg(crate::tui::msg::SendMsg::Ended { job: Box::new(paused) });
    bench.asked();
    let screen = bench.screen();
    assert!(screen.contains("Allow 203.0.113.7: Add the IP") && screen.contains("1  check the account"), "{screen}");
    bench.keys("1");
    assert_eq!(bench.asked(), [CheckupEffect::Begin { generation: Generation(1), account: AccountId(1) }.into()]);
}

fn line(check: Check, health: Health, key: &'static str, args: &[(&'static str, &str)]) -> Line {
    let args = args.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Line::of(check, health, key, args)
}

fn checked(bench: &mut Bench) {
    bench.keys("1 c");
    let found = |line| CheckupMsg::Found { generation: Generation(1), line };
    let host = ("host", "api.weixin.qq.com");
    bench.msg(found(line(Check::Proxy, Health::Fine, "ok", &[])));
    bench.msg(found(line(Check::Name, Health::Fine, "ok", &[host, ("addresses", "203.0.113.9")])));
    let told = explain::explain(40164, "invalid ip 203.0.113.7", None, bench.app.ctx.settings.lang);
    let refused = Line {
        explained: Some((told.meaning.into_owned(), told.remedy.into_owned())),
        ..line(Check::Whitelist, Health::Failed, "refused", &[("why", "40164 invalid ip 203.0.113.7")])
    };
    bench.msg(found(refused));
    bench.msg(CheckupMsg::Found { generation: Generation(9), line: line(Check::Clock, Health::Failed, "off", &[]) });
    bench.msg(found(line(Check::Token, Health::NotTried, "not_tried", &[])));
    bench.msg(CheckupMsg::Ended { generation: Generation(1) });
}

#[test]
fn pictures_of_what_helps() {
    let bench = |lang, (width, height): (u16, u16)| Bench::with(lang, World::default()).size(width, height);
    pictures("checkup", checked, bench);
    pictures("catalogue", |bench| _ = bench.keys("K"), bench);
    pictures("catalogue_found", |bench| _ = bench.keys("K 4 0 1 6 4"), bench);
    pictures("edit_account", |bench| _ = bench.keys("1 e"), bench);
    let failed =
        |lang, size| done(lang, size, Some(47003), "argument invalid! data.thing2.value invalid rid: 6560aa11-2b3c4d5e-6f708192");
    pictures("inspector_helps", |_| {}, failed);
}

#[test]
fn a_check_stops_when_nobody_looks_and_can_be_made_again() {
    let mut bench = Bench::new();
    bench.keys("1 c esc");
    let account = AccountId(1);
    let begin = |generation| Effect::from(CheckupEffect::Begin { generation: Generation(generation), account });
    assert_eq!(bench.asked(), [begin(1), CheckupEffect::GiveUp.into()]);
    checked(&mut bench);
    assert!(!bench.screen().contains("clock"), "of an earlier check\n{}", bench.screen());
    bench.asked();
    bench.keys("r");
    assert_eq!(bench.asked(), [begin(2)]);
}

#[test]
fn the_catalogue_is_searched_and_reads_replies() {
    let mut bench = Bench::new();
    bench.keys("K");
    assert!(bench.screen().contains("WeChat's errcodes: 2"), "{}", bench.screen());
    bench.keys("4 3 0 0 4");
    assert!(bench.screen().contains("does not follow this account"), "{}", bench.screen());
    bench.keys("ctrl-u");
    bench.input(Input::Paste(
        r#"{"errcode":40164,"errmsg":"invalid ip 203.0.113.7, not in whitelist rid: 6560aa11-2b3c4d5e-6f708192"}"#.into(),
    ));
    let screen = bench.screen();
    assert!(screen.contains("Allow 203.0.113.7: ") && screen.contains("rid 6560aa11"), "{screen}");
    bench.asked();
    bench.keys("enter");
    assert!(matches!(&bench.asked()[..], [Effect::System(SystemEffect::CopyToClipboard { text })] if text.starts_with("40164 ")));
    bench.keys("esc K z z z z");
    assert!(bench.screen().contains("No code fits"), "{}", bench.screen());
    bench.keys("esc");
    assert!(!bench.screen().contains("errcodes"));
}

#[test]
fn an_account_is_changed_and_its_secret_stays_unless_another_is_typed() {
    let mut bench = Bench::new();
    bench.keys("1 e");
    let before = bench.screen();
    assert!(before.contains("Change account") && before.contains("the AppSecret in the vault stays"), "{before}");
    bench.keys("! ctrl-s");
    let [Effect::Accounts(AccountsEffect::ChangeAccount { account, secret: None })] = &bench.asked()[..] else { panic!() };
    assert_eq!((account.id, account.name.as_str()), (AccountId(1), "Acme 服务号!"));
    bench.msg(AccountsMsg::Changed { id: AccountId(1) });
    assert!(!bench.screen().contains("Change account"));
    let world = World::default();
    let by_variable = Account { secret: SecretSource::Env("WX_SECRET".into()), ..world.accounts[0].clone() };
    let mut bench = Bench::with(Lang::En, World { accounts: vec![by_variable], ..world });
    bench.keys("1 e tab");
    assert!(bench.screen().contains("still comes from the variable WX_SECRET"), "{}", bench.screen());
    bench.input(Input::Paste("0123456789abcdef0123456789abcdef".into()));
    assert!(!bench.screen().contains("0123456789abcdef0123"), "{}", bench.screen());
    bench.keys("ctrl-s");
    let [Effect::Accounts(AccountsEffect::ChangeAccount { account, secret: Some(_) })] = &bench.asked()[..] else { panic!() };
    assert_eq!(account.secret, SecretSource::Vault);
    bench.keys("esc 1 e tab x ctrl-s");
    assert!(bench.asked().is_empty() && bench.screen().contains("✗"), "{}", bench.screen());
}
