//! Connections for sends: each carries one request at a time, and is driven by the task that waits for the answer. It does two
//! things that a general client does not: it costs half as much, and it tells whether a request was begun to be written. One that
//! was not, because the server had closed an idle connection, goes out on another without any doubt.

use super::client::{BuildError, ClientOptions, Trust};
use super::error::{CallError, Doubt, NoConnection, innermost};
use crate::domain::api_base::ApiBase;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use hyper::{Method, Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tower_service::Service;

/// Given up before servers usually do: a call on a connection just being closed may end in doubt.
pub(super) const IDLE: Duration = Duration::from_secs(15);

type Post = Request<Full<Bytes>>;
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Connections to one host, none of them through a proxy.
pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector>,
    /// Scheme, host and port.
    root: Uri,
    host: HeaderValue,
    connect_timeout: Duration,
    total_timeout: Duration,
    /// Those in no use, the latest used last.
    idle: Mutex<Vec<Connection>>,
}

struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: Driver,
    idle_since: Instant,
}

/// What moves the bytes. It must not be asked again once it has ended.
struct Driver(Option<http1::Connection<Stream, Full<Bytes>>>);

impl Connections {
    /// None if the way leads through a proxy, which is not known here.
    pub fn new(base: &ApiBase, options: &ClientOptions, trust: Trust) -> Result<Option<Self>, BuildError> {
        let address = || BuildError::Address(base.clone());
        let root: Uri = base.as_str().parse().map_err(|_| address())?;
        if !base.is_loopback() && Matcher::from_system().intercept(&root).is_some() {
            return Ok(None);
        }
        let builder = match trust {
            Trust::System => HttpsConnectorBuilder::new()
                .try_with_platform_verifier()
                .map_err(|error| BuildError::Transport { base: base.clone(), why: error.to_string() })?,
            Trust::Nobody => {
                let nobody = ClientConfig::builder().with_root_certificates(RootCertStore::empty());
                HttpsConnectorBuilder::new().with_tls_config(nobody.with_no_client_auth())
            }
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Several addresses share the time; the next one is not left without any.
        tcp.set_connect_timeout(Some(options.connect_timeout));
        let connector = builder.https_or_http().enable_http1().wrap_connector(tcp);
        let host = root.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok()).ok_or_else(address)?;
        let (connect_timeout, total_timeout) = (options.connect_timeout, options.total_timeout);
        Ok(Some(Self { connector, root, host, connect_timeout, total_timeout, idle: Mutex::default() }))
    }

    /// Posts JSON once and reads the whole answer into `answer`; gives its HTTP status as soon as there is one.
    pub async fn post(
        &self,
        path: &Uri,
        body: Vec<u8>,
        limit: usize,
        answer: &mut Vec<u8>,
    ) -> (Option<u16>, Result<(), CallError>) {
        let deadline = Instant::now() + self.total_timeout;
        let mut request = self.request(path, body);
        loop {
            let idle = self.take_idle();
            let is_new = idle.is_none();
            let mut connection = match idle {
                Some(connection) => connection,
                None => match self.connect().await {
                    Ok(connection) => connection,
                    Err(why) => return (None, Err(self.not_sent(why))),
                },
            };
            let response = match timeout_at(deadline, connection.exchange(request)).await {
                Ok(Ok(response)) => response,
                Ok(Err(Broken { error, unsent: Some(_) })) if is_new => {
                    return (None, Err(self.not_sent(NoConnection::Failed(innermost(&error)))));
                }
                Ok(Err(Broken { unsent: Some(unsent), .. })) => {
                    request = *unsent;
                    continue;
                }
                Ok(Err(Broken { error, unsent: None })) => return (None, Err(self.doubt(Doubt::Lost(innermost(&error))))),
                Err(_) => return (None, Err(self.doubt(Doubt::TimedOut))),
            };
            let status = Some(response.status().as_u16());
            return match timeout_at(deadline, connection.read(response.into_body(), limit, answer)).await {
                Ok(Ok(())) => {
                    self.give_back(connection).await;
                    (status, Ok(()))
                }
                Ok(Err(why)) => (status, Err(self.doubt(why))),
                Err(_) => (status, Err(self.doubt(Doubt::TimedOut))),
            };
        }
    }

