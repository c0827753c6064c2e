//! Sync against the simulator: what WeChat has is what the cache has, however often it is cut off.

use crate::scene::{Scene, within};
use muban::domain::id::{OpenId, TagId};
use muban::domain::user::{PageAt, User, UserFilter};
use muban::session::SessionError;
use muban::sim::{Action, Chance, Dirt, Standing, World};
use muban::store::{FileLock, TemplateChanges, UserChanges};
use muban::sync::{self, Details, Step, SyncError, SyncPlan, SyncProgress};
use muban::wechat::CallError;
use std::collections::BTreeMap;

pub const LIST: &str = "/cgi-bin/user/get";
pub const DETAILS: &str = "/cgi-bin/user/info/batchget";
pub const USERS: SyncPlan = SyncPlan { templates: false, tags: false, users: true, details: Details::New, concurrency: 8 };
const EVERYONE: SyncPlan = SyncPlan { details: Details::Everyone, ..USERS };

pub fn changes(total: u64, subscribed: u64, added: u64, returned: u64, unsubscribed: u64) -> UserChanges {
    UserChanges { total, subscribed, added, returned, unsubscribed }
}

pub async fn users(scene: &Scene) -> BTreeMap<String, User> {
    let page = scene.store.users(scene.account.id, UserFilter::default(), PageAt::First, 1_000_000).await.unwrap();
    page.rows.into_iter().map(|(_, user)| (user.openid.to_string(), user)).collect()
}

pub async fn members(scene: &Scene, tag: i64) -> Vec<String> {
    let filter = UserFilter { tag: Some(TagId(tag)), ..UserFilter::default() };
    let page = scene.store.users(scene.account.id, filter, PageAt::First, 1_000_000).await.unwrap();
    let mut members: Vec<String> = page.rows.into_iter().map(|(_, user)| user.openid.to_string()).collect();
    members.sort();
    members
}

/// The cache has what the first account of the world has.
pub async fn equals_the_world(scene: &Scene, with_remarks: bool) {
    let world = scene.sim.world(|world| world.accounts()[0].clone());
    let templates = scene.store.templates(scene.account.id).await.unwrap();
    let theirs: Vec<_> = world.templates().iter().map(|template| (template.id.as_str(), template.content.as_str())).collect();
    assert_eq!(templates.iter().map(|one| (one.id.as_str(), one.content.as_str())).collect::<Vec<_>>(), theirs);

    let users = users(scene).await;
    let mut theirs: Vec<String> = world.openids().collect();
    theirs.sort();
    let ours: Vec<&String> = users.iter().filter(|(_, user)| user.subscribed).map(|(openid, _)| openid).collect();
    assert_eq!(ours, theirs.iter().collect::<Vec<_>>());
    if with_remarks {
        assert!(users.values().filter(|user| !user.remark.is_empty()).count() * 3 > users.len(), "most have a remark");
        for (openid, user) in &users {
            // A few are told of by their openid alone.
            assert!(user.remark.is_empty() || user.remark == world.remark(openid), "{openid}");
        }
    }
    for tag in scene.store.tags(scene.account.id).await.unwrap() {
        assert_eq!(world.tag_id(&tag.name).map(i64::from), Some(tag.id.0));
        let mut theirs = world.tag_members(&tag.name);
        theirs.sort();
        assert_eq!(members(scene, tag.id.0).await, theirs, "{}", tag.name);
    }
}

#[tokio::test]
async fn a_first_sync_brings_everything() {
    let scene = Scene::of(World::demo()).await;
    let report = scene.sync(SyncPlan::default()).await;
    assert_eq!(report.templates, Some(TemplateChanges { total: 12, added: 12, removed: 0 }));
    assert_eq!((report.tags, report.users), (Some(7), Some(changes(2000, 2000, 2000, 0, 0))));
    equals_the_world(&scene, true).await;
    let blocked = users(&scene).await.into_values().filter(|user| user.blacklisted).count();
    assert!(blocked > 0, "the demo has a blacklist");
    assert!(scene.store.account(scene.account.id).await.unwrap().unwrap().last_synced_at.is_some());

    let again = scene.sync(SyncPlan::default()).await;
    assert_eq!(again.templates, Some(TemplateChanges { total: 12, added: 0, removed: 0 }));
    assert_eq!(again.users, Some(changes(2000, 2000, 0, 0, 0)));
    equals_the_world(&scene, true).await;
}

