//! What shall be done, in the imperative. Carried out by the services, answered with messages; plain data.

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

pub use accounts::{AccountsEffect, TypedSecret};
pub use audience::AudienceEffect;
pub use checkup::CheckupEffect;
pub use compose::{ComposeEffect, Step};
pub use drafts::DraftsEffect;
pub use lists::ListsEffect;
pub use people::PeopleEffect;
pub use profile::ProfileEffect;
pub use quota::QuotaEffect;
pub use reports::{Content, ReportsEffect};
pub use send::{DeliveryFilter, SendEffect, SendOrder};
pub use sync::SyncEffect;
pub use system::{RunningJobs, SystemEffect};
pub use templates::TemplatesEffect;
pub use test_send::TestSendEffect;

/// Something to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// About the accounts.
    Accounts(AccountsEffect),
    /// Reading the lists.
    Lists(ListsEffect),
    /// About who gets it.
    Audience(AudienceEffect),
    /// About tags, remarks and the blacklist at WeChat.
    People(PeopleEffect),
    /// About the message being written.
    Compose(ComposeEffect),
    /// About drafts.
    Drafts(DraftsEffect),
    /// About one user.
    Profile(ProfileEffect),
    /// About the day's allowance.
    Quota(QuotaEffect),
    /// About syncing.
    Sync(SyncEffect),
    /// About sending.
    Send(SendEffect),
    /// About looking ahead, and files.
    Reports(ReportsEffect),
    /// About the templates and industries at WeChat.
    Templates(TemplatesEffect),
    /// About what is wrong.
    Checkup(CheckupEffect),
    /// About test sends.
    TestSend(TestSendEffect),
    /// About the program itself.
    System(SystemEffect),
}

macro_rules! into_effect {
    ($($name:ident($inner:ty)),*) => {$(
        impl From<$inner> for Effect {
            fn from(inner: $inner) -> Self {
                Self::$name(inner)
            }
        }
    )*};
}
into_effect!(
    Accounts(AccountsEffect),
    Lists(ListsEffect),
    Audience(AudienceEffect),
    People(PeopleEffect),
    Compose(ComposeEffect),
    Drafts(DraftsEffect),
    Profile(ProfileEffect),
    Quota(QuotaEffect),
    Sync(SyncEffect),
    Send(SendEffect),
    Reports(ReportsEffect),
    Templates(TemplatesEffect),
    Checkup(CheckupEffect),
    TestSend(TestSendEffect),
    System(SystemEffect)
);
