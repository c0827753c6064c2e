//! Sending against the simulator, an independent witness: who got what, how often, and what the ledger says of it.

mod stops;
mod trouble;

use crate::scene::{SEND, Scene, codes, fast, in_state, within};
use muban::dispatch::{self, Controller, DispatchError, Order, Progress};
use muban::domain::account::{PaceLimits, Rate};
use muban::domain::delivery::{Counts, State};
use muban::domain::id::{AccountId, OpenId, RowNo};
use muban::domain::job::{JobState, StopReason};
use muban::domain::lang::Lang;
use muban::sim::{Action, Standing, World};
use muban::store::Store;
use muban::sync::SyncPlan;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn a_send_to_a_tag_arrives_and_is_accounted_for() {
    let scene = Scene::of(World::demo()).await;
    scene.sync(SyncPlan::default()).await;
    let audience = scene.tag("VIP").await;
    let reach = scene.store.reach(scene.account.id, audience.clone()).await.unwrap();
    let prepared = scene.prepare(scene.draft(audience, fast(16))).await;
    assert_eq!((prepared.job.counts.total, prepared.excluded), (reach.recipients, reach.excluded));
    let job = scene.run(prepared.job).await;

    assert_eq!((job.state, &job.reason), (JobState::Done, &None));
    assert_eq!(job.counts.total + job.excluded.total(), 120);
    scene.agrees(&job).await;
    let rows = scene.rows(&job).await;
    assert_eq!(job.counts.accepted, scene.sim.delivered_count() as u64);
    assert!(job.counts.accepted > 100 && job.counts.failed > 3);
    assert_eq!(codes(&rows, State::Failed), [Some(43004), Some(43019), Some(43101)].into());
    assert!(rows.iter().filter(|row| row.state == State::Failed).all(|row| row.errmsg.as_ref().unwrap().contains("rid: ")));
    assert!(rows.iter().all(|row| row.attempts == 1 && (row.state != State::Accepted || row.msgid > Some(1 << 53))));
    assert_eq!((scene.sim.token_fetches(), scene.sim.calls(SEND)), (2 - 1, job.counts.total));

    let summary = dispatch::summary(&scene.store, &job, Lang::En).await.unwrap();
    assert_eq!(summary.errors.iter().map(|error| error.count).sum::<u64>(), job.counts.failed);
    assert_eq!((summary.total, summary.queued, summary.state.as_str()), (job.counts.total, 0, "done"));
}

#[tokio::test]
async fn each_body_is_the_preview_and_one_last_member() {
    let scene = Scene::of(World::with_followers(30, 1)).await;
    let mut draft = scene.draft(scene.first(30), fast(4));
    draft.message.url = Some("https://example.com/订单?a=1&b=\"2\"".into());
    let job = scene.run(scene.prepare(draft).await.job).await;
    assert_eq!(job.counts.accepted, 30);
    let rows = scene.rows(&job).await;
    for message in scene.sim.delivered() {
        let row = rows.iter().find(|row| row.openid.as_str() == message.openid).unwrap();
        let preview = job.message.body(&OpenId::trusted(&message.openid));
        let id = job.nonce.client_msg_id(row.row);
        let expected = format!("{},\"client_msg_id\":\"{id}\"}}", preview.strip_suffix('}').unwrap());
        assert_eq!(String::from_utf8(message.body).unwrap(), expected);
        assert_eq!((row.msgid, message.client_msg_id), (Some(message.msgid), Some(id)));
    }
}

#[tokio::test]
async fn every_request_of_a_small_job_is_kept_and_of_a_large_one_those_that_tell_something() {
    let scene = Scene::of(World::with_followers(1_100, 1)).await;
    let nth = |n| scene.sim.world(|world| world.accounts()[0].openid(n));
    scene.act(Action::Standing { openid: nth(5), standing: Standing::Refuses });
    for (count, of_accepted) in [(20, 1), (1_100, 0)] {
        let job = scene.send(scene.first(count), 32).await;
        assert_eq!((job.counts.accepted, job.counts.failed), (u64::from(count) - 1, 1));
        let kept = async |row| scene.store.attempts(job.id, RowNo(row)).await.unwrap();
        assert_eq!(kept(4).await.len(), of_accepted);
        let rows = scene.rows(&job).await;
        let failed = rows.iter().find(|row| row.state == State::Failed).unwrap();
        let [attempt] = kept(failed.row.0).await.try_into().unwrap();
        assert_eq!((attempt.errcode, attempt.http_status), (Some(43101), Some(200)));
        assert!(attempt.reply.contains("43101") && !attempt.reply.contains("access_token="), "{}", attempt.reply);
    }
}