    /// Closes what is in no use.
    pub fn hang_up(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn request(&self, path: &Uri, body: Vec<u8>) -> Post {
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.clone();
        let headers = request.headers_mut();
        headers.reserve(4);
        headers.insert(HOST, self.host.clone());
        headers.insert(CONTENT_TYPE, super::client::JSON);
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(USER_AGENT, HeaderValue::from_static(super::client::USER_AGENT));
        request
    }

    async fn connect(&self) -> Result<Connection, NoConnection> {
        let mut connector = self.connector.clone();
        let stream = match timeout(self.connect_timeout, connector.call(self.root.clone())).await {
            Err(_) => return Err(NoConnection::TimedOut),
            Ok(Err(error)) => return Err(no_connection(error.as_ref())),
            Ok(Ok(stream)) => stream,
        };
        let (sender, driver) = http1::handshake(stream).await.map_err(|error| NoConnection::Failed(innermost(&error)))?;
        Ok(Connection { sender, driver: Driver(Some(driver)), idle_since: Instant::now() })
    }

    /// The one used last, so that a pool grown too large shrinks again.
    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if idle.first().is_some_and(|oldest| now - oldest.idle_since > IDLE) {
            idle.retain(|connection| now - connection.idle_since <= IDLE);
        }
        idle.pop()
    }

    async fn give_back(&self, mut connection: Connection) {
        if connection.is_ready().await {
            connection.idle_since = Instant::now();
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    fn not_sent(&self, why: NoConnection) -> CallError {
        CallError::NotSent { host: self.named(), why }
    }

    fn doubt(&self, why: Doubt) -> CallError {
        CallError::ambiguous(&self.named(), why)
    }

    fn named(&self) -> String {
        self.root.authority().map(ToString::to_string).unwrap_or_default()
    }
}

/// A connection that broke, and the request if nothing of it was written.
struct Broken {
    error: hyper::Error,
    unsent: Option<Box<Post>>,
}

impl Connection {
    async fn exchange(&mut self, request: Post) -> Result<Response<Incoming>, Broken> {
        let answer = self.sender.try_send_request(request);
        self.driver
            .drive(answer)
            .await
            .map_err(|mut broken| Broken { unsent: broken.take_message().map(Box::new), error: broken.into_error() })
    }

    async fn read(&mut self, mut body: Incoming, limit: usize, answer: &mut Vec<u8>) -> Result<(), Doubt> {
        answer.reserve(body.size_hint().lower().min(limit as u64) as usize);
        while let Some(frame) = self.driver.drive(body.frame()).await {
            let frame = frame.map_err(|error| Doubt::Lost(innermost(&error)))?;
            let Some(data) = frame.data_ref() else { continue };
            if answer.len() + data.len() > limit {
                return Err(Doubt::TooLong);
            }
            answer.extend_from_slice(data);
        }
        Ok(())
    }

    /// Whether another request may follow; finds out by moving what is left to move.
    async fn is_ready(&mut self) -> bool {
        self.driver.drive(std::future::ready(())).await;
        self.sender.is_ready()
    }
}

impl Driver {
    /// Waits for what comes over this connection while moving its bytes.
    async fn drive<T>(&mut self, what: impl Future<Output = T>) -> T {
        let mut what = pin!(what);
        std::future::poll_fn(|cx| {
            if let Some(connection) = self.0.as_mut()
                && Pin::new(connection).poll(cx).is_ready()
            {
                // Who waits learns of its end from what it waits for.
                self.0 = None;
            }
            what.as_mut().poll(cx)
        })
        .await
    }
}

fn no_connection(error: &(dyn std::error::Error + 'static)) -> NoConnection {
    let mut causes = std::iter::successors(Some(error), |cause| (*cause).source());
    if causes.any(|cause| cause.to_string() == "dns error") {
        NoConnection::NameNotFound
    } else {
        NoConnection::Failed(innermost(error))
    }
}
