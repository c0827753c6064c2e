//! Tags, remarks and the blacklist, changed at WeChat and in the cache at once.

use crate::scene::{Scene, within};
use muban::domain::audience::{Audience, UserSet};
use muban::domain::draft::{Draft, FormTexts, Place};
use muban::domain::id::{DraftId, OpenId, TagId, TemplateId};
use muban::domain::people::{RemarkError, TagError};
use muban::domain::user::{PageAt, Tag, User, UserFilter};
use muban::manage::ChangeError;
use muban::manage::members::{Change, Members, Report};
use muban::manage::tags::{self, Uses};
use muban::manage::users;
use muban::session::{Pauses, Session};
use muban::sim::{Account, Action, Chance, Faults, Standing, World};
use muban::store::KeptAudience;
use muban::sync::{Details, SyncPlan};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const CREATE: &str = "/cgi-bin/tags/create";
const RENAME: &str = "/cgi-bin/tags/update";
const DELETE: &str = "/cgi-bin/tags/delete";
const ASSIGN: &str = "/cgi-bin/tags/members/batchtagging";
const UNASSIGN: &str = "/cgi-bin/tags/members/batchuntagging";
const BLOCK: &str = "/cgi-bin/tags/members/batchblacklist";
const UNBLOCK: &str = "/cgi-bin/tags/members/batchunblacklist";
const REMARK: &str = "/cgi-bin/user/info/updateremark";
const LIST: &str = "/cgi-bin/tags/get";

/// Everything of the account's users and tags, asked anew.
const ALL: SyncPlan = SyncPlan { templates: false, tags: true, users: true, details: Details::Everyone, concurrency: 4 };

/// So many followers, synced, and a tag `VIP` that the first ten have.
async fn scene(followers: u32) -> (Scene, Arc<Session>) {
    let account = Account::new("Acme", 1).with_followers(followers).with_tag("VIP", 0..10).with_tag("内部", 5..8);
    let mut world = World::with_followers(0, 1);
    world.accounts_mut()[0] = account;
    let scene = Scene::of(world).await;
    scene.sync(ALL).await;
    let session = scene.session().await;
    (scene, session)
}

fn openids(scene: &Scene, numbers: impl IntoIterator<Item = u32>) -> Vec<OpenId> {
    scene.sim.world(|world| numbers.into_iter().map(|n| OpenId::trusted(world.accounts()[0].openid(n))).collect())
}

fn tag_id(scene: &Scene, name: &str) -> TagId {
    TagId(scene.sim.world(|world| world.accounts()[0].tag_id(name)).unwrap().into())
}

fn members(scene: &Scene, name: &str) -> usize {
    scene.sim.world(|world| world.accounts()[0].tag_members(name).len())
}

/// Makes a change with pauses of milliseconds.
async fn change(scene: &Scene, session: &Session, change: Change, openids: Vec<OpenId>) -> Report {
    let pauses = Pauses::shortened(Duration::from_millis(1));
    let mut members = Members::new(session, &scene.store, change).with_pauses(pauses);
    let went_on = within(members.change(openids, &mut |_, _| {})).await;
    let report = members.end();
    assert_eq!(went_on, report.stopped.is_none());
    report
}

fn failed(report: &Report) -> Vec<(i64, usize)> {
    report.failed.iter().map(|failed| (failed.failure.errcode, failed.openids.len())).collect()
}

/// Users and tags of the cache.
async fn cached(scene: &Scene) -> (BTreeMap<String, User>, Vec<Tag>) {
    let page = scene.store.users(scene.account.id, UserFilter::default(), PageAt::First, 1_000_000).await.unwrap();
    let users = page.rows.into_iter().map(|(_, user)| (user.openid.to_string(), user)).collect();
    (users, scene.store.tags(scene.account.id).await.unwrap())
}

/// What the cache was told of the changes is what WeChat tells of them now.
async fn equals_a_fresh_sync(scene: &Scene) {
    let before = cached(scene).await;
    scene.sync(ALL).await;
    assert_eq!(before, cached(scene).await);
}

/// From now on the next calls fare so, whatever they are.
fn faults(scene: &Scene, set: impl FnOnce(&mut Faults)) {
    scene.sim.faults(|faults| {
        *faults = Faults { everywhere: true, ..Faults::default() };
        set(faults);
    });
}

