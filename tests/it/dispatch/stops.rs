//! What stops a job, whose fault it is, and how it goes on.

use super::*;
use muban::dispatch::reason;
use muban::domain::job::Job;
use muban::sim::{Chance, Sim};
use muban::store::Wish;

/// Nothing is half done, no attempt was burnt, and the rows that are left can be sent.
async fn is_paused_cleanly(scene: &Scene, job: &Job) {
    assert_eq!(job.state, JobState::Paused);
    scene.agrees(job).await;
    let rows = scene.rows(job).await;
    assert_eq!(in_state(&rows, State::Sending), 0);
    assert!(rows.iter().filter(|row| row.state == State::Queued).all(|row| row.attempts == 0 && !row.ambiguous));
}

fn refused(job: &Job) -> i64 {
    match &job.reason {
        Some(StopReason::Refused { errcode, .. }) => *errcode,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn it_pauses_and_goes_on_at_the_operators_word() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 5);
    let job = scene.prepare(scene.draft(scene.first(300), fast(8))).await.job;
    let run = scene.start(job).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 20)).await;
    let job = run.told(Order::Pause).await;
    assert_eq!(job.reason, Some(StopReason::Operator));
    is_paused_cleanly(&scene, &job).await;
    assert!((20..100).contains(&job.counts.accepted), "{:?}", job.counts);
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.accepted, scene.sim.calls(SEND)), (JobState::Done, 300, 300));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn cancelled_is_cancelled_for_good() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 5);
    let job = scene.prepare(scene.draft(scene.first(300), fast(8))).await.job;
    let run = scene.start(job).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 20)).await;
    let job = run.told(Order::Cancel).await;
    assert_eq!((job.state, &job.reason, job.counts.queued()), (JobState::Cancelled, &Some(StopReason::Cancelled), 0));
    assert_eq!(job.counts.accepted + job.counts.skipped, 300);
    scene.agrees(&job).await;
    assert!(matches!(scene.start(job).await.result().await, Err(DispatchError::Finished(_))));
}

#[tokio::test]
async fn a_run_that_nobody_holds_is_interrupted() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 5);
    let job = scene.prepare(scene.draft(scene.first(300), fast(4))).await.job;
    let (controller, control) = Controller::new();
    let progress = Arc::new(Progress::new(job.counts));
    let work = tokio::spawn(dispatch::run(scene.session().await, scene.store.clone(), job, progress, control));
    within(scene.sim.until(|sim| sim.delivered_count() >= 8)).await;
    drop(controller);
    let job = within(work).await.unwrap().unwrap().job;
    assert_eq!(job.reason, Some(StopReason::Interrupted));
    is_paused_cleanly(&scene, &job).await;
}

#[tokio::test]
async fn other_processes_pause_pace_and_cancel_it_through_the_ledger() {
    let scene = Scene::of(World::with_followers(4_000, 1)).await;
    let elsewhere = Store::open(scene.dir.path()).unwrap();
    let slow = PaceLimits { rate: Rate(20), concurrency: 4 };
    let job = scene.prepare(scene.draft(scene.first(4_000), slow)).await.job;
    let run = scene.start(job.clone()).await;
    within(scene.sim.until(|sim| sim.delivered_count() > 0)).await;
    assert!(dispatch::is_running(&elsewhere, job.id));
    elsewhere.wish(job.id, job.running_ms, Wish::Pause).await.unwrap();
    let first = job;
    let job = run.end().await;
    assert_eq!(job.reason, Some(StopReason::Operator));
    is_paused_cleanly(&scene, &job).await;

    assert!(!dispatch::is_running(&elsewhere, job.id));
    let run = scene.start(job.clone()).await;
    let sent = scene.sim.delivered_count();
    within(scene.sim.until(|sim| sim.delivered_count() > sent)).await;
    elsewhere.set_job_pace(job.id, PaceLimits { rate: Rate(1_000), concurrency: 16 }).await.unwrap();
    // At the old pace this would take half a minute.
    within(scene.sim.until(|sim| sim.delivered_count() > sent + 600)).await;
    // What was asked of the first run is not asked of the second.
    within(dispatch::stop_elsewhere(&elsewhere, &first, Wish::Pause)).await.unwrap();
    within(dispatch::stop_elsewhere(&elsewhere, &job, Wish::Cancel)).await.unwrap();
    let job = run.end().await;
    assert_eq!((job.state, job.pace.rate), (JobState::Cancelled, Rate(1_000)));
    assert!(job.counts.skipped > 0 && job.counts.queued() == 0, "{:?}", job.counts);
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_glance_at_a_job_does_not_keep_it_from_starting() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let job = scene.prepare(scene.draft(scene.first(5), fast(2))).await.job;
    let (store, seen, id) = (scene.store.clone(), Arc::clone(&stop), job.id);
    // As eager as no process would be, and still not always in its way.
    let watcher = std::thread::spawn(move || {
        while !seen.load(SeqCst) {
            dispatch::is_running(&store, id);
            std::thread::yield_now();
        }
    });
    let results = scene.start(job.clone()).await.result().await;
    stop.store(true, SeqCst);
    watcher.join().unwrap();
    assert_eq!(results.unwrap().job.counts.accepted, 5);
}

