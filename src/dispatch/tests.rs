//! The parts of the engine that need no server: when it wakes, and what it holds.

use super::outbox::Outbox;
use super::*;
use crate::domain::account::{NewAccount, PaceLimits, SecretSource, TokenSource};
use crate::domain::audience::{Audience, UserSet};
use crate::domain::delivery::State;
use crate::domain::id::{AppId, OpenId, RowNo, TemplateId};
use crate::domain::job::{Call, StopReason};
use crate::domain::lang::Lang;
use crate::domain::message::Message;
use crate::store::{Change, Store};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// An outbox of a job with so many rows.
async fn outbox(rows: usize) -> (tempfile::TempDir, Outbox) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let account = NewAccount {
        name: "Acme".into(),
        appid: AppId::trusted("wx0123456789abcdef"),
        secret: SecretSource::Vault,
        api_base: crate::domain::api_base::ApiBase::default(),
        token: TokenSource::Stable,
        pace: PaceLimits::default(),
    };
    let id = store.add_account(account, Timestamp::now()).await.unwrap();
    let account = store.account(id).await.unwrap().unwrap();
    let users = (0..rows).map(|n| OpenId::trusted(format!("o{n}"))).collect();
    let confirmed = Confirmed {
        message: Message::new(TemplateId::trusted("T")),
        template: crate::domain::template::Template::empty(TemplateId::trusted("T")),
        zone: jiff::tz::TimeZone::UTC,
        audience: Audience::of(UserSet::Users(users)),
        pace: PaceLimits::default(),
        attempts: 3,
        again: true,
        expected: None,
    };
    let job = create(&store, &account, confirmed).await.unwrap().job;
    (dir, Outbox::new(store, job.id))
}

fn put_back(outbox: &mut Outbox, row: RowNo, pause: Duration) {
    let change = Change {
        row,
        state: State::Queued,
        attempts: 1,
        ambiguous: false,
        errcode: None,
        errmsg: None,
        msgid: None,
        at: Timestamp::now(),
    };
    outbox.record(change, Instant::now());
    outbox.waiting.push(row, Instant::now(), pause);
}

#[tokio::test]
async fn a_row_that_is_due_keeps_nobody_awake_while_there_is_no_room() {
    let (_dir, mut outbox) = outbox(10).await;
    outbox.begin_turn(Instant::now(), 0, 4);
    outbox.turned().await.unwrap();
    assert_eq!(outbox.ready.len(), 4);
    let row = outbox.ready.pop_front().unwrap().row;
    put_back(&mut outbox, row, Duration::ZERO);
    outbox.begin_last_turn();
    outbox.turned().await.unwrap();
    assert!(outbox.waiting.next().is_some());
    assert_eq!(outbox.deadline(1, 4), None, "all slots are taken");
    assert_eq!(outbox.deadline(0, 0), None, "it has stopped");
    assert!(outbox.deadline(0, 4).is_some());
}

#[tokio::test]
async fn rows_come_back_behind_the_cursor_and_none_is_lost() {
    let (_dir, mut outbox) = outbox(9).await;
    let mut seen = Vec::new();
    let mut again = 0;
    while !outbox.is_done() {
        outbox.begin_turn(Instant::now(), 0, 3);
        if outbox.deadline(0, 3).is_none() {
            outbox.turned().await.unwrap();
        } else {
            tokio::task::yield_now().await;
        }
        while let Some(row) = outbox.ready.pop_front() {
            if row.row.0 % 4 == 0 && row.attempts == 0 {
                put_back(&mut outbox, row.row, Duration::ZERO);
                again += 1;
            } else {
                seen.push(row.row.0);
                let at = Timestamp::now();
                let state = State::Accepted;
                let change = Change {
                    row: row.row,
                    state,
                    attempts: 1,
                    ambiguous: false,
                    errcode: Some(0),
                    errmsg: None,
                    msgid: None,
                    at,
                };
                outbox.record(change, Instant::now());
            }
        }
    }
    seen.sort_unstable();
    assert_eq!((seen, again), ((0..9).collect(), 3));
}

#[test]
fn pauses_are_as_planned_unless_a_test_says_otherwise() {
    let planned = Duration::from_secs(5);
    assert_eq!(Pauses::default().of(planned), planned);
    assert_eq!(Pauses::shortened(Duration::from_millis(2)).of(planned), Duration::from_millis(10));
}

#[test]
fn a_fingerprint_is_the_same_in_every_version() {
    let message = Message::new(TemplateId::trusted("T"));
    let audience = Audience::of(UserSet::Users(vec![OpenId::trusted("oA")]));
    let print = |account| fingerprint(crate::domain::id::AccountId(account), &message, &audience);
    assert_ne!(print(1), print(2));
    assert_ne!(print(1), fingerprint(crate::domain::id::AccountId(1), &message, &Audience::of(UserSet::All)));
    assert_eq!(print(1), "824ded7444ab7c9f-85");
}

#[test]
fn a_code_is_explained_by_the_call_that_gave_it() {
    let told = |call| {
        let why = StopReason::Refused { errcode: 45009, errmsg: "reach max api daily quota limit".into(), call };
        super::reason(&why, Lang::En).remedy
    };
    let [send, stable, legacy] = [Call::Send, Call::StableToken, Call::LegacyToken].map(told);
    assert!(send != stable && stable != legacy && send.contains("00:00"), "{send} {stable} {legacy}");
    // Written by a version that did not note the call.
    let old = r#"{"kind":"refused","errcode":40164,"errmsg":"invalid ip"}"#;
    assert!(matches!(serde_json::from_str(old), Ok(StopReason::Refused { call: Call::Send, .. })));
}
