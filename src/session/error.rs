//! Why an account could not be called.

use crate::domain::errcode::{self, Class};
use crate::store::{LockError, StoreError};
use crate::wechat::{BuildError, CallError};
use thiserror::Error;

/// The call that fetches a token, by which its codes are explained.
const TOKEN_CALL: &str = "/cgi-bin/stable_token";

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The variable that should hold the AppSecret does not.
    #[error("the environment variable {variable}, which should hold the AppSecret of `{account}`, {what}")]
    SecretVariable {
        /// The variable.
        variable: String,
        /// The account.
        account: String,
        /// What is wrong with it.
        what: String,
    },
    /// The command that should print the AppSecret did not.
    #[error("the command that should print the AppSecret of `{account}` {what}")]
    SecretCommand {
        /// The account.
        account: String,
        /// What went wrong, without what it printed.
        what: String,
    },
    /// The vault has no AppSecret for the account.
    #[error("no AppSecret is stored for `{account}`; set it with `muban account set {account} --secret-stdin`")]
    SecretMissing {
        /// The account.
        account: String,
    },
    /// A token was refused, and the one fetched instead is the very same.
    #[error("WeChat refuses the access token it has just confirmed; check AppID, AppSecret and the IP whitelist of this account")]
    SameToken,
    /// The call to the token endpoint failed.
    #[error("no access token: {0}")]
    Token(CallError),
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The client could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The files failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lock on the token refresh could not be made.
    #[error(transparent)]
    Lock(#[from] LockError),
}

impl SessionError {
    /// WeChat's code, if it gave one.
    pub fn errcode(&self) -> Option<i64> {
        match self {
            Self::Token(error) | Self::Call(error) => error.errcode(),
            _ => None,
        }
    }

    /// What the code means for whoever goes on; none where there is no code.
    pub fn class(&self) -> Option<Class> {
        match self {
            Self::Token(error) => error.errcode().map(|code| errcode::class_on(code, TOKEN_CALL)),
            _ => self.errcode().map(errcode::class_of),
        }
    }

    /// The code with the path of the call that answered it, for a call made to `path`: fetching its token is a call of its own.
    pub fn code_on(&self, path: &'static str) -> Option<(i64, &'static str)> {
        let call = if matches!(self, Self::Token(_)) { TOKEN_CALL } else { path };
        self.errcode().map(|code| (code, call))
    }

    /// Whether the host was not reached, or did not answer.
    pub fn is_network(&self) -> bool {
        matches!(self, Self::Token(error) | Self::Call(error) if !matches!(error, CallError::Api(_)))
    }
}
