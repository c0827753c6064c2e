//! Lists of users and deliveries, paged by key.

use super::*;
use crate::domain::delivery::{Delivery, State};
use crate::domain::id::RowNo;
use crate::domain::user::{PageAt, UserFilter, UserKey};

/// Ten users; every three of them followed in the same second.
async fn ten(store: &Store) -> AccountId {
    let id = account(store).await;
    let details = (0..10).map(|n| detail(&format!("o{n}"), "", n / 3, &[n % 2])).collect();
    sync_of(store, id, details).await;
    id
}

fn search(text: &str) -> UserFilter {
    UserFilter { search: text.into(), ..UserFilter::default() }
}

async fn page(store: &Store, id: AccountId, filter: &UserFilter, at: PageAt<UserKey>, limit: u32) -> (Vec<String>, Vec<UserKey>) {
    let rows = store.users(id, filter.clone(), at, limit).await.unwrap().rows;
    rows.into_iter().map(|(key, user)| (user.openid.to_string(), key)).unzip()
}

#[tokio::test]
async fn pages_by_key_meet_without_gap_or_overlap_in_both_directions() {
    let (_dir, store) = open();
    let id = ten(&store).await;
    let all = UserFilter::default();
    let (whole, _) = page(&store, id, &all, PageAt::First, 99).await;
    assert_eq!(whole, ["o9", "o8", "o7", "o6", "o5", "o4", "o3", "o2", "o1", "o0"]);
    for size in 1..=11 {
        let (mut forth, mut keys) = page(&store, id, &all, PageAt::First, size).await;
        let mut seen = forth.clone();
        while let Some(key) = keys.last().copied() {
            (forth, keys) = page(&store, id, &all, PageAt::After(key), size).await;
            seen.extend(forth);
        }
        assert_eq!(seen, whole, "forth by {size}");
        let (mut back, mut keys) = page(&store, id, &all, PageAt::Last, size).await;
        let mut seen = back.clone();
        while let Some(key) = keys.first().copied() {
            (back, keys) = page(&store, id, &all, PageAt::Before(key), size).await;
            seen.splice(0..0, back);
        }
        assert_eq!(seen, whole, "back by {size}");
    }
}

