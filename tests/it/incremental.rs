//! Syncs after the first: few calls, and the cache is what WeChat has all the same.

use crate::home::{Home, document, said};
use crate::scene::{Scene, within};
use crate::sync::{DETAILS, LIST, USERS, changes, equals_the_world, users};
use muban::domain::id::OpenId;
use muban::domain::user::{Listed, User, UserFilter};
use muban::sim::{Action, Chance, Sim, Standing, World};
use muban::sync::{self, Details, Look, Pauses, Step, SyncPlan, SyncProgress};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const MEMBERS: &str = "/cgi-bin/user/tag/get";
const BLACKLIST: &str = "/cgi-bin/tags/members/getblacklist";
const EARLIER: Action = Action::Churn { leave: 300, back: 0, new: 0, retag: 0 };
const MEANWHILE: Action = Action::Churn { leave: 1000, back: 200, new: 500, retag: 50 };

/// Everything that the screen and the sends read of each user, against the simulator's own world.
async fn equals_its_world_row_by_row(scene: &Scene) {
    equals_the_world(scene, true).await;
    let (users, world) = (users(scene).await, scene.sim.world(|world| world.accounts()[0].clone()));
    for (openid, user) in &users {
        let left = world.standing(openid) == Some(Standing::Left);
        assert_eq!(user.subscribed, !left, "{openid}");
        if !left && user.subscribe_time.is_some() {
            assert_eq!(user.remark, world.remark(openid));
        }
    }
}

async fn rows(scene: &Scene) -> BTreeMap<String, User> {
    users(scene).await
}

#[tokio::test]
async fn between_two_syncs_the_store_learns_exactly_what_happened_with_few_calls() {
    let scene = Scene::of(World::with_followers(20_000, 11)).await;
    scene.sync(SyncPlan::default()).await;
    scene.act(EARLIER);
    assert_eq!(scene.sync(SyncPlan::default()).await.users, Some(changes(20_000, 19_700, 0, 0, 300)));
    let before: BTreeMap<String, Vec<_>> = rows(&scene).await.into_iter().map(|(openid, user)| (openid, user.tags)).collect();

    scene.act(MEANWHILE);
    let asked = [DETAILS, LIST, MEMBERS].map(|path| scene.sim.calls(path));
    let progress = SyncProgress::default();
    let session = scene.session().await;
    let report = within(sync::run(&session, &scene.store, SyncPlan::default(), &progress)).await.unwrap();
    assert_eq!(report.users, Some(changes(20_500, 19_400, 500, 200, 1000)));
    equals_its_world_row_by_row(&scene).await;
    let incremental = rows(&scene).await;
    let retagged = before.iter().filter(|(openid, tags)| {
        let user = &incremental[*openid];
        user.subscribed && user.tags.contains(&muban::domain::id::TagId(100)) != tags.contains(&muban::domain::id::TagId(100))
    });
    // Those 50, and of those who came back whoever had the tag when they left has not.
    assert!((50..=50 + 200).contains(&retagged.count()));

    // 700 newcomers are seven calls; the others' details are not read.
    let [details, list, members] =
        [(DETAILS, asked[0]), (LIST, asked[1]), (MEMBERS, asked[2])].map(|(path, before)| scene.sim.calls(path) - before);
    assert_eq!((details, list), (7, 3));
    assert!(members <= 5 * 2 + 1, "{members}");
    assert!(progress.view().requests <= 25, "{}", progress.view().requests);

    let full = scene.sync(SyncPlan { details: Details::Everyone, ..SyncPlan::default() }).await;
    assert_eq!(full.users, Some(changes(20_500, 19_400, 0, 0, 0)));
    assert!(scene.sim.calls(DETAILS) >= asked[0] + 7 + 194);
    let anew = rows(&scene).await;
    for (openid, user) in &incremental {
        assert_eq!(user, &anew[openid]);
    }
    assert_eq!(incremental.len(), anew.len());
}

#[test]
fn the_command_line_prints_who_came_and_went() {
    let sim = Sim::local(World::with_followers(20_000, 12)).unwrap();
    let home = Home::synced(&sim);
    let act = |action: Action| sim.world(|world| world.act(None, action)).unwrap();
    act(EARLIER);
    home.fine(&["sync", "users", "--json"]);
    act(MEANWHILE);
    let said = home.fine(&["sync", "--json"]);
    assert_eq!(
        said["users"],
        json!({"total": 20_500, "subscribed": 19_400, "added": 500, "returned": 200, "unsubscribed": 1000})
    );
    assert!(said["requests"].as_u64().unwrap() <= 25, "{said}");
    assert_eq!(said.get("stopped"), None);
}