#[tokio::test]
async fn without_details_openids_tags_and_blacklist_come_all_the_same() {
    let scene = Scene::of(World::demo()).await;
    let report = scene.sync(SyncPlan { details: Details::Nobody, ..SyncPlan::default() }).await;
    assert_eq!(report.users, Some(changes(2000, 2000, 2000, 0, 0)));
    assert_eq!(scene.sim.calls(DETAILS), 0);
    equals_the_world(&scene, false).await;
    assert!(users(&scene).await.values().any(|user| user.blacklisted));
    scene.sync(SyncPlan::default()).await;
    equals_the_world(&scene, true).await;
}

#[tokio::test]
async fn only_what_was_asked_for_is_fetched() {
    let scene = Scene::of(World::demo()).await;
    let none = SyncPlan { templates: false, tags: false, users: false, details: Details::Nobody, concurrency: 1 };
    let tags = scene.sync(SyncPlan { tags: true, ..none }).await;
    assert_eq!((tags.templates, tags.tags, tags.users), (None, Some(7), None));
    let templates = scene.sync(SyncPlan { templates: true, ..none }).await;
    assert_eq!((templates.tags, templates.users), (None, None));
    assert_eq!((scene.sim.calls(LIST), scene.sim.calls("/cgi-bin/tags/get")), (0, 1));
    assert_eq!(scene.sync(USERS).await.tags, None);
}

#[tokio::test]
async fn the_list_has_many_pages_and_a_last_one_without_data() {
    let scene = Scene::of(World::with_followers(20_000, 3)).await;
    let report = scene.sync(SyncPlan { details: Details::Nobody, ..USERS }).await;
    assert_eq!(report.users, Some(changes(20_000, 20_000, 20_000, 0, 0)));
    assert!(scene.sim.calls(LIST) <= 3, "{} pages", scene.sim.calls(LIST));
}

#[tokio::test]
async fn who_leaves_and_comes_back_is_noticed() {
    let scene = Scene::of(World::with_followers(50, 1)).await;
    scene.sync(USERS).await;
    let [a, b, c] = [1, 2, 3].map(|n| scene.sim.world(|world| world.accounts()[0].openid(n)));
    scene.act(Action::Unfollow { openid: a.clone() });
    scene.act(Action::Unfollow { openid: b.clone() });
    scene.act(Action::Follow { openid: "oNewcomer".into() });
    assert_eq!(scene.sync(USERS).await.users, Some(changes(51, 49, 1, 0, 2)));
    scene.act(Action::Follow { openid: a.clone() });
    scene.act(Action::Unfollow { openid: c.clone() });
    assert_eq!(scene.sync(USERS).await.users, Some(changes(51, 49, 0, 1, 1)));
    let users = users(&scene).await;
    assert_eq!([&a, &b, &c].map(|openid| users[openid].subscribed), [true, false, false]);
}

#[tokio::test]
async fn one_bad_openid_does_not_cost_its_batch() {
    let scene = Scene::of(World::with_followers(250, 1)).await;
    let bad: Vec<String> = [7, 8, 130].map(|n| scene.sim.world(|world| world.accounts()[0].openid(n))).into();
    for openid in &bad {
        scene.act(Action::Standing { openid: openid.clone(), standing: Standing::Broken });
    }
    let report = scene.sync(USERS).await;
    assert_eq!(report.users, Some(changes(250, 250, 250, 0, 0)));
    let users = users(&scene).await;
    let without: Vec<&String> = users.iter().filter(|(_, user)| user.language_unknown()).map(|(openid, _)| openid).collect();
    // The bad ones, and a few of whom nothing but the openid is told.
    assert!(bad.iter().all(|openid| without.contains(&openid)) && without.len() < 12, "{without:?}");
}

/// Whether nothing but the openid is known.
trait Bare {
    fn language_unknown(&self) -> bool;
}

impl Bare for User {
    fn language_unknown(&self) -> bool {
        self.subscribe_time.is_none()
    }
}

#[tokio::test]
async fn a_list_cut_off_midway_goes_on_where_it_was() {
    let scene = Scene::of(World::with_followers(25_000, 1)).await;
    // Token, tags, first page; the second one is refused.
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::nth(4), 48001));
    let plan = SyncPlan { details: Details::Nobody, ..USERS };
    let session = scene.session().await;
    let error = within(sync::run(&session, &scene.store, plan, &SyncProgress::default())).await.unwrap_err();
    let SyncError::Session(SessionError::Call(CallError::Api(failure))) = &error else { panic!("{error}") };
    assert_eq!(failure.errcode, 48001);
    let first = users(&scene).await;
    assert_eq!(first.len(), 10_000, "usable already");
    assert_eq!(scene.sim.calls(LIST), 2);
    assert_eq!(scene.sync(plan).await.users, Some(changes(25_000, 25_000, 25_000, 0, 0)));
    assert_eq!(scene.sim.calls(LIST), 2 + 3, "the first page is not fetched again");
}

