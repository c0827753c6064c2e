use super::Services;
use crate::domain::id::{AccountId, TemplateId};
use crate::manage::aliases;
use crate::manage::industry::{self, Pair};
use crate::manage::templates::{self, Relisted};
use crate::session::SessionError;
use crate::store::StoreResult;
use crate::tui::effect::TemplatesEffect;
use crate::tui::msg::{Refusal, TemplatesMsg, Weighed};
use crate::tui::templates_news::name_of;
use crate::wechat::{ADD_TEMPLATE_PATH, CallError, DELETE_TEMPLATE_PATH, INDUSTRY_PATH, SET_INDUSTRY_PATH, TEMPLATES_PATH};

impl Services {
    pub(super) async fn templates(&self, effect: TemplatesEffect) {
        let told = match effect {
            TemplatesEffect::Add { account, short_id, keywords } => match self.add(account, &short_id, &keywords).await {
                Ok(added) => added,
                Err(refusal) => TemplatesMsg::AddRefused { account, refusal },
            },
            TemplatesEffect::FindJobs { account, template } => match templates::waiting(&self.store, account, &template).await {
                Ok(jobs) => TemplatesMsg::JobsFound { template, jobs },
                Err(error) => return self.tell_failure(&error),
            },
            TemplatesEffect::Delete { account, template, title } => or_refused(self.delete(account, &template, title).await),
            TemplatesEffect::Refresh { account, template, title } => or_refused(self.refresh(account, &template, title).await),
            TemplatesEffect::LoadIndustries { account } => {
                TemplatesMsg::IndustriesLoaded { account, told: self.industries(account).await }
            }
            TemplatesEffect::WeighIndustries { account, pair } => {
                TemplatesMsg::Weighed { account, pair, weighed: self.weigh(account, pair).await }
            }
            TemplatesEffect::SetAlias { account, template, alias } => match self.alias(account, template, alias).await {
                Ok(aliased) => aliased,
                Err(error) => return self.tell_failure(&error),
            },
            TemplatesEffect::SetIndustries { account, pair } => or_refused(self.set_industries(account, pair).await),
        };
        self.tell(told);
    }

    async fn add(&self, account: AccountId, short_id: &str, keywords: &[String]) -> Result<TemplatesMsg, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let added = templates::add(&session, &self.store, short_id, keywords).await;
        self.tell_token(account, &session).await;
        let added = added.map_err(|error| self.refusal(&error, ADD_TEMPLATE_PATH))?;
        let known = self.store.templates(account).await.map_err(|error| Refusal::plain(self.said(&error)))?;
        let title = known.into_iter().find(|template| template.id == added.id).map(|template| template.title);
        Ok(TemplatesMsg::Added { account, id: added.id, title, listed: self.relisted(added.listed) })
    }

    async fn delete(&self, account: AccountId, template: &TemplateId, title: String) -> Result<TemplatesMsg, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let listed = templates::remove(&session, &self.store, template).await;
        let listed = self.relisted(listed.map_err(|error| self.refusal(&error, DELETE_TEMPLATE_PATH))?);
        Ok(TemplatesMsg::Deleted { account, title, listed })
    }

    async fn alias(&self, account: AccountId, template: TemplateId, name: Option<String>) -> StoreResult<TemplatesMsg> {
        let Some(name) = name else {
            aliases::remove(&self.store, account, &template).await?;
            return Ok(TemplatesMsg::Aliased { account, template, alias: None });
        };
        Ok(match aliases::set(&self.store, account, &template, &name).await? {
            Ok(alias) => TemplatesMsg::Aliased { account, template, alias: Some(alias) },
            Err(error) => TemplatesMsg::AliasRefused { account, template, error },
        })
    }

    async fn refresh(&self, account: AccountId, template: &TemplateId, title: String) -> Result<TemplatesMsg, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let refreshed = templates::refresh(&session, &self.store, Some(template)).await;
        let refreshed = refreshed.map_err(|error| self.refusal(&error, TEMPLATES_PATH))?;
        Ok(TemplatesMsg::Refreshed { account, title, fate: refreshed.asked.unwrap_or(templates::Fate::Unchanged) })
    }

    async fn industries(&self, account: AccountId) -> Result<crate::wechat::Industries, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let told = industry::show(&session).await;
        self.tell_token(account, &session).await;
        told.map_err(|error| self.refusal(&error, INDUSTRY_PATH))
    }

    /// By a list just read: one read last week may lack some.
    async fn weigh(&self, account: AccountId, pair: Pair) -> Result<Weighed, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let now = match industry::show(&session).await {
            Ok(now) => Some(now),
            // That WeChat refuses to tell means no more than that there are none (`wechat-api.md §4.3`).
            Err(SessionError::Call(CallError::Api(_))) => None,
            Err(error) => return Err(self.refusal(&error, INDUSTRY_PATH)),
        };
        if now.as_ref().is_some_and(|now| pair.is(now)) {
            return Ok(Weighed::Already);
        }
        let listed = templates::refresh(&session, &self.store, None).await;
        listed.map_err(|error| self.refusal(&error, TEMPLATES_PATH))?;
        let templates = self.store.templates(account).await.map_err(|error| Refusal::plain(self.said(&error)))?;
        Ok(Weighed::Loses(pair.lost(now.as_ref(), &templates).into_iter().map(|template| name_of(template).to_owned()).collect()))
    }

    async fn set_industries(&self, account: AccountId, pair: Pair) -> Result<TemplatesMsg, Refusal> {
        let session = self.session(account).await.map_err(Refusal::plain)?;
        let listed = industry::set(&session, &self.store, pair).await;
        let listed = self.relisted(listed.map_err(|error| self.refusal(&error, SET_INDUSTRY_PATH))?);
        Ok(TemplatesMsg::IndustriesSet { account, pair, listed })
    }

    /// Why WeChat did not do what was asked of the call to `path`.
    pub(super) fn refusal(&self, error: &SessionError, path: &'static str) -> Refusal {
        let unsure = matches!(error, SessionError::Call(CallError::Ambiguous { .. }));
        Refusal { text: self.said(error), code: error.code_on(path), unsure }
    }

    fn relisted(&self, listed: Relisted) -> Result<(), String> {
        listed.map(|_| ()).map_err(|error| self.said(&error))
    }
}

impl Refusal {
    pub(super) fn plain(text: String) -> Self {
        Self { text, code: None, unsure: false }
    }
}

fn or_refused(done: Result<TemplatesMsg, Refusal>) -> TemplatesMsg {
    done.unwrap_or_else(|refusal| TemplatesMsg::Refused { refusal })
}
