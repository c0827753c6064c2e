//! What a sync stores, whole or cut off.

use super::*;
use crate::domain::template::Template;
use crate::domain::user::{Listed, Tag};
use std::collections::HashMap;

fn template(id: &str, title: &str) -> Template {
    Template {
        id: TemplateId::trusted(id),
        title: title.into(),
        content: "单号:{{thing1.DATA}}\n".into(),
        example: "单号:42".into(),
        industry: (String::new(), String::new()),
    }
}

#[tokio::test]
async fn templates_go_and_come_back() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let [a, b, c] = [template("A", "一"), template("B", "二"), template("C", "三")];
    let put = async |list: &[&Template]| {
        let list = list.iter().map(|&template| template.clone()).collect();
        let changes = store.put_templates(id, list, at(0)).await.unwrap();
        (changes.total, changes.added, changes.removed)
    };
    assert_eq!(put(&[&a, &b]).await, (2, 2, 0));
    assert_eq!(put(&[&a, &b]).await, (2, 0, 0));
    assert_eq!(put(&[&c, &a]).await, (2, 1, 1));
    assert_eq!(store.templates(id).await.unwrap(), [c.clone(), a.clone()], "in WeChat's order");
    let renamed = template("A", "新");
    assert_eq!(put(&[&b, &renamed]).await, (2, 1, 1));
    assert_eq!(store.templates(id).await.unwrap(), [b, renamed]);
    assert_eq!(put(&[]).await, (0, 0, 2));
    assert_eq!(put(&[&a, &a]).await, (1, 1, 0), "listed twice is one");
    assert_eq!(store.templates(AccountId(77)).await.unwrap(), []);
}

#[tokio::test]
async fn a_sync_tells_who_is_new_who_left_and_who_is_back() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let plain = |names: &[&str]| names.iter().map(|name| detail(name, "", 0, &[])).collect::<Vec<_>>();
    let changes =
        |total, subscribed, added, returned, unsubscribed| UserChanges { total, subscribed, added, returned, unsubscribed };
    assert_eq!(sync_of(&store, id, plain(&["oA", "oB", "oC"])).await, changes(3, 3, 3, 0, 0));
    assert_eq!(sync_of(&store, id, plain(&["oA", "oD"])).await, changes(4, 2, 1, 0, 2));
    assert!(!store.user(id, openid("oB")).await.unwrap().unwrap().subscribed, "kept with history");
    assert_eq!(sync_of(&store, id, plain(&["oA", "oD", "oB"])).await, changes(4, 3, 0, 1, 0));
    assert_eq!(sync_of(&store, id, plain(&[])).await, changes(4, 0, 0, 0, 3));
}

#[tokio::test]
async fn a_cut_off_list_goes_on_and_hides_nobody_meanwhile() {
    let (dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, ["oA", "oB", "oC"].map(|name| detail(name, "", 0, &[])).into()).await;
    let first = store.begin_user_sync(id).await.unwrap();
    let listed_at = Some(at(1));
    assert_eq!(first, SyncState { generation: 2, next: None, stage: Stage::List, listed_at });
    store.put_openids(id, 2, openids(&["oA", "oX", "oA"]), Some(openid("oX"))).await.unwrap();
    drop(store);

    let store = Store::open(dir.path()).unwrap();
    assert!(store.user(id, openid("oC")).await.unwrap().unwrap().subscribed, "nobody has left before the list is whole");
    let resumed = store.begin_user_sync(id).await.unwrap();
    assert_eq!(resumed, SyncState { generation: 2, next: Some(openid("oX")), stage: Stage::List, listed_at });
    store.put_openids(id, 2, openids(&["oB"]), None).await.unwrap();
    store.end_openids(id, 2, at(9)).await.unwrap();
    assert_eq!(store.begin_user_sync(id).await.unwrap().stage, Stage::Details);
    let changes = store.end_user_sync(id).await.unwrap();
    assert_eq!(changes, UserChanges { total: 4, subscribed: 3, added: 1, returned: 0, unsubscribed: 1 });
    assert_eq!(
        store.begin_user_sync(id).await.unwrap(),
        SyncState { generation: 3, next: None, stage: Stage::List, listed_at: Some(at(9)) }
    );
}