#[tokio::test]
async fn any_pace_and_any_size_come_to_their_end() {
    let scene = Scene::of(World::with_followers(700, 1)).await;
    for (count, rate, in_flight) in [(1, 0, 1), (50, 0, 1), (700, 0, 64), (3, 0, 1024), (40, 1000, 1), (60, 5000, 8), (9, 0, 0)] {
        scene.act(Action::ResetLedger);
        let pace = PaceLimits { rate: Rate(rate), concurrency: in_flight };
        let job = scene.prepare(scene.draft(scene.first(count), pace)).await.job;
        let job = scene.run(job).await;
        assert_eq!((job.state, job.counts.accepted), (JobState::Done, u64::from(count)), "{count} at {rate}, {in_flight}");
        scene.agrees(&job).await;
    }
}

#[tokio::test]
async fn progress_ends_as_the_ledger_does() {
    let scene = Scene::of(World::stress(400, 3, 30.0)).await;
    let job = scene.prepare(scene.draft(scene.first(400), fast(16))).await.job;
    let run = scene.start(job).await;
    let progress = Arc::clone(&run.progress);
    let job = run.end().await;
    let view = progress.view();
    assert_eq!((view.counts, view.in_flight, view.waiting), (job.counts, 0, 0));
    assert!(job.counts.failed > 50 && view.rate > 0.0);
    scene.agrees(&job).await;
}

#[tokio::test]
async fn the_same_again_is_refused_until_it_is_asked_for() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    let careful = || dispatch::Confirmed { again: false, ..scene.draft(scene.first(5), fast(4)) };
    let create = async |draft| dispatch::create(&scene.store, &scene.account, draft).await;
    let job = create(careful()).await.unwrap().job;
    assert!(matches!(create(careful()).await, Err(DispatchError::Same(same)) if same == job.id), "unfinished");
    let job = scene.run(job).await;
    let error = create(careful()).await.unwrap_err();
    assert!(error.to_string().contains(&format!("job {}", job.id)) && error.to_string().contains("--again"), "{error}");
    let mut other = careful();
    other.message.values[1].value.push('!');
    create(other).await.unwrap();
    create(dispatch::Confirmed { audience: scene.first(4), ..careful() }).await.unwrap();
    create(dispatch::Confirmed { again: true, ..careful() }).await.unwrap();
}

