//! Effects carried out over the real services, with the simulator for WeChat.

use super::*;
use crate::dispatch::{self, Confirmed, Progress};
use crate::domain::account::{NewAccount, PaceLimits, Rate, SecretSource, TokenSource};
use crate::domain::api_base::ApiBase;
use crate::domain::audience::UserSet;
use crate::domain::delivery::IN_REVIEW;
use crate::domain::id::{AppId, RowNo, TemplateId};
use crate::domain::job::{Job, JobState, StopReason};
use crate::domain::lang::Lang;
use crate::domain::message::{FieldValue, Message};
use crate::domain::secret::AppSecret;
use crate::domain::template::Template;
use crate::domain::user::{PageAt, UserFilter};
use crate::sim::{Chance, Sim, World};
use crate::store::CodeCount;
use crate::tui::effect::{Content, DeliveryFilter, Effect, ListsEffect, PeopleEffect, ReportsEffect, SendEffect};
use crate::tui::msg::{Change as Edit, Generation, JobProgress, ListsMsg, PeopleMsg, ReportsMsg, SendMsg};
use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Nothing here takes long; a test that waits for what never comes ends all the same.
const LONGEST: Duration = Duration::from_mins(1);

/// A home with one account, and a screen that hears what the services tell.
struct Stage {
    sim: Sim,
    store: Store,
    account: Account,
    performer: Performer,
    told: UnboundedReceiver<Msg>,
    dir: tempfile::TempDir,
}