#[tokio::test]
async fn a_job_that_was_known_before_it_ran_elsewhere_is_taken_as_it_is_now() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    let old = scene.prepare(scene.draft(scene.first(20), fast(2))).await.job;
    scene.act(Action::SetQuota { path: SEND.into(), limit: 12 });
    let paused = scene.run(old.clone()).await;
    assert_eq!(paused.counts.accepted, 12);
    scene.act(Action::SetQuota { path: SEND.into(), limit: 99 });
    let run = scene.start(old.clone()).await;
    let progress = Arc::clone(&run.progress);
    let done = run.end().await;
    assert_eq!((done.state, done.counts.accepted, progress.view().counts), (JobState::Done, 20, done.counts));
    assert!(matches!(scene.start(old).await.result().await, Err(DispatchError::Finished(_))));
    assert_eq!(scene.sim.delivered_count(), 20);
}

#[tokio::test]
async fn an_order_given_before_the_start_is_heard() {
    let scene = Scene::of(World::with_followers(10, 1)).await;
    for order in [Order::Pause, Order::Interrupt, Order::Abort, Order::Cancel] {
        let job = scene.prepare(scene.draft(scene.first(10), fast(4))).await.job;
        let (controller, control) = Controller::new();
        controller.order(order);
        let progress = Arc::new(Progress::new(job.counts));
        let work = dispatch::run(scene.session().await, scene.store.clone(), job, progress, control);
        let job = within(work).await.unwrap().job;
        assert_eq!((job.counts.accepted, scene.sim.calls(SEND)), (0, 0), "{order:?}");
        scene.agrees(&job).await;
    }
}

#[tokio::test]
async fn an_aborted_run_is_taken_up_and_nobody_gets_it_twice() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 20);
    let mut job = scene.prepare(scene.draft(scene.first(200), fast(8))).await.job;
    // As often as a row may be asked for again.
    for goal in [30, 90] {
        let run = scene.start(job).await;
        within(scene.sim.until(|sim| sim.delivered_count() >= goal)).await;
        job = run.told(Order::Abort).await;
        assert_eq!((job.state, &job.reason), (JobState::Paused, &Some(StopReason::Interrupted)));
        assert!(in_state(&scene.rows(&job).await, State::Sending) > 0, "what was in flight is not known");
        scene.agrees(&job).await;
    }
    scene.sim.faults(|faults| faults.latency_ms = 0);
    let job = scene.run(job).await;
    assert_eq!(job.state, JobState::Done);
    assert_eq!((job.counts.accepted, scene.sim.delivered_count()), (200, 200));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn an_aborted_run_can_be_cancelled_and_says_what_is_not_known() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 20);
    let job = scene.prepare(scene.draft(scene.first(200), fast(8))).await.job;
    let run = scene.start(job).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 30)).await;
    let job = run.told(Order::Abort).await;
    let job = dispatch::cancel(&scene.store, job).await.unwrap();
    assert_eq!((job.state, job.counts.queued()), (JobState::Cancelled, 0));
    assert!((1..=8).contains(&job.counts.unknown), "only what was on its way is in doubt: {:?}", job.counts);
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_wrong_secret_pauses_at_once() {
    let scene = Scene::of(World::with_followers(500, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 2);
    let job = scene.prepare(scene.draft(scene.first(500), fast(16))).await.job;
    let run = scene.start(job).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 100)).await;
    scene.sim.world(|world| {
        world.act(None, Action::RevokeSecret).unwrap();
        world.act(None, Action::ReplaceToken).unwrap();
    });
    let job = run.end().await;
    assert_eq!(refused(&job), 40125);
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.answered_with(SEND, 40001) <= 16, "{} more", scene.sim.answered_with(SEND, 40001));
    assert_eq!((scene.sim.token_fetches(), job.counts.failed), (2, 0));
}