#[tokio::test]
async fn two_who_confirm_the_same_at_once_make_one_job() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    let other = Store::open(scene.dir.path()).unwrap();
    let careful = || dispatch::Confirmed { again: false, ..scene.draft(scene.first(5), fast(4)) };
    let both = [&scene.store, &other].map(|store| dispatch::create(store, &scene.account, careful()));
    let results = futures_util::future::join_all(both).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(scene.store.jobs(None, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_to_send_to_is_said_with_the_reasons() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    scene.sync(SyncPlan::default()).await;
    let gone = scene.sim.world(|world| world.accounts()[0].openid(1));
    scene.act(Action::Unfollow { openid: gone });
    scene.sync(SyncPlan::default()).await;
    let mut audience = scene.first(2);
    let muban::domain::audience::UserSet::Users(users) = &mut audience.terms[0].1 else { unreachable!() };
    users[0] = OpenId::trusted("oStranger");
    let error = dispatch::create(&scene.store, &scene.account, scene.draft(audience, fast(1))).await.unwrap_err();
    assert!(matches!(error, DispatchError::Nobody(_)), "{error}");
    assert!(error.to_string().contains("1 unsubscribed") && error.to_string().contains("1 unknown"), "{error}");
    assert_eq!(scene.store.jobs(None, 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_retry_is_a_new_job_for_those_who_failed() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    let nth = |n| scene.sim.world(|world| world.accounts()[0].openid(n));
    for n in [3, 9] {
        scene.act(Action::Standing { openid: nth(n), standing: Standing::Refuses });
    }
    let of = scene.send(scene.first(20), 4).await;
    assert_eq!((of.counts.accepted, of.counts.failed), (18, 2));
    scene.act(Action::Standing { openid: nth(3), standing: Standing::Follows });
    let retry = dispatch::retry(&scene.store, &of, State::Failed).await.unwrap().job;
    assert_eq!((retry.retry_of, retry.counts.total, &retry.message, retry.pace), (Some(of.id), 2, &of.message, of.pace));
    let retry = scene.run(retry).await;
    assert_eq!((retry.counts.accepted, retry.counts.failed), (1, 1));
    scene.agrees(&retry).await;
    assert_eq!(scene.delivered(&retry)[0].openid, nth(3));
    let nothing = dispatch::retry(&scene.store, &of, State::Unknown).await.unwrap_err();
    assert!(matches!(nothing, DispatchError::NothingToRetry(id) if id == of.id));
    // Once more: only who failed again.
    scene.act(Action::Standing { openid: nth(9), standing: Standing::Follows });
    let again = dispatch::retry(&scene.store, &of, State::Failed).await.unwrap().job;
    for job in [&of, &retry] {
        let twice = dispatch::retry(&scene.store, job, State::Failed).await.unwrap_err();
        assert!(matches!(twice, DispatchError::NothingToRetry(id) if id == job.id), "{twice}");
    }
    assert_eq!(scene.run(again).await.counts.accepted, 1);
    assert_eq!((scene.sim.delivered_count(), scene.sim.world(|world| world.recipient_count())), (20, 20), "each once");
}

#[tokio::test]
async fn a_job_has_one_process_at_a_time_and_ends_once() {
    // Long enough to be at work while somebody else asks for it, several times, twice.
    let scene = Scene::of(World::with_followers(600, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 5);
    let job = scene.prepare(scene.draft(scene.first(600), fast(2))).await.job;
    let run = scene.start(job.clone()).await;
    within(scene.sim.until(|sim| sim.delivered_count() > 2)).await;
    let (_controller, control) = Controller::new();
    let progress = Arc::new(Progress::new(job.counts));
    let elsewhere = Store::open(scene.dir.path()).unwrap();
    let second = dispatch::run(scene.session().await, elsewhere.clone(), job.clone(), progress, control).await;
    assert!(matches!(second, Err(DispatchError::Held(id)) if id == job.id));
    assert!(matches!(dispatch::cancel(&elsewhere, job).await, Err(DispatchError::Held(_))));
    let job = run.end().await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 600));
    let again = scene.start(job.clone()).await.result().await;
    assert!(matches!(again, Err(DispatchError::Finished(id)) if id == job.id));
    scene.agrees(&job).await;
}

#[tokio::test]
async fn a_resumed_job_with_nothing_left_is_done_without_a_request() {
    let scene = Scene::of(World::with_followers(5, 1)).await;
    let job = scene.send(scene.first(5), 4).await;
    scene.store.stop_job(job.id, JobState::Paused, Some(StopReason::Interrupted), 0, job.created_at).await.unwrap();
    let job = scene.store.job(job.id).await.unwrap().unwrap();
    let job = scene.run(job).await;
    assert_eq!((job.state, job.reason, scene.sim.calls(SEND)), (JobState::Done, None, 5));
}

#[tokio::test]
async fn two_jobs_of_one_account_share_its_token_and_pace() {
    let scene = Scene::of(World::with_followers(200, 1)).await;
    let one = scene.prepare(scene.draft(scene.first(200), fast(3))).await.job;
    let two = scene.prepare(scene.draft(scene.first(150), fast(3))).await.job;
    let (one, two) = (scene.start(one).await, scene.start(two).await);
    let (one, two) = (one.end().await, two.end().await);
    assert_eq!((one.counts.accepted, two.counts.accepted), (200, 150));
    assert_eq!(scene.sim.token_fetches(), 1);
    scene.agrees(&one).await;
    scene.agrees(&two).await;
}

#[tokio::test]
async fn who_else_sends_for_the_account_is_known() {
    let scene = Scene::of(World::with_followers(400, 1)).await;
    scene.sim.faults(|faults| faults.latency_ms = 5);
    let prepare = async || scene.prepare(scene.draft(scene.first(400), fast(2))).await.job;
    let (busy, idle) = (prepare().await, prepare().await);
    let elsewhere = Store::open(scene.dir.path()).unwrap();
    let others = async |ours: &[_]| dispatch::sending_elsewhere(&elsewhere, scene.account.id, ours).await.unwrap();
    assert_eq!(others(&[]).await, [], "created, and not at work");
    let run = scene.start(busy.clone()).await;
    within(scene.sim.until(|sim| sim.delivered_count() > 2)).await;
    assert_eq!(others(&[idle.id]).await, [busy.id]);
    assert_eq!(others(&[busy.id]).await, []);
    let of_another = AccountId(scene.account.id.0 + 1);
    assert_eq!(dispatch::sending_elsewhere(&elsewhere, of_another, &[]).await.unwrap(), []);
    run.told(Order::Pause).await;
    assert_eq!(others(&[]).await, []);
}

/// Takes sends for as long as fewer than `full` are there at once, then answers them all.
async fn crowd(full: usize, total: usize) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (most, now, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let gate = Arc::new(tokio::sync::Barrier::new(full));
    let watched = Arc::clone(&most);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (most, now, seen, gate) = (Arc::clone(&most), Arc::clone(&now), Arc::clone(&seen), Arc::clone(&gate));
            tokio::spawn(async move {
                while read_request(&mut stream).await {
                    most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                    let number = seen.fetch_add(1, SeqCst);
                    // The last ones that do not make a full house need not wait for it.
                    if number < total / full * full {
                        gate.wait().await;
                    }
                    now.fetch_sub(1, SeqCst);
                    let body = format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{number}}}"#);
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, watched)
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> bool {
    let mut text = Vec::new();
    loop {
        let head = text.windows(4).position(|four| four == b"\r\n\r\n");
        let length = |head: &[u8]| {
            let head = String::from_utf8_lossy(head).to_lowercase();
            head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse::<usize>().ok()).unwrap_or(0)
        };
        if head.is_some_and(|head| text.len() >= head + 4 + length(&text[..head])) {
            return true;
        }
        if stream.read_buf(&mut text).await.unwrap_or(0) == 0 {
            return false;
        }
    }
}

#[tokio::test]
async fn as_many_are_in_flight_as_was_said_and_never_more() {
    let mut scene = Scene::of(World::with_followers(50, 1)).await;
    let (url, most) = crowd(7, 50).await;
    scene.account.api_base = muban::domain::api_base::ApiBase::parse(&url).unwrap();
    let token = muban::store::StoredToken {
        token: muban::domain::secret::AccessToken::new("t".into()),
        use_until: jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1),
    };
    scene.store.put_token(scene.account.appid.clone(), format!("{url} stable"), token).await.unwrap();
    let job = scene.send(scene.first(50), 7).await;
    assert_eq!((job.counts.accepted, most.load(SeqCst)), (50, 7));
    let openids: BTreeSet<_> = scene.rows(&job).await.into_iter().map(|row| row.msgid).collect();
    assert_eq!(openids.len(), 50);
}

#[tokio::test]
async fn the_pace_can_be_changed_while_it_runs() {
    let scene = Scene::of(World::with_followers(300, 1)).await;
    let slow = PaceLimits { rate: Rate(20), concurrency: 1 };
    let job = scene.prepare(scene.draft(scene.first(300), slow)).await.job;
    let run = scene.start(job).await;
    within(scene.sim.until(|sim| sim.delivered_count() >= 1)).await;
    run.controller.set_pace(fast(32));
    let job = run.end().await;
    assert_eq!((job.state, job.counts.accepted), (JobState::Done, 300));
    assert!(job.running_ms < 10_000, "at 20 a second it would take fifteen");
}

#[tokio::test]
async fn counts_of_a_stopped_job_are_those_of_its_rows() {
    let scene = Scene::of(World::stress(300, 5, 20.0)).await;
    scene.sim.faults(|faults| faults.latency_ms = 3);
    let mut job = scene.prepare(scene.draft(scene.first(300), fast(8))).await.job;
    let mut runs = 0;
    while job.state != JobState::Done {
        let run = scene.start(job.clone()).await;
        let goal = scene.sim.calls(SEND) + 60;
        within(async {
            tokio::select! {
                () = scene.sim.until(|sim| sim.calls(SEND) >= goal) => {}
                () = async { while run.progress.view().counts.queued() > 0 { tokio::task::yield_now().await } } => {}
            }
        })
        .await;
        job = run.told(if runs % 2 == 0 { Order::Pause } else { Order::Interrupt }).await;
        let rows = scene.rows(&job).await;
        assert_eq!(in_state(&rows, State::Sending), 0, "a clean stop leaves nothing half done");
        scene.agrees(&job).await;
        runs += 1;
    }
    assert!(runs > 2, "{runs} runs");
    assert_eq!((job.counts.queued(), job.counts.total, scene.sim.calls(SEND)), (0, 300, 300), "each was asked for once");
    assert_ne!(job.counts, Counts::default());
}
