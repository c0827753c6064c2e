use crate::domain::audience::Reach;
use crate::domain::id::{AccountId, OpenId};

/// What happened to a test send.
#[derive(Debug, Clone, PartialEq)]
pub enum TestSendMsg {
    /// It was found out who they are.
    LookedUp {
        /// Of which account.
        account: AccountId,
        /// Who was asked about: another list makes this answer stale.
        openids: Vec<OpenId>,
        /// What the first is called; empty where nobody knows.
        first: String,
        /// How many of them can be sent to.
        reach: Reach,
    },
    /// Its job is in the ledger, and the openids are remembered.
    Begun {
        /// From which account.
        account: AccountId,
        /// Whom the next test goes to.
        openids: Vec<OpenId>,
    },
    /// There is no test.
    Refused {
        /// Why, for people.
        text: String,
    },
}
