use super::{LOOK_EVERY, Services, lock};
use crate::domain::id::AccountId;
use crate::sync::{Details, Look, Newcomers, Step, SyncPlan, SyncProgress, SyncReport, SyncView};
use crate::tui::effect::SyncEffect;
use crate::tui::msg::{SyncMsg, SyncPart, SyncSummary};
use std::sync::Arc;

impl Services {
    pub(super) fn sync(self: &Arc<Self>, effect: &SyncEffect) {
        match effect {
            SyncEffect::StartSync { account } => self.begin(*account, None),
            SyncEffect::FindNewcomers { account, look } => self.begin(*account, Some(*look)),
            SyncEffect::LoadListed { account } => {
                let (account, services) = (*account, Arc::clone(self));
                super::spawn(async move { services.listed(account).await });
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

    /// Begins what only one task at a time may do to an account's users: a sync, or a look for newcomers alone.
    fn begin(self: &Arc<Self>, account: AccountId, look: Option<Look>) {
        let mut syncs = lock(&self.syncs);
        if syncs.get(&account).is_some_and(|task| !task.is_finished()) {
            return;
        }
        self.tell(SyncMsg::Started { account });
        let services = Arc::clone(self);
        let task = tokio::spawn(async move { services.run_sync(account, look).await });
        syncs.insert(account, task.abort_handle());
    }

    async fn listed(&self, account: AccountId) {
        match self.store.listed(account).await {
            Ok(listed) => self.tell(SyncMsg::Listed { account, listed }),
            Err(error) => self.tell_failure(&error),
        }
    }

    async fn run_sync(&self, account: AccountId, look: Option<Look>) {
        let msg = match self.fetch(account, look).await {
            Ok(summary) => SyncMsg::Finished { account, summary },
            Err(text) => {
                let standing = self.store.user_standing(account).await.unwrap_or_default();
                SyncMsg::Failed { account, text, standing }
            }
        };
        self.tell(msg);
    }

    async fn fetch(&self, account: AccountId, look: Option<Look>) -> Result<SyncSummary, String> {
        let session = self.session(account).await?;
        let progress = SyncProgress::default();
        let work = async {
            if let Some(look) = look {
                return crate::sync::newcomers(&session, &self.store, look, &progress).await.map(|found| came(&found));
            }
            let details = if self.settings().sync_details { Details::New } else { Details::Nobody };
            let plan = SyncPlan { details, ..SyncPlan::default() };
            crate::sync::run(&session, &self.store, plan, &progress).await.map(|report| summary(&report))
        };
        let mut running = std::pin::pin!(work);
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut seen = progress.view();
        loop {
            tokio::select! {
                summary = &mut running => {
                    self.tell_token(account, &session).await;
                    let summary = summary.map_err(|error| self.said(&error))?;
                    return Ok(SyncSummary { requests: progress.view().requests, ..summary });
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

fn came(found: &Newcomers) -> SyncSummary {
    SyncSummary { came: Some(found.came.len() as u64), ..SyncSummary::default() }
}

fn summary(report: &SyncReport) -> SyncSummary {
    let users = report.users.unwrap_or_default();
    SyncSummary {
        templates: report.templates.unwrap_or_default().total,
        tags: report.tags.unwrap_or_default(),
        users: users.subscribed,
        added: users.added,
        unsubscribed: users.unsubscribed,
        cut: report.cut,
        ..SyncSummary::default()
    }
}
