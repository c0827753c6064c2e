//! Audiences: who is reached, who is left out and why, and that a job gets just those.

use super::*;
use crate::domain::audience::{Excluded, Join, Reach};
use crate::domain::user::PageAt;

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
            other @ Created::Same(_) => panic!("{other:?}"),
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
    store.end_openids(id, state.generation).await.unwrap();
    store.end_user_sync(id, at(1)).await.unwrap();
    let reach = store.reach(id, audience.clone()).await.unwrap();
    assert_eq!((reach.recipients, reach.excluded.unknown_user), (1, 1));
    store.begin_user_sync(id).await.unwrap();
    assert_eq!(store.reach(id, audience).await.unwrap(), reach, "the next sync takes nothing back");
}

#[tokio::test]
async fn a_list_of_openids_may_hold_anything() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let users = openids(&["o'; DROP TABLE users; --", "o\"x", "o\\", "张", "o'; DROP TABLE users; --"]);
    let job = created(store.create_job(new_job(id, Audience::of(UserSet::Users(users))), at(0)).await.unwrap());
    assert_eq!((job.counts.total, job.excluded.duplicate), (4, 1));
}
