//! Trouble that a job gets over by itself.

use super::*;
use muban::dispatch::Pauses;
use muban::sim::{Chance, Duplicates};

#[tokio::test]
async fn bursts_of_busy_are_retried() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    scene.sim.faults(|faults| faults.busy = Chance::percent(30.0));
    let mut draft = scene.draft(scene.first(300), fast(16));
    draft.attempts = 10;
    let job = scene.run(scene.prepare(draft).await.job).await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 300));
    assert!(scene.rows(&job).await.iter().any(|row| row.attempts > 1));
    assert!(scene.session().await.pace().view().now.concurrency < 16, "it went slower");
    scene.agrees(&job).await;
}

#[tokio::test]
async fn busy_to_the_last_attempt_is_a_failure_of_that_row_only() {
    let scene = Scene::of(World::with_followers(30, 1)).await;
    scene.sim.faults(|faults| faults.busy = Chance::percent(100.0));
    let job = scene.send(scene.first(30), 8).await;
    assert_eq!((job.state, job.counts.failed, scene.sim.calls(SEND)), (JobState::Done, 30, 90));
    let rows = scene.rows(&job).await;
    assert!(rows.iter().all(|row| row.attempts == 3 && row.errcode == Some(-1)));
}

#[tokio::test]
async fn a_token_that_ends_midway_costs_one_fetch_and_nothing_else() {
    for expires in [false, true] {
        let scene = Scene::of(World::with_followers(400, 1)).await;
        scene.sim.faults(|faults| {
            faults.latency_ms = 2;
            *(if expires { &mut faults.expire_token } else { &mut faults.kill_token }) = Chance::nth(150);
        });
        let job = scene.send(scene.first(400), 32).await;
        assert_eq!((job.state, job.counts.accepted), (JobState::Done, 400));
        assert_eq!((scene.sim.token_fetches(), scene.sim.delivered_count()), (2, 400));
        assert!(scene.rows(&job).await.iter().all(|row| row.attempts == 1), "no attempt is burnt by it");
        scene.agrees(&job).await;
    }
}

#[tokio::test]
async fn a_token_refused_by_the_first_send_is_replaced() {
    let scene = Scene::of(World::with_followers(50, 1)).await;
    scene.session().await.token().await.unwrap();
    scene.act(Action::ReplaceToken);
    let job = scene.send(scene.first(50), 16).await;
    assert_eq!((job.counts.accepted, scene.sim.token_fetches()), (50, 2));
}

#[tokio::test]
async fn answers_lost_after_acceptance_make_nobody_get_it_twice() {
    for duplicates in [Duplicates::Ok, Duplicates::Refused] {
        let scene = Scene::of(World::with_followers(300, 1)).await;
        scene.sim.faults(|faults| {
            faults.duplicates = duplicates;
            faults.reset_after = Chance::percent(15.0);
            faults.http_504 = Chance::percent(10.0);
            faults.empty_body = Chance::percent(10.0);
            faults.reset_before = Chance::percent(5.0);
        });
        let job = scene.send(scene.first(300), 16).await;
        assert_eq!((job.state, job.counts.failed, job.counts.skipped), (JobState::Done, 0, 0), "{duplicates:?}");
        assert!(job.counts.accepted > 250, "{:?}", job.counts);
        assert!(scene.rows(&job).await.iter().any(|row| row.ambiguous));
        scene.agrees(&job).await;
    }
}

#[tokio::test]
async fn a_no_after_an_unclear_attempt_is_unknown() {
    let scene = Scene::of(World::with_followers(1, 1)).await;
    let openid = scene.sim.world(|world| world.accounts()[0].openid(0));
    scene.act(Action::Standing { openid, standing: Standing::Refuses });
    scene.sim.faults(|faults| faults.reset_before = Chance::next(1));
    let job = scene.send(scene.first(1), 1).await;
    let rows = scene.rows(&job).await;
    assert_eq!((rows[0].state, rows[0].errcode, rows[0].attempts), (State::Unknown, Some(43101), 2));
    let attempts = scene.store.attempts(job.id, RowNo(0)).await.unwrap();
    assert_eq!(attempts.iter().map(|attempt| attempt.errcode).collect::<Vec<_>>(), [None, Some(43101)]);
}

#[tokio::test]
async fn a_gateway_that_never_answers_ends_in_unknown_after_all_attempts() {
    let scene = Scene::of(World::with_followers(10, 1)).await;
    scene.sim.faults(|faults| faults.http_502 = Chance::percent(100.0));
    let job = scene.send(scene.first(10), 8).await;
    assert_eq!((job.state, job.counts.unknown, scene.sim.calls(SEND)), (JobState::Done, 10, 30));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_duplicate_of_nothing_unclear_is_skipped() {
    let scene = Scene::of(World::with_followers(3, 1)).await;
    scene.sim.faults(|faults| (faults.refuse_code, faults.refuse) = (40241, Chance::next(1)));
    let job = scene.send(scene.first(3), 1).await;
    assert_eq!((job.counts.accepted, job.counts.skipped), (2, 1));
}

#[tokio::test]
async fn a_message_in_review_counts_as_accepted_and_says_so() {
    let scene = Scene::of(World::with_followers(3, 1)).await;
    scene.sim.faults(|faults| faults.review = Chance::next(1));
    let job = scene.send(scene.first(3), 1).await;
    assert_eq!((job.counts.accepted, scene.sim.calls(SEND)), (3, 3));
    assert_eq!(codes(&scene.rows(&job).await, State::Accepted), [Some(0), Some(40252)].into());
}

#[tokio::test]
async fn a_spent_minute_holds_everything_and_burns_nothing() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sim.faults(|faults| (faults.refuse_code, faults.refuse) = (45011, Chance { after: 50, next: 6, percent: 0.0 }));
    let job = scene.send(scene.first(200), 16).await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 200));
    assert!(scene.rows(&job).await.iter().all(|row| row.attempts == 1));
    assert!(scene.session().await.pace().view().now.concurrency <= 8);
    scene.agrees(&job).await;
}