fn rule(done: Result<impl std::fmt::Debug, ChangeError>) -> TagError {
    match done.unwrap_err() {
        ChangeError::Tag(rule) => rule,
        error => panic!("{error}"),
    }
}

fn code(done: Result<impl std::fmt::Debug, ChangeError>) -> Option<i64> {
    match done.unwrap_err() {
        ChangeError::Session(error) => error.errcode(),
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_tag_is_made_renamed_and_deleted_here_as_there() {
    let (scene, session) = scene(20).await;
    let made = tags::create(&session, &scene.store, " 广东 ").await.unwrap();
    assert_eq!((made.name.as_str(), made.id), ("广东", tag_id(&scene, "广东")));
    change(&scene, &session, Change::Assign(made.id), openids(&scene, 0..3)).await;
    let renamed = tags::rename(&session, &scene.store, &made, "广东人").await.unwrap();
    assert_eq!((renamed.id, renamed.name.as_str()), (made.id, "广东人"));
    let (_, known) = cached(&scene).await;
    assert!(known.contains(&Tag { id: made.id, name: "广东人".into(), count: 3 }), "{known:?}");
    equals_a_fresh_sync(&scene).await;
    tags::remove(&session, &scene.store, &renamed).await.unwrap();
    let (users, known) = cached(&scene).await;
    assert!(known.iter().all(|tag| tag.id != made.id) && users.values().all(|user| !user.tags.contains(&made.id)));
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn what_a_rule_stands_against_is_not_even_asked_for() {
    let (scene, session) = scene(5).await;
    let store = &scene.store;
    let vip = Tag { id: tag_id(&scene, "VIP"), name: "VIP".into(), count: 0 };
    let star = Tag { id: TagId(2), name: "星标组".into(), count: 0 };
    assert_eq!(rule(tags::create(&session, store, "  ").await), TagError::Nameless);
    assert_eq!(rule(tags::create(&session, store, "a\nb").await), TagError::Control);
    assert_eq!(rule(tags::create(&session, store, " VIP").await), TagError::Taken("VIP".into()));
    let long = "一二三四五六七八九十一";
    assert_eq!(rule(tags::create(&session, store, long).await), TagError::TooLong(long.into()));
    assert_eq!(rule(tags::rename(&session, store, &vip, "内部").await), TagError::Taken("内部".into()));
    assert_eq!(rule(tags::rename(&session, store, &vip, "VIP").await), TagError::Same("VIP".into()));
    assert_eq!(rule(tags::rename(&session, store, &star, "新").await), TagError::System("星标组".into()));
    assert_eq!(rule(tags::remove(&session, store, &star).await), TagError::System("星标组".into()));
    let crowded = Tag { id: TagId(500), name: "all".into(), count: 100_001 };
    store.put_tag(scene.account.id, crowded.clone()).await.unwrap();
    assert_eq!(rule(tags::remove(&session, store, &crowded).await), TagError::TooMany { name: "all".into(), count: 100_001 });
    for n in 0..97 {
        store.put_tag(scene.account.id, Tag { id: TagId(600 + n), name: format!("t{n}"), count: 0 }).await.unwrap();
    }
    assert_eq!(rule(tags::create(&session, store, "one more").await), TagError::Full);
    assert_eq!([CREATE, RENAME, DELETE].map(|path| scene.sim.calls(path)), [0; 3]);
}

#[tokio::test]
async fn tags_changed_elsewhere_are_learnt_from_the_refusal() {
    let (scene, session) = scene(5).await;
    let account = |change: &dyn Fn(&mut Account)| scene.sim.world(|world| change(&mut world.accounts_mut()[0]));
    account(&|account| *account = account.clone().with_tag("新来的", 0..2));
    assert_eq!(code(tags::create(&session, &scene.store, "新来的").await), Some(45157));
    let (_, known) = cached(&scene).await;
    assert!(known.iter().any(|tag| tag.name == "新来的"), "the list was read again: {known:?}");
    let ghost = Tag { id: TagId(900), name: "ghost".into(), count: 0 };
    for wanted in ["rename", "remove"] {
        scene.store.put_tag(scene.account.id, ghost.clone()).await.unwrap();
        let done = if wanted == "rename" {
            tags::rename(&session, &scene.store, &ghost, "x").await.map(|_| ())
        } else {
            tags::remove(&session, &scene.store, &ghost).await
        };
        assert_eq!(code(done), Some(45159));
        assert!(!cached(&scene).await.1.contains(&ghost), "{wanted}");
    }
    assert_eq!([RENAME, DELETE].map(|path| scene.sim.calls(path)), [2, 2], "each is tried twice");
}

#[tokio::test]
async fn a_tag_whose_answer_was_lost_is_looked_for() {
    let (scene, session) = scene(5).await;
    let lists = scene.sim.calls(LIST);
    faults(&scene, |faults| faults.reset_after = Chance::next(1));
    let made = tags::create(&session, &scene.store, "广东").await.unwrap();
    assert_eq!(made.id, tag_id(&scene, "广东"));
    faults(&scene, |faults| faults.empty_body = Chance::next(1));
    assert_eq!(tags::rename(&session, &scene.store, &made, "广西").await.unwrap().name, "广西");
    faults(&scene, |faults| faults.http_504 = Chance::next(1));
    tags::remove(&session, &scene.store, &made).await.unwrap();
    assert_eq!((scene.sim.calls(CREATE), scene.sim.calls(LIST) - lists), (1, 3));
    faults(&scene, |faults| faults.reset_before = Chance::next(1));
    assert_eq!(code(tags::create(&session, &scene.store, "未到").await), None);
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn an_empty_cache_is_filled_before_names_are_checked() {
    let account = Account::new("Acme", 1).with_followers(3).with_tag("VIP", 0..1);
    let mut world = World::with_followers(0, 1);
    world.accounts_mut()[0] = account;
    let scene = Scene::of(world).await;
    let session = scene.session().await;
    assert_eq!(rule(tags::create(&session, &scene.store, "VIP").await), TagError::Taken("VIP".into()));
    assert_eq!(scene.sim.calls(CREATE), 0);
}

#[tokio::test]
async fn a_hundred_and_twenty_users_are_tagged_in_three_calls_and_untagged_in_three() {
    let (scene, session) = scene(130).await;
    let vip = tag_id(&scene, "VIP");
    let mut who = openids(&scene, 0..120);
    who.push(who[7].clone());
    let mut seen = Vec::new();
    let mut members_of = Members::new(&session, &scene.store, Change::Assign(vip));
    assert!(members_of.change(who.clone(), &mut |report, now| seen.push((report.done, now.len()))).await);
    let report = members_of.end();
    assert_eq!((report.done, report.calls, report.not_done(), seen), (120, 3, 0, vec![(50, 50), (100, 50), (120, 20)]));
    assert_eq!((scene.sim.calls(ASSIGN), members(&scene, "VIP")), (3, 120));
    equals_a_fresh_sync(&scene).await;
    let report = change(&scene, &session, Change::Unassign(vip), who).await;
    assert_eq!((report.done, scene.sim.calls(UNASSIGN), members(&scene, "VIP")), (120, 3, 0));
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn one_bad_openid_does_not_cost_its_batch_and_the_rest_is_done() {
    let (scene, session) = scene(150).await;
    let vip = tag_id(&scene, "VIP");
    let mut who = openids(&scene, 0..150);
    who[70] = OpenId::trusted("oNobodyHasEverSeenThisOne_01");
    let report = change(&scene, &session, Change::Assign(vip), who).await;
    assert_eq!((report.done, failed(&report)), (149, vec![(49003, 1)]));
    assert_eq!(report.failed[0].openids, [OpenId::trusted("oNobodyHasEverSeenThisOne_01")]);
    assert_eq!(members(&scene, "VIP"), 149);
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn a_list_that_is_wrong_from_end_to_end_does_not_take_a_call_for_each() {
    let (scene, session) = scene(10).await;
    let strangers: Vec<OpenId> = (0..2_000).map(|n| OpenId::trusted(format!("oStranger_{n:018}"))).collect();
    let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), strangers).await;
    assert_eq!((report.done, failed(&report)), (0, vec![(49003, 2_000)]));
    assert_eq!(report.calls, 40 + 2 * 100, "a hundred batches are halved");
    assert!(report.undivided > 1_800, "{}", report.undivided);
}

#[tokio::test]
async fn a_code_about_one_call_fails_that_call_only() {
    let (scene, session) = scene(150).await;
    // Every half of the second call is refused as well: 99 calls for its fifty.
    faults(&scene, |faults| {
        faults.refuse = Chance { after: 1, next: 99, percent: 0.0 };
        faults.refuse_code = 49003;
    });
    let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), openids(&scene, 0..150)).await;
    assert_eq!((report.done, failed(&report), report.calls), (100, vec![(49003, 50)], 101));
    faults(&scene, |_| {});
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn a_hopeless_code_stops_at_once_and_what_was_done_is_known() {
    for code in [48001, 40032, 50002, 45009] {
        let (scene, session) = scene(150).await;
        faults(&scene, |faults| {
            faults.refuse = Chance { after: 1, next: 9, percent: 0.0 };
            faults.refuse_code = code;
        });
        let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), openids(&scene, 0..150)).await;
        assert_eq!((report.done, report.calls, report.stopped.unwrap().errcode()), (50, 2, Some(code)));
        faults(&scene, |_| {});
        equals_a_fresh_sync(&scene).await;
    }
}

#[tokio::test]
async fn a_tag_that_is_said_not_to_be_there_is_tried_once_more() {
    let (scene, session) = scene(60).await;
    let vip = tag_id(&scene, "VIP");
    faults(&scene, |faults| (faults.refuse, faults.refuse_code) = (Chance::next(1), 45159));
    let report = change(&scene, &session, Change::Assign(vip), openids(&scene, 0..60)).await;
    assert_eq!((report.done, report.stopped.is_none(), scene.sim.calls(ASSIGN)), (60, true, 3));
    faults(&scene, |faults| (faults.refuse, faults.refuse_code) = (Chance::next(2), 45159));
    let report = change(&scene, &session, Change::Unassign(vip), openids(&scene, 0..60)).await;
    assert_eq!((report.done, report.stopped.unwrap().errcode(), scene.sim.calls(UNASSIGN)), (0, Some(45159), 2));
    faults(&scene, |_| {});
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn a_busy_server_a_spent_minute_and_a_lost_answer_are_waited_out() {
    let (scene, session) = scene(50).await;
    let mut tagged = 0;
    for (at, fault) in ["busy", "minute", "lost", "garbled"].into_iter().enumerate() {
        faults(&scene, |faults| match fault {
            "busy" => faults.busy = Chance::next(2),
            "minute" => (faults.refuse, faults.refuse_code) = (Chance::next(1), 45011),
            "lost" => faults.reset_after = Chance::next(1),
            _ => faults.http_502 = Chance::next(1),
        });
        let tag = tags_of(&scene, at).await;
        let report = change(&scene, &session, Change::Assign(tag), openids(&scene, 10..30)).await;
        assert_eq!((report.done, report.stopped.is_none()), (20, true), "{fault}");
        tagged += 20;
    }
    assert_eq!(tagged, 80);
    faults(&scene, |faults| faults.busy = Chance::percent(100.0));
    let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), openids(&scene, 30..40)).await;
    assert_eq!((report.done, report.stopped.unwrap().errcode()), (0, Some(-1)));
    faults(&scene, |_| {});
    equals_a_fresh_sync(&scene).await;
}

