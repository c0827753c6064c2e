//! The list of users: filter, order, jumps, and a selection that stays with its user.

use super::pictures::pictures;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::lang::Lang;
use crate::domain::user::{User, UserFilter, UserKey, UserOrder, Who};
use crate::tui::effect::{Effect, ListsEffect};
use crate::tui::keys::Action;
use crate::tui::msg::{AccountsMsg, Generation, Jump, ListsMsg, SyncMsg, SyncSummary, UserRow, UsersPage};
use crate::tui::out::Out;
use crate::tui::panes::Users;
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);

fn start(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let mut bench = Bench::with(lang, World::default()).size(width, height);
    bench.asked();
    bench
}

#[test]
fn pictures_of_a_filter_and_of_where_to_go() {
    pictures("filter_users", |bench| _ = bench.keys("4 f down down space down down space"), start);
    pictures("users_filtered", |bench| _ = bench.keys("4 f down space esc / 张"), start);
    pictures("go_to", |bench| _ = bench.keys("4 : 2026-03"), start);
}

#[test]
fn a_filter_is_asked_for_at_each_choice_and_taken_off_step_by_step() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 f down down space down down space G space esc");
    let screen = bench.screen();
    assert!(screen.contains("3 filters"), "{screen}");
    bench.keys("/ 李 enter");
    assert!(bench.screen().contains("李四"), "{}", bench.screen());
    bench.keys("esc");
    assert!(bench.screen().contains("3 filters"), "first the search goes");
    bench.keys("esc");
    assert!(!bench.screen().contains("filters"), "{}", bench.screen());
}

#[test]
fn a_search_makes_ready_for_it_and_a_jump_asks_for_the_place() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 /");
    assert_eq!(bench.asked(), [Effect::Lists(ListsEffect::WarmUsers { account: ACME })]);
    bench.keys("esc : oTD8 enter");
    assert_eq!(bench.asked(), [Effect::Lists(ListsEffect::FindUser { account: ACME, prefix: "oTD8".into() })]);
    bench.msg(ListsMsg::UserFound { account: ACME, key: None });
    assert!(bench.screen().contains("Nobody's openid begins so"), "{}", bench.screen());
    let key = UserKey { subscribe_time: 0, id: 3 };
    bench.msg(ListsMsg::UserFound { account: ACME, key: Some(key) });
    assert!(!bench.screen().contains("Go to"), "it closes where somebody is found");
}

#[test]
fn the_selection_stays_with_its_user_when_the_list_is_read_anew() {
    let mut bench = start(Lang::En, (120, 36));
    bench.keys("4 down");
    let selected = |bench: &mut Bench| {
        bench.keys("enter");
        bench.screen().lines().find(|line| line.contains("to  ")).unwrap_or_default().to_owned()
    };
    let before = selected(&mut bench);
    bench.keys("4");
    let mut newcomer = World::default().users[0].clone();
    newcomer.openid = OpenId::trusted("oNewcomerNewcomerNewcomer001");
    bench.world().users.insert(0, newcomer);
    bench.msg(SyncMsg::Finished { account: ACME, summary: SyncSummary::default() });
    assert_eq!(selected(&mut bench), before);
}

/// What the list asks for: the generation, and whether all are counted.
fn asked(out: &mut Out) -> (Generation, bool) {
    let effects = std::mem::take(&mut out.effects);
    let users = effects.iter().rev().find_map(|effect| match effect {
        Effect::Lists(ListsEffect::Users { generation, counted, .. }) => Some((*generation, *counted)),
        _ => None,
    });
    users.expect("users are asked for")
}

