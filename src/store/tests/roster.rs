//! Users searched, filtered and sorted in memory: just what a naive look at all of them gives.

use super::*;
use crate::domain::user::{PageAt, User, UserFilter, UserKey, UserOrder, Who};
use crate::store::roster::{LOOK_EVERY, Window};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use std::collections::HashMap;

#[derive(Debug, Clone)]
struct Person {
    remark: String,
    time: i64,
    tags: BTreeSet<i64>,
    left: bool,
    blocked: bool,
    sent: Option<i64>,
}

#[derive(Debug, Clone)]
struct Case {
    people: Vec<Person>,
    filters: Vec<(UserFilter, usize)>,
}

fn any_case() -> impl Strategy<Value = Case> {
    let remark = prop_oneof![Just(String::new()), "[张王李ABab %_]{0,4}", Just("O\u{301}x".to_owned())];
    let sent = prop_oneof![3 => Just(None), 1 => (2..5i64).prop_map(Some)];
    let person =
        (remark, 0..6i64, prop::collection::btree_set(1..3i64, 0..2), prop::bool::weighted(0.2), prop::bool::weighted(0.2), sent)
            .prop_map(|(remark, time, tags, left, blocked, sent)| Person { remark, time, tags, left, blocked, sent });
    let search = prop_oneof![
        Just(String::new()),
        Just("张".into()),
        Just("o".into()),
        Just("a b".into()),
        Just("o0".into()),
        "[a张1%]{1,2}"
    ];
    let who = prop::sample::select(&[Who::Everyone, Who::Following, Who::Left, Who::Blocked][..]);
    let order = prop::sample::select(&[UserOrder::Newest, UserOrder::Newest, UserOrder::Name][..]);
    let filter = (search, prop::option::of(1..3i64), who, any::<bool>(), order)
        .prop_map(|(search, tag, who, never_sent, order)| UserFilter { search, tag: tag.map(TagId), who, never_sent, order });
    (prop::collection::vec(person, 1..24), prop::collection::vec((filter, 1..6usize), 12))
        .prop_map(|(people, filters)| Case { people, filters })
}

fn name(n: usize) -> String {
    format!("oA{n:03}")
}

impl Case {
    async fn set_up(&self, store: &Store) -> AccountId {
        let id = account(store).await;
        let details = |left: bool| {
            let known = self.people.iter().enumerate().filter(move |(_, person)| left || !person.left);
            known.map(|(n, p)| detail(&name(n), &p.remark, p.time, &p.tags.iter().copied().collect::<Vec<_>>())).collect()
        };
        sync_of(store, id, details(true)).await;
        sync_of(store, id, details(false)).await;
        let blocked = self.people.iter().enumerate().filter(|(_, person)| person.blocked).map(|(n, _)| openid(&name(n)));
        store.put_blacklist(id, blocked.collect()).await.unwrap();
        let everyone = (0..self.people.len()).map(|n| openid(&name(n))).collect();
        if let Created::Job(_) = store.create_job(new_job(id, Audience::of(UserSet::Users(everyone))), at(0)).await.unwrap() {
            for (n, person) in self.people.iter().enumerate() {
                let state = person.sent.unwrap_or(0);
                let set = move |db: &rusqlite::Transaction<'_>| {
                    Ok(db.execute("UPDATE deliveries SET state = ?1 WHERE openid = ?2", (state, name(n)))?)
                };
                store.ledger.write(set).await.unwrap();
            }
        }
        id
    }

    /// Who is let through, in order.
    fn model(&self, filter: &UserFilter) -> Vec<String> {
        let was_sent = |person: &Person| matches!(person.sent, Some(2 | 4)) && !person.left && !person.blocked;
        let fits = |(n, person): &(usize, &Person)| {
            let said = format!("{}\t{}", name(*n), person.remark).to_lowercase();
            filter.search.split_whitespace().all(|word| said.contains(&word.to_lowercase()))
                && filter.tag.is_none_or(|tag| person.tags.contains(&tag.0))
                && !(filter.never_sent && was_sent(person))
                && match filter.who {
                    Who::Everyone => true,
                    Who::Following => !person.left,
                    Who::Left => person.left,
                    Who::Blocked => person.blocked,
                }
        };
        let mut found: Vec<_> = self.people.iter().enumerate().filter(fits).collect();
        found.sort_by_key(|(n, person)| {
            let newest = std::cmp::Reverse((person.time, *n));
            let by_name = (person.remark.is_empty(), person.remark.to_lowercase());
            (if filter.order == UserOrder::Name { by_name } else { <_>::default() }, newest)
        });
        found.into_iter().map(|(n, _)| name(n)).collect()
    }

    async fn holds(&self) {
        let (_dir, store) = open();
        let id = self.set_up(&store).await;
        store.roster(id, true).await.unwrap().unwrap();
        for (filter, size) in &self.filters {
            let expected = self.model(filter);
            let count = store.count_users(id, filter.clone(), Wanted::default()).await.unwrap();
            assert_eq!(count, Some(expected.len() as u64), "{filter:?}");
            assert_eq!(walk(&store, id, filter, (*size as u32, Source::Roster), true).await, expected, "forward: {filter:?}");
            assert_eq!(walk(&store, id, filter, (*size as u32, Source::Roster), false).await, expected, "backward: {filter:?}");
            if filter.search.is_ascii() {
                let by_file = Source::File;
                assert_eq!(walk(&store, id, filter, (*size as u32, by_file), true).await, expected, "by the file: {filter:?}");
                assert_eq!(walk(&store, id, filter, (*size as u32, by_file), false).await, expected, "and back: {filter:?}");
            }
        }
    }
}

