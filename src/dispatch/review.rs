//! What became of messages that WeChat held for review (40252, `wechat-api.md §4.8`): those that it refused are found and noted.

use super::DispatchError;
use crate::domain::delivery::{Delivery, IN_REVIEW, State};
use crate::domain::id::{OpenId, RowNo};
use crate::domain::job::Job;
use crate::session::Session;
use crate::store::{DeliveryFilter, Store, StoreResult};
use crate::wechat::REFUSED_PER_CALL;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// Rows read at a time.
const PAGE: u32 = 2000;

/// How much earlier than the row's time, which is that of the answer, WeChat may say that the message was sent: an unclear
/// request may have been the one that arrived, and it is repeated for eight minutes at most; two more for clocks that differ.
const EARLIER: SignedDuration = SignedDuration::from_mins(10);
/// How much later: should the time be that of the review's decision, which takes up to half an hour; five minutes more for the
/// clocks.
const LATER: SignedDuration = SignedDuration::from_mins(35);

/// What a job's messages in review came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// Messages of the job that went into the review.
    pub held: u64,
    /// Those that it refused, by row. The others were sent by WeChat, or are still waiting, half an hour at most.
    pub blocked: Vec<Blocked>,
}

/// A message that was refused in review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The row of the job.
    pub row: RowNo,
    /// Who did not get it.
    pub openid: OpenId,
    /// When it was sent, by WeChat's clock.
    pub sent_at: Timestamp,
    /// Title of its template, as WeChat lists it.
    pub title: String,
}

/// Asks WeChat which messages of the job were refused, and notes it on their rows. Asking twice changes nothing more.
pub async fn review(session: &Session, store: &Store, job: &Job) -> Result<Review, DispatchError> {
    let (mut held, mut span) = (0, None);
    let mut rows = Held::new(store, job);
    while let Some(page) = rows.next().await? {
        held += page.len() as u64;
        for at in page.iter().filter_map(|row| row.updated_at) {
            let (first, last) = span.unwrap_or((at, at));
            span = Some((at.min(first), at.max(last)));
        }
    }
    let Some(span) = span else { return Ok(Review { held, ..Review::default() }) };
    let listed = listed(session, job, span).await?;
    let mut blocked = Vec::new();
    let mut rows = Held::new(store, job);
    while let Some(page) = rows.next().await? {
        blocked.extend(page.iter().filter_map(|row| refused(row, listed.get(&row.openid)?)));
    }
    store.note_refused_in_review(job.id, blocked.iter().map(|one: &Blocked| one.row).collect()).await?;
    Ok(Review { held, blocked })
}

/// A message as WeChat lists it.
struct Listed {
    sent_at: Timestamp,
    title: String,
}

/// The template's refused messages of the time in which the job's were held. The list is that of all jobs, and may be long.
async fn listed(
    session: &Session,
    job: &Job,
    (first, last): (Timestamp, Timestamp),
) -> Result<HashMap<OpenId, Vec<Listed>>, DispatchError> {
    let template = &job.message.template_id;
    let mut found: HashMap<OpenId, Vec<Listed>> = HashMap::new();
    let mut largest = 0;
    loop {
        let ask = |client: crate::wechat::Client, token| async move {
            client.blocked_messages(&token, template, largest, REFUSED_PER_CALL).await
        };
        let page = session.call(ask).await?;
        // A page that brings nothing new is the end as well as an empty one.
        let Some(end) = page.iter().map(|message| message.id).max().filter(|end| *end > largest) else { return Ok(found) };
        largest = end;
        for message in page {
            let Some(sent_at) = message.sent_at.and_then(|seconds| Timestamp::from_second(seconds).ok()) else { continue };
            if (first - EARLIER..=last + LATER).contains(&sent_at) {
                found.entry(message.openid).or_default().push(Listed { sent_at, title: message.title });
            }
        }
    }
}

/// The refused message that was this row's: of several, the one nearest in time, since another job may have sent the same
/// template to the same user.
fn refused(row: &Delivery, listed: &[Listed]) -> Option<Blocked> {
    let at = row.updated_at?;
    let near = listed.iter().filter(|one| (at - EARLIER..=at + LATER).contains(&one.sent_at));
    let nearest = near.min_by_key(|one| one.sent_at.duration_since(at).abs())?;
    Some(Blocked { row: row.row, openid: row.openid.clone(), sent_at: nearest.sent_at, title: nearest.title.clone() })
}

/// The rows of a job that are in review, page by page.
struct Held<'a> {
    store: &'a Store,
    job: &'a Job,
    last: Option<RowNo>,
}

impl<'a> Held<'a> {
    fn new(store: &'a Store, job: &'a Job) -> Self {
        Self { store, job, last: None }
    }

    async fn next(&mut self) -> StoreResult<Option<Vec<Delivery>>> {
        let filter = DeliveryFilter { state: Some(State::Accepted), errcode: Some(IN_REVIEW) };
        let page = self.store.scan_deliveries(self.job.id, filter, self.last, PAGE).await?;
        self.last = page.last().map(|row| row.row);
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::JobId;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + seconds).unwrap()
    }

    fn row() -> Delivery {
        Delivery {
            job: JobId(1),
            row: RowNo(7),
            openid: OpenId::trusted("oA"),
            state: State::Accepted,
            attempts: 1,
            ambiguous: false,
            errcode: Some(IN_REVIEW),
            errmsg: None,
            msgid: None,
            updated_at: Some(at(0)),
            params: None,
        }
    }

    fn found(seconds: &[i64]) -> Option<i64> {
        let listed: Vec<Listed> = seconds.iter().map(|s| Listed { sent_at: at(*s), title: String::new() }).collect();
        refused(&row(), &listed).map(|one| one.sent_at.duration_since(at(0)).as_secs())
    }

    #[test]
    fn a_refused_message_is_that_of_a_row_near_in_time() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[-601, 2101]), None, "another one's, long before or after");
        assert_eq!((found(&[-600]), found(&[2100])), (Some(-600), Some(2100)));
        assert_eq!(found(&[-300, 60, 1800]), Some(60), "of several, the nearest");
        let unknown = Delivery { updated_at: None, ..row() };
        assert_eq!(refused(&unknown, &[Listed { sent_at: at(0), title: String::new() }]), None);
    }
}
