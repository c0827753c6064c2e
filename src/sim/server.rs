//! The server itself: a thread of its own, connections, and the handle that a test holds.

use super::{
    control,
    faults::{ContentType, Faults},
    gate::{Ending, Head, State, Verdict},
    ledger::Delivered,
    stats::{Calls, Stats},
    world::World,
};
use axum::{
    body::Body,
    extract::{ConnectInfo, Request, connect_info::Connected},
    handler::HandlerWithoutStateExt,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    serve::{IncomingStream, Listener},
};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    thread::JoinHandle,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
};

/// A longer body is not read.
const BODY: usize = 2 << 20;

/// A running server on a thread of its own, so that it disturbs nobody's runtime. Dropping it closes the port and resets all
/// connections.
#[derive(Debug)]
pub struct Sim {
    addr: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the server and its handle hold in common.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Says that something happened.
    pulse: watch::Sender<()>,
}

impl Shared {
    /// A panic of a test while it held the lock leaves the world as it was.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sim {
    /// Starts a server; from within a runtime, too. Loopback addresses only; port 0 takes any that is free. It listens when
    /// this returns.
    pub fn spawn_thread(world: World, addr: SocketAddr) -> io::Result<Self> {
        if !addr.ip().is_loopback() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the simulator listens on loopback addresses only"));
        }
        let listener = std::net::TcpListener::bind(addr)?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = {
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let state = State { world, faults: Faults::default(), stats: Stats::default() };
        let shared = Arc::new(Shared { state: Mutex::new(state), pulse: watch::Sender::new(()) });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("sim".into()).spawn(move || {
            // Dropping the runtime afterwards drops every connection.
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, served) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { addr, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The same for callers in a runtime.
    #[expect(clippy::unused_async, reason = "callers need not know that listening is not waited for")]
    pub async fn start(world: World, addr: SocketAddr) -> io::Result<Self> {
        Self::spawn_thread(world, addr)
    }

    /// On 127.0.0.1, at any free port.
    pub fn local(world: World) -> io::Result<Self> {
        Self::spawn_thread(world, SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Changes the switches.
    pub fn faults<R>(&self, f: impl FnOnce(&mut Faults) -> R) -> R {
        f(&mut self.shared.lock().faults)
    }

    /// Looks at the world, or changes it, while no call is carried out.
    pub fn world<R>(&self, f: impl FnOnce(&mut World) -> R) -> R {
        f(&mut self.shared.lock().world)
    }

    /// Every message that was accepted, in order.
    pub fn delivered(&self) -> Vec<Delivered> {
        self.shared.lock().world.delivered()
    }

    /// How many messages were accepted.
    pub fn delivered_count(&self) -> usize {
        self.shared.lock().world.delivered_count()
    }

    /// Requests for this path that arrived, whatever became of them.
    pub fn calls(&self, path: &str) -> u64 {
        self.stat(path).received
    }

    /// Requests for this path that were answered; what a reset cut off does not count.
    pub fn answered(&self, path: &str) -> u64 {
        self.stat(path).answered
    }

    /// Answers of this path with this errcode; 0 for successes.
    pub fn answered_with(&self, path: &str, errcode: i64) -> u64 {
        self.stat(path).by_errcode.get(&errcode).copied().unwrap_or_default()
    }

    /// Requests for all paths of WeChat.
    pub fn calls_total(&self) -> u64 {
        self.shared.lock().stats.total()
    }

    /// Requests for tokens, of both kinds.
    pub fn token_fetches(&self) -> u64 {
        self.calls("/cgi-bin/token") + self.calls("/cgi-bin/stable_token")
    }

    fn stat(&self, path: &str) -> Calls {
        self.shared.lock().stats.of(path)
    }

    /// Waits until `condition` holds, which is asked after every call. It waits for ever if it never does.
    pub async fn until(&self, mut condition: impl FnMut(&Self) -> bool) {
        let mut pulse = self.shared.pulse.subscribe();
        while !condition(self) {
            if pulse.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let handler = move |ConnectInfo(peer): ConnectInfo<Peer>, request: Request| {
        let shared = Arc::clone(&shared);
        async move { handle(&shared, &peer, request).await }
    };
    _ = axum::serve(Door(listener), handler.into_make_service_with_connect_info::<Peer>()).await;
}

async fn handle(shared: &Shared, peer: &Peer, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY).await else { return status(413) };
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    if let Some(rest) = path.strip_prefix("/sim/") {
        return control::answer(&mut shared.lock(), parts.method.as_str(), rest, query, &body)
            .map_or_else(status, |body| json(body, ContentType::Json));
    }
    let head = Head { method: parts.method.as_str(), path, query, chunked: is_chunked(&parts.headers), ip: peer.addr.ip() };
    let Verdict { ending, delay } = shared.lock().serve(&head, &body);
    shared.pulse.send_replace(());
    if delay > Duration::ZERO {
        tokio::time::sleep(delay).await;
    }
    match ending {
        Ending::Json(body, content_type) => json(body, content_type),
        Ending::Status(code) => status(code),
        Ending::Reset => {
            peer.cut.store(true, Ordering::Relaxed);
            Response::new(Body::empty())
        }
    }
}

fn is_chunked(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING) && !headers.contains_key(header::CONTENT_LENGTH)
}

fn json(body: Vec<u8>, content_type: ContentType) -> Response {
    let name = match content_type {
        ContentType::Json => "application/json; encoding=utf-8",
        ContentType::Text => "text/plain",
    };
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(name));
    response
}

/// A 412 has no body; gateways speak HTML.
fn status(code: u16) -> Response {
    let page = format!(
        "<html>\r\n<head><title>{code}</title></head>\r\n<body>\r\n<center><h1>{code}</h1></center>\r\n</body>\r\n</html>\r\n"
    );
    let mut response = Response::new(if code == 412 { Body::empty() } else { Body::from(page) });
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// Where a connection comes from, and the cord to cut it.
#[derive(Debug, Clone)]
struct Peer {
    addr: SocketAddr,
    cut: Arc<AtomicBool>,
}

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Takes connections.
struct Door(TcpListener);

impl Listener for Door {
    type Io = Line;
    type Addr = Peer;

    async fn accept(&mut self) -> (Line, Peer) {
        loop {
            // Out of descriptors, or the caller has gone: try again a little later.
            let Ok((stream, addr)) = self.0.accept().await else {
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            };
            _ = stream.set_nodelay(true);
            let cut = Arc::new(AtomicBool::new(false));
            return (Line { stream, cut: Arc::clone(&cut) }, Peer { addr, cut });
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { addr: self.0.local_addr()?, cut: Arc::default() })
    }
}

/// A connection that can be reset: once cut, it refuses to write, and closing it says RST.
struct Line {
    stream: TcpStream,
    cut: Arc<AtomicBool>,
}

impl Line {
    fn whole(&self) -> io::Result<()> {
        if !self.cut.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
