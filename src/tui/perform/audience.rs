use super::{Services, lock};
use crate::domain::audience::Audience;
use crate::domain::id::AccountId;
use crate::store::{KeptAudience, StoreResult, Wanted};
use crate::tui::effect::AudienceEffect;
use crate::tui::msg::{AudienceMsg, Generation, Sets};
use jiff::Timestamp;

/// Jobs and files that the builder offers, the latest first.
const OFFERED: u32 = 30;

/// Counts that are under way; only the newest of a kind is wanted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    audience: Wanted,
    steps: Wanted,
}

impl Services {
    pub(super) async fn audience(&self, effect: AudienceEffect) {
        let done = match effect {
            AudienceEffect::CountAudience { generation, account, audience } => {
                self.count(generation, account, audience).await;
                return;
            }
            AudienceEffect::CountSteps { account, steps } => self.count_steps(account, steps).await,
            AudienceEffect::LoadSets { account } => self.load_sets(account).await,
            AudienceEffect::Keep { account, name, audience } => self.keep(account, KeptAudience { name, audience }).await,
            AudienceEffect::Forget { account, name } => self.forget(account, name).await,
        };
        if let Err(error) = done {
            self.tell_failure(&error);
        }
    }

    async fn count(&self, generation: Generation, account: AccountId, audience: Audience) {
        let wanted = Wanted::default();
        std::mem::replace(&mut lock(&self.counting).audience, wanted.clone()).give_up();
        match self.counted(generation, account, audience, wanted).await {
            Ok(Some(msg)) => self.tell(msg),
            // A newer count has been asked for.
            Ok(None) => {}
            Err(error) => self.tell(AudienceMsg::CountFailed { generation, text: error.to_string() }),
        }
    }

    async fn counted(
        &self,
        generation: Generation,
        account: AccountId,
        audience: Audience,
        wanted: Wanted,
    ) -> StoreResult<Option<AudienceMsg>> {
        let Some(reach) = self.store.reach_while(account, audience.clone(), wanted).await? else { return Ok(None) };
        let first = match self.store.first_recipient(account, audience.clone()).await? {
            Some(openid) => Some(Box::new(self.recipient(account, &audience, openid).await?)),
            None => None,
        };
        let columns = self.store.columns_of(account, &audience).await?;
        Ok(Some(AudienceMsg::Counted { generation, reach, first, columns }))
    }

    /// One after the other, so that the first are there while the others are still counted.
    async fn count_steps(&self, account: AccountId, steps: Vec<Audience>) -> StoreResult<()> {
        let wanted = Wanted::default();
        std::mem::replace(&mut lock(&self.counting).steps, wanted.clone()).give_up();
        for audience in steps {
            let Some(reach) = self.store.reach_while(account, audience.clone(), wanted.clone()).await? else { return Ok(()) };
            self.tell(AudienceMsg::StepCounted { audience, reach });
        }
        Ok(())
    }

    async fn load_sets(&self, account: AccountId) -> StoreResult<()> {
        let kept = self.store.kept_audiences(account).await?;
        let files = self.store.recent_files(account, OFFERED).await?;
        let jobs = self.store.jobs(Some(account), OFFERED).await?;
        self.tell(AudienceMsg::SetsLoaded { sets: Box::new(Sets { kept, files, jobs }) });
        Ok(())
    }

    async fn keep(&self, account: AccountId, kept: KeptAudience) -> StoreResult<()> {
        self.store.keep_audience(account, kept, Timestamp::now()).await?;
        self.load_sets(account).await
    }

    async fn forget(&self, account: AccountId, name: String) -> StoreResult<()> {
        self.store.forget_audience(account, name).await?;
        self.load_sets(account).await
    }
}
