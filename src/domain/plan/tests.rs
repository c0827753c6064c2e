use super::*;
use proptest::prelude::*;

const FIRST: Timestamp = Timestamp::constant(1_700_000_000, 0);

fn history(attempts: u32, ambiguous: bool) -> History {
    History { attempts, ambiguous, first_sent_at: FIRST, last_errcode: None }
}

fn after(seconds: i64) -> Timestamp {
    FIRST + SignedDuration::from_secs(seconds)
}

fn next(errcode: i64, row: History) -> Next {
    decide(&Outcome::Answered { errcode }, row, 3, after(1)).next
}

#[test]
fn each_class_leads_where_the_contract_says() {
    for (errcode, expected) in [
        (0, Next::Settle(State::Accepted)),
        (40252, Next::Settle(State::Accepted)),
        (-1, Next::Retry(Duration::from_secs(1))),
        (43004, Next::Settle(State::Failed)),
        (43101, Next::Settle(State::Failed)),
        (47003, Next::Settle(State::Failed)),
        (40241, Next::Settle(State::Skipped)),
        (43117, Next::Retry(FREQUENCY_PAUSE)),
        (40037, Next::Back(Obstacle::Template)),
        (40001, Next::Back(Obstacle::Token)),
        (40014, Next::Back(Obstacle::Token)),
        (42001, Next::Back(Obstacle::Token)),
        (45011, Next::Back(Obstacle::Minute)),
        (45009, Next::Back(Obstacle::Stop)),
        (40164, Next::Back(Obstacle::Stop)),
        (48001, Next::Back(Obstacle::Stop)),
        (40036, Next::Back(Obstacle::Stop)),
        (987_654, Next::Settle(State::Failed)),
    ] {
        assert_eq!(next(errcode, history(0, false)), expected, "{errcode}");
    }
}

#[test]
fn codes_with_a_second_chance_have_only_one() {
    let again = |errcode| History { attempts: 1, last_errcode: Some(errcode), ..history(1, false) };
    assert_eq!(next(43117, again(43117)), Next::Settle(State::Failed));
    assert_eq!(next(40037, again(40037)), Next::Back(Obstacle::Stop));
}

#[test]
fn a_repeat_after_an_unclear_attempt_means_it_arrived() {
    assert_eq!(next(40241, history(1, true)), Next::Settle(State::Accepted));
}

#[test]
fn an_unclear_row_is_retried_only_inside_the_window() {
    let unclear = |row, seconds| decide(&Outcome::Ambiguous, row, 3, after(seconds)).next;
    assert_eq!(unclear(history(0, false), 10), Next::Retry(Duration::from_secs(1)));
    assert_eq!(unclear(history(0, false), 481), Next::Settle(State::Unknown));
    assert_eq!(unclear(history(0, false), -1), Next::Settle(State::Unknown));
    assert_eq!(unclear(history(2, false), 10), Next::Settle(State::Unknown));
    assert!(may_send(true, Some(FIRST), after(480)));
    assert!(!may_send(true, Some(FIRST), after(481)));
    assert!(!may_send(true, Some(FIRST), after(-1)));
    assert!(may_send(false, Some(FIRST), after(9999)));
}

#[test]
fn what_never_left_or_was_about_all_rows_burns_no_attempt() {
    for outcome in
        [Outcome::NotSent, Outcome::Rejected, Outcome::Answered { errcode: 40001 }, Outcome::Answered { errcode: 45009 }]
    {
        let decision = decide(&outcome, history(1, false), 3, after(1));
        assert_eq!((decision.attempts, decision.ambiguous), (1, false), "{outcome:?}");
        assert!(matches!(decision.next, Next::Back(_)));
    }
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        prop::sample::select(vec![
            0, -1, 40001, 40003, 40037, 40164, 40241, 40252, 43004, 43117, 45009, 45011, 47003, 50002, 123_456
        ])
        .prop_map(|errcode| Outcome::Answered { errcode }),
        Just(Outcome::NotSent),
        Just(Outcome::Rejected),
        Just(Outcome::Ambiguous),
    ]
}

proptest! {
    /// Walks a row through any sequence of outcomes, as the engine would.
    #[test]
    fn any_row_ends_by_the_rules(sequence in prop::collection::vec((outcomes(), 0i64..200), 1..40), max in 1u32..6) {
        let mut row = history(0, false);
        let mut now = FIRST;
        let too_often = Outcome::Answered { errcode: 43117 };
        for (outcome, seconds) in sequence {
            now += SignedDuration::from_secs(seconds);
            if !may_send(row.ambiguous, Some(FIRST), now) {
                prop_assert!(now.duration_since(FIRST) > AMBIGUOUS_WINDOW);
                break;
            }
            let decision = decide(&outcome, row, max, now);
            prop_assert!(decision.ambiguous >= row.ambiguous, "an unclear attempt is never forgotten");
            // A last pass for 43117 is granted beside the counted attempts.
            prop_assert!(decision.attempts <= max.max(row.attempts) + 1);
            match decision.next {
                Next::Settle(state) => {
                    prop_assert!(state.is_final());
                    prop_assert!(!(decision.ambiguous && state == State::Failed), "unclear rows never end as failed");
                    if outcome == Outcome::Ambiguous { prop_assert_eq!(state, State::Unknown); }
                    break;
                }
                Next::Retry(_) => {
                    prop_assert!(matches!(outcome, Outcome::Ambiguous | Outcome::Answered { errcode: -1 | 43117 }), "a definite no is never retried");
                    prop_assert!(decision.attempts < max || outcome == too_often);
                    if decision.ambiguous { prop_assert!(now.duration_since(FIRST) <= AMBIGUOUS_WINDOW || outcome == too_often); }
                }
                Next::Back(_) => prop_assert_eq!(decision.attempts, row.attempts),
            }
            let last_errcode = match outcome { Outcome::Answered { errcode } => Some(errcode), _ => None };
            row = History { attempts: decision.attempts, ambiguous: decision.ambiguous, first_sent_at: FIRST, last_errcode };
        }
    }
}
