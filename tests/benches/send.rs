//! How fast a job goes out with every outcome durable, as a share of what bare sockets reach against the same server in the
//! same run. `cargo bench --bench send`; figures of one machine are comparable only as ratios.
//!
//! Options after `--`: number of recipients (20000), requests in flight (64), latency of the server in milliseconds (0).

#![expect(clippy::expect_used, reason = "a bench that cannot go on has nothing to say")]

use jiff::Timestamp;
use muban::dispatch::{Controller, Draft, Progress, create, run};
use muban::domain::account::{NewAccount, PaceLimits, Rate, SecretSource, TokenSource};
use muban::domain::api_base::ApiBase;
use muban::domain::audience::{Audience, UserSet};
use muban::domain::id::{AppId, OpenId, TemplateId};
use muban::domain::message::{FieldValue, Message};
use muban::domain::secret::AppSecret;
use muban::session::Sessions;
use muban::store::Store;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SEND: &str = "/cgi-bin/message/template/send";

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let recipients = numbers.next().unwrap_or(20_000);
    let in_flight = numbers.next().unwrap_or(64) as u32;
    let latency = Duration::from_millis(numbers.next().unwrap_or(0));
    let server = start_server(latency);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    println!("{recipients} recipients, {in_flight} in flight, {} ms", latency.as_millis());
    let mut ratios = Vec::new();
    for round in 1..=3 {
        let bare = runtime.block_on(bare_sockets(server, recipients, in_flight));
        let durable = runtime.block_on(durable_job(server, recipients, in_flight));
        ratios.push(durable / bare);
        println!("round {round}: bare sockets {bare:.0}/s, durable job {durable:.0}/s, ratio {:.2}", durable / bare);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2}", ratios[1]);
    if !latency.is_zero() {
        println!("ceiling at this latency: {:.0}/s (in flight / round trip)", f64::from(in_flight) / latency.as_secs_f64());
    }
}

/// A server that does no more than it must, on a thread of its own.
fn start_server(latency: Duration) -> SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("a listener");
            loop {
                if let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, latency));
                }
            }
        });
    });
    told.recv().expect("the server's address")
}

async fn serve(mut stream: TcpStream, latency: Duration) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(8192);
    loop {
        let Some(end) = read_request(&mut stream, &mut buffer).await else { return };
        let is_token = buffer.starts_with(b"POST /cgi-bin/stable_token");
        buffer.drain(..end);
        let body = if is_token {
            r#"{"access_token":"90_bench","expires_in":7200}"#
        } else {
            if !latency.is_zero() {
                tokio::time::sleep(latency).await;
            }
            r#"{"errcode":0,"errmsg":"ok","msgid":3557254367693750277}"#
        };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Reads until a whole message is in the buffer; gives its length.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<usize> {
    loop {
        if let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let length = content_length(&buffer[..head]);
            if buffer.len() >= head + 4 + length {
                return Some(head + 4 + length);
            }
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

fn content_length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = head.lines().find_map(|line| line.strip_prefix("content-length:").map(|value| value.trim().parse().unwrap_or(0)));
    value.unwrap_or(0)
}

/// The same requests written by hand, with nothing kept.
async fn bare_sockets(server: SocketAddr, recipients: u64, in_flight: u32) -> f64 {
    let body = String::from_utf8(message().frame().body_with(&openid(0), "mb0123456789abcdef-0")).expect("text");
    let request = format!(
        "POST {SEND}?access_token=90_bench HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let started = Instant::now();
    let share = recipients / u64::from(in_flight);
    let clients = (0..in_flight).map(|_| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(server).await.expect("a connection");
            stream.set_nodelay(true).expect("nodelay");
            let mut buffer = Vec::with_capacity(1024);
            for _ in 0..share {
                stream.write_all(request.as_bytes()).await.expect("written");
                let end = read_request(&mut stream, &mut buffer).await.expect("an answer");
                buffer.drain(..end);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a client");
    }
    (share * u64::from(in_flight)) as f64 / started.elapsed().as_secs_f64()
}

/// A real job on a real ledger in a fresh home.
async fn durable_job(server: SocketAddr, recipients: u64, in_flight: u32) -> f64 {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Store::open(dir.path()).expect("a store");
    let pace = PaceLimits { rate: Rate::UNLIMITED, concurrency: in_flight };
    let appid = AppId::parse("wx0123456789abcdef").expect("an AppID");
    let account = NewAccount {
        name: "bench".into(),
        appid: appid.clone(),
        secret: SecretSource::Vault,
        api_base: ApiBase::parse(&format!("http://{server}")).expect("an address"),
        token: TokenSource::Stable,
        pace,
    };
    store.add_account(account, Timestamp::now()).await.expect("stored");
    store.put_secret(appid, Some(AppSecret::parse(&"0".repeat(32)).expect("a secret"))).await.expect("stored");
    let account = store.accounts().await.expect("read").remove(0);
    let state = store.begin_user_sync(account.id).await.expect("begun");
    store.put_openids(account.id, state.generation, (0..recipients).map(openid).collect(), None).await.expect("stored");
    let session = Sessions::new(store.clone()).get(&account).await.expect("a session");
    let draft = Draft {
        message: message(),
        title: "bench".into(),
        audience: Audience::of(UserSet::All),
        pace,
        attempts: 3,
        again: false,
    };
    let job = create(&store, &account, draft).await.expect("a job").job;
    let progress = Arc::new(Progress::new(job.counts));
    let (_controller, control) = Controller::new();
    let started = Instant::now();
    let finished = run(session, store, job, progress, control).await.expect("a run");
    assert_eq!(finished.job.counts.accepted, recipients);
    recipients as f64 / started.elapsed().as_secs_f64()
}

fn openid(number: u64) -> OpenId {
    OpenId::trusted(format!("o{number:027}"))
}

fn message() -> Message {
    let mut message = Message::new(TemplateId::trusted("Hmr2xNmiXJYiq4F1s7w9j9RGuvAws5ZK752I9xrDaLo"));
    for (key, value) in [
        ("character_string1", "M202311092196630"),
        ("thing2", "手冲咖啡壶"),
        ("amount3", "￥128.00"),
        ("time4", "2023-11-09 15:01"),
    ] {
        message.values.push(FieldValue { key: key.into(), value: value.into(), color: None });
    }
    message.url = Some("https://example.com/order/42".into());
    message
}