fn names(rows: impl Iterator<Item = (UserKey, User)>) -> Vec<String> {
    rows.map(|(_, user)| user.openid.to_string()).collect()
}

#[derive(Clone, Copy)]
enum Source {
    Roster,
    File,
}

/// The whole list, page by page, from one of its ends.
async fn walk(store: &Store, id: AccountId, filter: &UserFilter, (size, source): (u32, Source), forward: bool) -> Vec<String> {
    let (mut all, mut at) = (Vec::new(), if forward { PageAt::First } else { PageAt::Last });
    loop {
        let page = match source {
            Source::Roster => store.users(id, filter.clone(), at, size).await,
            Source::File => store.users_by_file(id, filter.clone(), at, size).await,
        };
        let rows = page.unwrap().rows;
        let (Some(first), Some(last)) = (rows.first().map(|row| row.0), rows.last().map(|row| row.0)) else { return all };
        let page = names(rows.into_iter());
        if forward {
            all.extend(page);
            at = PageAt::After(last);
        } else {
            all.splice(0..0, page);
            at = PageAt::Before(first);
        }
    }
}

#[test]
fn any_list_is_what_a_naive_look_at_everyone_gives() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let mut runner = TestRunner::new(Config::with_cases(40));
    let run = runner.run(&any_case(), |case| {
        runtime.block_on(case.holds());
        Ok(())
    });
    run.unwrap();
}

#[tokio::test]
async fn a_roster_is_as_old_as_the_last_sync_and_a_change_by_hand_makes_another() {
    let (_dir, store) = open();
    let id = account(&store).await;
    assert!(store.roster(id, true).await.unwrap().is_none(), "before the first whole sync there is nothing to rely on");
    sync_of(&store, id, vec![detail("oA", "张三", 0, &[]), detail("oB", "", 1, &[])]).await;
    let search = |text: &str| UserFilter { search: text.into(), ..UserFilter::default() };
    let found = async |text: &str| names(store.users(id, search(text), PageAt::First, 9).await.unwrap().rows.into_iter());
    let first = store.roster(id, true).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&first, &store.roster(id, true).await.unwrap().unwrap()));
    store.set_remark(id, openid("oB"), "李四".into()).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &store.roster(id, true).await.unwrap().unwrap()));
    assert_eq!(found("李").await, ["oB"]);
    // While a list comes in, what was known before it is what is searched; once it is whole, who is on it.
    let state = store.begin_user_sync(id).await.unwrap();
    let before = store.roster(id, true).await.unwrap().unwrap();
    store.put_openids(id, state.generation, openids(&["oA", "oB", "oC"]), None).await.unwrap();
    assert!(Arc::ptr_eq(&before, &store.roster(id, true).await.unwrap().unwrap()));
    store.end_openids(id, state.generation, at(99)).await.unwrap();
    assert_eq!(found("oc").await, ["oC"]);
    store.put_details(id, state.generation, vec![detail("oC", "王五", 0, &[])], HashMap::new()).await.unwrap();
    store.end_user_sync(id).await.unwrap();
    assert_eq!(found("王").await, ["oC"], "and at the end, what is known of them");
}

