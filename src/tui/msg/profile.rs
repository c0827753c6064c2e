use super::Refusal;
use crate::domain::id::{AccountId, OpenId};
use crate::domain::names::Imported;
use crate::domain::profile::Profile;
use crate::sync::LookedUp;

/// What became known of who users are.
#[derive(Debug, Clone, PartialEq)]
pub enum ProfileMsg {
    /// All that the cache has; nothing of one it does not have, or why it could not be read.
    Loaded {
        /// Whose follower.
        account: AccountId,
        /// Who.
        openid: OpenId,
        /// What there is.
        found: Result<Option<Box<Profile>>, String>,
    },
    /// WeChat was asked.
    LookedUp {
        /// Whose follower.
        account: AccountId,
        /// Who.
        openid: OpenId,
        /// What it told, or why not.
        found: Result<Box<LookedUp>, Refusal>,
    },
    /// Users have names from a file.
    NamesImported {
        /// Whose followers.
        account: AccountId,
        /// What became of it.
        imported: Box<Imported>,
    },
    /// The file was not taken.
    NamesNotImported {
        /// Whose followers.
        account: AccountId,
        /// Why, for people.
        text: String,
    },
}
