//! The token of a run: replaced once when refused, never in a loop.

use super::{Engine, Sent};
use crate::domain::errcode::Class;
use crate::domain::job::{Call, StopReason};
use crate::domain::secret::AccessToken;
use crate::session::SessionError;
use crate::wechat::{CallError, SendTarget};
use std::pin::Pin;
use std::sync::Arc;

/// The token that launches use.
pub enum Token {
    /// To be had before anything can start.
    Missing,
    /// On its way; all launches wait. `renewed` if the last one was refused.
    Fetching { token: Fetching, renewed: bool },
    /// In use. A token that replaced a refused one is on trial until something was answered with it.
    Ready { target: SendTarget, on_trial: bool },
}

type Fetching = Pin<Box<dyn Future<Output = Result<AccessToken, SessionError>> + Send>>;

/// A token that came, or not, and whether it replaces a refused one.
pub type Came = (Result<AccessToken, SessionError>, bool);

impl Token {
    /// Where sends go, if there is a token.
    pub fn target(&self) -> Option<SendTarget> {
        match self {
            Self::Ready { target, .. } => Some(target.clone()),
            Self::Missing | Self::Fetching { .. } => None,
        }
    }

    /// Waits for the token on its way; never ends where none is.
    pub async fn fetched(&mut self) -> Came {
        match self {
            Self::Fetching { token, renewed } => (token.await, *renewed),
            Self::Missing | Self::Ready { .. } => std::future::pending().await,
        }
    }
}

impl Engine {
    pub(super) fn fetch_missing_token(&mut self) {
        if matches!(self.token, Token::Missing) {
            let session = Arc::clone(&self.session);
            self.token = Token::Fetching { token: Box::pin(async move { session.token().await }), renewed: false };
        }
    }

    /// Something was answered with this token otherwise than by refusing it.
    pub(super) fn token_worked(&mut self, used: &SendTarget) {
        if let Token::Ready { target, on_trial } = &mut self.token
            && *on_trial
            && target.token() == used.token()
        {
            *on_trial = false;
        }
    }

    /// Replaces a refused token if it is still the one in use. One that was refused on trial is the end: the credentials are wrong.
    pub(super) fn token_refused(&mut self, sent: Sent) {
        if let Token::Ready { target, on_trial } = &self.token
            && target.token() == sent.target.token()
        {
            if *on_trial {
                self.stop_for(super::settle::refusal(&sent.reply));
            } else {
                let (session, refused) = (Arc::clone(&self.session), sent.target.token().clone());
                self.token =
                    Token::Fetching { token: Box::pin(async move { session.token_after(&refused).await }), renewed: true };
            }
        }
        // The row stays claimed, durable as `sending`, and is the first to go out with the new token.
        self.outbox.ready.push_front(sent.row);
    }

    pub(super) fn token_came(&mut self, (token, renewed): Came) {
        match token {
            Ok(token) => self.token = Token::Ready { target: self.session.client().send_target(&token), on_trial: renewed },
            Err(error) => {
                self.token = Token::Missing;
                self.token_failed(&error);
            }
        }
    }

    fn token_failed(&mut self, error: &SessionError) {
        let call = Call::from(self.session.account().token);
        let reason = match error {
            SessionError::Token(CallError::Api(failure)) if error.class() != Some(Class::Retry) => {
                let reason = StopReason::Refused { errcode: failure.errcode, errmsg: failure.errmsg.clone(), call };
                if error.class() == Some(Class::WaitQuota) {
                    return self.obstructed(super::settle::until_next_minute(), reason);
                }
                reason
            }
            SessionError::SameToken => StopReason::Refused { errcode: 40001, errmsg: error.to_string(), call: Call::Send },
            SessionError::Store(_) | SessionError::Lock(_) => StopReason::Store { detail: error.to_string() },
            SessionError::Token(_) | SessionError::Call(_) => {
                let reason = StopReason::Network { detail: error.to_string() };
                return self.obstructed(self.network_pause(), reason);
            }
            _ => StopReason::Secret { detail: error.to_string() },
        };
        self.stop_for(reason);
    }
}
