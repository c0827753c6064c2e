//! Files of recipients: kept whole, once, and as sets of an audience.

use super::*;
use crate::domain::audience::{Excluded, Exclusion, Join, Reach};
use crate::domain::id::FileId;
use crate::domain::recipient_file::{FileSet, ReadFile};
use std::collections::BTreeMap;

pub fn columns(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Reads a file whose rows begin at 2, below a header.
pub async fn keep(store: &Store, account: AccountId, id: &str, rows: &[(&str, &[(&str, &str)])]) -> ReadFile {
    let rows: Vec<_> = rows.iter().map(|(openid, said)| ((*openid).to_owned(), columns(said))).collect();
    let fill = move |file: &mut FileRows<'_>| {
        for (number, (openid, said)) in (2..).zip(&rows) {
            file.push(number, openid, said)?;
        }
        StoreResult::Ok(())
    };
    store.keep_file(account, set(id), vec!["city".into(), "remark".into()], at(0), fill).await.unwrap()
}

fn set(id: &str) -> FileSet {
    FileSet { id: FileId::trusted(id), path: format!("/tmp/{id}.csv") }
}

pub fn file(id: &str) -> UserSet {
    UserSet::File(set(id))
}

#[tokio::test]
async fn a_file_is_kept_once_and_gives_its_recipients_what_it_says_of_them() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("a", "老张", 0, &[]), detail("b", "", 0, &[]), detail("c", "", 0, &[])]).await;
    let rows: &[(&str, &[(&str, &str)])] = &[
        ("c", &[("city", "上海")]),
        ("a", &[("city", "北京"), ("remark", "张总")]),
        ("", &[("city", "广州")]),
        ("a", &[("city", "天津")]),
        ("no openid", &[]),
        ("z", &[]),
    ];
    let kept = keep(&store, id, "f1", rows).await;
    assert_eq!((kept.rows, kept.blank, kept.people, kept.duplicates()), (6, 1, 4, 1));
    assert_eq!(store.recipient_file(id, kept.set.id.clone()).await.unwrap().unwrap(), kept);
    assert_eq!(keep(&store, id, "f1", rows).await, kept, "read again, it is the same");

    let audience = Audience::of(file("f1"));
    let excluded = Excluded { duplicate: 1, unknown_user: 1, invalid: 2, ..Excluded::default() };
    assert_eq!(store.reach(id, audience.clone()).await.unwrap(), Reach { recipients: 2, excluded });
    let mut scan = store.scan_audience(id, audience.clone()).unwrap();
    let mut seen = Vec::new();
    while let Some(page) = scan.next().await {
        seen.extend(page.unwrap().into_iter().map(|j| (j.openid.to_string(), j.row, j.left_out, j.columns)));
    }
    let line = |openid: &str, row, left_out, said: &[(&str, &str)]| (openid.to_owned(), Some(row), left_out, columns(said));
    seen.sort_by_key(|(_, row, ..)| *row);
    let expected = [
        line("c", 2, None, &[("city", "上海")]),
        line("a", 3, None, &[("city", "北京"), ("remark", "张总")]),
        line("", 4, Some(Exclusion::Invalid), &[]),
        line("a", 5, Some(Exclusion::Duplicate), &[]),
        line("no openid", 6, Some(Exclusion::Invalid), &[]),
        line("z", 7, Some(Exclusion::UnknownUser), &[]),
    ];
    assert_eq!(seen, expected);

    let freeze: Freeze = Box::new(|person| Some(crate::domain::placeholders::Params::default().with_columns(&person.columns)));
    let job = created(store.create_personal_job(new_job(id, audience), freeze, at(0)).await.unwrap());
    assert_eq!((job.counts.total, job.excluded), (2, excluded));
}

#[tokio::test]
async fn a_file_that_only_takes_away_tells_nothing_of_the_rest_and_one_that_is_gone_stops_everything() {
    let (_dir, store) = open();
    let id = account(&store).await;
    sync_of(&store, id, vec![detail("a", "", 0, &[]), detail("b", "", 0, &[])]).await;
    keep(&store, id, "f1", &[("a", &[("city", "北京")]), ("a", &[]), ("", &[])]).await;
    let mut audience = Audience::of(UserSet::All);
    audience.push(Join::Difference, file("f1"));
    let reach = Reach { recipients: 1, excluded: Excluded::default() };
    assert_eq!(store.reach(id, audience.clone()).await.unwrap(), reach, "nobody is named by what is taken away");

    audience.push(Join::Difference, file("f2"));
    let gone = store.reach(id, audience.clone()).await.unwrap_err().to_string();
    assert!(gone.contains("f2.csv") && gone.contains("read the file again"), "{gone}");
    assert!(store.create_job(new_job(id, audience), at(0)).await.is_err(), "everyone is not everyone but those");
}

#[tokio::test]
async fn what_could_not_be_read_to_its_end_is_not_there() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let fill = |file: &mut FileRows<'_>| {
        file.push(1, "a", &BTreeMap::new())?;
        Err(StoreError::Closed)
    };
    store.keep_file(id, set("f1"), vec![], at(0), fill).await.unwrap_err();
    assert_eq!(store.recipient_file(id, FileId::trusted("f1")).await.unwrap(), None);
    assert_eq!(keep(&store, id, "f1", &[("a", &[])]).await.rows, 1, "it can be read again");
}

#[tokio::test]
async fn a_file_that_nobody_uses_for_a_month_is_forgotten() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let day = 86_400;
    let read = async |name: &str, when: i64| {
        let fill = |file: &mut FileRows<'_>| file.push(1, "a", &BTreeMap::new());
        store.keep_file(id, set(name), vec![], at(when), fill).await.unwrap();
    };
    read("old", 0).await;
    read("used", 0).await;
    store.touch_file(id, set("used"), at(20 * day)).await.unwrap();
    read("new", 31 * day).await;
    let known = async |name: &str| store.recipient_file(id, FileId::trusted(name)).await.unwrap().is_some();
    assert_eq!((known("old").await, known("used").await, known("new").await), (false, true, true));
}
