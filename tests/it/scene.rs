//! An account at the simulator and a home of its own, as the services meet them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use muban::audience::{Choices, Named, resolve};
use muban::dispatch::{self, Confirmed, Controller, DispatchError, Finished, Order, Pauses, Prepared, Progress};
use muban::domain::account::{Account, NewAccount, PaceLimits, Rate, SecretSource, TokenSource};
use muban::domain::api_base::ApiBase;
use muban::domain::audience::{Audience, UserSet};
use muban::domain::delivery::{Counts, Delivery, State};
use muban::domain::id::{AppId, OpenId, TemplateId};
use muban::domain::job::Job;
use muban::domain::message::{FieldValue, Message};
use muban::domain::secret::AppSecret;
use muban::domain::template::Template;
use muban::domain::user::PageAt;
use muban::session::{Session, Sessions};
use muban::sim::{Action, Delivered, Sim, World};
use muban::store::{DeliveryFilter, Store};
use muban::sync::{self, SyncPlan, SyncProgress, SyncReport};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;

pub const SEND: &str = "/cgi-bin/message/template/send";

/// Nothing here takes long; a test that waits for what never comes ends all the same.
const LONGEST: Duration = Duration::from_mins(1);

/// Waits for what should come.
pub async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONGEST, what).await.expect("this should have come to its end long ago")
}

pub struct Scene {
    pub sim: Sim,
    pub store: Store,
    pub account: Account,
    pub sessions: Sessions,
    pub dir: TempDir,
}

impl Scene {
    /// The first account of a world, stored in a new home.
    pub async fn of(world: World) -> Self {
        let sim = Sim::local(world).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let first = sim.world(|world| world.accounts()[0].clone());
        let account = NewAccount {
            name: first.name,
            appid: AppId::trusted(first.appid),
            secret: SecretSource::Vault,
            api_base: ApiBase::parse(&sim.url()).unwrap(),
            token: TokenSource::Stable,
            pace: fast(16),
        };
        store.put_secret(account.appid.clone(), Some(AppSecret::parse(&first.secret).unwrap())).await.unwrap();
        let id = store.add_account(account, Timestamp::now()).await.unwrap();
        let account = store.account(id).await.unwrap().unwrap();
        let sessions = Sessions::new(store.clone());
        Self { sim, store, account, sessions, dir }
    }

    pub async fn session(&self) -> Arc<Session> {
        self.sessions.get(&self.account).await.unwrap()
    }

    pub fn act(&self, action: Action) {
        self.sim.world(|world| world.act(None, action)).unwrap();
    }

    pub async fn sync(&self, plan: SyncPlan) -> SyncReport {
        within(sync::run(&*self.session().await, &self.store, plan, &SyncProgress::default())).await.unwrap()
    }

    /// Who has a tag, by name, after a sync.
    pub async fn tag(&self, name: &str) -> Audience {
        let named = Named { tags: vec![name.into()], ..Named::default() };
        resolve(&self.store, self.account.id, &named, &Choices::default()).await.unwrap()
    }

    /// The first so many followers, known without any sync.
    pub fn first(&self, count: u32) -> Audience {
        let users = self.sim.world(|world| (0..count).map(|n| OpenId::trusted(world.accounts()[0].openid(n))).collect());
        Audience::of(UserSet::Users(users))
    }

    /// A message of the account's first template, filled in as its example is.
    pub fn message(&self) -> Message {
        let template = self.sim.world(|world| world.accounts()[0].templates()[0].clone());
        let mut message = Message::new(TemplateId::trusted(template.id));
        for (line, shown) in template.content.lines().zip(template.example.lines()) {
            let (_, key) = line.split_once("{{").unwrap();
            let (_, value) = shown.split_once(':').unwrap();
            let key = key.trim_end_matches(".DATA}}").to_owned();
            message.values.push(FieldValue { key, value: value.to_owned(), color: None });
        }
        message
    }

    pub fn draft(&self, audience: Audience, pace: PaceLimits) -> Confirmed {
        let message = self.message();
        let template = Template { title: "订单".into(), ..Template::empty(message.template_id.clone()) };
        Confirmed { message, template, zone: TimeZone::UTC, audience, pace, attempts: 3, again: true, expected: None }
    }

