//! Tags, remarks and the blacklist: changed at WeChat, and in the cache at once.

use crate::home::{Home, document, said};
use crate::scene::Scene;
use muban::domain::id::{OpenId, TagId};
use muban::domain::user::{PageAt, User, UserFilter};
use muban::manage::members::{Change, Members, Report};
use muban::manage::{tags, users};
use muban::session::Session;
use muban::sim::{Action, Chance, Sim, World};
use muban::sync::{Details, SyncPlan};
use std::collections::{BTreeMap, BTreeSet};

const ASSIGN: &str = "/cgi-bin/tags/members/batchtagging";
const BLOCK: &str = "/cgi-bin/tags/members/batchblacklist";

async fn known(scene: &Scene) -> BTreeMap<String, User> {
    let page = scene.store.users(scene.account.id, UserFilter::default(), PageAt::First, 100_000).await.unwrap();
    page.rows.into_iter().map(|(_, user)| (user.openid.to_string(), user)).collect()
}

fn openids(scene: &Scene, numbers: impl IntoIterator<Item = u32>) -> Vec<OpenId> {
    let account = scene.sim.world(|world| world.accounts()[0].clone());
    numbers.into_iter().map(|n| OpenId::trusted(account.openid(n))).collect()
}

/// What the cache says now is what it says after asking everyone anew.
async fn is_as_after_a_sync(scene: &Scene) {
    let before = known(scene).await;
    scene.sync(SyncPlan { details: Details::Everyone, ..SyncPlan::default() }).await;
    let after = known(scene).await;
    for (openid, user) in &before {
        let tags = |user: &User| user.tags.iter().copied().collect::<BTreeSet<TagId>>();
        let now = &after[openid];
        assert_eq!((tags(user), &user.remark, user.blacklisted), (tags(now), &now.remark, now.blacklisted), "{openid}");
    }
}

async fn change(scene: &Scene, session: &Session, change: Change, openids: &[OpenId]) -> Report {
    let mut members = Members::new(session, &scene.store, change);
    members.change(openids.to_vec(), &mut |_, _| {}).await;
    members.end()
}

fn nobody_refused(report: &Report, done: u64) {
    assert!(report.not_done() == 0 && report.stopped.is_none(), "{report:?}");
    assert_eq!(report.done, done);
}

#[tokio::test]
async fn a_tag_is_made_given_to_many_taken_away_and_deleted() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let session = scene.session().await;
    let tag = tags::create(&session, &scene.store, "老客户").await.unwrap();
    let many = openids(&scene, 0..120);
    nobody_refused(&change(&scene, &session, Change::Assign(tag.id), &many).await, 120);
    assert_eq!(scene.sim.calls(ASSIGN), 3, "fifty a call");
    let of = async |scene: &Scene| {
        let tags = scene.store.tags(scene.account.id).await.unwrap();
        tags.into_iter().find(|one| one.id == tag.id).map(|tag| (tag.name, tag.count))
    };
    assert_eq!(of(&scene).await, Some(("老客户".into(), 120)));
    is_as_after_a_sync(&scene).await;

    nobody_refused(&change(&scene, &session, Change::Unassign(tag.id), &many[..70]).await, 70);
    is_as_after_a_sync(&scene).await;
    let renamed = tags::rename(&session, &scene.store, &tag, "老朋友").await.unwrap();
    assert_eq!((renamed.id, of(&scene).await.map(|tag| tag.0)), (tag.id, Some("老朋友".into())));
    tags::remove(&session, &scene.store, &renamed).await.unwrap();
    assert_eq!(of(&scene).await, None);
    assert!(known(&scene).await.values().all(|user| !user.tags.contains(&tag.id)));
    is_as_after_a_sync(&scene).await;
}

