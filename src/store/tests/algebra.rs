//! The algebra of audiences against a naive model of it: what is counted, handed over and put into a job.

use super::recipient_files::{file, keep};
use super::*;
use crate::domain::audience::{Exclusion, Join, Outcome, Reach};
use crate::domain::delivery::State;
use crate::domain::id::JobId;
use crate::domain::user::PageAt;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;

/// Everyone who can be named. Those of them that are no openid come last.
const PEOPLE: [&str; 12] = ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9", "oStranger", "o o", "o\u{5f20}"];
/// Those of them whom WeChat lists.
const FOLLOWERS: usize = 9;

#[derive(Debug, Clone)]
struct Person {
    tags: BTreeSet<i64>,
    left: bool,
    blocked: bool,
    /// In the earlier job, if they are in it.
    state: Option<State>,
}

#[derive(Debug, Clone)]
struct Case {
    people: Vec<Person>,
    files: Vec<Vec<usize>>,
    audiences: Vec<Vec<(Join, Set)>>,
}

#[derive(Debug, Clone)]
enum Set {
    All,
    Tag(i64),
    Users(Vec<usize>),
    File(usize),
    Job(Outcome),
}

fn any_case() -> impl Strategy<Value = Case> {
    let state = prop::option::of(prop::sample::select(
        &[State::Queued, State::Accepted, State::Failed, State::Unknown, State::Skipped][..],
    ));
    let person = (prop::collection::btree_set(1..4i64, 0..3), prop::bool::weighted(0.2), prop::bool::weighted(0.2), state)
        .prop_map(|(tags, left, blocked, state)| Person { tags, left, blocked, state });
    // One more than there are people: a row without an openid.
    let file = prop::collection::vec(0..=PEOPLE.len(), 0..9);
    let join = prop::sample::select(&[Join::Union, Join::Union, Join::Intersection, Join::Difference][..]);
    let set = prop_oneof![
        Just(Set::All),
        (1..4i64).prop_map(Set::Tag),
        prop::collection::vec(0..PEOPLE.len(), 0..6).prop_map(Set::Users),
        (0..2usize).prop_map(Set::File),
        prop::sample::select(&Outcome::ALL[..]).prop_map(Set::Job),
    ];
    let audience = prop::collection::vec((join, set), 1..6);
    (prop::collection::vec(person, FOLLOWERS), prop::collection::vec(file, 2), prop::collection::vec(audience, 12))
        .prop_map(|(people, files, audiences)| Case { people, files, audiences })
}

