//! What the message is for one recipient, and whether WeChat would take it.

use crate::domain::audience::Audience;
use crate::domain::id::AccountId;
use crate::domain::message::Message;
use crate::domain::placeholders::{Params, Personal};
use crate::domain::rules::{Finding, Level};
use crate::domain::seen::{self, Known};
use crate::domain::template::Template;
use crate::store::{Judged, Store, StoreResult};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What is known of a template's values, the account's history included, and what placeholders can name with this audience.
pub async fn known(store: &Store, account: AccountId, template: &Template, audience: &Audience) -> StoreResult<Known> {
    let columns = store.columns_of(account, audience).await?;
    Ok(Known::of(template, store.used_values(account, template.id.clone()).await?).with_columns(&columns))
}

/// Judges one recipient after the other by the same message, at one moment.
pub struct Judge {
    template: Template,
    /// What is the same for all.
    of_message: Vec<Finding>,
    known: Known,
    /// None where the message is the same for everyone.
    personal: Option<Personal>,
    now: Timestamp,
    zone: TimeZone,
}

impl Judge {
    /// `today` is that of the time zone, now.
    pub fn new(template: &Template, message: &Message, zone: &TimeZone, known: &Known) -> Self {
        let of_message = seen::see(template, message, None, known).findings;
        let personal = Personal::read(message);
        let known = known.clone();
        Self { template: template.clone(), of_message, known, personal, now: Timestamp::now(), zone: zone.clone() }
    }

    /// What can be said of the message whoever gets it.
    pub fn of_message(&self) -> &[Finding] {
        &self.of_message
    }

    /// Whether it differs from one recipient to the next.
    pub fn is_personal(&self) -> bool {
        self.personal.is_some()
    }

    /// What can be said of the message of one recipient beyond that; nothing where it is the same for everyone.
    pub fn findings(&self, person: &Judged) -> Vec<Finding> {
        let Some(personal) = &self.personal else { return Vec::new() };
        let mut findings = seen::judge(&self.template, personal, &self.params(person), &self.known).findings;
        findings.retain(|finding| !self.of_message.contains(finding));
        findings
    }

    /// What is to be kept of a recipient; nothing if WeChat would refuse their message.
    pub fn freeze(&self, person: &Judged) -> Option<Params> {
        let errors = self.of_message.iter().chain(&self.findings(person)).any(|finding| finding.level == Level::Error);
        let personal = self.personal.as_ref().filter(|_| !errors)?;
        Some(personal.frozen(&self.params(person)))
    }

    /// The message as this recipient would get it.
    pub fn message_to(&self, person: &Judged, message: &Message) -> Message {
        let rendered = self.personal.as_ref().and_then(|personal| personal.render(&self.params(person)).ok());
        rendered.unwrap_or_else(|| message.clone())
    }

    fn params(&self, person: &Judged) -> Params {
        Params::new(&person.openid, &person.nickname, &person.remark, self.now, &self.zone).with_columns(&person.columns)
    }
}