#[tokio::test]
async fn nobody_is_lost_by_a_sync_that_was_dropped() {
    let scene = Scene::of(World::with_followers(2_500, 1)).await;
    scene.sync(USERS).await;
    let left = scene.sim.world(|world| world.accounts()[0].openid(7));
    scene.act(Action::Unfollow { openid: left.clone() });
    let session = scene.session().await;
    for calls in [1, 5] {
        let asked = scene.sim.calls(DETAILS);
        let progress = SyncProgress::default();
        let dropped = sync::run(&session, &scene.store, EVERYONE, &progress);
        tokio::select! {
            () = within(scene.sim.until(|sim| sim.calls(DETAILS) >= asked + calls)) => {}
            done = dropped => panic!("{done:?} before it could be dropped"),
        }
        assert_eq!(progress.view().step, Step::Details);
        let all = users(&scene).await;
        assert_eq!(all.len(), 2_500);
        assert_eq!(all.values().filter(|user| !user.subscribed).map(|user| user.openid.as_str()).collect::<Vec<_>>(), [&left]);
        assert!(all.values().all(|user| user.subscribe_time.is_some() || user.remark.is_empty()), "old details stay");
    }
    let lists = scene.sim.calls(LIST);
    assert_eq!(scene.sync(EVERYONE).await.users, Some(changes(2_500, 2_499, 0, 0, 1)));
    assert_eq!(scene.sim.calls(LIST), lists, "the list was whole already");
    assert_eq!(scene.sync(USERS).await.users, Some(changes(2_500, 2_499, 0, 0, 0)));
}

#[tokio::test]
async fn a_walk_whose_last_openid_is_unknown_by_now_starts_anew() {
    let scene = Scene::of(World::with_followers(30, 1)).await;
    let state = scene.store.begin_user_sync(scene.account.id).await.unwrap();
    let stranger = OpenId::trusted("oStranger");
    let page = vec![OpenId::trusted("oFormer")];
    scene.store.put_openids(scene.account.id, state.generation, page, Some(stranger)).await.unwrap();
    let report = scene.sync(USERS).await.users.unwrap();
    assert_eq!(report.subscribed, 31, "who was seen in this sync stays until the next");
    assert_eq!(scene.sync(USERS).await.users.unwrap().subscribed, 30);
}

#[tokio::test]
async fn a_token_that_ends_midway_is_replaced_once() {
    let scene = Scene::of(World::with_followers(1_000, 1)).await;
    scene.sim.faults(|faults| (faults.everywhere, faults.kill_token) = (true, Chance::nth(5)));
    assert_eq!(scene.sync(USERS).await.users, Some(changes(1_000, 1_000, 1_000, 0, 0)));
    assert_eq!(scene.sim.token_fetches(), 2);
}

#[tokio::test]
async fn a_busy_moment_is_waited_out() {
    let scene = Scene::of(World::with_followers(10, 1)).await;
    scene.sim.faults(|faults| (faults.everywhere, faults.http_502) = (true, Chance::nth(3)));
    let progress = SyncProgress::default();
    within(sync::run(&*scene.session().await, &scene.store, USERS, &progress)).await.unwrap();
    assert_eq!(scene.sim.calls(LIST), 3, "asked again, and once more for its end");
    // Tags, list twice and its end, details, blacklist; tokens are the session's.
    assert_eq!(progress.view().requests, scene.sim.calls_total() - 1);
}

#[tokio::test]
async fn dirty_texts_are_read_all_the_same() {
    for dirt in [Dirt::Control, Dirt::NotUtf8] {
        let scene = Scene::of(World::demo()).await;
        scene.sim.faults(|faults| faults.dirt = dirt);
        assert_eq!(scene.sync(SyncPlan::default()).await.users, Some(changes(2000, 2000, 2000, 0, 0)));
    }
}

#[tokio::test]
async fn two_processes_do_not_sync_the_same_users_at_once() {
    let scene = Scene::of(World::with_followers(10, 1)).await;
    let lock = FileLock::try_take(scene.store.dir(), &format!("sync-{}", scene.account.id)).unwrap();
    let session = scene.session().await;
    let error = sync::run(&session, &scene.store, USERS, &SyncProgress::default()).await.unwrap_err();
    assert!(matches!(error, SyncError::Held), "{error}");
    drop(lock);
    scene.sync(USERS).await;
}