async fn tags_of(scene: &Scene, at: usize) -> TagId {
    let known = scene.store.tags(scene.account.id).await.unwrap();
    known[1 + at % 2].id
}

#[tokio::test]
async fn who_left_and_who_has_twenty_tags_is_left_out() {
    let mut account = Account::new("Acme", 1).with_followers(60).with_tag("VIP", 30..40);
    for n in 0..20 {
        account = account.with_tag(&format!("tag {n}"), [3, 35]);
    }
    let mut world = World::with_followers(0, 1);
    world.accounts_mut()[0] = account;
    let scene = Scene::of(world).await;
    scene.sync(ALL).await;
    let [gone] = openids(&scene, [9]).try_into().unwrap();
    scene.act(Action::Unfollow { openid: gone.to_string() });
    scene.sync(ALL).await;
    let session = scene.session().await;
    let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), openids(&scene, 0..20)).await;
    assert_eq!((report.done, report.left, report.full, report.calls), (18, 1, 1, 1));
    // Whoever got more tags elsewhere is found out by WeChat's refusal, alone.
    scene.sim.world(|world| {
        let account = &mut world.accounts_mut()[0];
        *account = (20..40).fold(account.clone(), |account, n| account.with_tag(&format!("tag {n}"), [21]));
    });
    let report = change(&scene, &session, Change::Assign(tag_id(&scene, "VIP")), openids(&scene, 20..30)).await;
    assert_eq!((report.done, failed(&report)), (9, vec![(45059, 1)]));
    // One with 20 tags keeps those it has.
    let report = change(&scene, &session, Change::Unassign(tag_id(&scene, "tag 0")), openids(&scene, [3, 35])).await;
    assert_eq!((report.done, report.full), (2, 0));
}

