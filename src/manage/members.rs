//! Changing many users: giving them a tag or taking it, blocking and unblocking. A call takes 50 or 20 of them, and one call
//! follows the other: the cache knows each as soon as WeChat took it.

use super::repeat::insist;
use crate::domain::errcode::{self, Class};
use crate::domain::id::{OpenId, TagId};
use crate::domain::people::TAGS_EACH;
use crate::session::{Pauses, Session, SessionError};
use crate::store::{Store, StoreResult};
use crate::wechat::{
    ASSIGN_TAG_PATH, ApiFailure, BLOCK_PATH, BLOCKED_PER_CALL, CallError, TAGGED_PER_CALL, UNASSIGN_TAG_PATH, UNBLOCK_PATH,
};
use std::collections::HashSet;

/// One wrong openid fails its call and is not named, so a refused batch is halved until it stands alone; so often in one run,
/// lest a list that is wrong from end to end takes a call for each.
const HALVINGS: u32 = 100;
/// Users who are looked up in the cache at a time: whole calls of 50 and of 20.
const LOOKED_UP: usize = 1000;

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// They get this tag.
    Assign(TagId),
    /// This tag is taken from them.
    Unassign(TagId),
    /// They go on the blacklist.
    Block,
    /// They come off it.
    Unblock,
}

/// What became of it.
#[derive(Debug, Default)]
pub struct Report {
    /// Users that WeChat took it for.
    pub done: u64,
    /// Left out since they no longer follow, by the last sync.
    pub left: u64,
    /// Left out since they have as many tags as a user can have.
    pub full: u64,
    /// Users that WeChat refused it for, by code.
    pub failed: Vec<Failed>,
    /// Those of them who were refused together with others, since too many were wrong to tell each apart: some may be fine.
    pub undivided: u64,
    /// Why it ended before everyone was named; nobody after that was tried.
    pub stopped: Option<SessionError>,
    /// Calls that were answered, whatever the answer.
    pub calls: u64,
}

/// Users that WeChat refused with one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The first answer with this code.
    pub failure: ApiFailure,
    /// Who.
    pub openids: Vec<OpenId>,
}

/// A change under way.
pub struct Members<'a> {
    session: &'a Session,
    store: &'a Store,
    change: Change,
    pauses: Pauses,
    halvings: u32,
    report: Report,
}

/// Looks at how far it is after each call, and at whom it was made for.
pub type Watch<'a> = dyn FnMut(&Report, &[OpenId]) + Send + 'a;

impl Change {
    /// Path of its call, by which its codes are explained.
    pub fn path(self) -> &'static str {
        match self {
            Self::Assign(_) => ASSIGN_TAG_PATH,
            Self::Unassign(_) => UNASSIGN_TAG_PATH,
            Self::Block => BLOCK_PATH,
            Self::Unblock => UNBLOCK_PATH,
        }
    }

    /// How many users one call takes.
    pub fn per_call(self) -> usize {
        match self {
            Self::Assign(_) | Self::Unassign(_) => TAGGED_PER_CALL,
            Self::Block | Self::Unblock => BLOCKED_PER_CALL,
        }
    }
}

impl Report {
    /// Users that it was not done for, of those that were tried or left out.
    pub fn not_done(&self) -> u64 {
        self.left + self.full + self.failed.iter().map(|failed| failed.openids.len() as u64).sum::<u64>()
    }

    /// Everyone whose turn has come.
    pub fn seen(&self) -> u64 {
        self.done + self.not_done()
    }

    fn refused(&mut self, openids: Vec<OpenId>, failure: ApiFailure) {
        let at = self.failed.iter().position(|failed| failed.failure.errcode == failure.errcode);
        let at = at.unwrap_or_else(|| {
            self.failed.push(Failed { failure, openids: Vec::new() });
            self.failed.len() - 1
        });
        if openids.len() > 1 {
            self.undivided += openids.len() as u64;
        }
        if let Some(failed) = self.failed.get_mut(at) {
            failed.openids.extend(openids);
        }
    }
}

impl<'a> Members<'a> {
    /// Nobody is changed yet.
    pub fn new(session: &'a Session, store: &'a Store, change: Change) -> Self {
        let (pauses, report) = (Pauses::default(), Report::default());
        Self { session, store, change, pauses, halvings: HALVINGS, report }
    }

