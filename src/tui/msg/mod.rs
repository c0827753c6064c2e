//! What happened, in the past tense. From the services, or from one pane for the others; plain data.

mod accounts;
mod audience;
mod checkup;
mod compose;
mod drafts;
mod lists;
mod people;
mod profile;
mod quota;
mod reports;
mod send;
mod sync;
mod system;
mod templates;
mod test_send;

pub use accounts::{AccountHelp, AccountsMsg};
pub use audience::{AudienceMsg, FileSeen, Sets};
pub use checkup::CheckupMsg;
pub use compose::{ComposeMsg, Shown};
pub use drafts::DraftsMsg;
pub use lists::{Jump, ListsMsg, UserRow, UsersPage};
pub use people::{Change, PeopleMsg, Rest};
pub use profile::ProfileMsg;
pub use quota::QuotaMsg;
pub use reports::ReportsMsg;
pub use send::{Attempt, DeliveryPage, Hold, JobProgress, Preflight, SendMsg};
pub use sync::{SyncMsg, SyncPart, SyncSummary};
pub use system::{Level, SystemMsg};
pub use templates::{Refusal, TemplatesMsg, Weighed};
pub use test_send::TestSendMsg;

/// A number that tells a fresh answer from a stale one: an answer carries that of its request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Generation(pub u64);

impl Generation {
    /// Makes every answer still on its way stale, and gives the number for the next request.
    pub fn advance(&mut self) -> Self {
        self.0 += 1;
        *self
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// To the accounts.
    Accounts(AccountsMsg),
    /// To templates, tags or users, as read from the store.
    Lists(ListsMsg),
    /// To the message being written.
    Compose(ComposeMsg),
    /// To who gets it.
    Audience(AudienceMsg),
    /// To tags, remarks and the blacklist at WeChat.
    People(PeopleMsg),
    /// To drafts.
    Drafts(DraftsMsg),
    /// To one user.
    Profile(ProfileMsg),
    /// To the day's allowance.
    Quota(QuotaMsg),
    /// To a sync.
    Sync(SyncMsg),
    /// To a send.
    Send(SendMsg),
    /// To a look ahead, or a file.
    Reports(ReportsMsg),
    /// To the templates and industries at WeChat.
    Templates(TemplatesMsg),
    /// To what is wrong.
    Checkup(CheckupMsg),
    /// To a test send.
    TestSend(TestSendMsg),
    /// To nothing in particular.
    System(SystemMsg),
}

macro_rules! into_msg {
    ($($name:ident($inner:ty)),*) => {$(
        impl From<$inner> for Msg {
            fn from(inner: $inner) -> Self {
                Self::$name(inner)
            }
        }
    )*};
}
into_msg!(
    Accounts(AccountsMsg),
    Lists(ListsMsg),
    Compose(ComposeMsg),
    Audience(AudienceMsg),
    People(PeopleMsg),
    Drafts(DraftsMsg),
    Profile(ProfileMsg),
    Quota(QuotaMsg),
    Sync(SyncMsg),
    Send(SendMsg),
    Reports(ReportsMsg),
    Templates(TemplatesMsg),
    Checkup(CheckupMsg),
    TestSend(TestSendMsg),
    System(SystemMsg)
);
