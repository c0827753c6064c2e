//! The ledger's turn: what came back is written and what goes out next is claimed, all or nothing.

use super::*;
use crate::domain::delivery::{Counts, State};
use crate::domain::id::{JobId, RowNo};
use crate::domain::user::PageAt;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn claim(after: Option<i64>, limit: u32, again: &[i64], seconds: i64) -> Turn {
    let again = again.iter().copied().map(RowNo).collect();
    Turn { claim: Claim { after: after.map(RowNo), limit, again, at: Some(at(seconds)) }, ..Turn::default() }
}

fn change(row: i64, state: State, attempts: u32, ambiguous: bool) -> Change {
    Change { row: RowNo(row), state, attempts, ambiguous, errcode: None, errmsg: None, msgid: None, at: at(50) }
}

fn rows(turned: &Turned) -> Vec<i64> {
    turned.claimed.iter().map(|row| row.row.0).collect()
}

#[tokio::test]
async fn only_queued_rows_are_claimed_in_order_and_once() {
    let (_dir, store) = open();
    let id = account(&store).await;
    job_of(&store, id, 9).await;
    let job = job_of(&store, id, 5).await;
    job_of(&store, id, 9).await;
    let first = store.turn(job.id, claim(None, 2, &[], 1)).await.unwrap();
    assert_eq!((rows(&first), first.exhausted), (vec![0, 1], false));
    assert_eq!((first.claimed[0].first_sent_at, first.claimed[0].openid.as_str()), (at(1), "o0000"));
    assert_eq!(rows(&store.turn(job.id, claim(None, 2, &[0, 1], 2)).await.unwrap()), [2, 3], "from the start, and not again");
    let last = store.turn(job.id, claim(Some(3), 2, &[], 3)).await.unwrap();
    assert_eq!((rows(&last), last.exhausted), (vec![4], true));
    let none = store.turn(job.id, claim(Some(4), 2, &[], 3)).await.unwrap();
    assert_eq!((rows(&none), none.exhausted), (vec![], true));
    assert_eq!(store.interrupted(job.id, 99).await.unwrap().len(), 5);
    assert_eq!(store.interrupted(job.id, 2).await.unwrap().len(), 2);
    let without = Turn { claim: Claim { limit: 9, ..Claim::default() }, ..Turn::default() };
    assert_eq!(rows(&store.turn(job.id, without).await.unwrap()), [0; 0], "no time, no claim");
}

#[tokio::test]
async fn a_row_put_back_keeps_what_must_be_kept() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 4).await;
    store.turn(job.id, claim(None, 4, &[], 1)).await.unwrap();
    let changes = vec![
        change(0, State::Queued, 0, false),
        change(1, State::Queued, 1, false),
        change(2, State::Queued, 0, true),
        Change { errcode: Some(-1), errmsg: Some("system error".into()), ..change(3, State::Queued, 1, true) },
    ];
    store.turn(job.id, Turn { changes, ..Turn::default() }).await.unwrap();
    let again = store.turn(job.id, claim(Some(9), 1, &[3, 0, 1, 2], 100)).await.unwrap();
    assert!(again.exhausted);
    let seen: BTreeMap<i64, _> =
        again.claimed.iter().map(|row| (row.row.0, (row.attempts, row.ambiguous, row.first_sent_at))).collect();
    let expected = [(0, (0, false, at(100))), (1, (1, false, at(1))), (2, (0, true, at(1))), (3, (1, true, at(1)))];
    assert_eq!(seen, expected.into(), "only an untouched row has a new first request");
    assert_eq!(again.claimed[0].last_errcode, Some(-1));
    // Given back unsent, its last words stay.
    let back = Change { errcode: Some(-1), ..change(3, State::Queued, 1, true) };
    store.turn(job.id, Turn { changes: vec![back], ..Turn::default() }).await.unwrap();
    let all = store.deliveries(id, job.id, DeliveryFilter::default(), PageAt::Last, 1).await.unwrap();
    assert_eq!(all[0].0.errmsg.as_deref(), Some("system error"));
}

#[tokio::test]
async fn what_has_ended_stays_as_it_ended() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 2).await;
    store.turn(job.id, claim(None, 1, &[], 1)).await.unwrap();
    let end = |state| Turn { changes: vec![change(0, state, 1, false)], ..Turn::default() };
    store.turn(job.id, end(State::Accepted)).await.unwrap();
    for state in [State::Failed, State::Queued, State::Unknown] {
        store.turn(job.id, end(state)).await.unwrap();
    }
    let counts = store.job(job.id).await.unwrap().unwrap().counts;
    assert_eq!(counts, Counts { total: 2, accepted: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_turn_that_fails_changes_nothing() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 3).await;
    let attempt = Attempt {
        // There is no such row.
        row: RowNo(77),
        started_at: at(1),
        elapsed_ms: 5,
        http_status: Some(200),
        errcode: Some(0),
        reply: "{}".into(),
    };
    let broken =
        Turn { changes: vec![change(0, State::Accepted, 1, false)], attempts: vec![attempt.clone()], ..claim(None, 3, &[], 1) };
    assert!(store.turn(job.id, broken).await.is_err());
    assert_eq!(store.job(job.id).await.unwrap().unwrap(), job);
    assert_eq!(store.interrupted(job.id, 9).await.unwrap(), []);
    let good = Attempt { row: RowNo(2), ..attempt };
    let turn =
        Turn { attempts: vec![good.clone(), Attempt { errcode: None, http_status: None, ..good.clone() }], ..Turn::default() };
    store.turn(job.id, turn).await.unwrap();
    let kept = store.attempts(job.id, RowNo(2)).await.unwrap();
    assert_eq!((kept.len(), &kept[0], kept[1].errcode), (2, &good, None));
    assert_eq!(store.attempts(job.id, RowNo(1)).await.unwrap(), []);
}