    pub async fn prepare(&self, draft: Confirmed) -> Prepared {
        dispatch::create(&self.store, &self.account, draft).await.unwrap()
    }

    /// Begins a run of a job, with pauses of milliseconds.
    pub async fn start(&self, job: Job) -> Run {
        self.start_with(Pauses::shortened(Duration::from_millis(1)), job).await
    }

    pub async fn start_with(&self, pauses: Pauses, job: Job) -> Run {
        let progress = Arc::new(Progress::new(job.counts));
        let (controller, control) = Controller::new();
        let work = dispatch::run_with(pauses, self.session().await, self.store.clone(), job, Arc::clone(&progress), control);
        Run { work: tokio::spawn(work), controller, progress }
    }

    /// Runs a job to wherever it comes.
    pub async fn run(&self, job: Job) -> Job {
        self.start(job).await.end().await
    }

    /// Sends to these with so many in flight.
    pub async fn send(&self, audience: Audience, in_flight: u32) -> Job {
        let job = self.prepare(self.draft(audience, fast(in_flight))).await.job;
        self.run(job).await
    }

    /// Every row of a job.
    pub async fn rows(&self, job: &Job) -> Vec<Delivery> {
        let filter = DeliveryFilter::default();
        let rows = self.store.deliveries(self.account.id, job.id, filter, PageAt::First, 1_000_000).await.unwrap();
        rows.into_iter().map(|(row, _)| row).collect()
    }

    /// The rows agree with the job's counts, and the messages that arrived with the rows: each once, to one whose row is
    /// accepted, or unknown, or still to be sent again; and each accepted row has its message.
    pub async fn agrees(&self, job: &Job) {
        let rows = self.rows(job).await;
        let mut counts = Counts { total: rows.len() as u64, ..Counts::default() };
        for row in &rows {
            counts.settle(row.state);
        }
        assert_eq!(job.counts, counts);
        let mut arrived: BTreeMap<String, u32> = BTreeMap::new();
        for message in self.delivered(job) {
            *arrived.entry(message.openid).or_default() += 1;
        }
        for row in &rows {
            let times = arrived.get(row.openid.as_str()).copied().unwrap_or_default();
            let may_be = match row.state {
                State::Accepted => 1..=1,
                State::Unknown | State::Sending => 0..=1,
                State::Queued if row.ambiguous => 0..=1,
                State::Queued | State::Failed | State::Skipped => 0..=0,
            };
            assert!(may_be.contains(&times), "{times} messages for {row:?}");
        }
    }

    /// The messages of one job that arrived.
    pub fn delivered(&self, job: &Job) -> Vec<Delivered> {
        let nonce = job.nonce.client_msg_id(muban::domain::id::RowNo(0));
        let nonce = nonce.trim_end_matches('0').trim_end_matches('-').to_owned();
        let of_job = |message: &Delivered| message.client_msg_id.as_deref().is_some_and(|id| id.starts_with(&nonce));
        self.sim.delivered().into_iter().filter(of_job).collect()
    }
}

/// No limit but the requests in flight.
pub fn fast(in_flight: u32) -> PaceLimits {
    PaceLimits { rate: Rate::UNLIMITED, concurrency: in_flight }
}

/// How many rows stand in this state.
pub fn in_state(rows: &[Delivery], state: State) -> usize {
    rows.iter().filter(|row| row.state == state).count()
}

/// The codes of rows in this state.
pub fn codes(rows: &[Delivery], state: State) -> BTreeSet<Option<i64>> {
    rows.iter().filter(|row| row.state == state).map(|row| row.errcode).collect()
}

/// A job at work.
pub struct Run {
    work: JoinHandle<Result<Finished, DispatchError>>,
    pub controller: Controller,
    pub progress: Arc<Progress>,
}

impl Run {
    pub async fn result(self) -> Result<Finished, DispatchError> {
        within(self.work).await.unwrap()
    }

    pub async fn end(self) -> Job {
        self.result().await.unwrap().job
    }

    /// Tells it something, and waits for its end.
    pub async fn told(self, order: Order) -> Job {
        self.controller.order(order);
        self.end().await
    }
}