#[tokio::test]
async fn one_who_is_refused_costs_nobody_else_and_a_moment_s_trouble_is_waited_out() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let session = scene.session().await;
    let tag = tags::create(&session, &scene.store, "新").await.unwrap();
    let mut many = openids(&scene, 0..99);
    many.insert(42, OpenId::trusted("oStrangerStrangerStranger123"));
    let changed = change(&scene, &session, Change::Assign(tag.id), &many).await;
    let refused: Vec<&str> = changed.failed.iter().flat_map(|failed| &failed.openids).map(OpenId::as_str).collect();
    assert_eq!((changed.done, refused), (99, vec!["oStrangerStrangerStranger123"]));
    is_as_after_a_sync(&scene).await;

    // A tag that is there is sometimes said not to be.
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::nth(1), 45159));
    nobody_refused(&change(&scene, &session, Change::Assign(tag.id), &openids(&scene, 100..110)).await, 10);
    // Where nothing can go on, nothing is tried any more.
    let calls = scene.sim.calls(ASSIGN);
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::percent(100.0), 48001));
    let changed = change(&scene, &session, Change::Assign(tag.id), &openids(&scene, 110..200)).await;
    assert_eq!((changed.done, changed.stopped.and_then(|error| error.errcode())), (0, Some(48001)));
    assert_eq!(scene.sim.calls(ASSIGN), calls + 1);
}

#[tokio::test]
async fn remarks_and_the_blacklist_are_known_at_once() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let session = scene.session().await;
    let who = openids(&scene, [3]).remove(0);
    users::remark(&session, &scene.store, &who, "张总").await.unwrap();
    assert_eq!(scene.sim.world(|world| world.accounts()[0].remark(who.as_str())), "张总");
    let many = openids(&scene, 10..55);
    nobody_refused(&change(&scene, &session, Change::Block, &many).await, 45);
    assert_eq!(scene.sim.calls(BLOCK), 3, "twenty a call");
    is_as_after_a_sync(&scene).await;
    assert_eq!(known(&scene).await.values().filter(|user| user.blacklisted).count(), 45);
    nobody_refused(&change(&scene, &session, Change::Unblock, &many[..5]).await, 5);
    is_as_after_a_sync(&scene).await;
    users::remark(&session, &scene.store, &who, "").await.unwrap();
    assert_eq!(known(&scene).await[who.as_str()].remark, "");
}

