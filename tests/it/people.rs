//! Tags, remarks and the blacklist: changed at WeChat, and in the cache at once.

use crate::home::{Home, document, said};
use crate::scene::Scene;
use muban::domain::id::{OpenId, TagId};
use muban::domain::user::{PageAt, User, UserFilter};
use muban::manage::{Changed, tags, users};
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

fn nobody_refused(changed: &Changed, done: u64) {
    assert!(changed.refused.is_empty() && changed.stopped.is_none(), "{changed:?}");
    assert_eq!(changed.done, done);
}

#[tokio::test]
async fn a_tag_is_made_given_to_many_taken_away_and_deleted() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let session = scene.session().await;
    let tag = tags::create(&session, &scene.store, "老客户").await.unwrap();
    let many = openids(&scene, 0..120);
    nobody_refused(&tags::tag(&session, &scene.store, tag.id, &many, true).await.unwrap(), 120);
    assert_eq!(scene.sim.calls(ASSIGN), 3, "fifty a call");
    let of = async |scene: &Scene| {
        let tags = scene.store.tags(scene.account.id).await.unwrap();
        tags.into_iter().find(|one| one.id == tag.id).map(|tag| (tag.name, tag.count))
    };
    assert_eq!(of(&scene).await, Some(("老客户".into(), 120)));
    is_as_after_a_sync(&scene).await;

    nobody_refused(&tags::tag(&session, &scene.store, tag.id, &many[..70], false).await.unwrap(), 70);
    is_as_after_a_sync(&scene).await;
    let renamed = tags::rename(&session, &scene.store, &tag, "老朋友").await.unwrap();
    assert_eq!((renamed.id, of(&scene).await.map(|tag| tag.0)), (tag.id, Some("老朋友".into())));
    tags::remove(&session, &scene.store, tag.id).await.unwrap();
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
    let changed = tags::tag(&session, &scene.store, tag.id, &many, true).await.unwrap();
    let refused: Vec<&str> = changed.refused.iter().map(|(openid, _)| openid.as_str()).collect();
    assert_eq!((changed.done, refused), (99, vec!["oStrangerStrangerStranger123"]));
    is_as_after_a_sync(&scene).await;

    // A tag that is there is sometimes said not to be.
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::nth(1), 45159));
    nobody_refused(&tags::tag(&session, &scene.store, tag.id, &openids(&scene, 100..110), true).await.unwrap(), 10);
    // Where nothing can go on, nothing is tried any more.
    let calls = scene.sim.calls(ASSIGN);
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse, faults.refuse_code) = (true, Chance::percent(100.0), 48001));
    let changed = tags::tag(&session, &scene.store, tag.id, &openids(&scene, 110..200), true).await.unwrap();
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
    nobody_refused(&users::block(&session, &scene.store, &many, true).await.unwrap(), 45);
    assert_eq!(scene.sim.calls(BLOCK), 3, "twenty a call");
    is_as_after_a_sync(&scene).await;
    assert_eq!(known(&scene).await.values().filter(|user| user.blacklisted).count(), 45);
    nobody_refused(&users::block(&session, &scene.store, &many[..5], false).await.unwrap(), 5);
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
        (&["tag", "rename", "2", "x"], "WeChat's own"),
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