#[tokio::test]
async fn what_is_superseded_ends_at_the_next_look() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, (0..50_000).map(|n| detail(&format!("o{n:05}"), "", n, &[])).collect()).await;
    let roster = store.roster(id, true).await.unwrap().unwrap();
    let search = |text: &str| UserFilter { search: text.into(), ..UserFilter::default() };
    let everyone = Window::new(&search("o"), None, None);
    let nobody = Window::new(&search("nobody has this"), None, None);
    let looks = std::cell::Cell::new(0);
    let until = |most: i32| {
        let looks = &looks;
        looks.set(0);
        move || {
            looks.set(looks.get() + 1);
            looks.get() <= most
        }
    };
    assert_eq!(roster.count(&everyone, until(99)), Some(50_000));
    let all = looks.get();
    assert_eq!(all, 50_000_usize.div_ceil(LOOK_EVERY) as i32 + 1, "however many have it");
    assert_eq!(roster.count(&nobody, until(99)), Some(0));
    assert_eq!(looks.get(), all, "and if nobody does");
    assert_eq!((roster.count(&everyone, until(2)), looks.get()), (None, 3));
    for at in [PageAt::First, PageAt::Last] {
        assert_eq!((roster.page(&nobody, at, 50, until(2)).len(), looks.get()), (0, 3), "{at:?}");
        assert_eq!((roster.page(&everyone, at, 50, until(2)).len(), looks.get()), (50, 1), "{at:?}: a full page goes no further");
    }
    let wanted = Wanted::default();
    wanted.give_up();
    assert_eq!(store.count_users(id, search("o"), wanted).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_read_while_users_are_changed_is_old_when_they_are() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("oA", "", 0, &[])]).await;
    let (go_on, held) = std::sync::mpsc::channel::<()>();
    let held = store.cache.read(move |_| Ok(held.recv().is_ok()));
    let change = store.set_remark(id, openid("oA"), "张三".into());
    let meanwhile = async {
        let before = store.roster(id, true).await.unwrap().unwrap();
        go_on.send(()).unwrap();
        before
    };
    // In this order: the change waits for what holds the file up, and the roster is made while it does.
    let (held, changed, before) = tokio::join!(biased; held, change, meanwhile);
    assert!(held.unwrap());
    changed.unwrap();
    assert!(!Arc::ptr_eq(&before, &store.roster(id, true).await.unwrap().unwrap()));
    let zhang = UserFilter { search: "张".into(), ..UserFilter::default() };
    assert_eq!(store.count_users(id, zhang, Wanted::default()).await.unwrap(), Some(1));
}

#[tokio::test]
async fn a_roster_is_made_once_and_only_of_the_account_that_was_searched_last() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let other = store.add_account(new_account("Beta", "wxfedcba9876543210"), at(0)).await.unwrap();
    for account in [id, other] {
        sync_of(&store, account, vec![detail("oA", "", 0, &[])]).await;
    }
    let (one, two) = tokio::join!(store.roster(id, true), store.roster(id, true));
    let (one, two) = (one.unwrap().unwrap(), two.unwrap().unwrap());
    assert!(Arc::ptr_eq(&one, &two));
    drop(two);
    store.roster(other, true).await.unwrap().unwrap();
    assert_eq!(Arc::strong_count(&one), 1, "nobody else holds the first any more");
}

#[tokio::test]
async fn who_was_sent_something_is_looked_up_anew_with_the_list() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("oA", "", 0, &[]), detail("oB", "", 1, &[])]).await;
    let never = UserFilter { never_sent: true, ..UserFilter::default() };
    let found = async || names(store.users(id, never.clone(), PageAt::First, 9).await.unwrap().rows.into_iter());
    assert_eq!(found().await, ["oB", "oA"]);
    let job = created(store.create_job(new_job(id, Audience::of(UserSet::Users(openids(&["oA"])))), at(0)).await.unwrap());
    assert_eq!(found().await, ["oB", "oA"], "queued is not sent");
    let accepted = Change {
        row: crate::domain::id::RowNo(0),
        state: crate::domain::delivery::State::Accepted,
        attempts: 1,
        ambiguous: false,
        errcode: Some(0),
        errmsg: None,
        msgid: Some(1),
        at: at(3),
    };
    store.turn(job.id, Turn { changes: vec![accepted], ..Turn::default() }).await.unwrap();
    assert_eq!(found().await, ["oB"]);
    assert_eq!(store.count_users(id, never.clone(), Wanted::default()).await.unwrap(), Some(1));
}