#[tokio::test]
async fn changed_tags_and_blacklist_are_seen_without_anybodys_details() {
    let scene = Scene::of(World::with_followers(11_000, 5)).await;
    scene.sync(SyncPlan::default()).await;
    scene.act(Action::Churn { leave: 0, back: 0, new: 0, retag: 50 });
    let barred = scene.sim.world(|world| world.accounts()[0].openid(17));
    scene.act(Action::Blacklist { openid: barred.clone(), listed: true });
    let asked = scene.sim.calls(DETAILS);
    scene.sync(SyncPlan::default()).await;
    equals_its_world_row_by_row(&scene).await;
    assert!(users(&scene).await[&barred].blacklisted);
    assert_eq!(scene.sim.calls(DETAILS), asked);
}

#[tokio::test]
async fn the_days_allowance_ends_in_mid_details_and_the_next_day_goes_on() {
    let scene = Scene::of(World::with_followers(12_000, 2)).await;
    scene.sim.faults(|faults| faults.everywhere = true);
    scene.act(Action::SetQuota { path: DETAILS.into(), limit: 50 });
    let report = scene.sync(USERS).await;
    assert_eq!(report.users, Some(changes(12_000, 12_000, 12_000, 0, 0)), "everybody can be sent to");
    let cut = report.cut.unwrap();
    assert_eq!((cut.step, cut.done, cut.total, cut.errcode), (Step::Details, 5000, 12_000, 45009));
    equals_the_world_but_for_remarks(&scene).await;
    let read = users(&scene).await.values().filter(|user| user.subscribe_time.is_some()).count();
    assert!((4900..=5000).contains(&read), "{read}");

    scene.act(Action::NextDay);
    let report = scene.sync(USERS).await;
    assert_eq!(report.cut.unwrap().done, 10_000);
    scene.act(Action::NextDay);
    let report = scene.sync(USERS).await;
    assert_eq!((report.cut, report.users), (None, Some(changes(12_000, 12_000, 0, 0, 0))));
    assert_eq!(scene.sim.answered_with(DETAILS, 0), 50 + 50 + 20, "nobody is read twice");
    scene.sync(SyncPlan::default()).await;
    equals_its_world_row_by_row(&scene).await;
}

async fn equals_the_world_but_for_remarks(scene: &Scene) {
    // Templates are no part of it.
    scene.sync(SyncPlan { users: false, ..SyncPlan::default() }).await;
    equals_the_world(scene, false).await;
}

#[tokio::test]
async fn an_allowance_that_ends_stops_only_its_own_call() {
    let scene = Scene::of(World::with_followers(11_000, 2)).await;
    scene.sync(USERS).await;
    scene.act(Action::Churn { leave: 10, back: 0, new: 20, retag: 5 });
    scene.act(Action::SetQuota { path: MEMBERS.into(), limit: 0 });
    let report = scene.sync(SyncPlan::default()).await;
    assert_eq!(report.cut.map(|cut| cut.step), Some(Step::Members));
    assert_eq!(report.users, Some(changes(11_020, 11_010, 20, 0, 10)));
    assert_eq!(scene.sim.calls(DETAILS), 110 + 1);
    scene.act(Action::NextDay);
    scene.act(Action::SetQuota { path: MEMBERS.into(), limit: 1000 });
    scene.sync(SyncPlan::default()).await;
    equals_its_world_row_by_row(&scene).await;
}

#[tokio::test]
async fn a_list_whose_allowance_ends_goes_on_the_next_day() {
    let scene = Scene::of(World::with_followers(25_000, 2)).await;
    scene.act(Action::SetQuota { path: LIST.into(), limit: 2 });
    let plan = SyncPlan { details: Details::Nobody, ..USERS };
    let report = scene.sync(plan).await;
    let cut = report.cut.unwrap();
    assert_eq!((cut.step, cut.done, cut.total), (Step::Openids, 20_000, 25_000));
    assert_eq!(scene.store.listed(scene.account.id).await.unwrap(), Listed::default());
    scene.act(Action::NextDay);
    scene.act(Action::SetQuota { path: LIST.into(), limit: 500 });
    let progress = SyncProgress::default();
    let session = scene.session().await;
    let report = within(sync::run(&session, &scene.store, plan, &progress)).await.unwrap();
    assert_eq!((report.users, report.cut), (Some(changes(25_000, 25_000, 25_000, 0, 0)), None));
    assert_eq!(scene.sim.answered_with(LIST, 0), 2 + 2, "the first pages are not fetched again");
    assert!(scene.store.listed(scene.account.id).await.unwrap().whole);
}

