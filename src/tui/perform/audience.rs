use super::lists::Newest;
use super::reports::in_full;
use super::{LOOK_EVERY, Services, lock};
use crate::audience::{self, AudienceError, Choices, Row};
use crate::domain::audience::{Audience, Exclusion, UserSet};
use crate::domain::id::{AccountId, OpenId};
use crate::store::{KeptAudience, StoreResult, Wanted};
use crate::tui::effect::AudienceEffect;
use crate::tui::msg::{AudienceMsg, FileSeen, Generation, Sets};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

/// Jobs and files that the builder offers, the latest first.
const OFFERED: u32 = 30;

/// Counts that are under way; only the newest of a kind is wanted.
#[derive(Debug, Default)]
pub(super) struct Counting {
    audience: Wanted,
    steps: Wanted,
    file: Wanted,
    pub(super) users_page: Newest,
    pub(super) users_total: Newest,
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
            AudienceEffect::ReadFile { generation, account, path, choices } => {
                let msg = match self.read_recipients(generation, account, &path, choices).await {
                    Ok(file) => AudienceMsg::FileRead { generation, file: Box::new(file) },
                    Err(error) => AudienceMsg::FileFailed { generation, text: self.said(&error) },
                };
                self.tell(msg);
                return;
            }
            AudienceEffect::StopReading => {
                lock(&self.counting).file.give_up();
                return;
            }
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
            Err(error) => self.tell(AudienceMsg::CountFailed { generation, text: self.said(&error) }),
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

    async fn read_recipients(
        &self,
        generation: Generation,
        account: AccountId,
        path: &str,
        choices: Choices,
    ) -> Result<FileSeen, AudienceError> {
        let (wanted, msgs, mut told) = (Wanted::default(), self.msgs.clone(), Instant::now());
        std::mem::replace(&mut lock(&self.counting).file, wanted.clone()).give_up();
        let on_row = move |rows| {
            if told.elapsed() >= LOOK_EVERY {
                told = Instant::now();
                let _ = msgs.send(AudienceMsg::FileReading { generation, rows }.into());
            }
            wanted.still()
        };
        let path = in_full(path).display().to_string();
        let taken = audience::take_in(&self.store, account, &path, &choices, on_row).await?;
        let set = UserSet::File(taken.file.set.clone());
        let reach = self.store.reach(account, Audience::of(set)).await?;
        let verdicts = self.verdicts(account, &taken.first).await?;
        Ok(FileSeen { taken, reach, verdicts })
    }

    /// What would become of single rows. An openid is a duplicate the second time.
    async fn verdicts(&self, account: AccountId, rows: &[Row]) -> StoreResult<Vec<Option<Exclusion>>> {
        let users = rows.iter().map(|row| OpenId::trusted(row.openid.as_str())).collect();
        let mut scan = self.store.scan_audience(account, Audience::of(UserSet::Users(users)))?;
        let mut judged = HashMap::new();
        while let Some(page) = scan.next().await {
            for person in page? {
                judged.entry(person.openid).or_insert(person.left_out);
            }
        }
        let mut seen = HashSet::new();
        let verdict = |row: &Row| {
            let openid = OpenId::trusted(row.openid.as_str());
            let again = !row.openid.is_empty() && !seen.insert(row.openid.clone());
            if again { Some(Exclusion::Duplicate) } else { judged.get(&openid).copied().flatten() }
        };
        Ok(rows.iter().map(verdict).collect())
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
