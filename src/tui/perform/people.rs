use super::Services;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::user::{PageAt, Tag, UserFilter};
use crate::manage::members::{self, Members};
use crate::manage::{ChangeError, tags, users};
use crate::session::SessionError;
use crate::text::explain;
use crate::tui::effect::PeopleEffect;
use crate::tui::msg::{Change, PeopleMsg, Rest};
use crate::wechat::{CREATE_TAG_PATH, CallError, DELETE_TAG_PATH, REMARK_PATH, RENAME_TAG_PATH};

/// How many of the newest followers are shown.
const NEWEST: u32 = 10;

type Done = Result<PeopleMsg, String>;

impl Services {
    pub(super) async fn people(&self, effect: PeopleEffect) {
        let done = match effect {
            PeopleEffect::MakeTag { account, name } => self.make_tag(account, &name).await,
            PeopleEffect::RenameTag { account, tag, name } => self.rename_tag(account, &tag, &name).await,
            PeopleEffect::FindUses { account, tag } => self.uses(account, tag).await,
            PeopleEffect::DeleteTag { account, tag } => self.delete_tag(account, tag).await,
            PeopleEffect::SetTag { account, tag, openids, has } => self.set_tag(account, tag, openids, has).await,
            PeopleEffect::Remark { account, openid, remark } => self.remark(account, openid, remark).await,
            PeopleEffect::Block { account, openids, blocked } => self.block(account, openids, blocked).await,
            PeopleEffect::MarkGone { account, openid } => self.mark_gone(account, openid).await,
            PeopleEffect::FindNewest { account } => self.newest(account).await,
        };
        self.tell(done.unwrap_or_else(|text| PeopleMsg::Refused { text }));
    }

    async fn make_tag(&self, account: AccountId, name: &str) -> Done {
        let session = self.session(account).await?;
        let tag = tags::create(&session, &self.store, name).await.map_err(|error| self.why(error, CREATE_TAG_PATH))?;
        Ok(changed(account, Change::TagMade(tag)))
    }

    async fn rename_tag(&self, account: AccountId, tag: &Tag, name: &str) -> Done {
        let session = self.session(account).await?;
        let tag = tags::rename(&session, &self.store, tag, name).await.map_err(|error| self.why(error, RENAME_TAG_PATH))?;
        Ok(changed(account, Change::TagRenamed(tag)))
    }

    async fn uses(&self, account: AccountId, tag: Tag) -> Done {
        let uses = tags::uses(&self.store, account, &tag).await.map_err(|error| self.said(&error))?;
        Ok(PeopleMsg::TagUses { account, tag, uses })
    }

    async fn delete_tag(&self, account: AccountId, tag: Tag) -> Done {
        let session = self.session(account).await?;
        tags::remove(&session, &self.store, &tag).await.map_err(|error| self.why(error, DELETE_TAG_PATH))?;
        Ok(changed(account, Change::TagDeleted(tag)))
    }

    async fn set_tag(&self, account: AccountId, tag: Tag, openids: Vec<OpenId>, has: bool) -> Done {
        let wanted = if has { members::Change::Assign(tag.id) } else { members::Change::Unassign(tag.id) };
        self.many(account, openids, wanted, |openids| Change::Tagged { tag, openids, has }).await
    }

    async fn remark(&self, account: AccountId, openid: OpenId, remark: String) -> Done {
        let session = self.session(account).await?;
        users::remark(&session, &self.store, &openid, &remark).await.map_err(|error| self.why(error, REMARK_PATH))?;
        Ok(changed(account, Change::Remarked { openid, remark }))
    }

    async fn block(&self, account: AccountId, openids: Vec<OpenId>, blocked: bool) -> Done {
        let wanted = if blocked { members::Change::Block } else { members::Change::Unblock };
        self.many(account, openids, wanted, |openids| Change::Blocked { openids, blocked }).await
    }

    /// No call: a send has just told it.
    async fn mark_gone(&self, account: AccountId, openid: OpenId) -> Done {
        self.store.set_gone(account, openid.clone()).await.map_err(|error| self.said(&error))?;
        Ok(changed(account, Change::Gone { openid }))
    }

    async fn newest(&self, account: AccountId) -> Done {
        let page = self.store.users(account, UserFilter::default(), PageAt::First, NEWEST).await;
        let users = page.map_err(|error| self.said(&error))?.rows.into_iter().map(|(_, user)| user).collect();
        Ok(PeopleMsg::Newest { account, users })
    }

    /// A change for many: told of those for whom it was made, also where it stopped midway.
    async fn many(
        &self,
        account: AccountId,
        openids: Vec<OpenId>,
        wanted: members::Change,
        change: impl FnOnce(Vec<OpenId>) -> Change,
    ) -> Done {
        let session = self.session(account).await?;
        let mut members = Members::new(&session, &self.store, wanted);
        let (all, mut done) = (openids.len() as u64, Vec::new());
        members.change(openids, &mut |_, now| done.extend_from_slice(now)).await;
        let report = members.end();
        let untried = all.saturating_sub(report.seen());
        let explain = |failed: members::Failed| {
            (failed.openids.len() as u64, self.explained(&CallError::Api(failed.failure).into(), wanted.path()))
        };
        let rest = Rest {
            left: report.left,
            full: report.full,
            refused: report.failed.into_iter().map(explain).collect(),
            undivided: report.undivided,
            stopped: report.stopped.map(|error| (untried, self.explained(&error, wanted.path()))),
        };
        Ok(PeopleMsg::Changed { account, change: change(done), rest })
    }

    fn why(&self, error: ChangeError, path: &'static str) -> String {
        match error {
            ChangeError::Session(error) => self.explained(&error, path),
            rule => self.said(&rule),
        }
    }

    /// An error with what its code means on this call, and what to do.
    pub(super) fn explained(&self, error: &SessionError, path: &'static str) -> String {
        let Some((code, call)) = error.code_on(path) else { return self.said(error) };
        let call = Some(call).filter(|call| !call.is_empty());
        let explanation = explain::explain(code, error.errmsg(), call, self.language());
        format!("{}\n{} {}", self.said(error), explanation.meaning, explanation.remedy)
    }
}

fn changed(account: AccountId, change: Change) -> PeopleMsg {
    PeopleMsg::Changed { account, change, rest: Rest::default() }
}
