//! A server that says exactly the bytes it is told to, one answer a request, and keeps what it was asked.

use crate::domain::api_base::ApiBase;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the server does with one request, once it has read it.
pub enum Answer {
    /// These bytes; the connection stays.
    Bytes(Vec<u8>),
    /// These bytes, and the end of the connection.
    BytesThenClose(Vec<u8>),
    /// A reset.
    Reset,
    /// Nothing, for ever.
    Silence,
}

/// One request as it came.
#[derive(Clone)]
pub struct Seen {
    /// Request line and headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn first_line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Ends with its tasks when dropped.
pub struct Server {
    pub base: ApiBase,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
    _tasks: JoinSet<()>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = ApiBase::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (seen, connections) = (Arc::default(), Arc::default());
        let answers = Mutex::new(answers.into_iter().collect());
        let shared = Arc::new(Shared { answers, seen: Arc::clone(&seen), connections: Arc::clone(&connections) });
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, shared));
        Self { base, seen, connections, _tasks: tasks }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// HTTP 200 with this body.
pub fn ok(body: impl AsRef<[u8]>) -> Answer {
    http("200 OK", "Content-Type: text/plain", body)
}

/// Any status, one more header, and this body.
pub fn http(status: &str, header: &str, body: impl AsRef<[u8]>) -> Answer {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {}\r\n\r\n", body.len());
    Answer::Bytes([head.as_bytes(), body].concat())
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        *shared.connections.lock().unwrap() += 1;
        open.spawn(converse(stream, Arc::clone(&shared)));
    }
}

async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(seen) = read_request(&mut stream).await {
        shared.seen.lock().unwrap().push(seen);
        let answer = shared.answers.lock().unwrap().pop_front().expect("one more request than answers");
        match answer {
            Answer::Bytes(bytes) => stream.write_all(&bytes).await.unwrap(),
            Answer::BytesThenClose(bytes) => return stream.write_all(&bytes).await.unwrap(),
            Answer::Reset => return stream.set_zero_linger().unwrap(),
            Answer::Silence => std::future::pending().await,
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let mut seen = Seen { head: String::from_utf8(bytes[..end].to_vec()).unwrap(), body: bytes[end..].to_vec() };
    let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
    while seen.body.len() < length {
        (stream.read_buf(&mut seen.body).await.ok()? > 0).then_some(())?;
    }
    Some(seen)
}
