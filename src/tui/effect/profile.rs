use crate::domain::id::{AccountId, OpenId};

/// About who users are.
#[derive(Debug, Clone, PartialEq)]
pub enum ProfileEffect {
    /// All that the cache has of them; answered with `ProfileMsg::Loaded`.
    Load {
        /// Whose follower.
        account: AccountId,
        /// Who.
        openid: OpenId,
    },
    /// All that WeChat tells of them now; answered with `ProfileMsg::LookedUp`.
    LookUp {
        /// Whose follower.
        account: AccountId,
        /// Who.
        openid: OpenId,
    },
    /// Take names of users from a file; answered with `ProfileMsg::NamesImported` or `NamesNotImported`.
    ImportNames {
        /// Whose followers.
        account: AccountId,
        /// The file as it was typed.
        path: String,
        /// Title or number of the column with the names; none: as it looks.
        column: Option<String>,
    },
}
