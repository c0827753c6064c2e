//! One request over HTTP. What is secret in it stays in it.

use super::connections::{Connections, IDLE};
use super::decode::Reply;
use super::error::{CallError, Doubt, root_cause};
use crate::domain::api_base::ApiBase;
use crate::domain::secret::AccessToken;
use crate::domain::told::{Sentence, Told};
use crate::text::told::in_english;
use hyper::Uri;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Response, Url};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thiserror::Error;

/// An answer longer than this is not WeChat's: a page of 10,000 openids has 310 kB.
pub(super) const MAX_REPLY: usize = 32 << 20;

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

pub(super) const USER_AGENT: &str = concat!("muban/", env!("CARGO_PKG_VERSION"));

/// Whose certificates are believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// The system's.
    System,
    /// Nobody's: plain http has none, and tests none that are real.
    Nobody,
}

/// How long a call may take and how many connections are kept.
#[derive(Debug, Clone)]
pub struct ClientOptions {
    /// For name, TCP and TLS together; past it nothing was sent.
    pub connect_timeout: Duration,
    /// For a whole call, connecting included; to be longer than `connect_timeout`, or a slow connect passes for a lost call.
    pub total_timeout: Duration,
    /// Connections kept open while idle: at least the calls in flight, or each burst connects anew.
    pub idle_connections: usize,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), total_timeout: Duration::from_secs(20), idle_connections: 256 }
    }
}

/// What the request log shows of one call. Nothing secret in it.
#[derive(Debug, Clone)]
pub struct CallRecord {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path alone; the query holds the token.
    pub path: &'static str,
    /// HTTP status, if an answer came.
    pub http_status: Option<u16>,
    /// 0 for success; none if no errcode was read.
    pub errcode: Option<i64>,
    /// From the first step of connecting to the last byte of the answer.
    pub elapsed: Duration,
    /// What went wrong, in words.
    pub detail: Option<String>,
}

/// Is told of every call when it ends; runs on the calling task, so it must be quick.
pub type Observer = Arc<dyn Fn(&CallRecord) + Send + Sync>;

/// Why there is no client.
#[derive(Debug, Error)]
pub enum BuildError {
    /// The address was checked, and still the URL parser refuses it.
    Address(ApiBase),
    /// Mostly a machine without CA certificates.
    Transport {
        /// The address of the API.
        base: ApiBase,
        /// The transport's own words.
        why: String,
    },
}

impl Told for BuildError {
    fn told(&self) -> Sentence {
        match self {
            Self::Address(base) => Sentence::of("error.client", "address").with("base", base),
            Self::Transport { base, why } => Sentence::of("error.client", "transport").with("base", base).with("why", why),
        }
    }
}

in_english!(BuildError);

/// The API of one account's host. A clone shares its connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    /// For sends, where no proxy is in the way.
    direct: Option<Connections>,
    root: Url,
    host: String,
    observer: Option<Observer>,
}

/// One request, ready to go. Its URL may hold a secret, so it has no Debug.
pub(super) struct Outgoing<'a> {
    pub method: Method,
    pub path: &'static str,
    pub url: Url,
    pub body: Option<Vec<u8>>,
    /// What must never be seen of it afterwards.
    pub secret: &'a str,
}

/// One send, ready to go. Its query holds the token, so it has no Debug.
pub(super) struct DirectPost<'a> {
    pub path: &'static str,
    pub path_and_query: &'a Uri,
    pub body: Vec<u8>,
    pub secret: &'a str,
}

/// One call whose answer came, or did not, before anyone understood it.
struct Answered<'a> {
    method: &'static str,
    path: &'static str,
    secret: &'a str,
    http_status: Option<u16>,
    /// Whether all of the answer was read.
    read: Result<(), CallError>,
    elapsed: Duration,
    body: Vec<u8>,
}

/// One call, ended.
pub(super) struct Exchange<T> {
    pub result: Result<T, CallError>,
    pub http_status: Option<u16>,
    pub elapsed: Duration,
    pub body: Vec<u8>,
}

impl Client {
    /// Makes the connections' home; connects to nothing. Reads the system's CA certificates (milliseconds) unless on loopback http.
    pub fn new(base: &ApiBase, options: &ClientOptions, observer: Option<Observer>) -> Result<Self, BuildError> {
        // Without https there is nothing to verify, and a machine without CA certificates can still work.
        let trust = if base.as_str().starts_with("https:") { Trust::System } else { Trust::Nobody };
        Self::build(base, options, trust, observer)
    }

    pub(super) fn build(
        base: &ApiBase,
        options: &ClientOptions,
        trust: Trust,
        observer: Option<Observer>,
    ) -> Result<Self, BuildError> {
        let root = Url::parse(base.as_str()).map_err(|_| BuildError::Address(base.clone()))?;
        // Fails only if a provider is already there, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = transport(base, options, trust)
            .build()
            .map_err(|error| BuildError::Transport { base: base.clone(), why: root_cause(&error, "") })?;
        let direct = Connections::new(base, options, trust)?;
        Ok(Self { inner: Arc::new(Inner { http, direct, root, host: base.host().to_owned(), observer }) })
    }

