//! What can go wrong with one call, told apart by the only question that matters afterwards: did it arrive?

use super::decode::scrub;
use crate::domain::reply::ErrmsgParts;
use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use std::error::Error as _;
use thiserror::Error;

/// Why a call brought nothing to use. Its texts name the host and never a query, a secret or a token.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum CallError {
    /// WeChat said no.
    Api(#[from] ApiFailure),
    /// The request never left.
    NotSent {
        /// Host and port of the API.
        host: String,
        /// What stood in the way.
        why: NoConnection,
    },
    /// HTTP 412: refused before anyone looked at it (`wechat-api.md §1.2`).
    Refused {
        /// Host and port of the API.
        host: String,
    },
    /// No answer that tells: the request may have arrived and been carried out.
    Ambiguous {
        /// Host and port of the API.
        host: String,
        /// What came instead of an answer.
        why: Doubt,
    },
}

/// An answer with an errcode other than 0.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub struct ApiFailure {
    /// The code to go by.
    pub errcode: i64,
    /// Its text for this call, with rid and hint; never to be compared.
    pub errmsg: String,
}

impl Told for CallError {
    fn told(&self) -> Sentence {
        let of = |key, host| Sentence::of("error.call", key).with("host", host);
        match self {
            Self::Api(failure) => failure.told(),
            Self::NotSent { host, why } => of("not_sent", host).telling("why", why),
            Self::Refused { host } => of("refused", host),
            Self::Ambiguous { host, why } => of("ambiguous", host).telling("why", why),
        }
    }
}

impl Told for ApiFailure {
    fn told(&self) -> Sentence {
        Sentence::of("error.call", "api").with("errcode", self.errcode).with("errmsg", &self.errmsg)
    }
}

impl Told for NoConnection {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.no_connection", key);
        match self {
            Self::NameNotFound => of("name_not_found"),
            Self::TimedOut => of("timed_out"),
            Self::Failed(why) => of("failed").with("why", why),
        }
    }
}

impl Told for Doubt {
    fn told(&self) -> Sentence {
        let of = |key| Sentence::of("error.doubt", key);
        match self {
            Self::TimedOut => of("timed_out"),
            Self::Lost(why) => of("lost").with("why", why),
            Self::Status(status) => of("status").with("status", status),
            Self::Empty => of("empty"),
            Self::Unreadable(why) => of("unreadable").with("why", why),
            Self::TooLong => of("too_long").with("most", super::client::MAX_REPLY >> 20),
        }
    }
}

in_english!(ApiFailure, CallError, Doubt, NoConnection);

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
    NameNotFound,
    /// Neither accepted nor refused, or the TLS handshake did not end, within the time for connecting.
    TimedOut,
    /// Refused, unreachable, a certificate not trusted, a proxy that said no.
    Failed(String),
}

/// Why nobody can tell whether the request was carried out.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum Doubt {
    /// Connected, and then no full answer within the time for a call.
    TimedOut,
    /// The connection broke.
    Lost(String),
    /// Something other than HTTP 200, and no errcode with it: a gateway spoke, or a redirect that is not followed.
    Status(u16),
    /// HTTP 200 and nothing in it.
    Empty,
    /// Not the JSON that belongs here, even read leniently.
    Unreadable(String),
    /// Longer than any answer of WeChat.
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