impl Stage {
    async fn new(followers: usize) -> Self {
        let sim = Sim::local(World::with_followers(followers, 1)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let first = sim.world(|world| world.accounts()[0].clone());
        let account = NewAccount {
            name: first.name,
            appid: AppId::trusted(first.appid),
            secret: SecretSource::Vault,
            api_base: ApiBase::parse(&sim.url()).unwrap(),
            token: TokenSource::Stable,
            pace: PaceLimits::default(),
        };
        store.put_secret(account.appid.clone(), Some(AppSecret::parse(&first.secret).unwrap())).await.unwrap();
        let id = store.add_account(account, Timestamp::now()).await.unwrap();
        let account = store.account(id).await.unwrap().unwrap();
        let (tell, told) = unbounded_channel();
        let performer = Performer::new(Home::in_one(dir.path()), Detach::With(None), store.clone(), tell, Lang::En);
        Self { sim, store, account, performer, told, dir }
    }

    /// A job for so many followers, one request at a time.
    async fn job(&self, recipients: u32) -> Job {
        let (users, template) = self.sim.world(|world| {
            let account = &world.accounts()[0];
            ((0..recipients).map(|n| OpenId::trusted(account.openid(n))).collect(), account.templates()[0].clone())
        });
        let mut message = Message::new(TemplateId::trusted(template.id));
        for (line, shown) in template.content.lines().zip(template.example.lines()) {
            let (_, key) = line.split_once("{{").unwrap();
            let (_, value) = shown.split_once(':').unwrap();
            let key = key.trim_end_matches(".DATA}}").to_owned();
            message.values.push(FieldValue { key, value: value.to_owned(), color: None });
        }
        let confirmed = Confirmed {
            template: Template { title: "订单".into(), ..Template::empty(message.template_id.clone()) },
            message,
            zone: jiff::tz::TimeZone::UTC,
            audience: Audience::of(UserSet::Users(users)),
            pace: PaceLimits { rate: Rate::UNLIMITED, concurrency: 1 },
            attempts: 3,
            again: true,
            expected: None,
        };
        dispatch::create(&self.store, &self.account, confirmed).await.unwrap().job
    }

    fn start(&self, effect: impl Into<Effect>) {
        self.performer.start(effect.into());
    }

    /// Waits for something to be told.
    async fn hear<T>(&mut self, mut what: impl FnMut(SendMsg) -> Option<T>) -> T {
        self.hear_any(|msg| if let Msg::Send(msg) = msg { what(msg) } else { None }).await
    }

    async fn hear_any<T>(&mut self, mut what: impl FnMut(Msg) -> Option<T>) -> T {
        let heard = async {
            loop {
                if let Some(found) = what(self.told.recv().await.unwrap()) {
                    break found;
                }
            }
        };
        tokio::time::timeout(LONGEST, heard).await.expect("this should have been told long ago")
    }

    async fn hear_end(&mut self) -> Job {
        self.hear(|msg| if let SendMsg::Ended { job } = msg { Some(*job) } else { None }).await
    }

    /// Waits until a job has accepted rows.
    async fn hear_progress(&mut self) -> JobProgress {
        let further = |msg| match msg {
            SendMsg::Progressed(progress) if progress.counts.accepted > 0 => Some(progress),
            _ => None,
        };
        self.hear(further).await
    }

    /// Lets another process, with files of its own, work on a job until it stops.
    async fn work_elsewhere(&self, job: &Job) -> JoinHandle<Job> {
        let store = Store::open(self.dir.path()).unwrap();
        let session = Sessions::new(store.clone()).get(&self.account).await.unwrap();
        let (progress, job) = (Arc::new(Progress::new(job.counts)), job.clone());
        let looked = self.store.clone();
        let id = job.id;
        let work = tokio::spawn(async move {
            // Who gives orders there is kept as long as the work goes on.
            let (_controller, control) = Controller::new();
            dispatch::run(session, store, job, progress, control).await.unwrap().job
        });
        while !dispatch::is_running(&looked, id) {
            tokio::task::yield_now().await;
        }
        work
    }
}

#[tokio::test]
async fn a_job_of_another_process_is_followed_to_its_end() {
    let mut stage = Stage::new(300).await;
    stage.sim.faults(|faults| faults.latency_ms = 5);
    let job = stage.job(300).await;
    let work = stage.work_elsewhere(&job).await;
    stage.start(SendEffect::FollowJob { job: job.id });
    let seen = stage.hear_progress().await;
    assert_eq!((seen.job, seen.counts.total, seen.state), (job.id, 300, JobState::Running));
    let ended = stage.hear_end().await;
    assert_eq!((ended.id, ended.state), (job.id, JobState::Done));
    assert_eq!(work.await.unwrap(), ended);
}

#[tokio::test]
async fn a_job_of_another_process_is_paused_repaced_and_cancelled_through_the_ledger() {
    let mut stage = Stage::new(2000).await;
    stage.sim.faults(|faults| faults.latency_ms = 20);
    let job = stage.job(2000).await;
    let work = stage.work_elsewhere(&job).await;
    stage.start(SendEffect::FollowJob { job: job.id });
    stage.hear_progress().await;
    let pace = PaceLimits { rate: Rate(40), concurrency: 2 };
    stage.start(SendEffect::SetPace { job: job.id, pace });
    stage.hear(|msg| if let SendMsg::Progressed(progress) = msg { (progress.pace == pace).then_some(()) } else { None }).await;
    stage.start(SendEffect::PauseJob { job: job.id });
    let paused = stage.hear_end().await;
    assert_eq!((paused.state, &paused.reason), (JobState::Paused, &Some(StopReason::Operator)));
    assert_eq!(work.await.unwrap(), paused);
    let work = stage.work_elsewhere(&paused).await;
    stage.start(SendEffect::CancelJob { job: job.id });
    let ended = stage.hear_end().await;
    assert_eq!(ended.state, JobState::Cancelled);
    assert_eq!((ended.counts.queued(), ended.counts.accepted), (0, stage.sim.delivered_count() as u64));
    assert_eq!(work.await.unwrap(), ended, "it was asked, and nobody was told that it is held");
}

#[tokio::test]
async fn a_job_that_nobody_works_on_is_not_followed_for_long() {
    let mut stage = Stage::new(5).await;
    let job = stage.job(5).await;
    stage.start(SendEffect::FollowJob { job: job.id });
    let found = stage.hear_end().await;
    assert_eq!((found.state, found.reason), (JobState::Paused, Some(StopReason::Interrupted)));
}

#[tokio::test]
async fn the_pace_of_a_running_job_is_changed_at_once_and_in_the_ledger() {
    let mut stage = Stage::new(500).await;
    stage.sim.faults(|faults| faults.latency_ms = 20);
    let job = stage.job(500).await;
    stage.start(SendEffect::ResumeJob { job: job.id });
    stage.hear_progress().await;
    let pace = PaceLimits { rate: Rate::UNLIMITED, concurrency: 64 };
    stage.start(SendEffect::SetPace { job: job.id, pace });
    stage.hear(|msg| (msg == SendMsg::PaceChanged { job: job.id, pace }).then_some(())).await;
    let sped = |msg| match msg {
        SendMsg::Progressed(progress) if progress.pace == pace && progress.in_flight > 1 => Some(progress),
        _ => None,
    };
    stage.hear(sped).await;
    let ended = stage.hear_end().await;
    assert_eq!((ended.state, ended.pace), (JobState::Done, pace));
}

#[tokio::test]
async fn a_job_that_cannot_be_handed_over_stays_paused() {
    let mut stage = Stage::new(500).await;
    stage.sim.faults(|faults| faults.latency_ms = 20);
    let job = stage.job(500).await;
    stage.start(SendEffect::ResumeJob { job: job.id });
    stage.hear_progress().await;
    // The program that runs these tests does not know how to resume a job.
    stage.start(SendEffect::HandOver { job: job.id });
    let ended = stage.hear_end().await;
    assert_eq!((ended.state, &ended.reason), (JobState::Paused, &Some(StopReason::Interrupted)));
    let why = stage.hear(|msg| if let SendMsg::NotHandedOver { text, .. } = msg { Some(text) } else { None }).await;
    assert!(why.contains("the process for job 1 ended with"), "{why}");
    assert_eq!(stage.store.job(job.id).await.unwrap().unwrap(), ended);
    // What stays can go on here.
    stage.start(SendEffect::ResumeJob { job: job.id });
    stage.hear_progress().await;
    stage.performer.end_jobs(Order::Pause).await;
    assert_eq!(stage.hear_end().await.reason, Some(StopReason::Operator));
}

#[tokio::test]
async fn errors_are_counted_and_listed_by_code() {
    let mut stage = Stage::new(20).await;
    stage
        .sim
        .faults(|faults| (faults.refuse_code, faults.refuse) = (43101, crate::sim::Chance { after: 2, next: 3, percent: 0.0 }));
    let job = stage.job(20).await;
    stage.start(SendEffect::ResumeJob { job: job.id });
    assert_eq!(stage.hear_end().await.counts.failed, 3);
    stage.start(SendEffect::CountErrors { job: job.id });
    let codes = stage.hear(|msg| if let SendMsg::ErrorsCounted { codes, .. } = msg { Some(codes) } else { None }).await;
    assert_eq!(codes, [CodeCount { errcode: 43101, count: 3 }]);
    for (code, found) in [(43101, 3), (43004, 0), (0, 0)] {
        let (generation, filter) = (Generation(7), DeliveryFilter::Code(code));
        let load = SendEffect::LoadDeliveries { generation, account: job.account, job: job.id, filter, after: None, count: 10 };
        stage.start(load);
        let page = stage.hear(|msg| if let SendMsg::DeliveriesLoaded { page, .. } = msg { Some(page) } else { None }).await;
        assert_eq!((page.rows.len(), page.more), (found, false), "{code}");
        assert!(page.rows.iter().all(|(row, _)| row.errcode == Some(code)));
    }
}

#[tokio::test]
async fn files_are_written_whole_and_over_no_other() {
    let mut stage = Stage::new(20).await;
    let job = stage.job(20).await;
    stage.start(SendEffect::ResumeJob { job: job.id });
    assert_eq!(stage.hear_end().await.counts.accepted, 20);
    let name = stage.dir.path().join("out.json").display().to_string();
    let what = Content::Deliveries { job: job.id, filter: DeliveryFilter::Problems };
    for again in [false, true] {
        stage.start(ReportsEffect::SaveFile { what: what.clone(), name: name.clone() });
        let saved = stage
            .hear_any(|msg| match msg {
                Msg::Reports(ReportsMsg::Saved { path, rows }) => Some(Ok((path, rows))),
                Msg::Reports(ReportsMsg::NotSaved { text }) => Some(Err(text)),
                _ => None,
            })
            .await;
        match saved {
            Ok(saved) => assert_eq!((again, saved), (false, (name.clone(), Some(20)))),
            Err(text) => assert!(again && text.contains("out.json"), "{text}"),
        }
    }
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(&name).unwrap()).unwrap();
    assert!(rows.len() == 20 && rows.iter().all(|row| row["state"] == "accepted"), "{rows:?}");
    let name = stage.dir.path().join("message.sh").display().to_string();
    stage.start(ReportsEffect::SaveFile { what: Content::Text { text: "muban send '您好'\n".into() }, name: name.clone() });
    let saved =
        stage.hear_any(|msg| if let Msg::Reports(ReportsMsg::Saved { path, rows }) = msg { Some((path, rows)) } else { None });
    assert_eq!(saved.await, (name.clone(), None));
    assert_eq!(std::fs::read_to_string(&name).unwrap(), "muban send '您好'\n", "not a byte else");
}

