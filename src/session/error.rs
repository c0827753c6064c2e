//! Why an account could not be called.

use crate::domain::errcode::{self, Class};
use crate::domain::secret::AppSecretError;
use crate::domain::told::{Sentence, Told};
use crate::store::{LockError, StoreError};
use crate::text::told::in_english;
use crate::wechat::{BuildError, CallError};
use std::io;
use std::process::ExitStatus;
use thiserror::Error;

/// The call that fetches a token, by which its codes are explained.
const TOKEN_CALL: &str = "/cgi-bin/stable_token";

/// What happened, why, and what to do next.
#[derive(Debug, Error)]
pub enum SessionError {
    /// The variable that should hold the AppSecret does not.
    SecretVariable {
        /// The variable.
        variable: String,
        /// The account.
        account: String,
        /// What is wrong with it.
        what: BadVariable,
    },
    /// The command that should print the AppSecret did not.
    SecretCommand {
        /// The account.
        account: String,
        /// What went wrong, without what it printed.
        what: BadCommand,
    },
    /// The vault has no AppSecret for the account.
    SecretMissing {
        /// The account.
        account: String,
    },
    /// A token was refused, and the one fetched instead is the very same.
    SameToken,
    /// The call to the token endpoint failed.
    Token(CallError),
    /// A call failed.
    Call(#[from] CallError),
    /// The client could not be built.
    Build(#[from] BuildError),
    /// The files failed.
    Store(#[from] StoreError),
    /// The lock on the token refresh could not be made.
    Lock(#[from] LockError),
}

/// What is wrong with a variable that should hold an AppSecret.
#[derive(Debug)]
pub enum BadVariable {
    /// It is not there.
    NotSet,
    /// It holds something else.
    Wrong(AppSecretError),
}

/// What went wrong with a command that should print an AppSecret.
#[derive(Debug)]
pub enum BadCommand {
    /// There is no shell for it.
    NotStarted(io::Error),
    /// It waits for somebody who is not there.
    TooSlow {
        /// How long it had.
        seconds: u64,
    },
    /// It did not end well.
    Ended(ExitStatus),
    /// What it printed could not be read.
    Unreadable(io::Error),
    /// It printed far more than a secret.
    TooMuch {
        /// More than these.
        bytes: u64,
    },
    /// It printed something else.
    Wrong(AppSecretError),
}

impl Told for SessionError {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.session", key);
        match self {
            Self::SecretVariable { variable, account, what } => {
                of("secret_variable").with("variable", variable).with("account", account).telling("what", what)
            }
            Self::SecretCommand { account, what } => of("secret_command").with("account", account).telling("what", what),
            Self::SecretMissing { account } => of("secret_missing").with("account", account),
            Self::SameToken => of("same_token"),
            Self::Token(error) => of("token").telling("why", error),
            Self::Call(error) => error.told(),
            Self::Build(error) => error.told(),
            Self::Store(error) => error.told(),
            Self::Lock(error) => error.told(),
        }
    }
}

impl Told for BadVariable {
    fn told(&self) -> Sentence {
        match self {
            Self::NotSet => Sentence::of("error.secret_variable", "not_set"),
            Self::Wrong(error) => Sentence::of("error.secret_variable", "wrong").telling("why", error),
        }
    }
}

impl Told for BadCommand {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.secret_command", key);
        match self {
            Self::NotStarted(why) => of("not_started").with("why", why),
            Self::TooSlow { seconds } => of("too_slow").with("seconds", seconds),
            Self::Ended(status) => of("ended").with("status", status),
            Self::Unreadable(why) => of("unreadable").with("why", why),
            Self::TooMuch { bytes } => of("too_much").with("bytes", bytes),
            Self::Wrong(error) => of("wrong").telling("why", error),
        }
    }
}

in_english!(SessionError);

impl SessionError {
    /// WeChat's code, if it gave one.
    pub fn errcode(&self) -> Option<i64> {
        match self {
            Self::Token(error) | Self::Call(error) => error.errcode(),
            _ => None,
        }
    }

    /// WeChat's own words beside it; empty if it gave none.
    pub fn errmsg(&self) -> &str {
        match self {
            Self::Token(CallError::Api(failure)) | Self::Call(CallError::Api(failure)) => &failure.errmsg,
            _ => "",
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