#[tokio::test]
async fn while_nothing_goes_out_the_progress_says_why_and_until_when() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    scene.sim.faults(|faults| (faults.refuse_code, faults.refuse) = (45011, Chance { after: 5, next: 2, percent: 0.0 }));
    let job = scene.prepare(scene.draft(scene.first(20), fast(1))).await.job;
    // A minute of its true length.
    let run = scene.start_with(Pauses::default(), job).await;
    let held = within(async {
        loop {
            match run.progress.held() {
                Some(held) => break held,
                None => tokio::task::yield_now().await,
            }
        }
    });
    let (until, why) = held.await;
    assert!(until > jiff::Timestamp::now() && matches!(why, StopReason::Refused { errcode: 45011, .. }), "{why:?}");
    let blocked = scene.session().await.pace().view().blocked_until.unwrap();
    assert!(blocked > tokio::time::Instant::now(), "and all other jobs of the account wait as well");
    let job = run.told(Order::Pause).await;
    scene.session().await.pace().block_until(tokio::time::Instant::now());
    let run = scene.start(job).await;
    let progress = Arc::clone(&run.progress);
    assert_eq!((run.end().await.state, progress.held()), (JobState::Done, None));
}

#[tokio::test]
async fn who_got_too_many_is_asked_once_more_and_stops_nobody() {
    let scene = Scene::of(World::with_followers(40, 1)).await;
    scene.sim.faults(|faults| faults.per_user = Some(1));
    assert_eq!(scene.send(scene.first(40), 8).await.counts.accepted, 40);
    let job = scene.send(scene.first(40), 8).await;
    assert_eq!((job.state, job.counts.failed, scene.sim.answered_with(SEND, 43117)), (JobState::Done, 40, 80));
    assert_eq!(codes(&scene.rows(&job).await, State::Failed), [Some(43117)].into());
}

#[tokio::test]
async fn a_template_refused_for_a_moment_is_given_that_moment() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    scene.sim.faults(|faults| (faults.refuse_code, faults.refuse) = (40037, Chance::nth(30)));
    let job = scene.send(scene.first(100), 4).await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 100), "{:?}", job.reason);
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_busy_token_endpoint_is_asked_again() {
    let scene = Scene::of(World::with_followers(50, 1)).await;
    scene.sim.faults(|faults| (faults.everywhere, faults.busy) = (true, Chance::next(3)));
    let job = scene.send(scene.first(50), 8).await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 50), "{:?}", job.reason);
    assert_eq!(scene.sim.token_fetches(), 4);
}

#[tokio::test]
async fn a_spent_minute_of_the_token_endpoint_is_waited_for_and_only_without_end_pauses_it() {
    let scene = Scene::of(World::with_followers(50, 1)).await;
    scene.sim.faults(|faults| (faults.everywhere, faults.refuse_code, faults.refuse) = (true, 45011, Chance::next(3)));
    let job = scene.send(scene.first(50), 8).await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 50), "{:?}", job.reason);
    assert_eq!((scene.sim.token_fetches(), scene.sim.calls(SEND)), (4, 50));
    let scene = Scene::of(World::with_followers(50, 1)).await;
    scene.sim.faults(|faults| faults.token_code = 45011);
    let job = scene.send(scene.first(50), 8).await;
    assert!(matches!(&job.reason, Some(StopReason::Refused { errcode: 45011, .. })), "{:?}", job.reason);
    assert_eq!((job.state, scene.sim.token_fetches(), scene.sim.calls(SEND)), (JobState::Paused, 10, 0));
    scene.agrees(&job).await;
    scene.sim.faults(|faults| faults.token_code = 0);
    assert_eq!(scene.run(job).await.counts.accepted, 50);
}

#[tokio::test]
async fn numbers_up_to_the_last_bit_come_back() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    scene.sim.faults(|faults| (faults.huge_msgid, faults.errcode_as_text) = (true, true));
    let job = scene.send(scene.first(5), 2).await;
    assert_eq!(job.counts.accepted, 5);
    let theirs: BTreeSet<Option<u64>> = scene.sim.delivered().into_iter().map(|message| Some(message.msgid)).collect();
    assert_eq!(scene.rows(&job).await.into_iter().map(|row| row.msgid).collect::<BTreeSet<_>>(), theirs);
}

#[tokio::test]
async fn everything_at_once() {
    let scene = Scene::of(World::stress(600, 11, 10.0)).await;
    scene.sim.faults(|faults| {
        faults.busy = Chance::percent(5.0);
        faults.http_502 = Chance::percent(3.0);
        faults.reset_after = Chance::percent(5.0);
        faults.reset_before = Chance::percent(3.0);
        faults.empty_body = Chance::percent(3.0);
        faults.kill_token = Chance::nth(200);
    });
    let mut job = scene.prepare(scene.draft(scene.first(600), fast(24))).await.job;
    for order in [Order::Abort, Order::Pause, Order::Interrupt] {
        let run = scene.start(job).await;
        let goal = scene.sim.delivered_count() + 100;
        within(scene.sim.until(|sim| sim.delivered_count() >= goal)).await;
        job = run.told(order).await;
        scene.agrees(&job).await;
    }
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.queued()), (JobState::Done, 0), "{:?}", job.reason);
    assert!(job.counts.accepted > 450, "{:?}", job.counts);
    scene.agrees(&job).await;
}