#[tokio::test]
async fn details_are_asked_for_once_a_sync() {
    let (_dir, store) = open();
    let id = account(&store).await;
    store.begin_user_sync(id).await.unwrap();
    store.put_openids(id, 1, openids(&["oA", "oB", "oC"]), None).await.unwrap();
    store.end_openids(id, 1, at(9)).await.unwrap();
    let left = async |after, limit| {
        let users = store.without_details(id, 1, after, limit).await.unwrap();
        users.into_iter().map(|(_, openid)| openid.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(left(0, 2).await, ["oA", "oB"]);
    let (last, _) = store.without_details(id, 1, 0, 2).await.unwrap().pop().unwrap();
    assert_eq!(left(last, 2).await, ["oC"]);
    let gone = UserDetail { subscribed: false, ..detail("oB", "", 0, &[]) };
    store
        .put_details(id, 1, vec![detail("oA", "张三", 7, &[101, 2]), gone, detail("oStranger", "", 0, &[])], HashMap::new())
        .await
        .unwrap();
    assert_eq!(left(0, 9).await, ["oC"]);
    let user = store.user(id, openid("oA")).await.unwrap().unwrap();
    assert_eq!((user.label(), user.subscribe_time, user.tags.len()), ("张三", Some(at(7)), 2));
    assert!(!store.user(id, openid("oB")).await.unwrap().unwrap().subscribed);
    assert!(store.user(id, openid("oStranger")).await.unwrap().is_none());
    store.put_details(id, 1, vec![detail("oA", "", 7, &[5])], HashMap::new()).await.unwrap();
    let user = store.user(id, openid("oA")).await.unwrap().unwrap();
    assert_eq!((user.label(), user.tags.as_slice()), ("", [TagId(5)].as_slice()), "what WeChat says replaces what was known");
}

#[tokio::test]
async fn tags_and_their_members_follow_wechat() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let tag = |id, name: &str| Tag { id: TagId(id), name: name.into(), count: 1 };
    store.put_tags(id, vec![tag(100, "VIP"), tag(2, "星标组")]).await.unwrap();
    sync_of(&store, id, vec![detail("oA", "", 0, &[100]), detail("oB", "", 0, &[100, 2])]).await;
    let tags_of = async |name: &str| store.user(id, openid(name)).await.unwrap().unwrap().tags;
    let seen = store.put_tag_members(id, TagId(2), openids(&["oA", "oA", "oNobody"]), Rows::default()).await.unwrap();
    assert_eq!(tags_of("oB").await, [TagId(2), TagId(100)], "until all have been seen");
    store.end_tag_members(id, TagId(2), seen).await.unwrap();
    assert_eq!(tags_of("oA").await, [TagId(2), TagId(100)]);
    assert_eq!(tags_of("oB").await, [TagId(100)]);
    store.put_tags(id, vec![tag(2, "星标组")]).await.unwrap();
    assert_eq!(store.tags(id).await.unwrap(), [tag(2, "星标组")]);
    assert_eq!(tags_of("oB").await, [], "a tag that is gone has no members");
}

#[tokio::test]
async fn the_blacklist_is_replaced() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("oA", "", 0, &[]), detail("oB", "", 0, &[])]).await;
    let blocked = async |name: &str| store.user(id, openid(name)).await.unwrap().unwrap().blacklisted;
    store.put_blacklist(id, openids(&["oA", "oNobody"])).await.unwrap();
    assert_eq!((blocked("oA").await, blocked("oB").await), (true, false));
    store.put_blacklist(id, openids(&["oB"])).await.unwrap();
    assert_eq!((blocked("oA").await, blocked("oB").await), (false, true));
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let (_dir, store) = open();
    let one = account(&store).await;
    let two = store.add_account(new_account("Beta", "wxfedcba9876543210"), at(0)).await.unwrap();
    sync_of(&store, one, vec![detail("oA", "", 0, &[])]).await;
    assert_eq!(sync_of(&store, two, vec![detail("oA", "他", 0, &[])]).await.added, 1);
    assert_eq!(store.user(one, openid("oA")).await.unwrap().unwrap().label(), "");
    sync_of(&store, two, vec![]).await;
    assert!(store.user(one, openid("oA")).await.unwrap().unwrap().subscribed);
    store.remove_account(two, at(1)).await.unwrap();
    assert!(store.user(two, openid("oA")).await.unwrap().is_none());
    assert!(store.user(one, openid("oA")).await.unwrap().is_some());
}

