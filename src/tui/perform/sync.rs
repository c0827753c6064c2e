use super::{LOOK_EVERY, Services, lock};
use crate::domain::id::AccountId;
use crate::sync::{Details, Step, SyncPlan, SyncProgress, SyncReport, SyncView};
use crate::tui::effect::SyncEffect;
use crate::tui::msg::{SyncMsg, SyncPart, SyncSummary};
use std::sync::Arc;

impl Services {
    pub(super) fn sync(self: &Arc<Self>, effect: &SyncEffect) {
        match effect {
            SyncEffect::StartSync { account } | SyncEffect::FindNewcomers { account } => {
                let account = *account;
                let quick = matches!(effect, SyncEffect::FindNewcomers { .. });
                let mut syncs = lock(&self.syncs);
                if syncs.get(&account).is_some_and(|task| !task.is_finished()) {
                    return;
                }
                self.tell(SyncMsg::Started { account });
                let services = Arc::clone(self);
                let task = tokio::spawn(async move { services.run_sync(account, quick).await });
                syncs.insert(account, task.abort_handle());
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

    async fn run_sync(&self, account: AccountId, quick: bool) {
        let msg = match self.fetch(account, quick).await {
            Ok(report) => SyncMsg::Finished { account, summary: summary(&report) },
            Err(text) => {
                let standing = self.store.user_standing(account).await.unwrap_or_default();
                SyncMsg::Failed { account, text, standing }
            }
        };
        self.tell(msg);
    }

    async fn fetch(&self, account: AccountId, quick: bool) -> Result<SyncReport, String> {
        let session = self.session(account).await?;
        let progress = SyncProgress::default();
        let details = if self.settings().sync_details { Details::New } else { Details::Nobody };
        let plan = if quick { SyncPlan::NEWCOMERS } else { SyncPlan { details, ..SyncPlan::default() } };
        let mut running = std::pin::pin!(crate::sync::run(&session, &self.store, plan, &progress));
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut seen = progress.view();
        loop {
            tokio::select! {
                report = &mut running => {
                    self.tell_token(account, &session).await;
                    return report.map_err(|error| error.to_string());
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
        Step::Details | Step::Members | Step::Blacklist => SyncPart::Details,
    };
    SyncMsg::Advanced {
        account,
        part,
        done: view.done,
        total: Some(view.total).filter(|total| *total > 0),
        rate: view.rate().map(|rate| rate as u64),
        left: view.left(),
    }
}

fn summary(report: &SyncReport) -> SyncSummary {
    let users = report.users.unwrap_or_default();
    SyncSummary {
        templates: report.templates.unwrap_or_default().total,
        tags: report.tags.unwrap_or_default(),
        users: users.subscribed,
        added: users.added,
        unsubscribed: users.unsubscribed,
    }
}