#[test]
fn a_number_in_the_title_is_of_what_is_shown() {
    let (mut users, mut out) = (Users::default(), Out::default());
    let account = World::default().accounts.remove(0);
    users.on_msg(&AccountsMsg::Chosen { account }.into(), &mut out);
    let (plain, true) = asked(&mut out) else { panic!("all are counted") };
    assert!(!users.is_counting(), "of everyone, a number comes soon enough");
    users.on_msg(&ListsMsg::UsersCounted { generation: plain, total: 1234 }.into(), &mut out);
    assert_eq!(users.total(), Some(1234));

    users.on_msg(&ListsMsg::UsersFiltered { who: Who::Left, never_sent: false, order: UserOrder::Newest }.into(), &mut out);
    let (left, true) = asked(&mut out) else { panic!("another filter is counted") };
    assert!(users.is_counting() && users.total().is_none(), "the count of another filter is none of this one");
    users.on_msg(&ListsMsg::UsersCounted { generation: plain, total: 1234 }.into(), &mut out);
    assert_eq!(users.total(), None, "nor is one that comes late");
    // To the end before anything has come: the same are counted once.
    users.on_action(Action::Bottom, &mut out);
    assert!(!asked(&mut out).1);
    users.on_msg(&ListsMsg::UsersCounted { generation: left, total: 7 }.into(), &mut out);
    assert_eq!((users.total(), users.is_counting()), (Some(7), false));
    // A jump shows everyone again, although it does not begin at the top.
    users.on_msg(&ListsMsg::JumpWanted { to: Jump::Before(0) }.into(), &mut out);
    assert!(asked(&mut out).1);
}

#[test]
fn who_followed_during_a_sync_is_seen_above_and_the_selection_stays() {
    for order in [UserOrder::Newest, UserOrder::Name] {
        let (mut users, mut out) = (Users::default(), Out::default());
        let account = World::default().accounts.remove(0);
        let page = |ids: &[i64]| UsersPage {
            rows: ids
                .iter()
                .map(|id| UserRow {
                    key: UserKey { subscribe_time: *id, id: *id },
                    user: User::stranger(OpenId::trusted(id.to_string())),
                })
                .collect(),
            more: false,
        };
        let answer = |users: &mut Users, out: &mut Out, ids: &[i64]| {
            let (generation, _) = asked(out);
            users.on_msg(&ListsMsg::UsersLoaded { generation, page: page(ids) }.into(), out);
        };
        users.on_msg(&AccountsMsg::Chosen { account }.into(), &mut out);
        users.on_msg(&ListsMsg::UsersFiltered { who: Who::Everyone, never_sent: false, order }.into(), &mut out);
        answer(&mut users, &mut out, &[3, 2, 1]);
        users.on_action(Action::Down, &mut out);
        users.on_msg(&SyncMsg::Finished { account: ACME, summary: SyncSummary::default() }.into(), &mut out);
        // By name the whole list is read anew, by time what was shown and then what is above it.
        if order == UserOrder::Newest {
            answer(&mut users, &mut out, &[3, 2, 1]);
            answer(&mut users, &mut out, &[5, 4]);
        } else {
            answer(&mut users, &mut out, &[5, 4, 3, 2, 1]);
            answer(&mut users, &mut out, &[]);
        }
        assert_eq!(users.current().unwrap().openid.as_str(), "2", "{order:?}");
        users.on_action(Action::Top, &mut out);
        assert_eq!(users.current().unwrap().openid.as_str(), "5", "{order:?}");
        assert!(out.effects.is_empty(), "{:?}", out.effects);
    }
}

#[test]
fn where_a_filter_lets_nobody_through_nobody_is_sent_to_sync() {
    let mut bench = start(Lang::En, (120, 36));
    bench.world().users.clear();
    bench.keys("4 f down down space esc");
    assert!(!bench.screen().contains("No users here"), "{}", bench.screen());
}

#[test]
fn a_plain_list_needs_nobody_to_be_looked_for() {
    let plain = UserFilter::default();
    assert!(plain.is_plain());
    for filter in [
        UserFilter { search: "x".into(), ..plain.clone() },
        UserFilter { who: Who::Left, ..plain.clone() },
        UserFilter { never_sent: true, ..plain.clone() },
        UserFilter { order: UserOrder::Name, ..plain },
    ] {
        assert!(!filter.is_plain(), "{filter:?}");
    }
}