#[test]
fn the_command_line_says_what_can_be_used_and_that_it_goes_on() {
    let sim = Sim::local(World::with_followers(1000, 3)).unwrap();
    sim.world(|world| world.act(None, Action::SetQuota { path: DETAILS.into(), limit: 4 })).unwrap();
    let home = Home::new();
    let account = sim.world(|world| world.accounts()[0].clone());
    home.add_account(&account.appid, &account.secret, &sim.url());
    let output = home.run(&["sync", "users", "--json"]);
    let told = said(&output);
    let (printed, code) = document(&output);
    assert_eq!(code, Some(3));
    assert_eq!(printed["users"]["subscribed"], 1000);
    let stopped = &printed["stopped"];
    assert_eq!((&stopped["step"], &stopped["done"], &stopped["total"]), (&json!("details"), &json!(400), &json!(1000)));
    assert_eq!(stopped["errcode"], 45009);
    assert!(told.contains("400 of 1 000") && told.contains("goes on there"), "{told}");
}

#[tokio::test]
async fn whom_wechat_refuses_is_not_asked_for_again_and_costs_nobody_else() {
    let scene = Scene::of(World::with_followers(10_250, 1)).await;
    let bad = scene.sim.world(|world| world.accounts()[0].openid(30));
    scene.act(Action::Standing { openid: bad.clone(), standing: Standing::Broken });
    scene.sync(USERS).await;
    // 1 refused at 100, 50, 25, 13, 7, 4, 2 and 1, with the other half each time; and 102 more batches.
    let asked = scene.sim.calls(DETAILS);
    assert!((102 + 8..102 + 20).contains(&asked), "{asked}");
    let users = users(&scene).await;
    let without = users.iter().filter(|(openid, user)| **openid != bad && user.subscribe_time.is_none()).count();
    assert!(without < 200, "one in a hundred is told of by the openid alone: {without}");
    scene.sync(USERS).await;
    assert_eq!(scene.sim.calls(DETAILS), asked, "nothing is missing that could be read");
}

#[tokio::test]
async fn without_details_first_and_with_them_later() {
    let scene = Scene::of(World::demo()).await;
    let plan = SyncPlan { details: Details::Nobody, ..SyncPlan::default() };
    scene.sync(plan).await;
    assert_eq!(scene.sim.calls(DETAILS), 0);
    assert!(scene.store.listed(scene.account.id).await.unwrap().whole);
    equals_the_world(&scene, false).await;
    scene.sync(SyncPlan::default()).await;
    assert_eq!(scene.sim.calls(DETAILS), 20);
    equals_its_world_row_by_row(&scene).await;
}

#[tokio::test]
async fn a_spent_minute_is_waited_for_and_a_busy_server_is_not_pressed() {
    let scene = Scene::of(World::with_followers(3000, 1)).await;
    scene.sim.faults(|faults| {
        (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance { after: 8, next: 3, percent: 0.0 }, 45011);
        faults.busy = Chance { after: 20, next: 3, percent: 0.0 };
    });
    let session = scene.session().await;
    let (pauses, progress) = (Pauses { minute: std::time::Duration::from_millis(20) }, SyncProgress::default());
    let report = within(sync::run_with(pauses, &session, &scene.store, USERS, &progress)).await.unwrap();
    assert_eq!(report.users, Some(changes(3000, 3000, 3000, 0, 0)));
    assert_eq!((scene.sim.answered_with(DETAILS, 45011), scene.sim.answered_with(DETAILS, -1)), (3, 3));
    assert!(users(&scene).await.values().filter(|user| user.subscribe_time.is_none()).count() < 100);
}

