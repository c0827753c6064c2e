//! Where the API lives. Hosts of WeChat: `wechat-api.md §1.1`.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use thiserror::Error;

/// Scheme, host and port of the API: https, or http on this machine only, so that a token never travels in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiBase {
    https: bool,
    host: String,
    port: Option<u16>,
}

/// Why a text is not an API address.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum ApiBaseError {
    /// Neither https nor http.
    #[error("an API address starts with https:// (or http:// on this machine), like {}", ApiBase::WECHAT)]
    Scheme,
    /// http to another machine.
    #[error("http is for this machine only (127.0.0.1, localhost, [::1]); to reach {0} write https://")]
    PlainHttp(String),
    /// A user, a path, a query or a fragment. Not quoted: it may hold a password.
    #[error("an API address is only scheme, host and port, like {}; leave out the rest", ApiBase::WECHAT)]
    Extra,
    /// Not the name or address of a host.
    #[error("`{0}` is not the name of a host")]
    Host(String),
    /// Not a port.
    #[error("`{0}` is not a port: it is a number from 1 to 65535")]
    Port(String),
}

impl ApiBase {
    /// The general host, which resolves to the nearest point.
    pub const WECHAT: &str = "https://api.weixin.qq.com";

    /// Reads an address typed by a person; blanks around it and a last `/` are dropped.
    pub fn parse(text: &str) -> Result<Self, ApiBaseError> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or(ApiBaseError::Scheme)?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(ApiBaseError::Scheme),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '@', '?', '#', '\\']) {
            return Err(ApiBaseError::Extra);
        }
        let (host, port) = split_port(rest)?;
        let base = Self { https, host: host.to_ascii_lowercase(), port };
        base.checked()
    }

    /// Host and port as messages name them, `api.weixin.qq.com` or `127.0.0.1:8080`.
    pub fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// Whether the host is this machine: no proxy then, and http is fine.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost"
            || bare.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
            || bare.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Whether the transport is encrypted.
    pub fn is_https(&self) -> bool {
        self.https
    }

    fn checked(self) -> Result<Self, ApiBaseError> {
        if !is_host(&self.host) {
            return Err(ApiBaseError::Host(self.host));
        }
        if !self.https && !self.is_loopback() {
            return Err(ApiBaseError::PlainHttp(self.host));
        }
        Ok(self)
    }
}

/// Splits `host[:port]`, where a host may be `[IPv6]`.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), ApiBaseError> {
    let Some((host, port)) = authority.rsplit_once(':').filter(|(_, tail)| !tail.contains(']')) else {
        return Ok((authority, None));
    };
    match port.parse::<u16>() {
        Ok(number) if number > 0 && port.bytes().all(|b| b.is_ascii_digit()) => Ok((host, Some(number))),
        _ => Err(ApiBaseError::Port(port.into())),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner.strip_suffix(']').is_some_and(|ip| ip.parse::<Ipv6Addr>().is_ok());
    }
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    // A name whose last label is a number would be read as an address by some and as a name by others.
    let numeric_end = host.rsplit('.').next().is_some_and(|label| label.bytes().all(|b| b.is_ascii_digit()));
    host.len() <= 253 && host.split('.').all(is_label) && (!numeric_end || host.parse::<Ipv4Addr>().is_ok())
}

impl Default for ApiBase {
    fn default() -> Self {
        Self { https: true, host: "api.weixin.qq.com".into(), port: None }
    }
}

impl FromStr for ApiBase {
    type Err = ApiBaseError;

    fn from_str(text: &str) -> Result<Self, ApiBaseError> {
        Self::parse(text)
    }
}

impl fmt::Display for ApiBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_in_one_form() {
        for (text, written, loopback) in [
            (ApiBase::WECHAT, ApiBase::WECHAT, false),
            (" HTTPS://API2.weixin.qq.com/ \n", "https://api2.weixin.qq.com", false),
            ("https://gate.example.com:8443", "https://gate.example.com:8443", false),
            ("http://127.0.0.1:18080/", "http://127.0.0.1:18080", true),
            ("http://127.8.9.1", "http://127.8.9.1", true),
            ("http://LocalHost:80", "http://localhost:80", true),
            ("http://[::1]:9", "http://[::1]:9", true),
            ("https://[2001:db8::1]", "https://[2001:db8::1]", false),
        ] {
            let base = ApiBase::parse(text).unwrap();
            assert_eq!((base.to_string().as_str(), base.is_loopback()), (written, loopback), "{text}");
            assert_eq!(ApiBase::parse(written).unwrap(), base);
        }
        assert_eq!(ApiBase::default().to_string(), ApiBase::WECHAT);
    }

    #[test]
    fn what_is_not_an_address_is_refused_by_its_reason() {
        let host = |text: &str| ApiBaseError::Host(text.into());
        for (text, error) in [
            ("", ApiBaseError::Scheme),
            ("api.weixin.qq.com", ApiBaseError::Scheme),
            ("ftp://api.weixin.qq.com", ApiBaseError::Scheme),
            ("http://api.weixin.qq.com", ApiBaseError::PlainHttp("api.weixin.qq.com".into())),
            ("http://127.0.0.1.example.com", ApiBaseError::PlainHttp("127.0.0.1.example.com".into())),
            ("http://localhost.example.com", ApiBaseError::PlainHttp("localhost.example.com".into())),
            ("http://0.0.0.0:80", ApiBaseError::PlainHttp("0.0.0.0".into())),
            ("https://me:word@api.weixin.qq.com", ApiBaseError::Extra),
            ("http://localhost@evil.example", ApiBaseError::Extra),
            ("https://api.weixin.qq.com/cgi-bin", ApiBaseError::Extra),
            ("https://api.weixin.qq.com?a=1", ApiBaseError::Extra),
            ("https://api.weixin.qq.com#x", ApiBaseError::Extra),
            ("https://", host("")),
            ("https://a b", host("a b")),
            ("https://微信.example", host("微信.example")),
            ("https://a..b", host("a..b")),
            ("https://1.2.3", host("1.2.3")),
            ("https://[::1", host("[::1")),
            ("https://host:", ApiBaseError::Port(String::new())),
            ("https://host:0", ApiBaseError::Port("0".into())),
            ("https://host:+80", ApiBaseError::Port("+80".into())),
            ("https://host:65536", ApiBaseError::Port("65536".into())),
        ] {
            assert_eq!(ApiBase::parse(text), Err(error), "{text}");
        }
    }
}