#[tokio::test]
async fn tokens_that_are_refused_one_after_the_other_pause_it() {
    // Of the stable kind the very same comes again; of the old kind, a new one, which is refused too.
    for (source, fetches) in [(muban::domain::account::TokenSource::Stable, 2), (muban::domain::account::TokenSource::Legacy, 2)]
    {
        let mut scene = Scene::of(World::with_followers(100, 1)).await;
        scene.account.token = source;
        scene.sim.faults(|faults| faults.reject_tokens = true);
        let job = scene.send(scene.first(100), 8).await;
        assert_eq!(refused(&job), 40001);
        is_paused_cleanly(&scene, &job).await;
        assert_eq!(scene.sim.token_fetches(), fetches);
        assert!(scene.sim.calls(SEND) <= 16, "{} sends", scene.sim.calls(SEND));
        scene.sim.faults(|faults| faults.reject_tokens = false);
        assert_eq!(scene.run(job).await.counts.accepted, 100);
    }
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_named() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    scene.sim.faults(|faults| faults.deny_ip = true);
    let job = scene.send(scene.first(100), 8).await;
    is_paused_cleanly(&scene, &job).await;
    let why = reason(job.reason.as_ref().unwrap(), Lang::En);
    assert_eq!((why.errcode, why.ip.as_deref(), why.class), (Some(40164), Some("127.0.0.1"), "stop_account"));
    assert_eq!((scene.sim.token_fetches(), scene.sim.calls(SEND)), (1, 0));
    scene.sim.faults(|faults| {
        (faults.deny_ip, faults.refuse_code, faults.refuse) = (false, 40164, Chance::percent(100.0));
    });
    let job = scene.run(job).await;
    is_paused_cleanly(&scene, &job).await;
    assert_eq!(refused(&job), 40164);
    assert!(scene.sim.calls(SEND) <= 8, "{} sends", scene.sim.calls(SEND));
}

#[tokio::test]
async fn a_spent_day_pauses_it_and_the_next_one_goes_on() {
    let scene = Scene::of(World::with_followers(2_000, 1)).await;
    scene.act(Action::SetQuota { path: SEND.into(), limit: 500 });
    let job = scene.send(scene.first(2_000), 16).await;
    assert_eq!((refused(&job), job.counts.accepted, job.counts.queued()), (45009, 500, 1_500));
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.answered_with(SEND, 45009) <= 16);
    assert_eq!(scene.sim.calls("/cgi-bin/clear_quota") + scene.sim.calls("/cgi-bin/clear_quota/v2"), 0, "never by itself");
    scene.act(Action::SetQuota { path: SEND.into(), limit: 5_000 });
    scene.act(Action::NextDay);
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.accepted, scene.sim.delivered_count()), (JobState::Done, 2_000, 2_000));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn the_same_no_for_twenty_in_a_row_asks_once() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    for n in 0..300 {
        let openid = scene.sim.world(|world| world.accounts()[0].openid(n));
        scene.act(Action::Standing { openid, standing: Standing::Stale });
    }
    let job = scene.send(scene.first(300), 4).await;
    assert_eq!(job.state, JobState::Paused);
    assert!(matches!(&job.reason, Some(StopReason::SameFailure { errcode: 43004, times: 20, .. })), "{:?}", job.reason);
    assert!((20..=24).contains(&job.counts.failed), "{:?}", job.counts);
    scene.agrees(&job).await;
    // Interrupted meanwhile, it still does not ask again.
    let run = scene.start(job).await;
    let job = run.told(Order::Interrupt).await;
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.failed), (JobState::Done, 300), "{:?}", job.reason);
}

#[tokio::test]
async fn a_reason_to_stop_that_comes_last_stops_nothing() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    for n in 0..20 {
        let openid = scene.sim.world(|world| world.accounts()[0].openid(n));
        scene.act(Action::Standing { openid, standing: Standing::Stale });
    }
    let job = scene.send(scene.first(20), 4).await;
    assert_eq!((job.state, job.reason, job.counts.failed), (JobState::Done, None, 20));
}