#[test]
fn the_command_line_does_it_too_and_refuses_what_wechat_would() {
    let sim = Sim::local(World::with_followers(60, 1)).unwrap();
    let home = Home::synced(&sim);
    let account = sim.world(|world| world.accounts()[0].clone());
    let [a, b] = [1, 2].map(|n| account.openid(n));
    let added = home.fine(&["tag", "add", "老客户", "--json"]);
    let id = added["tag"]["id"].to_string();
    for (args, words) in [
        (&["tag", "add", "老客户"][..], "already"),
        (&["tag", "add", "一二三四五六七八九十一"], "30 bytes"),
        (&["tag", "add", "a\tb"], "control characters"),
        (&["tag", "rename", "老客户", "老客户 "], "already: nothing is to be changed"),
        (&["tag", "rename", "2", "x"], "WeChat's own"),
        (&["tag", "remove", "2"], "WeChat's own"),
        (&["--lang", "zh", "tag", "add", "老客户"], "标签名不能重复"),
        (&["user", "remark", &a, "a\nb"], "control characters"),
        (&["tag", "remove", "nothing"], "no tag `nothing`"),
        (&["tag", "remove", &id], "--yes"),
        (&["tag", "assign", &id], "nobody"),
        (&["tag", "assign", &id, "not an openid"], "not an openid"),
        (&["user", "remark", &a, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"], "29 characters"),
    ] {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
    }
    assert_eq!(home.fine(&["tag", "rename", "老客户", "老朋友", "--json"])["tag"]["name"], "老朋友");
    assert_eq!(home.fine(&["tag", "assign", "老朋友", &a, &b, &a, "--json"])["assigned"], 2);
    assert_eq!(sim.world(|world| world.accounts()[0].tag_members("老朋友").len()), 2);
    let (partly, code) = document(&home.run(&["tag", "assign", "老朋友", &a, "oStrangerStrangerStranger123", "--json"]));
    assert_eq!(
        (partly["assigned"].as_u64(), partly["failed"][0]["openids"][0].as_str(), code),
        (Some(1), Some("oStrangerStrangerStranger123"), Some(1))
    );
    // Whole audiences, too.
    let rest = home.fine(&["tag", "assign", "老朋友", "--audience", "all - tag:老朋友", "--json"]);
    assert_eq!(rest["assigned"], 58);
    assert_eq!(home.fine(&["tag", "unassign", "老朋友", "--audience", "all", "--json"])["unassigned"], 60);
    assert_eq!(home.fine(&["tag", "remove", "老朋友", "--yes", "--json"])["removed"], true);

    home.fine(&["user", "remark", &a, "张总", "--json"]);
    assert_eq!(sim.world(|world| world.accounts()[0].remark(&a)), "张总");
    assert_eq!(home.fine(&["user", "block", &a, &b, "--json"])["blocked"], 2);
    assert_eq!(home.fine(&["user", "unblock", &b, "--json"])["unblocked"], 1);
    let dry = home.fine(&[&["send", "--all", "--dry-run", "--json"], crate::home::MESSAGE].concat());
    assert_eq!(dry["excluded"]["blacklisted"], 1);
    sim.world(|world| world.act(None, Action::Certify { certified: false })).unwrap();
    let refused = home.run(&["tag", "add", "x"]);
    assert_eq!(refused.status.code(), Some(3), "{}", said(&refused));
    assert!(said(&refused).contains("48001"), "{}", said(&refused));
}

#[test]
fn the_command_line_tells_whom_it_left_out_why_it_stopped_and_what_a_deleted_tag_was_used_for() {
    let mut account = muban::sim::Account::new("Acme", 1).with_followers(130).with_tag("VIP", 0..1);
    account = (0..20).fold(account, |account, n| account.with_tag(&format!("tag {n}"), [3]));
    let mut world = World::with_followers(0, 1);
    world.accounts_mut()[0] = account.clone();
    let sim = Sim::local(world).unwrap();
    let home = Home::synced(&sim);
    let [gone, full, fine] = [9, 3, 4].map(|n| account.openid(n));
    sim.world(|world| world.act(None, Action::Unfollow { openid: gone.clone() })).unwrap();
    home.fine(&["sync", "users"]);
    let output = home.run(&["tag", "assign", "VIP", &gone, &full, &fine, "--json"]);
    let (told, code) = document(&output);
    assert_eq!((told["assigned"].as_u64(), code, sim.calls(ASSIGN)), (Some(1), Some(1), 1));
    assert_eq!((&told["left_out"]["unsubscribed"], &told["left_out"]["full"]), (&1.into(), &1.into()));
    assert!(said(&output).contains("Left out: 1 unfollowed, 1 with 20 tags already."), "{}", said(&output));

    // What was done before it stopped is told, and so is why it stopped.
    sim.faults(|faults| {
        (faults.everywhere, faults.refuse_code) = (true, 48001);
        faults.refuse = Chance { after: 2, next: 9, percent: 0.0 };
    });
    let output = home.run(&["tag", "assign", "VIP", "--audience", "all", "--json"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let (told, _) = document(&output);
    assert_eq!((told["complete"].as_bool(), told["failed"].as_array().map(Vec::len)), (Some(false), Some(0)));
    let done = told["assigned"].as_u64().unwrap();
    let rest = format!("stopped; {} were not done: WeChat answered 48001", 128 - done);
    assert!(done > 0 && said(&output).contains(&rest), "{done}: {}", said(&output));
    sim.faults(|faults| *faults = muban::sim::Faults::default());

    let kept = home.fine(&["tag", "remove", "VIP", "--yes", "--json"]);
    assert_eq!((&kept["removed"], &kept["used_in"]["drafts"]), (&true.into(), &0.into()));
}