#[tokio::test]
async fn what_the_review_refused_is_noted_once_and_on_nothing_else() {
    let (_dir, store) = open();
    let id = account(&store).await;
    let job = job_of(&store, id, 5).await;
    let held = |row, errmsg: Option<&str>| Change {
        errcode: Some(40252),
        errmsg: errmsg.map(str::to_owned),
        ..change(row, State::Accepted, 1, false)
    };
    let failed = Change { errcode: Some(40252), ..change(3, State::Failed, 1, false) };
    let accepted = Change { errcode: Some(0), ..change(2, State::Accepted, 1, false) };
    let changes = vec![held(0, Some("in review rid: r")), held(1, None), accepted, failed];
    store.turn(job.id, Turn { changes, ..Turn::default() }).await.unwrap();
    let rows = async || {
        let rows = store.deliveries(id, job.id, DeliveryFilter::default(), PageAt::First, 9).await.unwrap();
        rows.into_iter().map(|(row, _)| row).collect::<Vec<_>>()
    };
    let before = rows().await;
    store.note_refused_in_review(job.id, (0..5).map(RowNo).collect()).await.unwrap();
    let after = rows().await;
    assert_eq!(after[0].errmsg.as_deref(), Some("refused in review, not delivered; in review rid: r"));
    assert_eq!(after[1].errmsg.as_deref(), Some("refused in review, not delivered"));
    assert_eq!(after.iter().filter(|row| row.is_refused_in_review()).count(), 2);
    assert_eq!(after[2..], before[2..], "whatever is not in review");
    assert_eq!((after[0].state, after[0].updated_at), (State::Accepted, before[0].updated_at));
    store.note_refused_in_review(job.id, vec![RowNo(0), RowNo(1)]).await.unwrap();
    assert_eq!(rows().await, after, "twice is once");
}

/// One step of an engine that does as it likes.
#[derive(Debug, Clone)]
enum Step {
    Fresh(u32),
    Again(u32),
    Settle(u8, u8),
    PutBack(u8, bool),
}

fn steps() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = prop_oneof![
        (1_u32..6).prop_map(Step::Fresh),
        (1_u32..4).prop_map(Step::Again),
        (any::<u8>(), 2_u8..6).prop_map(|(pick, state)| Step::Settle(pick, state)),
        (any::<u8>(), any::<bool>()).prop_map(|(pick, ambiguous)| Step::PutBack(pick, ambiguous)),
    ];
    prop::collection::vec(prop::collection::vec(step, 1..6), 1..20)
}

/// What the ledger should say, kept by hand.
#[derive(Default)]
struct Model {
    states: Vec<i64>,
    cursor: Option<i64>,
}

impl Model {
    fn pick(&self, state: i64, pick: u8) -> Option<i64> {
        let rows: Vec<usize> = (0..self.states.len()).filter(|&row| self.states[row] == state).collect();
        rows.get(usize::from(pick) % rows.len().max(1)).map(|row| *row as i64)
    }

    fn turn(&mut self, steps: &[Step]) -> Turn {
        let mut turn = claim(self.cursor, 0, &[], 1);
        for step in steps {
            match *step {
                Step::Fresh(limit) => turn.claim.limit = limit,
                Step::Again(most) => {
                    let behind = (0..=self.cursor.unwrap_or(-1)).filter(|&row| self.states[row as usize] == 0);
                    turn.claim.again = behind.take(most as usize).map(RowNo).collect();
                }
                Step::Settle(pick, code) => {
                    if let Some(row) = self.pick(1, pick) {
                        self.states[row as usize] = i64::from(code);
                        turn.changes.push(change(row, State::from_code(i64::from(code)).unwrap(), 1, false));
                    }
                }
                Step::PutBack(pick, ambiguous) => {
                    if let Some(row) = self.pick(1, pick) {
                        self.states[row as usize] = 0;
                        turn.changes.push(change(row, State::Queued, 1, ambiguous));
                    }
                }
            }
        }
        turn
    }

    /// Notes what was claimed, which must have been queued.
    fn claimed(&mut self, turned: &Turned) {
        for row in rows(turned) {
            assert_eq!(self.states[row as usize], 0, "row {row} was not queued");
            self.states[row as usize] = 1;
            self.cursor = self.cursor.max(Some(row));
        }
    }

    fn count(&self, state: State) -> u64 {
        self.states.iter().filter(|&&code| code == state.code()).count() as u64
    }
}

async fn check(store: &Store, account: AccountId, job: JobId, model: &Model) {
    let counts = store.job(job).await.unwrap().unwrap().counts;
    let expected = Counts {
        total: model.states.len() as u64,
        accepted: model.count(State::Accepted),
        failed: model.count(State::Failed),
        unknown: model.count(State::Unknown),
        skipped: model.count(State::Skipped),
    };
    assert_eq!(counts, expected);
    let rows = store.deliveries(account, job, DeliveryFilter::default(), PageAt::First, 99).await.unwrap();
    assert_eq!(rows.iter().map(|(row, _)| row.state.code()).collect::<Vec<_>>(), model.states);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn the_counts_add_up_whatever_the_engine_does(turns in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_dir, store) = open();
            let id = account(&store).await;
            let job = job_of(&store, id, 20).await.id;
            let mut model = Model { states: vec![0; 20], cursor: None };
            for steps in &turns {
                let turn = model.turn(steps);
                let turned = store.turn(job, turn).await.unwrap();
                model.claimed(&turned);
                check(&store, id, job, &model).await;
            }
        });
    }
}