#[tokio::test]
async fn an_unreachable_host_pauses_it_without_burning_an_attempt() {
    for has_token in [false, true] {
        let scene = Scene::of(World::with_followers(100, 1)).await;
        let world = scene.sim.world(|world| world.clone());
        let addr = scene.sim.addr();
        if has_token {
            scene.session().await.token().await.unwrap();
        }
        let job = scene.prepare(scene.draft(scene.first(100), fast(8))).await.job;
        let Scene { sim, store, account, sessions, dir } = scene;
        drop(sim);
        // The witness of the next run; it is not listening yet.
        let nobody = Sim::local(World::with_followers(1, 9)).unwrap();
        let scene = Scene { sim: nobody, store, account, sessions, dir };
        let job = scene.run(job).await;
        assert!(matches!(&job.reason, Some(StopReason::Network { .. })), "{:?}", job.reason);
        is_paused_cleanly(&scene, &job).await;
        assert_eq!(job.counts.queued(), 100);
        let scene = Scene { sim: Sim::spawn_thread(world, addr).unwrap(), ..scene };
        let job = scene.run(job).await;
        assert_eq!((job.state, job.counts.accepted), (JobState::Done, 100));
        scene.agrees(&job).await;
    }
}

#[tokio::test]
async fn a_dead_template_is_asked_about_twice_and_no_more() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    let template_id = scene.message().template_id.to_string();
    scene.act(Action::RemoveTemplate { template_id });
    let job = scene.send(scene.first(200), 8).await;
    assert_eq!(refused(&job), 40037);
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.calls(SEND) <= 9, "{} sends", scene.sim.calls(SEND));
    assert_eq!(job.counts.queued(), 200);
}

#[tokio::test]
async fn a_banned_template_pauses_it_at_the_first_no() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    let template_id = scene.message().template_id.to_string();
    scene.act(Action::BanTemplate { template_id });
    let job = scene.send(scene.first(200), 8).await;
    assert_eq!(refused(&job), 43116);
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.calls(SEND) <= 8);
}

#[tokio::test]
async fn a_request_refused_unread_pauses_it() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    scene.sim.faults(|faults| faults.http_412 = Chance { after: 10, percent: 100.0, next: 0 });
    let job = scene.send(scene.first(100), 4).await;
    assert!(matches!(&job.reason, Some(StopReason::Network { detail }) if detail.contains("412")), "{:?}", job.reason);
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.calls(SEND) <= 14);
}

#[tokio::test]
async fn a_minute_without_end_pauses_it() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    scene.sim.faults(|faults| (faults.refuse_code, faults.refuse) = (45011, Chance::percent(100.0)));
    let job = scene.send(scene.first(100), 8).await;
    assert_eq!(refused(&job), 45011);
    is_paused_cleanly(&scene, &job).await;
    assert!(scene.sim.calls(SEND) <= 8 + 10, "{} sends", scene.sim.calls(SEND));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_it_and_nobody_gets_it_twice() {
    let scene = Scene::of(World::with_followers(100, 1)).await;
    let job = scene.prepare(scene.draft(scene.first(100), fast(8))).await.job;
    let ledger = rusqlite::Connection::open(scene.dir.path().join("ledger.db")).unwrap();
    let broken = "CREATE TRIGGER broken BEFORE UPDATE ON deliveries WHEN NEW.state = 2 AND NEW.id % 40 = 30
                  BEGIN SELECT RAISE(ABORT, 'no more ink'); END";
    ledger.execute_batch(broken).unwrap();
    let error = scene.start(job.clone()).await.result().await.unwrap_err();
    assert!(matches!(error, DispatchError::Store(_)) && error.to_string().contains("no more ink"), "{error}");
    let job = scene.store.job(job.id).await.unwrap().unwrap();
    assert!(matches!(&job.reason, Some(StopReason::Store { detail }) if detail.contains("no more ink")), "{:?}", job.reason);
    assert!(in_state(&scene.rows(&job).await, State::Sending) > 0);
    ledger.execute_batch("DROP TRIGGER broken").unwrap();
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.accepted, scene.sim.delivered_count()), (JobState::Done, 100, 100));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_gateway_that_answers_nothing_clear_does_not_burn_the_whole_list() {
    let scene = Scene::of(World::with_followers(400, 1)).await;
    scene.sim.faults(|faults| faults.http_502 = Chance::percent(100.0));
    let job = scene.prepare(scene.draft(scene.first(400), fast(8))).await.job;
    let job = scene.run(job).await;
    assert_eq!(job.state, JobState::Paused);
    assert!(matches!(&job.reason, Some(StopReason::Network { detail }) if detail.contains("502")), "{:?}", job.reason);
    assert!(scene.sim.calls(SEND) <= 40 + 8, "{} requests", scene.sim.calls(SEND));
    scene.agrees(&job).await;
    scene.sim.faults(|faults| faults.http_502 = Chance::NEVER);
    let job = scene.run(job).await;
    assert_eq!((job.state, job.counts.failed), (JobState::Done, 0));
    scene.agrees(&job).await;
}