#[tokio::test]
async fn newcomers_are_told_and_details_are_wanted_of_them_alone() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let plain = |names: &[&str]| names.iter().map(|name| detail(name, "", 0, &[])).collect::<Vec<_>>();
    sync_of(&store, id, plain(&["oA", "oB", "oC"])).await;
    sync_of(&store, id, plain(&["oA", "oB"])).await;
    let walk = store.begin_user_sync(id).await.unwrap().generation;
    let came = store.put_openids(id, walk, openids(&["oC", "oA", "oD", "oE", "oD", "oB"]), Some(openid("oB"))).await.unwrap();
    assert_eq!(came.iter().map(|(_, openid)| openid.as_str()).collect::<Vec<_>>(), ["oC", "oD", "oE"]);
    assert!(store.end_of_list(id).await.unwrap().is_none(), "a walk is under way");
    store.end_openids(id, walk, at(5)).await.unwrap();
    assert_eq!(store.wanted_details(id, walk, 1).await.unwrap(), DetailsWanted { followers: 5, missing: 3, fresh: 0 });
    let wanted = store.without_details(id, 1, 0, 9).await.unwrap();
    assert_eq!(wanted.iter().map(|(_, openid)| openid.as_str()).collect::<Vec<_>>(), ["oC", "oD", "oE"]);
    store.put_refused(walk, vec![wanted[0].0]).await.unwrap();
    assert_eq!(store.wanted_details(id, walk, 1).await.unwrap(), DetailsWanted { followers: 5, missing: 2, fresh: 1 });
    store.end_user_sync(id).await.unwrap();
    let end = store.end_of_list(id).await.unwrap().unwrap();
    assert_eq!((end.generation, end.next), (walk, Some(openid("oB"))));
    assert_eq!(store.listed(id).await.unwrap(), Listed { at: Some(at(5)), whole: true });

    let walk = store.begin_user_sync(id).await.unwrap();
    assert!(!walk.begins_anew());
    assert!(!store.listed(id).await.unwrap().whole);
    let anew = store.walk_again(id, Again::Details).await.unwrap();
    assert!(anew.begins_anew() && anew.generation > walk.generation);
    store.put_openids(id, anew.generation, openids(&["oA", "oB", "oC", "oD", "oE"]), None).await.unwrap();
    store.end_openids(id, anew.generation, at(6)).await.unwrap();
    let again = store.walk_again(id, Again::List).await.unwrap();
    store.put_openids(id, again.generation, openids(&["oA", "oB", "oC", "oD"]), None).await.unwrap();
    store.end_openids(id, again.generation, at(7)).await.unwrap();
    let wanted = store.wanted_details(id, again.generation, again.details_since()).await.unwrap();
    assert_eq!(wanted, DetailsWanted { followers: 4, missing: 4, fresh: 0 }, "the wish holds");
    assert_eq!(store.end_user_sync(id).await.unwrap().unsubscribed, 1, "seen in the first walk of this sync, not in the second");
}