    /// With pauses of another scale, for tests.
    #[must_use]
    pub fn with_pauses(self, pauses: Pauses) -> Self {
        Self { pauses, ..self }
    }

    /// Changes these, each once, a call after the other, and looks on after each. Whether there is sense in going on with more.
    pub async fn change(&mut self, openids: Vec<OpenId>, watch: &mut Watch<'_>) -> bool {
        if let Err(error) = self.change_all(openids, watch).await {
            self.report.stopped = Some(error);
        }
        self.report.stopped.is_none()
    }

    async fn change_all(&mut self, openids: Vec<OpenId>, watch: &mut Watch<'_>) -> Result<(), SessionError> {
        let mut seen = HashSet::new();
        let openids: Vec<OpenId> = openids.into_iter().filter(|openid| seen.insert(openid.clone())).collect();
        drop(seen);
        for page in openids.chunks(LOOKED_UP) {
            let page = self.without_hopeless(page.to_vec()).await?;
            for batch in page.chunks(self.change.per_call()) {
                self.change_batch(batch, watch).await?;
            }
        }
        Ok(())
    }

    async fn change_batch(&mut self, batch: &[OpenId], watch: &mut Watch<'_>) -> Result<(), SessionError> {
        let mut parts = vec![batch.to_vec()];
        while let Some(part) = parts.pop() {
            parts.extend(self.change_part(part, watch).await?.into_iter().rev());
        }
        Ok(())
    }

    /// What became of all of it.
    pub fn end(self) -> Report {
        self.report
    }

    /// Those of whom it is known that a call with them would fail are left out, so that it does not fail for the others.
    async fn without_hopeless(&mut self, openids: Vec<OpenId>) -> StoreResult<Vec<OpenId>> {
        let (Change::Assign(tag) | Change::Unassign(tag)) = self.change else { return Ok(openids) };
        let assigns = matches!(self.change, Change::Assign(_));
        let standings = self.store.tag_standings(self.session.account().id, tag, openids.clone()).await?;
        let mut kept = Vec::with_capacity(openids.len());
        for (openid, standing) in openids.into_iter().zip(standings) {
            if standing.left {
                self.report.left += 1;
            } else if assigns && !standing.has && standing.tags >= TAGS_EACH {
                self.report.full += 1;
            } else {
                kept.push(openid);
            }
        }
        Ok(kept)
    }

    /// One call; gives the halves where it failed for some of them.
    async fn change_part(&mut self, part: Vec<OpenId>, watch: &mut Watch<'_>) -> Result<Vec<Vec<OpenId>>, SessionError> {
        let answer = self.call(&part).await;
        self.report.calls += 1;
        match answer {
            Ok(()) => {
                self.report.done += part.len() as u64;
                watch(&self.report, &part);
                self.note(part).await?;
            }
            Err(SessionError::Call(CallError::Api(failure))) if self.is_of_users(&failure) => {
                if part.len() > 1 && self.halvings > 0 {
                    self.halvings -= 1;
                    let (left, right) = part.split_at(part.len() / 2);
                    return Ok(vec![left.to_vec(), right.to_vec()]);
                }
                self.report.refused(part, failure);
                watch(&self.report, &[]);
            }
            Err(error) => return Err(error),
        }
        Ok(Vec::new())
    }

    async fn call(&self, part: &[OpenId]) -> Result<(), SessionError> {
        let change = self.change;
        insist(self.session, self.pauses, change.path(), |client, token| async move {
            match change {
                Change::Assign(tag) => client.assign_tag(&token, tag, part).await,
                Change::Unassign(tag) => client.unassign_tag(&token, tag, part).await,
                Change::Block => client.block(&token, part).await,
                Change::Unblock => client.unblock(&token, part).await,
            }
        })
        .await
    }

    /// Whether a refusal is about the users of this call; the next may fare better then.
    fn is_of_users(&self, failure: &ApiFailure) -> bool {
        errcode::class_on(failure.errcode, self.change.path()) == Class::FailRecipient
    }

    async fn note(&self, openids: Vec<OpenId>) -> StoreResult<()> {
        let account = self.session.account().id;
        match self.change {
            Change::Assign(tag) => self.store.set_tagged(account, tag, openids, true).await,
            Change::Unassign(tag) => self.store.set_tagged(account, tag, openids, false).await,
            Change::Block => self.store.set_blocked(account, openids, true).await,
            Change::Unblock => self.store.set_blocked(account, openids, false).await,
        }
    }
}