#[tokio::test]
async fn everything_that_one_user_was_sent_is_found_over_all_jobs() {
    let mut stage = Stage::new(20).await;
    let mut jobs = Vec::new();
    for recipients in [20, 3] {
        let job = stage.job(recipients).await;
        stage.start(SendEffect::ResumeJob { job: job.id });
        jobs.insert(0, stage.hear_end().await.id);
    }
    let account = stage.account.id;
    let openids = stage.sim.world(|world| [2, 19].map(|n| OpenId::trusted(world.accounts()[0].openid(n))));
    for (openid, of) in [(&openids[0], &jobs[..]), (&openids[1], &jobs[1..])] {
        stage.start(SendEffect::LoadDeliveriesTo { account, openid: openid.clone(), count: 9 });
        let (to, found) = stage
            .hear(|msg| match msg {
                SendMsg::DeliveriesToLoaded { openid, found, .. } => Some((openid, found.unwrap())),
                _ => None,
            })
            .await;
        assert_eq!((&to, found.iter().map(|past| past.delivery.job).collect::<Vec<_>>()), (openid, of.to_vec()));
        assert!(found.iter().all(|past| past.title == "订单" && past.delivery.openid == to));
    }
}

#[tokio::test]
async fn messages_in_review_are_looked_up_noted_and_listed() {
    let mut stage = Stage::new(20).await;
    stage.sim.faults(|faults| (faults.review, faults.block) = (crate::sim::Chance::next(5), crate::sim::Chance::next(2)));
    for held in [5, 0] {
        let job = stage.job(20).await;
        stage.start(SendEffect::ResumeJob { job: job.id });
        stage.hear_end().await;
        stage.start(SendEffect::ReviewJob { job: job.id });
        let review = stage.hear(|msg| if let SendMsg::Reviewed { found, .. } = msg { Some(found.unwrap()) } else { None }).await;
        assert_eq!((review.held, review.blocked.len()), (held, held.min(2) as usize));
        let (generation, filter) = (Generation(7), DeliveryFilter::Code(IN_REVIEW));
        stage.start(SendEffect::LoadDeliveries { generation, account: job.account, job: job.id, filter, after: None, count: 10 });
        let page = stage.hear(|msg| if let SendMsg::DeliveriesLoaded { page, .. } = msg { Some(page) } else { None }).await;
        let refused: Vec<RowNo> =
            page.rows.iter().filter(|(row, _)| row.is_refused_in_review()).map(|(row, _)| row.row).collect();
        assert_eq!(page.rows.len() as u64, held);
        assert_eq!(refused, review.blocked.iter().map(|one| one.row).collect::<Vec<_>>());
    }
    assert_eq!(stage.sim.calls("/wxa/sec/queryblocktmplmsg"), 2, "one page and its end; nothing held, nothing asked");
}

