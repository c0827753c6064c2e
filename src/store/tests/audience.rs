//! Audiences: who is reached, who is left out and why, and that a job gets just those.

use super::*;
use crate::domain::audience::{Excluded, Exclusion, Join, Reach};
use crate::domain::user::PageAt;
use std::collections::HashMap;

/// Six followers: tag 1 has a b c, tag 2 has c d; e is blocked, f has left (with tag 1).
async fn six(store: &Store) -> AccountId {
    let id = account(store).await;
    let mut details = vec![
        detail("a", "", 0, &[1]),
        detail("b", "", 0, &[1]),
        detail("c", "", 0, &[1, 2]),
        detail("d", "", 0, &[2]),
        detail("e", "", 0, &[1]),
        detail("f", "", 0, &[1]),
    ];
    sync_of(store, id, details.clone()).await;
    details.pop();
    sync_of(store, id, details).await;
    store.put_blacklist(id, openids(&["e"])).await.unwrap();
    id
}

fn expression(text: &str) -> Audience {
    let mut audience = Audience::default();
    for term in text.split(' ') {
        let (sign, set) = term.split_at(1);
        let join = match sign {
            "+" => Join::Union,
            "&" => Join::Intersection,
            _ => Join::Difference,
        };
        let set = match set {
            "all" => UserSet::All,
            "1" | "2" | "9" => UserSet::Tag(TagId(set.parse().unwrap())),
            users => UserSet::Users(users.split(',').map(OpenId::trusted).collect()),
        };
        audience.push(join, set);
    }
    audience
}

#[tokio::test]
async fn sets_are_joined_from_left_to_right_and_a_job_gets_what_was_shown() {
    let (_dir, store) = open();
    let id = six(&store).await;
    let excluded = |duplicate, unsubscribed, blacklisted, unknown_user| Excluded {
        duplicate,
        unsubscribed,
        blacklisted,
        unknown_user,
        invalid: 0,
    };
    for (text, expected, left_out) in [
        ("+all", "a b c d", excluded(0, 0, 1, 0)),
        ("+1", "a b c", excluded(0, 1, 1, 0)),
        ("+1 +2", "a b c d", excluded(1, 1, 1, 0)),
        ("+1 &2", "c", excluded(0, 0, 0, 0)),
        ("+1 -2", "a b", excluded(0, 1, 1, 0)),
        ("+1 -2 +2", "a b c d", excluded(0, 1, 1, 0)),
        ("+1 +2 &2", "c d", excluded(1, 0, 0, 0)),
        ("+all -1 -2", "", excluded(0, 0, 0, 0)),
        ("+a,b,a,a,z", "a b", excluded(2, 0, 0, 1)),
        ("+a,b +b,c,c", "a b c", excluded(2, 0, 0, 0)),
        ("+e,f,z", "", excluded(0, 1, 1, 1)),
        ("+9", "", excluded(0, 0, 0, 0)),
        ("&all", "", excluded(0, 0, 0, 0)),
        ("-1 +2", "c d", excluded(0, 0, 0, 0)),
        ("+all &a,c,z -c", "a", excluded(0, 0, 0, 0)),
    ] {
        let audience = expression(text);
        let reach = store.reach(id, audience.clone()).await.unwrap();
        let names: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(reach, Reach { recipients: names.len() as u64, excluded: left_out }, "{text}");
        let first = store.first_recipient(id, audience.clone()).await.unwrap();
        assert_eq!(first.is_some(), !names.is_empty(), "{text}");
        assert!(first.is_none_or(|first| names.contains(&first.as_str())), "{text}");
        match store.create_job(new_job(id, audience), at(0)).await.unwrap() {
            Created::Job(job) => {
                assert_eq!((job.counts.total, job.excluded), (reach.recipients, left_out), "{text}");
                let rows = store.deliveries(id, job.id, DeliveryFilter::default(), PageAt::First, 99).await.unwrap();
                let mut got: Vec<String> = rows.iter().map(|(row, _)| row.openid.to_string()).collect();
                got.sort();
                assert_eq!(got, names, "{text}");
                assert!(rows.iter().enumerate().all(|(n, (row, _))| row.row.0 == n as i64), "rows count from 0");
            }
            Created::Nobody(excluded) => assert_eq!((expected, excluded), ("", left_out), "{text}"),
            other @ (Created::Same(_) | Created::Changed(_)) => panic!("{other:?}"),
        }
    }
    let nobody = store.reach(id, Audience::default()).await.unwrap();
    assert_eq!(nobody, Reach::default());
}