#[tokio::test]
async fn who_follows_now_is_found_at_the_end_of_the_list_with_a_call_or_two() {
    let scene = Scene::of(World::with_followers(20_000, 4)).await;
    scene.sync(SyncPlan { details: Details::Nobody, ..SyncPlan::default() }).await;
    let (lists, blacklists) = (scene.sim.calls(LIST), scene.sim.calls(BLACKLIST));
    let look = async |look| {
        let session = scene.session().await;
        within(sync::newcomers(&session, &scene.store, look, &SyncProgress::default())).await.unwrap()
    };
    let nobody = look(Look::AtEnd).await;
    assert_eq!((nobody.came.len(), nobody.look, scene.sim.calls(LIST) - lists), (0, Look::AtEnd, 1));

    scene.act(Action::Follow { openid: "oD_the_person_one_looks_for".into() });
    let found = look(Look::AtEnd).await;
    assert_eq!(found.came, [OpenId::trusted("oD_the_person_one_looks_for")]);
    assert_eq!((scene.sim.calls(LIST) - lists, scene.sim.calls(DETAILS)), (1 + 2, 1), "the details of nobody else");
    let newest = scene.store.user(scene.account.id, found.came[0].clone()).await.unwrap().unwrap();
    assert!(newest.subscribed && newest.subscribe_time.is_some());
    assert_eq!(look(Look::AtEnd).await.came, []);

    // Who comes back may stand where they stood before.
    let back = scene.sim.world(|world| world.accounts()[0].openid(77));
    scene.act(Action::Unfollow { openid: back.clone() });
    assert_eq!(look(Look::Everywhere).await.came, []);
    assert!(!scene.store.user(scene.account.id, OpenId::trusted(back.as_str())).await.unwrap().unwrap().subscribed);
    scene.act(Action::Follow { openid: back.clone() });
    assert_eq!(look(Look::AtEnd).await.came, []);
    assert_eq!(look(Look::Everywhere).await.came, [OpenId::trusted(back.as_str())]);
    let first = scene.store.users(scene.account.id, UserFilter::default(), muban::domain::user::PageAt::First, 1).await.unwrap();
    assert_eq!(first.rows[0].1.openid.as_str(), back, "newest on top");
    assert!(scene.store.listed(scene.account.id).await.unwrap().whole);
    assert_eq!(scene.sim.calls(BLACKLIST), blacklists);
    scene.sync(SyncPlan::default()).await;
    equals_its_world_row_by_row(&scene).await;
}

#[tokio::test]
async fn on_an_account_never_synced_one_looks_everywhere() {
    let scene = Scene::of(World::with_followers(300, 4)).await;
    let session = scene.session().await;
    let found = within(sync::newcomers(&session, &scene.store, Look::AtEnd, &SyncProgress::default())).await.unwrap();
    assert_eq!((found.look, found.came.len()), (Look::Everywhere, 300));
    let listed = scene.store.listed(scene.account.id).await.unwrap();
    assert!(listed.at.is_some() && !listed.whole, "tags and blacklist were not read");
    scene.sync(SyncPlan::default()).await;
    equals_its_world_row_by_row(&scene).await;
}

#[test]
fn before_a_send_an_old_list_says_so() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::new();
    let account = sim.world(|world| world.accounts()[0].clone());
    home.add_account(&account.appid, &account.secret, &sim.url());
    home.fine(&["sync", "templates", "tags", "--json"]);
    let said_of = |args: &[&str]| said(&home.run(&[&["send", "--dry-run"], crate::home::MESSAGE, args].concat()));
    let openid = sim.world(|world| world.accounts()[0].openid(3));
    let never = said_of(&["--all"]);
    assert!(never.contains("never synced as a whole") && never.contains("muban sync"), "{never}");
    assert!(!said_of(&["--to", &openid]).contains("never synced"));
    home.fine(&["sync", "--json"]);
    assert!(!said_of(&["--tag", "VIP"]).contains("followed or left"));
    std::fs::write(home.dir.path().join("config.toml"), "stale_after = 0\n").unwrap();
    let old = said_of(&["--tag", "VIP"]);
    assert!(old.contains("s ago: who followed or left since is not known"), "{old}");
    assert!(!said_of(&["--to", &openid]).contains("followed or left"));
    let refused = home.run(&[&["send", "--all"], crate::home::MESSAGE].concat());
    assert!(said(&refused).contains("followed or left since"), "{}", said(&refused));
}

#[test]
fn details_can_be_left_out_for_good() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::new();
    let account = sim.world(|world| world.accounts()[0].clone());
    home.add_account(&account.appid, &account.secret, &sim.url());
    std::fs::write(home.dir.path().join("config.toml"), "sync_details = false\n").unwrap();
    home.fine(&["sync", "--json"]);
    assert_eq!(sim.calls(DETAILS), 0);
    let told: Value = home.fine(&["sync", "--full", "--json"]);
    assert_eq!((sim.calls(DETAILS), &told["users"]["added"]), (20, &json!(0)));
    assert_eq!(home.run(&["sync", "--full", "--no-details"]).status.code(), Some(2));
}