#[tokio::test]
async fn a_tag_narrows_pages_and_counts() {
    let (_dir, store) = open();
    let id = ten(&store).await;
    let odd = UserFilter { tag: Some(TagId(1)), ..UserFilter::default() };
    assert_eq!(page(&store, id, &odd, PageAt::First, 99).await.0, ["o9", "o7", "o5", "o3", "o1"]);
    assert_eq!(store.count_users(id, odd.clone(), Wanted::default()).await.unwrap().unwrap(), 5);
    assert_eq!(store.count_users(id, UserFilter { search: "7".into(), ..odd }, Wanted::default()).await.unwrap().unwrap(), 1);
    assert_eq!(
        store
            .count_users(id, UserFilter { tag: Some(TagId(9)), ..UserFilter::default() }, Wanted::default())
            .await
            .unwrap()
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn a_search_finds_any_part_and_takes_every_character_for_itself() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let users = [
        ("oAlpha", "张三 VIP"),
        ("oBeta", "李四 100%"),
        ("oGamma_x", "王_五"),
        ("oDelta", r"back\slash"),
        ("oEps", "O'Neil \"x\""),
    ];
    sync_of(&store, id, users.map(|(name, remark)| detail(name, remark, 0, &[])).into()).await;
    let found = async |text: &str| {
        let mut found = page(&store, id, &search(text), PageAt::First, 99).await.0;
        found.sort();
        assert_eq!(store.count_users(id, search(text), Wanted::default()).await.unwrap().unwrap(), found.len() as u64, "{text}");
        found
    };
    assert_eq!(found("张三").await, ["oAlpha"]);
    assert_eq!(found("三").await, ["oAlpha"]);
    assert_eq!(found("vip").await, ["oAlpha"], "letters in any case");
    assert_eq!(found("ALPHA").await, ["oAlpha"]);
    assert_eq!(found("%").await, ["oBeta"]);
    assert_eq!(found("_").await, ["oGamma_x"]);
    assert_eq!(found("王_五").await, ["oGamma_x"]);
    assert_eq!(found("王三").await, [""; 0]);
    assert_eq!(found(r"\").await, ["oDelta"]);
    assert_eq!(found("'Neil \"").await, ["oEps"]);
    assert_eq!(found("").await.len(), 5);
}

#[tokio::test]
async fn deliveries_are_paged_and_filtered_with_the_label_of_their_recipient() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("o0003", "张三", 0, &[])]).await;
    let mut new = new_job(id, Audience::of(UserSet::Users((0..7).map(|n| OpenId::trusted(format!("o{n:04}"))).collect())));
    // Only those the account knows are written; a second job in front makes sure that jobs do not mix.
    let first = created(store.create_job(new.clone(), at(0)).await.unwrap());
    assert_eq!((first.counts.total, first.excluded.unknown_user), (1, 6));
    new.account = store.add_account(new_account("Beta", "wxfedcba9876543210"), at(0)).await.unwrap();
    let job = created(store.create_job(new.clone(), at(0)).await.unwrap());
    let change = |row, state, errcode| Change {
        row: RowNo(row),
        state,
        attempts: 1,
        ambiguous: false,
        errcode: Some(errcode),
        errmsg: Some("no".into()),
        msgid: (errcode == 0).then_some(u64::MAX),
        at: at(3),
    };
    let changes = vec![
        change(0, State::Accepted, 0),
        change(2, State::Failed, 43004),
        change(3, State::Failed, 43101),
        change(5, State::Unknown, -1),
        change(6, State::Failed, 43004),
    ];
    store.turn(job.id, Turn { changes, ..Turn::default() }).await.unwrap();
    let rows = async |filter, at, limit| {
        let rows = store.deliveries(new.account, job.id, filter, at, limit).await.unwrap();
        rows.into_iter().map(|(delivery, _)| delivery.row.0).collect::<Vec<_>>()
    };
    let all = DeliveryFilter::default();
    assert_eq!(rows(all, PageAt::First, 3).await, [0, 1, 2]);
    assert_eq!(rows(all, PageAt::After(RowNo(2)), 99).await, [3, 4, 5, 6]);
    assert_eq!(rows(all, PageAt::Before(RowNo(2)), 99).await, [0, 1]);
    assert_eq!(rows(all, PageAt::Before(RowNo(0)), 99).await, [0; 0]);
    assert_eq!(rows(all, PageAt::Last, 2).await, [5, 6]);
    let failed = DeliveryFilter { state: Some(State::Failed), errcode: None };
    assert_eq!(rows(failed, PageAt::First, 99).await, [2, 3, 6]);
    assert_eq!(rows(failed, PageAt::Before(RowNo(6)), 1).await, [3]);
    assert_eq!(rows(DeliveryFilter { errcode: Some(43004), ..all }, PageAt::First, 99).await, [2, 6]);
    assert_eq!(rows(DeliveryFilter { state: Some(State::Queued), ..all }, PageAt::First, 99).await, [1, 4]);
    for filter in [all, failed, DeliveryFilter { state: Some(State::Queued), ..all }] {
        let listed: Vec<_> = store.deliveries(new.account, job.id, filter, PageAt::First, 99).await.unwrap();
        let mut scanned = Vec::new();
        while let Some(row) = {
            let after = scanned.last().map(|row: &Delivery| row.row);
            store.scan_deliveries(job.id, filter, after, 1).await.unwrap().pop()
        } {
            scanned.push(row);
        }
        assert_eq!(scanned, listed.into_iter().map(|(row, _)| row).collect::<Vec<_>>(), "a scan finds the same rows");
    }

    let (first_row, _) = store.deliveries(new.account, job.id, all, PageAt::First, 1).await.unwrap().pop().unwrap();
    assert_eq!((first_row.msgid, first_row.updated_at), (Some(u64::MAX), Some(at(3))));
    let counts = store.error_counts(job.id).await.unwrap();
    assert_eq!(counts.iter().map(|found| (found.errcode, found.count)).collect::<Vec<_>>(), [(43004, 2), (-1, 1), (43101, 1)]);
    assert_eq!(store.error_counts(first.id).await.unwrap(), []);
    let labels = store.deliveries(id, first.id, all, PageAt::First, 9).await.unwrap();
    assert_eq!(labels.iter().map(|(row, label)| (row.openid.as_str(), label.as_str())).collect::<Vec<_>>(), [("o0003", "张三")]);
}

#[tokio::test]
async fn what_one_user_was_sent_is_found_over_all_jobs_newest_first() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let other = store.add_account(new_account("Beta", "wxfedcba9876543210"), at(0)).await.unwrap();
    let to = async |account, users: &[&str], title: &str| {
        let audience = Audience::of(UserSet::Users(openids(users)));
        created(store.create_job(NewJob { title: title.into(), ..new_job(account, audience) }, at(0)).await.unwrap())
    };
    let first = to(id, &["a", "b", "c"], "first").await;
    to(other, &["b"], "of another account").await;
    to(id, &["a", "c"], "to others").await;
    let last = to(id, &["b"], "last").await;
    let change = |row, state, errcode| Change {
        row: RowNo(row),
        state,
        attempts: 2,
        ambiguous: false,
        errcode: Some(errcode),
        errmsg: Some("no".into()),
        msgid: None,
        at: at(3),
    };
    let turn = Turn { changes: vec![change(1, State::Failed, 43101)], ..Turn::default() };
    store.turn(first.id, turn).await.unwrap();
    let found = store.deliveries_to(id, &openid("b"), 9).await.unwrap();
    let seen: Vec<_> = found.iter().map(|past| (past.delivery.job, past.title.as_str(), past.delivery.state)).collect();
    assert_eq!(seen, [(last.id, "last", State::Queued), (first.id, "first", State::Failed)]);
    let past = &found[1];
    assert_eq!((past.template_id.as_str(), past.delivery.errcode, past.delivery.updated_at), ("T", Some(43101), Some(at(3))));
    assert_eq!(store.deliveries_to(id, &openid("b"), 1).await.unwrap(), found[..1], "it stops when it has enough");
    assert_eq!(store.deliveries_to(id, &openid("z"), 9).await.unwrap(), []);
}