#[tokio::test]
async fn before_the_first_whole_sync_nobody_is_called_unknown() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let audience = expression("+a,z");
    assert_eq!(store.reach(id, audience.clone()).await.unwrap().recipients, 2);
    let state = store.begin_user_sync(id).await.unwrap();
    store.put_openids(id, state.generation, openids(&["a"]), None).await.unwrap();
    assert_eq!(store.reach(id, audience.clone()).await.unwrap().recipients, 2, "the sync is under way");
    store.end_openids(id, state.generation, at(1)).await.unwrap();
    store.end_user_sync(id).await.unwrap();
    let reach = store.reach(id, audience.clone()).await.unwrap();
    assert_eq!((reach.recipients, reach.excluded.unknown_user), (1, 1));
    store.begin_user_sync(id).await.unwrap();
    assert_eq!(store.reach(id, audience).await.unwrap(), reach, "the next sync takes nothing back");
}

#[tokio::test]
async fn a_list_of_openids_may_hold_anything() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let odd = ["o'; DROP TABLE users; --", "o\"x", "o\\", "张"];
    // What WeChat lists is an openid, whatever it looks like.
    sync_of(&store, id, odd.iter().map(|openid| detail(openid, "", 0, &[])).collect()).await;
    let users = openids(&[&odd[..], &odd[..1]].concat());
    let job = created(store.create_job(new_job(id, Audience::of(UserSet::Users(users))), at(0)).await.unwrap());
    assert_eq!((job.counts.total, job.excluded.duplicate), (4, 1));
}

#[tokio::test]
async fn what_is_no_openid_is_left_out_as_invalid() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let (long, longest) = ("o".repeat(129), "o".repeat(128));
    let users = openids(&["o'x", "", "张", "o x", &long, &longest, "oGood_-9"]);
    let audience = Audience::of(UserSet::Users(users));
    let reach = store.reach(id, audience.clone()).await.unwrap();
    assert_eq!((reach.recipients, reach.excluded), (2, Excluded { invalid: 5, ..Excluded::default() }));
    let job = created(store.create_job(new_job(id, audience), at(0)).await.unwrap());
    assert_eq!((job.counts.total, job.excluded.invalid), (2, 5));
}

/// Everyone whom a scan hands over.
async fn scanned(store: &Store, id: AccountId, audience: Audience) -> Vec<Judged> {
    let mut scan = store.scan_audience(id, audience).unwrap();
    let mut all = Vec::new();
    while let Some(page) = scan.next().await {
        let page = page.unwrap();
        assert!(!page.is_empty());
        all.extend(page);
    }
    all
}