#[tokio::test]
async fn pages_that_are_asked_for_meanwhile_do_not_cost_the_count() {
    let mut stage = Stage::new(0).await;
    let ask = |generation, at, counted| ListsEffect::Users {
        generation: Generation(generation),
        account: stage.account.id,
        filter: UserFilter::default(),
        at,
        count: 50,
        counted,
    };
    // The end is asked for before the beginning has come.
    stage.start(ask(1, PageAt::First, true));
    stage.start(ask(2, PageAt::Last, false));
    let (mut loaded, mut counted) = (None, None);
    while loaded != Some(2) || counted.is_none() {
        match stage.hear_any(|msg| if let Msg::Lists(msg) = msg { Some(msg) } else { None }).await {
            ListsMsg::UsersLoaded { generation, .. } => loaded = Some(generation.0),
            ListsMsg::UsersCounted { generation, .. } => counted = Some(generation.0),
            _ => {}
        }
    }
    assert_eq!(counted, Some(1));
}

#[tokio::test]
async fn a_change_that_stops_midway_tells_for_whom_it_was_made_and_why_it_stopped() {
    let mut stage = Stage::new(60).await;
    let openids: Vec<OpenId> = stage.sim.world(|world| (0..45).map(|n| OpenId::trusted(world.accounts()[0].openid(n))).collect());
    stage.sim.faults(|faults| {
        (faults.everywhere, faults.refuse_code) = (true, 48001);
        // The token is fetched first.
        faults.refuse = Chance { after: 2, next: 9, percent: 0.0 };
    });
    stage.start(PeopleEffect::Block { account: stage.account.id, openids: openids.clone(), blocked: true });
    let changed = |msg| if let Msg::People(PeopleMsg::Changed { change, rest, .. }) = msg { Some((change, rest)) } else { None };
    let (change, rest) = stage.hear_any(changed).await;
    let Edit::Blocked { openids: done, blocked: true } = change else { panic!("{change:?}") };
    assert!(!done.is_empty() && done.len() < 45, "{}", done.len());
    assert_eq!(done, openids[..done.len()]);
    let (untried, why) = rest.stopped.unwrap();
    assert_eq!(untried, 45 - done.len() as u64);
    assert!(why.contains("48001") && rest.refused.is_empty(), "{why}");
}

mod syncs;
mod words;