impl Case {
    /// The names that a set names, each as often as it does; None for a row that names nobody.
    fn members(&self, set: &Set) -> Vec<Option<&'static str>> {
        let who = |fits: &dyn Fn(&Person) -> bool| -> Vec<_> {
            self.people.iter().zip(PEOPLE).filter(|(person, _)| fits(person)).map(|(_, name)| Some(name)).collect()
        };
        match set {
            Set::All => who(&|person| !person.left),
            Set::Tag(tag) => who(&|person| person.tags.contains(tag)),
            Set::Job(outcome) => who(&|person| person.state.is_some_and(|state| outcome.states().contains(&state))),
            Set::Users(users) => users.iter().map(|index| Some(PEOPLE[*index])).collect(),
            Set::File(index) => self.files[*index].iter().map(|index| PEOPLE.get(*index).copied()).collect(),
        }
    }

    fn verdict(&self, name: &str) -> Option<Exclusion> {
        match PEOPLE.iter().position(|person| *person == name).and_then(|index| self.people.get(index)) {
            None if name.starts_with("oStr") => Some(Exclusion::UnknownUser),
            None => Some(Exclusion::Invalid),
            Some(person) if person.blocked => Some(Exclusion::Blacklisted),
            Some(person) if person.left => Some(Exclusion::Unsubscribed),
            Some(_) => None,
        }
    }

    /// Who gets it, and how many do not for which reason.
    fn model(&self, audience: &[(Join, Set)]) -> (BTreeSet<&'static str>, Reach) {
        let (mut picked, mut reach) = (BTreeSet::new(), Reach::default());
        for (join, set) in audience {
            let named = self.members(set);
            match join {
                Join::Union => {
                    for name in named {
                        match name {
                            None => reach.excluded.invalid += 1,
                            Some(name) if !picked.insert(name) => reach.excluded.duplicate += 1,
                            Some(_) => {}
                        }
                    }
                }
                Join::Intersection => picked.retain(|name| named.contains(&Some(name))),
                Join::Difference => picked.retain(|name| !named.contains(&Some(name))),
            }
        }
        let recipients: BTreeSet<_> = picked.iter().copied().filter(|name| self.verdict(name).is_none()).collect();
        picked.iter().filter_map(|name| self.verdict(name)).for_each(|reason| reach.excluded.add(reason, 1));
        reach.recipients = recipients.len() as u64;
        (recipients, reach)
    }

    /// The account as the store knows it, and the job.
    async fn set_up(&self, store: &Store) -> (AccountId, JobId) {
        let id = account(store).await;
        let details = |left: bool| {
            let known = self.people.iter().zip(PEOPLE).filter(move |(person, _)| left || !person.left);
            known.map(|(person, name)| detail(name, "", 0, &person.tags.iter().copied().collect::<Vec<_>>())).collect()
        };
        sync_of(store, id, details(true)).await;
        let in_job: Vec<_> = self.people.iter().zip(PEOPLE).filter(|(person, _)| person.state.is_some()).collect();
        let users = Audience::of(UserSet::Users(in_job.iter().map(|(_, name)| openid(name)).collect()));
        let job = match store.create_job(new_job(id, users), at(0)).await.unwrap() {
            Created::Job(job) => job.id,
            // Nobody is in it; the jobs of the audiences come later and must not get its number.
            _ => JobId(999),
        };
        for (person, name) in in_job {
            let (code, name) = (person.state.unwrap().code(), name.to_owned());
            let set = move |db: &rusqlite::Transaction<'_>| {
                Ok(db.execute("UPDATE deliveries SET state = ?1 WHERE openid = ?2", (code, name))?)
            };
            store.ledger.write(set).await.unwrap();
        }
        sync_of(store, id, details(false)).await;
        let blocked = self.people.iter().zip(PEOPLE).filter(|(person, _)| person.blocked).map(|(_, name)| openid(name));
        store.put_blacklist(id, blocked.collect()).await.unwrap();
        for (index, rows) in self.files.iter().enumerate() {
            let rows: Vec<_> = rows.iter().map(|index| (PEOPLE.get(*index).copied().unwrap_or_default(), &[][..])).collect();
            keep(store, id, &format!("f{index}"), &rows).await;
        }
        (id, job)
    }

    async fn holds(&self) {
        let (_dir, store) = open();
        let (id, job) = self.set_up(&store).await;
        for terms in &self.audiences {
            let mut audience = Audience::default();
            for (join, set) in terms {
                audience.push(
                    *join,
                    match set {
                        Set::All => UserSet::All,
                        Set::Tag(tag) => UserSet::Tag(TagId(*tag)),
                        Set::Users(users) => UserSet::Users(users.iter().map(|index| openid(PEOPLE[*index])).collect()),
                        Set::File(index) => file(&format!("f{index}")),
                        Set::Job(outcome) => UserSet::Job(job, *outcome),
                    },
                );
            }
            let (recipients, expected) = self.model(terms);
            assert_eq!(store.reach(id, audience.clone()).await.unwrap(), expected, "counted: {terms:?}");
            let (handed_over, counted) = scanned(&store, id, audience.clone()).await;
            assert_eq!(
                (counted, &handed_over),
                (expected, &recipients.iter().map(ToString::to_string).collect()),
                "handed over: {terms:?}"
            );
            match store.create_job(new_job(id, audience), at(0)).await.unwrap() {
                Created::Job(sent) => {
                    assert_eq!((sent.counts.total, sent.excluded), (expected.recipients, expected.excluded), "sent: {terms:?}");
                    let rows = store.deliveries(id, sent.id, DeliveryFilter::default(), PageAt::First, 99).await.unwrap();
                    let rows: Vec<String> = rows.into_iter().map(|(row, _)| row.openid.to_string()).collect();
                    assert_eq!((rows.len(), rows.into_iter().collect::<BTreeSet<_>>()), (recipients.len(), handed_over));
                }
                Created::Nobody(excluded) => assert_eq!((excluded, recipients.len()), (expected.excluded, 0), "sent: {terms:?}"),
                other @ (Created::Same(_) | Created::Changed(_)) => panic!("{other:?}"),
            }
        }
    }
}

async fn scanned(store: &Store, id: AccountId, audience: Audience) -> (BTreeSet<String>, Reach) {
    let (mut scan, mut names, mut reach) = (store.scan_audience(id, audience).unwrap(), BTreeSet::new(), Reach::default());
    while let Some(page) = scan.next().await {
        for judged in page.unwrap() {
            match judged.left_out {
                None => {
                    reach.recipients += 1;
                    assert!(names.insert(judged.openid.to_string()), "nobody is handed over twice");
                }
                Some(reason) => reach.excluded.add(reason, 1),
            }
        }
    }
    (names, reach)
}

#[test]
fn any_audience_is_what_a_naive_reading_of_it_makes() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut runner = TestRunner::new(Config::with_cases(40));
    runner
        .run(&any_case(), |case| {
            runtime.block_on(case.holds());
            Ok(())
        })
        .unwrap();
}
