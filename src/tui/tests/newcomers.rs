//! "Which one am I?"

use super::pictures::pictures;
use crate::domain::audience::UserSet;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::lang::Lang;
use crate::domain::user::User;
use crate::sync::Look;
use crate::tui::effect::{Effect, SyncEffect, SystemEffect};
use crate::tui::msg::SyncMsg;
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);
const NEW: &str = "oNew_6Wz6jQZPSNJlzQv43ApodvI";
const BACK: &str = "oBack6Wz6jQZPSNJlzQv43ApodvI";

fn user(openid: &str, remark: &str, at: &str) -> User {
    User {
        openid: OpenId::trusted(openid),
        nickname: String::new(),
        remark: remark.into(),
        subscribed: true,
        blacklisted: false,
        subscribe_time: Some(at.parse().unwrap()),
        tags: Vec::new(),
    }
}

fn known() -> Vec<User> {
    vec![
        user("oTD8i6Wz6jQZPSNJlzQv43ApodvI", "张三", "2026-11-22T09:10:00Z"),
        user("oR5GjjgEhCMJmTPrQqRrMRJiaYwY", "", "2026-11-20T01:02:00Z"),
    ]
}

fn opened(lang: Lang, size: (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(size.0, size.1);
    bench.asked();
    bench.keys("4 W");
    bench.msg(SyncMsg::NewestLoaded { account: ACME, users: known() });
    bench
}

fn looks(bench: &mut Bench) -> Vec<Effect> {
    bench.asked().into_iter().filter(|effect| matches!(effect, Effect::Sync(_))).collect()
}

fn look(look: Look) -> Effect {
    SyncEffect::LookForNewcomers { account: ACME, look }.into()
}

fn looked(bench: &mut Bench, came: &[&str], look: Look) {
    let mut users = known();
    // Somebody who came later than those who came now.
    users.extend(came.iter().map(|openid| user(openid, "", "2026-11-23T06:59:00Z")));
    bench.msg(SyncMsg::NewestLoaded { account: ACME, users });
    let came = came.iter().map(|openid| OpenId::trusted(*openid)).collect();
    bench.msg(SyncMsg::Looked { account: ACME, came, look, requests: 3 });
}

#[test]
fn pictures_of_the_search_for_oneself() {
    pictures("newcomers", |_| {}, opened);
    pictures("newcomers_none", |bench| looked(bench.keys("enter"), &[], Look::AtEnd), opened);
    pictures("newcomers_found", |bench| looked(bench.keys("enter"), &[NEW, BACK], Look::AtEnd), opened);
}

#[test]
fn enter_looks_and_then_makes_the_newcomer_the_recipient() {
    let mut bench = opened(Lang::En, (120, 36));
    assert_eq!(looks(&mut bench), [SyncEffect::LoadNewest { account: ACME, count: 50 }.into()]);
    assert!(bench.screen().contains("Nobody has looked yet"));
    bench.keys("enter");
    assert_eq!(looks(&mut bench), [look(Look::AtEnd)]);
    assert!(bench.screen().contains("asking WeChat"));
    bench.keys("enter r");
    assert_eq!(looks(&mut bench), [], "one look at a time");

    // Nobody at the end of the list: then everywhere, then at its end again.
    looked(&mut bench, &[], Look::AtEnd);
    bench.keys("enter");
    assert_eq!(looks(&mut bench), [look(Look::Everywhere)]);
    looked(&mut bench, &[], Look::Everywhere);
    assert!(bench.screen().contains("Have they really followed"));
    bench.keys("enter");
    assert_eq!(looks(&mut bench), [look(Look::AtEnd)]);

    looked(&mut bench, &[NEW], Look::AtEnd);
    assert!(bench.screen().contains(&format!("● 11-23 14:59  {NEW}")), "{}", bench.screen());
    // Another one came while the first is still marked.
    bench.keys("r");
    assert_eq!(looks(&mut bench), [look(Look::AtEnd)]);
    bench.msg(SyncMsg::LookFailed { account: ACME, text: "no such host".into() });
    assert!(bench.screen().contains("no such host"));
    bench.keys("r");
    looked(&mut bench, &[NEW, BACK], Look::AtEnd);
    bench.keys("down c");
    let copied = SystemEffect::CopyToClipboard { text: BACK.into() };
    assert!(bench.asked().contains(&copied.into()));
    bench.keys("enter");
    assert!(bench.app.layers.is_empty());
    let chosen = UserSet::Users(vec![OpenId::trusted(BACK)]);
    assert!(bench.screen().contains(BACK) || bench.screen().contains("1 user"), "{chosen:?} {}", bench.screen());
}

#[test]
fn esc_stops_a_look_and_answers_for_others_are_not_taken() {
    let mut bench = opened(Lang::En, (80, 24));
    bench.asked();
    bench.msg(SyncMsg::NewestLoaded { account: AccountId(2), users: vec![user(NEW, "", "2026-11-23T06:59:00Z")] });
    assert!(!bench.screen().contains(NEW));
    bench.keys("t");
    assert!(bench.app.layers.is_empty(), "whoever is known already can be chosen as well");
    bench.keys("4 W enter esc");
    let asked = looks(&mut bench);
    assert_eq!(asked.last(), Some(&SyncEffect::CancelSync { account: ACME }.into()));
    assert!(bench.app.layers.is_empty());
}