    /// The URL of a call, its query escaped.
    pub(super) fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.inner.root.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// A GET with the token and `query`.
    pub(super) async fn get<T>(
        &self,
        path: &'static str,
        token: &AccessToken,
        query: &[(&str, &str)],
        decode: impl FnOnce(&Reply<'_>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let mut url = self.url(path, &[("access_token", token.expose())]);
        url.query_pairs_mut().extend_pairs(query);
        self.call(Outgoing { method: Method::GET, path, url, body: None, secret: token.expose() }, decode).await.result
    }

    /// A POST of `body` with the token.
    pub(super) async fn post<T>(
        &self,
        path: &'static str,
        token: &AccessToken,
        body: &Value,
        decode: impl FnOnce(&Reply<'_>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let url = self.url(path, &[("access_token", token.expose())]);
        let body = Some(body.to_string().into_bytes());
        self.call(Outgoing { method: Method::POST, path, url, body, secret: token.expose() }, decode).await.result
    }

    /// Sends one request once, reads its answer, tells the observer.
    pub(super) async fn call<T>(
        &self,
        out: Outgoing<'_>,
        decode: impl FnOnce(&Reply<'_>) -> Result<T, CallError>,
    ) -> Exchange<T> {
        let (host, secret, path) = (self.inner.host.as_str(), out.secret, out.path);
        let method = if out.method == Method::GET { "GET" } else { "POST" };
        let (started, mut body) = (Instant::now(), Vec::new());
        let (http_status, read) = match self.inner.http.execute(request(out)).await {
            Ok(response) => {
                let http = response.status().as_u16();
                (Some(http), read_body(response, &mut body, host, secret).await)
            }
            Err(error) => (None, Err(CallError::of_transport(host, &error, secret))),
        };
        self.ended(Answered { method, path, secret, http_status, read, elapsed: started.elapsed(), body }, decode)
    }

    /// What calls go out with.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.inner.http
    }

    /// Connections for sends; none where a proxy is in the way.
    pub(super) fn direct(&self) -> Option<&Connections> {
        self.inner.direct.as_ref()
    }

    /// The same over a connection of its own: faster, and sure about what never left.
    pub(super) async fn call_directly<T>(
        &self,
        direct: &Connections,
        post: DirectPost<'_>,
        decode: impl FnOnce(&Reply<'_>) -> Result<T, CallError>,
    ) -> Exchange<T> {
        let DirectPost { path, path_and_query, body, secret } = post;
        let (started, mut answer) = (Instant::now(), Vec::new());
        let (http_status, read) = direct.post(path_and_query, body, MAX_REPLY, &mut answer).await;
        let answered = Answered { method: "POST", path, secret, http_status, read, elapsed: started.elapsed(), body: answer };
        self.ended(answered, decode)
    }

    /// Closes the connections that sends left open.
    pub fn hang_up(&self) {
        if let Some(direct) = &self.inner.direct {
            direct.hang_up();
        }
    }

    fn ended<T>(&self, answered: Answered<'_>, decode: impl FnOnce(&Reply<'_>) -> Result<T, CallError>) -> Exchange<T> {
        let Answered { method, path, secret, http_status, read, elapsed, body } = answered;
        let host = self.inner.host.as_str();
        let http = http_status.unwrap_or_default();
        let result = read.and_then(|()| decode(&Reply { host, http, body: &body, secret }));
        if let Some(observer) = &self.inner.observer {
            let (errcode, detail) = match &result {
                Ok(_) => (Some(0), None),
                Err(error) => (error.errcode(), Some(error.to_string())),
            };
            observer(&CallRecord { method, path, http_status, errcode, elapsed, detail });
        }
        Exchange { result, http_status, elapsed, body }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The transport's own Debug shows proxies, which may have passwords.
        write!(f, "Client({})", self.inner.host)
    }
}

fn request(out: Outgoing<'_>) -> Request {
    let mut request = Request::new(out.method, out.url);
    if let Some(body) = out.body {
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        // Bytes in memory go out with a Content-Length; a stream would be chunked, and refused with 412 (§1.2).
        *request.body_mut() = Some(body.into());
    }
    request
}

/// Reads to the end, which also gives the connection back; what came before a failure stays in `body`.
async fn read_body(mut response: Response, body: &mut Vec<u8>, host: &str, secret: &str) -> Result<(), CallError> {
    let announced = response.content_length().unwrap_or(0);
    body.reserve(usize::try_from(announced).unwrap_or(MAX_REPLY).min(MAX_REPLY));
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_REPLY => return Err(CallError::ambiguous(host, Doubt::TooLong)),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(()),
            Err(error) => return Err(CallError::of_transport(host, &error, secret)),
        }
    }
}

/// The transport's settings, each for a reason.
fn transport(base: &ApiBase, options: &ClientOptions, trust: Trust) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        // A redirect would carry the token to wherever it points.
        .redirect(reqwest::redirect::Policy::none())
        // One request is one request; whether to send again is for those who know what it was.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // On one shared h2 connection a single break leaves every call in flight in doubt, and a lost packet stalls them all;
        // on a connection each, it is one call.
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(options.connect_timeout)
        .timeout(options.total_timeout)
        .pool_max_idle_per_host(options.idle_connections)
        .pool_idle_timeout(IDLE);
    let builder = if base.is_loopback() { builder.no_proxy() } else { builder };
    if trust == Trust::System { builder } else { builder.tls_certs_only(std::iter::empty()) }
}
