//! Where the API lives.

use super::told::{Sentence, Told};
use std::fmt;
use thiserror::Error;

/// Scheme and host of the API: https, or http on loopback only, so that a token never travels in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiBase(String);

/// Why a text is not an API host.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ApiBaseError {
    /// Not `scheme://host[:port]`.
    Shape(String),
    /// Unencrypted, and not this very machine.
    Insecure(String),
}

impl Told for ApiBaseError {
    fn told(&self) -> Sentence {
        let of = |key, text| Sentence::of("error.api_base", key).with("text", text);
        match self {
            Self::Shape(text) => of("shape", text),
            Self::Insecure(text) => of("insecure", text),
        }
    }
}

impl ApiBase {
    /// Reads an address typed by a person; a slash at its end is dropped.
    pub fn parse(text: &str) -> Result<Self, ApiBaseError> {
        let text = text.trim().trim_end_matches('/');
        let shape = || ApiBaseError::Shape(text.to_owned());
        let (scheme, host) = text.split_once("://").ok_or_else(shape)?;
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) || host.chars().any(char::is_control) {
            return Err(shape());
        }
        let base = Self(text.to_owned());
        match scheme {
            "https" => Ok(base),
            "http" if base.is_loopback() => Ok(base),
            "http" => Err(ApiBaseError::Insecure(text.to_owned())),
            _ => Err(shape()),
        }
    }

    /// `https://api.weixin.qq.com`, as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, for error messages.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, host)| host)
    }

    /// The host with its port, which https does not need to name.
    pub fn host_and_port(&self) -> String {
        let host = self.host();
        let port = if self.0.starts_with("https:") { 443 } else { 80 };
        // An IPv6 address has colons of its own, in brackets.
        let named = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        if named { host.to_owned() } else { format!("{host}:{port}") }
    }

    /// Whether it is this very machine: no proxy then, and http is allowed.
    pub fn is_loopback(&self) -> bool {
        let host = self.host();
        let name = host
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
            .map_or_else(|| host.split(':').next().unwrap_or(host), |(inside, _)| inside);
        name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl Default for ApiBase {
    fn default() -> Self {
        Self("https://api.weixin.qq.com".to_owned())
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in [
            "https://api.weixin.qq.com",
            "https://sh.api.weixin.qq.com/",
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:9",
        ] {
            assert!(ApiBase::parse(good).is_ok(), "{good}");
        }
        for insecure in ["http://api.weixin.qq.com", "http://127.0.0.1.example.com", "http://10.0.0.1:80"] {
            assert!(matches!(ApiBase::parse(insecure), Err(ApiBaseError::Insecure(_))), "{insecure}");
        }
        for bad in ["", "api.weixin.qq.com", "ftp://127.0.0.1", "https://", "https://host/path", "https://u@host"] {
            assert!(matches!(ApiBase::parse(bad), Err(ApiBaseError::Shape(_))), "{bad}");
        }
    }
}
