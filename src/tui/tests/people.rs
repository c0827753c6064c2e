//! Tags, remarks and the blacklist, changed from the lists; and finding out which follower somebody is.

use super::pictures::pictures;
use crate::domain::id::{AccountId, OpenId, TagId};
use crate::domain::lang::Lang;
use crate::domain::user::{Tag, User};
use crate::manage::tags::Uses;
use crate::sync::Look;
use crate::tui::effect::{Effect, PeopleEffect, SyncEffect};
use crate::tui::msg::{Change, PeopleMsg, Rest, SyncMsg, SyncSummary};
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);
const ZHANG: &str = "oTD8i6Wz6jQZPSNJlzQv43ApodvI";
const LI: &str = "oR5GjjgEhCMJmTPrQqRrMRJiaYwY";

fn start(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.asked();
    bench
}

fn changed(change: Change) -> PeopleMsg {
    PeopleMsg::Changed { account: ACME, change, rest: Rest::default() }
}

fn vip() -> Tag {
    World::default().tags.into_iter().find(|tag| tag.name == "VIP").unwrap()
}

fn asked(bench: &mut Bench) -> Vec<PeopleEffect> {
    let people = |effect| if let Effect::People(effect) = effect { Some(effect) } else { None };
    bench.asked().into_iter().filter_map(people).collect()
}

#[test]
fn pictures_of_tags_remarks_and_the_question_which_one_it_is() {
    pictures("tag_name", |bench| _ = bench.keys("3 n 老客户"), start);
    pictures("tag_users", |bench| _ = bench.keys("4 space space # down"), start);
    pictures("remark_user", |bench| _ = bench.keys("4 r backspace backspace 一二三四五六七八九十"), start);
    let look = |bench: &mut Bench| {
        bench.keys("4 w");
        bench.msg(PeopleMsg::Newest { account: ACME, users: World::default().users });
        bench.keys("enter").msg(SyncMsg::Finished { account: ACME, summary: SyncSummary::default() });
        let mut users = World::default().users;
        users.insert(0, newcomer());
        bench.msg(PeopleMsg::Newest { account: ACME, users });
    };
    pictures("which_one", look, start);
    pictures("delete_tag", |bench| _ = bench.keys("3").msg(used(&vip())), start);
    pictures("stopped_midway", |bench| _ = bench.keys("4 space space B").msg(stopped()), start);
}

/// Of many, one was blocked before it stopped.
fn stopped() -> PeopleMsg {
    let change = Change::Blocked { openids: vec![OpenId::trusted(LI)], blocked: true };
    let refused = vec![(20, "WeChat answered 49003: not match openid with appid".to_owned())];
    let stopped = Some((1, "WeChat answered 48001: api unauthorized".to_owned()));
    PeopleMsg::Changed { account: ACME, change, rest: Rest { left: 3, full: 2, refused, undivided: 20, stopped } }
}

fn newcomer() -> User {
    let subscribe_time = Some("2026-11-23T07:00:00Z".parse().unwrap());
    User { subscribe_time, ..User::stranger(OpenId::trusted("oNewcomerNewcomerNewcomer001")) }
}

fn used(tag: &Tag) -> PeopleMsg {
    let uses = Uses { users: tag.count, drafts: 2, kept: vec!["贵宾".into(), "all".into()] };
    PeopleMsg::TagUses { account: ACME, tag: tag.clone(), uses }
}

#[test]
fn a_tag_is_made_named_and_deleted() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("3 n enter");
    assert_eq!(asked(&mut bench), [], "it needs a name");
    bench.keys("老客户 enter");
    assert_eq!(asked(&mut bench), [PeopleEffect::MakeTag { account: ACME, name: "老客户".into() }]);
    bench.msg(PeopleMsg::Refused { text: "there is a tag `老客户` already".into() });
    assert!(bench.screen().contains("already") && bench.screen().contains("New tag"), "{}", bench.screen());
    bench.keys("2 enter").asked();
    bench.msg(changed(Change::TagMade(Tag { id: TagId(200), name: "老客户2".into(), count: 0 })));
    assert!(bench.screen().contains("Tag 老客户2 was made"), "{}", bench.screen());
    // Down to a tag of one's own.
    bench.keys("3 home down down r").asked();
    bench.keys("x enter");
    let tag = vip();
    assert_eq!(asked(&mut bench), [PeopleEffect::RenameTag { account: ACME, tag: tag.clone(), name: "VIPx".into() }]);
    bench.keys("esc D");
    assert_eq!(asked(&mut bench), [PeopleEffect::FindUses { account: ACME, tag: tag.clone() }]);
    bench.msg(used(&tag)).keys("n");
    assert_eq!(asked(&mut bench), []);
    bench.keys("D").msg(used(&tag)).asked();
    assert!(bench.screen().contains("1 203 users have it"), "{}", bench.screen());
    assert!(bench.screen().contains("Drafts that use it: 2."), "{}", bench.screen());
    assert!(bench.screen().contains("Kept audiences that use it: 2 (“贵宾”, “all”)."), "{}", bench.screen());
    bench.keys("y");
    assert_eq!(asked(&mut bench), [PeopleEffect::DeleteTag { account: ACME, tag }]);
    bench.keys("home down D");
    assert!(bench.screen().contains("WeChat's own"), "{}", bench.screen());
}