#[tokio::test]
async fn a_scan_hands_over_the_very_rows_that_are_counted() {
    let (_dir, store) = open();
    let id = six(&store).await;
    store.put_details(id, 2, vec![detail("a", "张三", 0, &[1])], HashMap::new()).await.unwrap();
    let audiences =
        ["+all", "+1", "+1 +2", "+1 -2 +2", "+all -1 -2", "+a,b,a,a,z", "+a,b +b,c,c", "+e,f,z", "-1 +2", "+a +all +1"];
    for text in audiences {
        let reach = store.reach(id, expression(text)).await.unwrap();
        let rows = scanned(&store, id, expression(text)).await;
        let mut counted = Reach::default();
        for row in &rows {
            match row.left_out {
                None => counted.recipients += 1,
                Some(reason) => counted.excluded.add(reason, 1),
            }
            assert_eq!(row.name(), if row.openid.as_str() == "a" { "张三" } else { "" }, "{text}");
        }
        assert_eq!(counted, reach, "{text}");
        let mut recipients: Vec<&str> = rows.iter().filter(|r| r.left_out.is_none()).map(|r| r.openid.as_str()).collect();
        recipients.sort_unstable();
        match store.create_job(new_job(id, expression(text)), at(0)).await.unwrap() {
            Created::Job(job) => {
                let got = store.deliveries(id, job.id, DeliveryFilter::default(), PageAt::First, 99).await.unwrap();
                let mut got: Vec<&str> = got.iter().map(|(row, _)| row.openid.as_str()).collect();
                got.sort_unstable();
                assert_eq!(recipients, got, "{text}");
            }
            other => assert_eq!((recipients, matches!(other, Created::Nobody(_))), (Vec::new(), true), "{text}"),
        }
    }
    let twice: Vec<String> = scanned(&store, id, expression("+a,b,a,a +1"))
        .await
        .into_iter()
        .filter(|row| row.left_out == Some(Exclusion::Duplicate))
        .map(|row| row.openid.to_string())
        .collect();
    assert_eq!(twice, ["a", "a", "a", "b"], "twice in its list, and both once more with the tag");
}

#[tokio::test]
async fn a_scan_keeps_no_list_waiting_and_ends_when_nobody_wants_it() {
    let (_dir, store) = open();
    let id = account(&store).await;
    // More than a scan hands over before somebody takes it.
    let many = 20_000;
    sync_of(&store, id, (0..many).map(|n| detail(&format!("o{n:05}"), "", 0, &[])).collect()).await;
    let mut unfinished = store.scan_audience(id, Audience::of(UserSet::All)).unwrap();
    let first = unfinished.next().await.unwrap().unwrap();
    let page = store.users(id, crate::domain::user::UserFilter::default(), PageAt::First, 10).await.unwrap();
    assert_eq!((first.len(), page.rows.len()), (1000, 10), "the scan is still under way");
    drop(unfinished);
    assert_eq!(scanned(&store, id, Audience::of(UserSet::All)).await.len(), many, "the next one has its turn");
}

#[tokio::test]
async fn a_count_that_nobody_waits_for_any_more_ends() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, (0..20_000).map(|n| detail(&format!("o{n:05}"), "", 0, &[])).collect()).await;
    let all = Audience::of(UserSet::All);
    let wanted = Wanted::default();
    let counted = store.reach_while(id, all.clone(), wanted.clone()).await.unwrap();
    assert_eq!(counted.map(|reach| reach.recipients), Some(20_000));
    wanted.give_up();
    assert_eq!(store.reach_while(id, all.clone(), wanted).await.unwrap(), None);
    assert_eq!(store.reach(id, all).await.unwrap().recipients, 20_000, "the next one is not concerned");
}

#[tokio::test]
async fn an_audience_is_kept_by_its_name() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let kept = |name: &str, text: &str| KeptAudience { name: name.into(), audience: expression(text) };
    store.keep_audience(id, kept("老客户", "+all -1"), at(0)).await.unwrap();
    store.keep_audience(id, kept("VIP", "+1"), at(0)).await.unwrap();
    store.keep_audience(id, kept("VIP", "+2"), at(1)).await.unwrap();
    assert_eq!(store.kept_audiences(id).await.unwrap(), [kept("VIP", "+2"), kept("老客户", "+all -1")]);
    store.forget_audience(id, "VIP".into()).await.unwrap();
    assert_eq!(store.kept_audiences(id).await.unwrap(), [kept("老客户", "+all -1")]);
    assert_eq!(store.kept_audiences(AccountId(id.0 + 1)).await.unwrap(), []);
}
