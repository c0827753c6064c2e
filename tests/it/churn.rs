//! Between two syncs people come, go and change: the second one asks of few, and knows all.

use crate::scene::Scene;
use muban::domain::id::{OpenId, TagId};
use muban::domain::user::{PageAt, User, UserFilter};
use muban::sim::{Action, World};
use muban::store::UserChanges;
use muban::sync::{Details, SyncPlan};
use std::collections::{BTreeMap, BTreeSet};

const DETAILS: &str = "/cgi-bin/user/info/batchget";
const LIST: &str = "/cgi-bin/user/get";
const FOLLOWERS: usize = 20_000;

async fn users(scene: &Scene) -> BTreeMap<String, User> {
    let page = scene.store.users(scene.account.id, UserFilter::default(), PageAt::First, 1_000_000).await.unwrap();
    page.rows.into_iter().map(|(_, user)| (user.openid.to_string(), user)).collect()
}

/// Gives a tag to these followers, by their numbers, as somebody does at WeChat.
async fn tag(scene: &Scene, tag: TagId, numbers: impl IntoIterator<Item = u32>) {
    let account = scene.sim.world(|world| world.accounts()[0].clone());
    let openids: Vec<OpenId> = numbers.into_iter().map(|n| OpenId::trusted(account.openid(n))).collect();
    let session = scene.session().await;
    let openids = &openids;
    session.call(|client, token| async move { client.assign_tag(&token, tag, openids).await }).await.unwrap();
}

async fn untag(scene: &Scene, tag: TagId, numbers: impl IntoIterator<Item = u32>) {
    let account = scene.sim.world(|world| world.accounts()[0].clone());
    let openids: Vec<OpenId> = numbers.into_iter().map(|n| OpenId::trusted(account.openid(n))).collect();
    let session = scene.session().await;
    let openids = &openids;
    session.call(|client, token| async move { client.unassign_tag(&token, tag, openids).await }).await.unwrap();
}

/// What the simulator has is what the store says of every follower.
async fn equals_the_world(scene: &Scene) {
    let world = scene.sim.world(|world| world.accounts()[0].clone());
    let mut tags: BTreeMap<String, BTreeSet<TagId>> = BTreeMap::new();
    for tag in scene.store.tags(scene.account.id).await.unwrap() {
        for openid in world.tag_members(&tag.name) {
            tags.entry(openid).or_default().insert(tag.id);
        }
    }
    let theirs: BTreeSet<String> = world.openids().collect();
    let users = users(scene).await;
    let ours: BTreeSet<String> = users.values().filter(|user| user.subscribed).map(|user| user.openid.to_string()).collect();
    assert_eq!(ours.len(), theirs.len());
    assert!(ours == theirs, "the very same follow");
    for user in users.values().filter(|user| user.subscribed) {
        let has: BTreeSet<TagId> = user.tags.iter().copied().collect();
        assert_eq!(has, tags.remove(user.openid.as_str()).unwrap_or_default(), "{}", user.openid);
    }
}

#[tokio::test]
async fn a_thousand_leave_two_hundred_come_back_five_hundred_are_new_and_fifty_change_tags() {
    let scene = Scene::of(World::with_followers(FOLLOWERS, 1)).await;
    let openid = |n: u32| scene.sim.world(|world| world.accounts()[0].openid(n));
    // Two hundred had left before, so that they can come back.
    scene.sync(SyncPlan::default()).await;
    for n in 0..200 {
        scene.act(Action::Unfollow { openid: openid(n) });
    }
    scene.sync(SyncPlan::default()).await;

    for n in 1_000..2_000 {
        scene.act(Action::Unfollow { openid: openid(n) });
    }
    for n in 0..200 {
        scene.act(Action::Follow { openid: openid(n) });
    }
    for n in 0..500 {
        scene.act(Action::Follow { openid: format!("oNewcomerNewcomerNewcomer{n:03}") });
    }
    let half = scene.store.tags(scene.account.id).await.unwrap().into_iter().find(|tag| tag.name == "half").unwrap().id;
    let (with, without): (Vec<u32>, Vec<u32>) = {
        let members: BTreeSet<String> = scene.sim.world(|world| world.accounts()[0].tag_members("half")).into_iter().collect();
        (5_000..6_000).partition(|n| members.contains(&openid(*n)))
    };
    tag(&scene, half, without.iter().copied().take(25)).await;
    untag(&scene, half, with.iter().copied().take(25)).await;

    let (details, lists) = (scene.sim.calls(DETAILS), scene.sim.calls(LIST));
    let users = scene.sync(SyncPlan::default()).await.users.unwrap();
    let total = FOLLOWERS as u64 + 500;
    assert_eq!(users, UserChanges { total, subscribed: total - 1_000, added: 500, returned: 200, unsubscribed: 1_000 });
    assert_eq!(scene.sim.calls(DETAILS) - details, 7, "only of the seven hundred who came");
    assert!(scene.sim.calls(LIST) - lists <= 3);
    equals_the_world(&scene).await;

    let incremental = self::users(&scene).await;
    scene.sync(SyncPlan { details: Details::Everyone, ..SyncPlan::default() }).await;
    let full = self::users(&scene).await;
    for (openid, user) in &incremental {
        assert_eq!(Some(user), full.get(openid), "asked of everyone, nothing is different");
    }
    assert_eq!(
        scene.sync(SyncPlan::default()).await.users.unwrap(),
        UserChanges { total, subscribed: total - 1_000, ..UserChanges::default() }
    );
}

#[tokio::test]
async fn a_day_s_allowance_that_is_spent_leaves_what_is_there_and_the_next_sync_goes_on() {
    let scene = Scene::of(World::with_followers(20_000, 1)).await;
    scene.act(Action::SetQuota { path: DETAILS.into(), limit: 70 });
    let report = scene.sync(SyncPlan { concurrency: 2, ..SyncPlan::default() }).await;
    assert_eq!(report.cut.map(|cut| (cut.done, cut.total, cut.errcode)), Some((7_000, 20_000, 45009)));
    let standing = scene.store.user_standing(scene.account.id).await.unwrap();
    assert_eq!((standing.listed, standing.followers, standing.detailed), (true, 20_000, 7_000));

    scene.act(Action::NextDay);
    scene.act(Action::SetQuota { path: DETAILS.into(), limit: 500 });
    let (details, lists) = (scene.sim.calls(DETAILS), scene.sim.calls(LIST));
    scene.sync(SyncPlan::default()).await;
    assert_eq!((scene.sim.calls(DETAILS) - details, scene.sim.calls(LIST) - lists), (130, 3), "only what was missing");
    let standing = scene.store.user_standing(scene.account.id).await.unwrap();
    assert_eq!((standing.detailed, standing.listed_at.is_some()), (20_000, true));
}