#[test]
fn chosen_users_get_a_tag_and_lose_it() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 space space #").asked();
    assert!(bench.screen().contains("[✓] VIP") && bench.screen().contains("[-] 内部员工"), "{}", bench.screen());
    bench.keys("down down enter");
    let tag = World::default().tags.into_iter().find(|tag| tag.name == "内部员工").unwrap();
    let openids = vec![OpenId::trusted(ZHANG)];
    let given = PeopleEffect::SetTag { account: ACME, tag: tag.clone(), openids: openids.clone(), has: true };
    assert_eq!(asked(&mut bench), [given], "only who lacks it");
    bench.keys("enter");
    assert_eq!(asked(&mut bench), [], "one after the other");
    bench.msg(changed(Change::Tagged { tag: tag.clone(), openids, has: true }));
    assert!(bench.screen().contains("[✓] 内部员工"), "{}", bench.screen());
    bench.keys("-");
    let both = vec![OpenId::trusted(LI), OpenId::trusted(ZHANG)];
    let taken = PeopleEffect::SetTag { account: ACME, tag, openids: both, has: false };
    assert_eq!(asked(&mut bench), [taken]);
}

#[test]
fn a_remark_is_in_the_list_at_once_and_too_long_a_one_is_not_sent() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 r backspace backspace 张总 enter");
    let openid = OpenId::trusted(ZHANG);
    assert_eq!(asked(&mut bench), [PeopleEffect::Remark { account: ACME, openid: openid.clone(), remark: "张总".into() }]);
    bench.msg(changed(Change::Remarked { openid, remark: "张总".into() }));
    assert!(bench.screen().contains("张总  VIP"), "{}", bench.screen());
    bench.keys("r 一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十 enter");
    assert_eq!(asked(&mut bench), []);
    assert!(bench.screen().contains("at most 29 characters"), "{}", bench.screen());
}

#[test]
fn blocking_asks_first_and_lets_in_again_only_where_all_are_blocked() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 B").asked();
    assert!(bench.screen().contains("Put 1 on the blacklist (张三)"), "one is named in full: {}", bench.screen());
    bench.keys("n space space B").asked();
    assert!(bench.screen().contains("Put 2 on the blacklist (李四…)"), "{}", bench.screen());
    bench.keys("y");
    let openids = vec![OpenId::trusted(LI), OpenId::trusted(ZHANG)];
    assert_eq!(asked(&mut bench), [PeopleEffect::Block { account: ACME, openids: openids.clone(), blocked: true }]);
    let rest = Rest { refused: vec![(1, "45011 too fast".to_owned())], ..Rest::default() };
    bench.msg(PeopleMsg::Changed { account: ACME, change: Change::Blocked { openids: openids.clone(), blocked: true }, rest });
    assert!(bench.screen().contains("WeChat refused 1: 45011"), "{}", bench.screen());
    bench.keys("esc B y");
    assert_eq!(asked(&mut bench), [PeopleEffect::Block { account: ACME, openids, blocked: false }]);
}

#[test]
fn what_was_done_before_a_stop_is_in_the_rows_and_why_it_stopped_is_told() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 space space B y").asked();
    bench.msg(stopped());
    for words in
        ["1 on the blacklist now", "Left out: 3 unfollowed, 2 with 20 tags", "WeChat refused 20: ", "Stopped; 1 were not done"]
    {
        assert!(bench.screen().contains(words), "{words}: {}", bench.screen());
    }
    // Whoever was blocked is so in the list: the other is still to be blocked, so both are asked for again.
    bench.keys("esc B y");
    let openids = vec![OpenId::trusted(LI), OpenId::trusted(ZHANG)];
    assert_eq!(asked(&mut bench), [PeopleEffect::Block { account: ACME, openids: openids.clone(), blocked: true }]);
    let rest = vec![OpenId::trusted(ZHANG)];
    bench.msg(changed(Change::Blocked { openids: rest, blocked: true })).keys("B y");
    assert_eq!(asked(&mut bench), [PeopleEffect::Block { account: ACME, openids, blocked: false }]);
}

#[test]
fn who_follows_anew_stands_on_top_and_can_be_sent_to() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 w");
    assert_eq!(asked(&mut bench), [PeopleEffect::FindNewest { account: ACME }]);
    bench.msg(PeopleMsg::Newest { account: ACME, users: World::default().users }).keys("enter");
    assert_eq!(bench.asked(), [Effect::Sync(SyncEffect::FindNewcomers { account: ACME, look: Look::AtEnd })]);
    bench.msg(SyncMsg::Finished { account: ACME, summary: SyncSummary::default() });
    bench.msg(PeopleMsg::Newest { account: ACME, users: World::default().users });
    assert!(bench.screen().contains("Nobody new at the end of the list"), "{}", bench.screen());
    bench.keys("y");
    assert_eq!(bench.asked().pop(), Some(SyncEffect::FindNewcomers { account: ACME, look: Look::Everywhere }.into()));
    bench.msg(SyncMsg::Finished { account: ACME, summary: SyncSummary::default() });
    bench.msg(PeopleMsg::Newest { account: ACME, users: World::default().users });
    assert!(bench.screen().contains("Nobody followed since"), "{}", bench.screen());
    bench.keys("y").msg(SyncMsg::Finished { account: ACME, summary: SyncSummary::default() });
    let mut users = World::default().users;
    users.insert(0, newcomer());
    bench.msg(PeopleMsg::Newest { account: ACME, users });
    assert!(bench.screen().contains("● oNewcomerNewcomerNewcomer001"), "{}", bench.screen());
    bench.keys("enter");
    assert!(bench.screen().contains("oNewcomerNewcomerNewcomer001"), "{}", bench.screen());
}
