//! The way to the host, step by step: its name, a connection, TLS and an answer. Nothing secret is sent.

use super::client::Client;
use super::error::root_cause;
use crate::domain::api_base::ApiBase;
use crate::domain::told::Sentence;
use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::DATE;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// Asked without a token: any answer will do.
const PATH: &str = "/cgi-bin/getcallbackip";

/// How long one step may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// An answer of the host, whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knock {
    /// HTTP status.
    pub status: u16,
    /// The host's clock, if it told it.
    pub date: Option<Timestamp>,
    /// From the first byte of the request to the answer.
    pub took: Duration,
}

/// The proxy that calls to an address go through, without its password; none if they go straight.
pub fn proxy_to(base: &ApiBase) -> Option<String> {
    let uri: Uri = base.as_str().parse().ok()?;
    if base.is_loopback() {
        return None;
    }
    let found = Matcher::from_system().intercept(&uri)?;
    let (host, port) = (found.uri().host().unwrap_or_default(), found.uri().port_u16());
    Some(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The addresses of a host.
pub async fn addresses(base: &ApiBase) -> Result<Vec<SocketAddr>, Sentence> {
    match timeout(PATIENCE, lookup_host(base.host_and_port())).await {
        Ok(Ok(found)) => {
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() { Err(on_the_way("no_address")) } else { Ok(found) }
        }
        Ok(Err(error)) => Err(on_the_way("unknown").with("why", error)),
        Err(_) => Err(no_answer()),
    }
}

/// Connects to the first address that lets it; gives how long that took.
pub async fn connect(addresses: &[SocketAddr]) -> Result<Duration, Sentence> {
    let mut why = on_the_way("no_address");
    for address in addresses {
        let begun = Instant::now();
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => return Ok(begun.elapsed()),
            Ok(Err(error)) => {
                why = on_the_way("at").with("address", address).telling("why", &on_the_way("refused").with("why", error));
            }
            Err(_) => why = on_the_way("at").with("address", address).telling("why", &no_answer()),
        }
    }
    Err(why)
}

fn on_the_way(key: &'static str) -> Sentence {
    Sentence::of("error.way", key)
}

fn no_answer() -> Sentence {
    on_the_way("no_answer").with("seconds", PATIENCE.as_secs())
}

impl Client {
    /// Asks for anything, without a token: whether TLS and HTTP work, and what time it is there.
    pub async fn knock(&self) -> Result<Knock, Sentence> {
        let begun = Instant::now();
        let response = self.http().get(self.url(PATH, &[])).send().await.map_err(|error| {
            // Its own words name the URL, which has nothing secret here, and say little; the cause says what is wrong.
            on_the_way("refused").with("why", root_cause(&error, ""))
        })?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok()).and_then(|date| rfc2822::parse(date).ok());
        Ok(Knock { status: response.status().as_u16(), date: date.map(|date| date.timestamp()), took: begun.elapsed() })
    }
}
