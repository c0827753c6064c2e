use super::{LOOK_EVERY, Services, lock};
use crate::domain::id::AccountId;
use crate::domain::user::{PageAt, UserFilter};
use crate::store::StoreResult;
use crate::sync::{Details, Look, Step, SyncPlan, SyncProgress, SyncReport, SyncView};
use crate::tui::effect::SyncEffect;
use crate::tui::msg::{SyncMsg, SyncPart, SyncSummary};
use std::sync::Arc;

/// Followers that are shown besides those who came.
const NEWEST: u32 = 50;

impl Services {
    pub(super) fn sync(self: &Arc<Self>, effect: &SyncEffect) {
        match effect {
            SyncEffect::StartSync { account } => {
                let account = *account;
                let services = Arc::clone(self);
                if self.begin(account, async move { services.run_sync(account).await }) {
                    self.tell(SyncMsg::Started { account });
                }
            }
            SyncEffect::LookForNewcomers { account, look } => {
                let (account, look) = (*account, *look);
                let services = Arc::clone(self);
                if !self.begin(account, async move { services.look(account, look).await }) {
                    let text = crate::sync::SyncError::Held.to_string();
                    self.tell(SyncMsg::LookFailed { account, text });
                }
            }
            SyncEffect::LoadListed { account } => {
                let (account, services) = (*account, Arc::clone(self));
                super::spawn(async move { services.answer(services.listed(account).await) });
            }
            SyncEffect::LoadNewest { account, count } => {
                let (account, count, services) = (*account, *count, Arc::clone(self));
                super::spawn(async move { services.answer(services.newest(account, count).await) });
            }
            SyncEffect::CancelSync { account } => {
                let account = *account;
                let task = lock(&self.syncs).remove(&account);
                if let Some(task) = task.filter(|task| !task.is_finished()) {
                    task.abort();
                    self.tell(SyncMsg::Cancelled { account });
                }
            }
        }
    }

    /// Begins what only one task at a time may do to an account's users.
    fn begin(&self, account: AccountId, work: impl Future<Output = ()> + Send + 'static) -> bool {
        let mut syncs = lock(&self.syncs);
        let free = syncs.get(&account).is_none_or(tokio::task::AbortHandle::is_finished);
        if free {
            syncs.insert(account, tokio::spawn(work).abort_handle());
        }
        free
    }

    fn answer(&self, found: StoreResult<SyncMsg>) {
        match found {
            Ok(msg) => self.tell(msg),
            Err(error) => self.tell_failure(&error),
        }
    }

    async fn listed(&self, account: AccountId) -> StoreResult<SyncMsg> {
        Ok(SyncMsg::Listed { account, listed: self.store.listed(account).await? })
    }

    async fn newest(&self, account: AccountId, count: u32) -> StoreResult<SyncMsg> {
        let page = self.store.users(account, UserFilter::default(), PageAt::First, count).await?;
        Ok(SyncMsg::NewestLoaded { account, users: page.rows.into_iter().map(|(_, user)| user).collect() })
    }

    async fn look(&self, account: AccountId, look: Look) {
        let progress = SyncProgress::default();
        let found = async {
            let session = self.session(account).await?;
            let found = crate::sync::newcomers(&session, &self.store, look, &progress).await;
            found.map_err(|error| error.to_string())
        };
        let found = match found.await {
            Ok(found) => found,
            Err(text) => return self.tell(SyncMsg::LookFailed { account, text }),
        };
        // They are shown before it is said that they came.
        self.answer(self.newest(account, found.came.len() as u32 + NEWEST).await);
        let requests = progress.view().requests;
        self.tell(SyncMsg::Looked { account, came: found.came, look: found.look, requests });
    }

    async fn run_sync(&self, account: AccountId) {
        let msg = match self.fetch(account).await {
            Ok((report, requests)) => SyncMsg::Finished { account, summary: summary(&report, requests) },
            Err(text) => {
                let standing = self.store.user_standing(account).await.unwrap_or_default();
                SyncMsg::Failed { account, text, standing }
            }
        };
        self.tell(msg);
    }

    async fn fetch(&self, account: AccountId) -> Result<(SyncReport, u64), String> {
        let session = self.session(account).await?;
        let progress = SyncProgress::default();
        let details = if self.settings().sync_details { Details::New } else { Details::Nobody };
        let plan = SyncPlan { details, ..SyncPlan::default() };
        let mut running = std::pin::pin!(crate::sync::run(&session, &self.store, plan, &progress));
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut seen = progress.view();
        loop {
            tokio::select! {
                report = &mut running => {
                    self.tell_token(account, &session).await;
                    let requests = progress.view().requests;
                    return report.map(|report| (report, requests)).map_err(|error| error.to_string());
                }
                _ = look.tick() => {
                    let now = progress.view();
                    if (now.step, now.done) != (seen.step, seen.done) {
                        self.tell(advanced(account, now));
                    }
                    seen = now;
                }
            }
        }
    }
}

fn advanced(account: AccountId, view: SyncView) -> SyncMsg {
    let part = match view.step {
        Step::Waiting | Step::Templates => SyncPart::Templates,
        Step::Tags => SyncPart::Tags,
        Step::Openids => SyncPart::Users,
        Step::Details => SyncPart::Details,
        Step::Members => SyncPart::Members,
        Step::Blacklist => SyncPart::Blacklist,
    };
    let total = Some(view.total).filter(|total| *total > 0);
    SyncMsg::Advanced { account, part, done: view.done, total, rate: view.rate().map(|rate| rate as u64), left: view.left() }
}

fn summary(report: &SyncReport, requests: u64) -> SyncSummary {
    let users = report.users.unwrap_or_default();
    SyncSummary {
        templates: report.templates.unwrap_or_default().total,
        tags: report.tags.unwrap_or_default(),
        users: users.subscribed,
        added: users.added,
        unsubscribed: users.unsubscribed,
        requests,
        cut: report.cut,
    }
}
