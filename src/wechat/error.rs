//! What can go wrong with one call, told apart by the only question that matters afterwards: did it arrive?

use super::decode::scrub;
use crate::domain::reply::ErrmsgParts;
use std::error::Error as _;
use thiserror::Error;

/// Why a call brought nothing to use. Its texts name the host and never a query, a secret or a token.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum CallError {
    /// WeChat said no.
    #[error(transparent)]
    Api(#[from] ApiFailure),
    /// The request never left.
    #[error("nothing was sent to {host}: {why}")]
    NotSent {
        /// Host and port of the API.
        host: String,
        /// What stood in the way.
        why: NoConnection,
    },
    /// HTTP 412: refused before anyone looked at it (`wechat-api.md §1.2`).
    #[error("{host} refused the request unread (HTTP 412)")]
    Refused {
        /// Host and port of the API.
        host: String,
    },
    /// No answer that tells: the request may have arrived and been carried out.
    #[error("no clear answer from {host}, the request may have arrived: {why}")]
    Ambiguous {
        /// Host and port of the API.
        host: String,
        /// What came instead of an answer.
        why: Doubt,
    },
}

/// An answer with an errcode other than 0.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
#[error("WeChat answered {errcode}: {errmsg}")]
pub struct ApiFailure {
    /// The code to go by.
    pub errcode: i64,
    /// Its text for this call, with rid and hint; never to be compared.
    pub errmsg: String,
}

impl ApiFailure {
    /// What the text tells beside the code: rid, address, field.
    pub fn parts(&self) -> ErrmsgParts<'_> {
        ErrmsgParts::read(&self.errmsg)
    }
}

/// Why there was no connection to send on.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum NoConnection {
    /// DNS knows no such host (or proxy).
    #[error("the name of the host, or of the proxy, was not found")]
    NameNotFound,
    /// Neither accepted nor refused, or the TLS handshake did not end, within the time for connecting.
    #[error("no connection within the time allowed")]
    TimedOut,
    /// Refused, unreachable, a certificate not trusted, a proxy that said no.
    #[error("{0}")]
    Failed(String),
}

/// Why nobody can tell whether the request was carried out.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum Doubt {
    /// Connected, and then no full answer within the time for a call.
    #[error("no answer within the time allowed")]
    TimedOut,
    /// The connection broke.
    #[error("the connection broke ({0})")]
    Lost(String),
    /// Something other than HTTP 200, and no errcode with it: a gateway spoke, or a redirect that is not followed.
    #[error("HTTP {0} without an errcode")]
    Status(u16),
    /// HTTP 200 and nothing in it.
    #[error("the answer was empty")]
    Empty,
    /// Not the JSON that belongs here, even read leniently.
    #[error("the answer could not be read ({0})")]
    Unreadable(String),
    /// Longer than any answer of WeChat.
    #[error("the answer was longer than {} MiB", super::client::MAX_REPLY >> 20)]
    TooLong,
}

impl CallError {
    /// The errcode, if WeChat gave one.
    pub fn errcode(&self) -> Option<i64> {
        match self {
            Self::Api(failure) => Some(failure.errcode),
            _ => None,
        }
    }

    pub(super) fn ambiguous(host: &str, why: Doubt) -> Self {
        Self::Ambiguous { host: host.into(), why }
    }

    /// Reads an error of the transport.
    pub(super) fn of_transport(host: &str, error: &reqwest::Error, secret: &str) -> Self {
        // A builder error is a request that could not even be made.
        if error.is_connect() || error.is_builder() {
            return Self::NotSent { host: host.into(), why: no_connection(error, secret) };
        }
        let why = if error.is_timeout() { Doubt::TimedOut } else { Doubt::Lost(root_cause(error, secret)) };
        Self::ambiguous(host, why)
    }
}

fn no_connection(error: &reqwest::Error, secret: &str) -> NoConnection {
    if error.is_timeout() {
        NoConnection::TimedOut
    } else if error.is_dns() {
        NoConnection::NameNotFound
    } else {
        NoConnection::Failed(root_cause(error, secret))
    }
}

/// The innermost cause in its own words. The outer layers only say "error sending request", and name the URL.
pub(super) fn root_cause(error: &reqwest::Error, secret: &str) -> String {
    error.source().map_or_else(|| "the request could not be made".into(), |cause| scrub(&innermost(cause), secret))
}

/// The cause of all causes, in its own words.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
