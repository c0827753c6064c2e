use super::Services;
use crate::domain::errcode;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::people::{check_delete, check_new_tag, check_remark, check_rename};
use crate::domain::user::{PageAt, Tag, UserFilter};
use crate::manage::{ChangeError, Changed, tags, users};
use crate::session::{Session, SessionError};
use crate::tui::effect::PeopleEffect;
use crate::tui::msg::{Change, PeopleMsg};
use crate::wechat::{
    ASSIGN_TAG_PATH, BLOCK_PATH, CREATE_TAG_PATH, DELETE_TAG_PATH, REMARK_PATH, RENAME_TAG_PATH, UNASSIGN_TAG_PATH, UNBLOCK_PATH,
};

/// How many of the newest followers are shown.
const NEWEST: u32 = 10;

type Done = Result<PeopleMsg, String>;

impl Services {
    pub(super) async fn people(&self, effect: PeopleEffect) {
        let done = match effect {
            PeopleEffect::MakeTag { account, name } => self.make_tag(account, &name).await,
            PeopleEffect::RenameTag { account, tag, name } => self.rename_tag(account, &tag, &name).await,
            PeopleEffect::DeleteTag { account, tag } => self.delete_tag(account, tag).await,
            PeopleEffect::SetTag { account, tag, openids, has } => self.set_tag(account, tag, &openids, has).await,
            PeopleEffect::Remark { account, openid, remark } => self.remark(account, openid, remark).await,
            PeopleEffect::Block { account, openids, blocked } => self.block(account, &openids, blocked).await,
            PeopleEffect::FindNewest { account } => self.newest(account).await,
        };
        self.tell(done.unwrap_or_else(|text| PeopleMsg::Refused { text }));
    }

    async fn make_tag(&self, account: AccountId, name: &str) -> Done {
        let known = self.store.tags(account).await.map_err(|error| error.to_string())?;
        check_new_tag(name, &known).map_err(|error| error.to_string())?;
        let session = self.session(account).await?;
        let tag = tags::create(&session, &self.store, name).await.map_err(|error| self.why(error, CREATE_TAG_PATH))?;
        Ok(changed(account, Change::TagMade(tag)))
    }

    async fn rename_tag(&self, account: AccountId, tag: &Tag, name: &str) -> Done {
        let known = self.store.tags(account).await.map_err(|error| error.to_string())?;
        check_rename(tag, name, &known).map_err(|error| error.to_string())?;
        let session = self.session(account).await?;
        let tag = tags::rename(&session, &self.store, tag, name).await.map_err(|error| self.why(error, RENAME_TAG_PATH))?;
        Ok(changed(account, Change::TagRenamed(tag)))
    }

    async fn delete_tag(&self, account: AccountId, tag: Tag) -> Done {
        check_delete(&tag).map_err(|error| error.to_string())?;
        let session = self.session(account).await?;
        tags::remove(&session, &self.store, tag.id).await.map_err(|error| self.why(error, DELETE_TAG_PATH))?;
        Ok(changed(account, Change::TagDeleted(tag)))
    }

    async fn set_tag(&self, account: AccountId, tag: Tag, openids: &[OpenId], has: bool) -> Done {
        let session = self.session(account).await?;
        let path = if has { ASSIGN_TAG_PATH } else { UNASSIGN_TAG_PATH };
        let done = tags::tag(&session, &self.store, tag.id, openids, has).await.map_err(|error| error.to_string())?;
        self.many(&session, openids, done, path, |openids| Change::Tagged { tag, openids, has })
    }

    async fn remark(&self, account: AccountId, openid: OpenId, remark: String) -> Done {
        check_remark(&remark).map_err(|error| error.to_string())?;
        let session = self.session(account).await?;
        users::remark(&session, &self.store, &openid, &remark).await.map_err(|error| self.why(error, REMARK_PATH))?;
        Ok(changed(account, Change::Remarked { openid, remark }))
    }

    async fn block(&self, account: AccountId, openids: &[OpenId], blocked: bool) -> Done {
        let session = self.session(account).await?;
        let path = if blocked { BLOCK_PATH } else { UNBLOCK_PATH };
        let done = users::block(&session, &self.store, openids, blocked).await.map_err(|error| error.to_string())?;
        self.many(&session, openids, done, path, |openids| Change::Blocked { openids, blocked })
    }

    async fn newest(&self, account: AccountId) -> Done {
        let page = self.store.users(account, UserFilter::default(), PageAt::First, NEWEST).await;
        let users = page.map_err(|error| error.to_string())?.rows.into_iter().map(|(_, user)| user).collect();
        Ok(PeopleMsg::Newest { account, users })
    }

    /// What became of a change for many; those who were refused are not among whom it is told of.
    fn many(
        &self,
        session: &Session,
        openids: &[OpenId],
        done: Changed,
        path: &'static str,
        change: impl FnOnce(Vec<OpenId>) -> Change,
    ) -> Done {
        if let Some(error) = done.stopped {
            return Err(self.explained(error, path));
        }
        let mut refused = done.refused.into_iter();
        let first = refused.next();
        let mut out: Vec<OpenId> = first.iter().map(|(openid, _)| openid.clone()).collect();
        out.extend(refused.map(|(openid, _)| openid));
        let taken = openids.iter().filter(|openid| !out.contains(openid)).cloned().collect();
        let refused = first.map(|(_, error)| (out.len() as u64, self.explained(error, path)));
        Ok(PeopleMsg::Changed { account: session.account().id, change: change(taken), refused })
    }

    fn why(&self, error: ChangeError, path: &'static str) -> String {
        match error {
            ChangeError::Session(error) => self.explained(error, path),
            ChangeError::Store(error) => error.to_string(),
        }
    }

    /// An error with what its code means on this call, and what to do.
    fn explained(&self, error: SessionError, path: &'static str) -> String {
        let Some((code, call)) = error.code_on(path) else { return error.to_string() };
        let explanation = errcode::explain_on(code, call, self.language());
        format!("{error}\n{} {}", explanation.meaning, explanation.remedy)
    }
}

fn changed(account: AccountId, change: Change) -> PeopleMsg {
    PeopleMsg::Changed { account, change, refused: None }
}
