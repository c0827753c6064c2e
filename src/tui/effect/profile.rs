use crate::domain::id::{AccountId, OpenId};

/// About one user.
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
}
