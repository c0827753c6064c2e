//! What the message is for one recipient, and whether WeChat would take it.

use crate::domain::message::Message;
use crate::domain::placeholders::{self, NAMES, Params, Personal};
use crate::domain::rules::{self, Finding, Level};
use crate::domain::template::Template;
use crate::store::Judged;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Judges one recipient after the other by the same message, at one moment.
pub struct Judge {
    template: Template,
    /// What is the same for all.
    of_message: Vec<Finding>,
    /// None where the message is the same for everyone.
    personal: Option<Personal>,
    now: Timestamp,
    zone: TimeZone,
}

impl Judge {
    /// `today` is that of the time zone, now.
    pub fn new(template: &Template, message: &Message, zone: &TimeZone) -> Self {
        let of_message = placeholders::see(template, message, None, &NAMES.map(str::to_owned)).findings;
        let personal = Personal::read(message).ok().flatten();
        Self { template: template.clone(), of_message, personal, now: Timestamp::now(), zone: zone.clone() }
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
        match personal.render(&self.params(person)) {
            Err(findings) => findings,
            Ok(message) => {
                let findings = rules::check(&self.template, &message);
                findings.into_iter().filter(|finding| !self.of_message.contains(finding)).collect()
            }
        }
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
        Params::new(&person.openid, &person.nickname, &person.remark, self.now, &self.zone)
    }
}