#[tokio::test]
async fn forty_five_are_blocked_in_three_calls_and_unblocked_in_three() {
    let (scene, session) = scene(60).await;
    let who = openids(&scene, 0..45);
    let report = change(&scene, &session, Change::Block, who.clone()).await;
    assert_eq!((report.done, scene.sim.calls(BLOCK)), (45, 3));
    assert_eq!(cached(&scene).await.0.values().filter(|user| user.blacklisted).count(), 45);
    equals_a_fresh_sync(&scene).await;
    let mut who = who;
    who[30] = OpenId::trusted("oNobodyHasEverSeenThisOne_01");
    let report = change(&scene, &session, Change::Unblock, who).await;
    assert_eq!((report.done, failed(&report)), (44, vec![(49003, 1)]));
    assert!(scene.sim.calls(UNBLOCK) > 3);
    assert_eq!(cached(&scene).await.0.values().filter(|user| user.blacklisted).count(), 1);
    equals_a_fresh_sync(&scene).await;
}

#[tokio::test]
async fn a_remark_is_set_and_taken_away_and_a_busy_moment_is_waited_out() {
    let (scene, session) = scene(10).await;
    let [who] = openids(&scene, [4]).try_into().unwrap();
    let set = async |text: &str| users::remark(&session, &scene.store, &who, text).await;
    let shown = async || cached(&scene).await.0[who.as_str()].remark.clone();
    set(" 王小明 ").await.unwrap();
    assert_eq!(shown().await, "王小明");
    equals_a_fresh_sync(&scene).await;
    set("").await.unwrap();
    assert_eq!(shown().await, "");
    equals_a_fresh_sync(&scene).await;
    faults(&scene, |faults| faults.refuse = Chance::next(1));
    scene.sim.faults(|faults| faults.refuse_code = 40092);
    assert_eq!(code(set("x").await), Some(40092));
    assert_eq!((shown().await, scene.sim.calls(REMARK)), (String::new(), 3));
    faults(&scene, |faults| faults.busy = Chance::next(1));
    set("一二三四五六七八九十").await.unwrap();
    assert_eq!((shown().await.as_str(), scene.sim.calls(REMARK)), ("一二三四五六七八九十", 5));
    assert!(matches!(set("a\tb").await, Err(ChangeError::Remark(RemarkError::Control))));
    assert!(matches!(set(&"一".repeat(30)).await, Err(ChangeError::Remark(RemarkError::TooLong { chars: 30 }))));
    assert_eq!(scene.sim.calls(REMARK), 5, "what breaks a rule is not sent");
    scene.sim.world(|world| world.accounts_mut()[0].set_standing(who.as_str(), Standing::Broken));
    assert_eq!(code(set("x").await), Some(40003));
}

#[tokio::test]
async fn what_a_tag_is_used_for_is_told() {
    let (scene, _) = scene(20).await;
    let (account, vip) = (scene.account.id, tag_id(&scene, "VIP"));
    let audience = Audience::of(UserSet::Tag(vip));
    let draft = |id, audience| Draft {
        id: DraftId(id),
        name: String::new(),
        template_id: TemplateId::trusted("T"),
        title: String::new(),
        texts: FormTexts::default(),
        audience,
        place: Place::default(),
        updated_at: jiff::Timestamp::UNIX_EPOCH,
    };
    scene.store.put_draft(account, draft(1, audience.clone())).await.unwrap();
    scene.store.put_draft(account, draft(2, Audience::of(UserSet::All))).await.unwrap();
    let kept = KeptAudience { name: "贵宾".into(), audience };
    scene.store.keep_audience(account, kept, jiff::Timestamp::now()).await.unwrap();
    let uses = tags::uses(&scene.store, account, &Tag { id: vip, name: "VIP".into(), count: 3 }).await.unwrap();
    assert_eq!(uses, Uses { users: 10, drafts: 1, kept: vec!["贵宾".into()] });
}
