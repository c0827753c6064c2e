//! Adding and deleting the account's templates, and reading their list anew (`wechat-api.md §4.4-§4.6`).

use crate::domain::id::{AccountId, JobId, TemplateId};
use crate::domain::job::{Job, JobState};
use crate::domain::template::Template;
use crate::session::{Session, SessionError};
use crate::store::{Store, StoreResult, TemplateChanges};
use jiff::Timestamp;

/// The code for an id that the account does not have (`wechat-api.md §4.6`).
const UNKNOWN: i64 = 40037;

/// What the list read after a change brought. Where it could not be read the change stands all the same.
pub type Relisted = Result<TemplateChanges, SessionError>;

/// A template just added.
#[derive(Debug)]
pub struct Added {
    /// What sends name from now on.
    pub id: TemplateId,
    /// Whether the cache has it already.
    pub listed: Relisted,
}

/// A list read anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refreshed {
    /// What it changed in the cache.
    pub changes: TemplateChanges,
    /// What became of the template asked for.
    pub asked: Option<Fate>,
}

/// What became of one template since the list was read last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is as it was.
    Unchanged,
    /// It differs in these parts, of which there is one at least.
    Changed(Vec<Part>),
    /// It was not in the cache, and is now.
    New,
    /// The account does not have it, or has it no longer.
    Gone,
}

/// A part of a template that can change under the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Title,
    /// Labels and placeholders.
    Content,
    /// The filled-in example.
    Example,
    /// Main and sub-industry.
    Industry,
}

impl Part {
    /// Its name in JSON and in the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Content => "content",
            Self::Example => "example",
            Self::Industry => "industry",
        }
    }
}

impl Fate {
    /// Its name in JSON and in the keys of texts.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Changed(_) => "changed",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }

    fn between(before: Option<&Template>, after: Option<&Template>) -> Self {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(_)) => return Self::New,
            (_, None) => return Self::Gone,
        };
        let parts = [
            (Part::Title, before.title == after.title),
            (Part::Content, before.content == after.content),
            (Part::Example, before.example == after.example),
            (Part::Industry, before.industry == after.industry),
        ];
        let changed: Vec<Part> = parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect();
        if changed.is_empty() { Self::Unchanged } else { Self::Changed(changed) }
    }
}

/// Takes a template from the library by its short number there; category templates need the names of their keywords, in the
/// order they shall have. Each call adds one more: the same entry twice is two templates of the 25 an account may have.
pub async fn add(session: &Session, store: &Store, short_id: &str, keywords: &[String]) -> Result<Added, SessionError> {
    match session.call(|client, token| async move { client.add_template(&token, short_id, keywords).await }).await {
        Ok(id) => Ok(Added { id, listed: list(session, store).await }),
        Err(error) => {
            // It may be there although its answer was lost: whoever looks should see it, and not add another.
            if error.errcode().is_none() {
                let _ = list(session, store).await;
            }
            Err(error)
        }
    }
}

/// Deletes a template for good: added again, it has another id. Never done but at an operator's explicit word.
pub async fn remove(session: &Session, store: &Store, id: &TemplateId) -> Result<Relisted, SessionError> {
    let deleted = session.call(|client, token| async move { client.delete_template(&token, id).await }).await;
    match deleted {
        Ok(()) => {}
        // WeChat does not know it (any more): the list tells so.
        Err(error) if error.errcode() == Some(UNKNOWN) => {
            let _ = list(session, store).await;
            return Err(error);
        }
        Err(error) => return Err(error),
    }
    // Whether or not the list can be read: what is deleted is not offered.
    let account = session.account().id;
    let mut kept = store.templates(account).await?;
    kept.retain(|template| template.id != *id);
    let gone = store.put_templates(account, kept, Timestamp::now()).await?.removed;
    Ok(list(session, store).await.map(|changes| TemplateChanges { removed: changes.removed + gone, ..changes }))
}

/// Reads the list anew, and tells what became of one template if an id is given.
pub async fn refresh(session: &Session, store: &Store, asked: Option<&TemplateId>) -> Result<Refreshed, SessionError> {
    let account = session.account().id;
    let Some(id) = asked else {
        return Ok(Refreshed { changes: list(session, store).await?, asked: None });
    };
    let find = |templates: Vec<Template>| templates.into_iter().find(|template| template.id == *id);
    let before = find(store.templates(account).await?);
    let changes = list(session, store).await?;
    let after = find(store.templates(account).await?);
    Ok(Refreshed { changes, asked: Some(Fate::between(before.as_ref(), after.as_ref())) })
}

/// Unfinished jobs, newest first, whose remaining rows could no longer be sent without this template (40037).
pub async fn waiting(store: &Store, account: AccountId, id: &TemplateId) -> StoreResult<Vec<JobId>> {
    let jobs = store.jobs(Some(account), u32::MAX).await?;
    let waits = |job: &Job| matches!(job.state, JobState::Running | JobState::Paused) && job.message.template_id == *id;
    Ok(jobs.into_iter().filter(waits).map(|job| job.id).collect())
}

/// The list is read once: its daily quota is small (`wechat-api.md §4.5`).
pub(super) async fn list(session: &Session, store: &Store) -> Relisted {
    let entries = session.call(|client, token| async move { client.templates(&token).await }).await?;
    let templates = entries.into_iter().map(Template::from).collect();
    Ok(store.put_templates(session.account().id, templates, Timestamp::now()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fate_is_told_by_what_was_and_what_is() {
        let before = Template::empty(TemplateId::trusted("T"));
        let after = Template { title: "t".into(), industry: ("IT科技".into(), String::new()), ..before.clone() };
        assert_eq!(Fate::between(Some(&before), Some(&before)), Fate::Unchanged);
        assert_eq!(Fate::between(Some(&before), Some(&after)), Fate::Changed(vec![Part::Title, Part::Industry]));
        assert_eq!(Fate::between(None, Some(&after)), Fate::New);
        assert_eq!((Fate::between(Some(&before), None), Fate::between(None, None)), (Fate::Gone, Fate::Gone));
    }
}
