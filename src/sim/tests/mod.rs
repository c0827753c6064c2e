//! The whole server, asked over real connections by a client of a few lines, which hides nothing of the bytes.

mod api;
mod control;
mod faults;
mod send;

use super::{Account, Sim, Template, World};
use serde_json::{Value, json};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
};

const SEND: &str = "/cgi-bin/message/template/send";
const TEMPLATE: &str = "Hmr2xNmiXJYiq4F1s7w9j9RGuvAws5ZK752I9xrDaLo";

/// An answer as it came.
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn errcode(&self) -> i64 {
        self.json().get("errcode").map_or(0, |code| code.as_i64().unwrap())
    }

    fn errmsg(&self) -> String {
        self.json()["errmsg"].as_str().unwrap().to_owned()
    }
}

/// One request on a connection of its own.
fn ask(sim: &Sim, method: &str, target: &str, headers: &str, body: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(sim.addr())?;
    let head = format!("{method} {target} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    let cut = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let head = String::from_utf8_lossy(&all[..cut]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Reply { status, head, body: all.split_off(cut + 4) })
}

fn get(sim: &Sim, target: &str) -> Reply {
    ask(sim, "GET", target, "", b"").unwrap()
}

fn post(sim: &Sim, target: &str, body: &Value) -> Reply {
    try_post(sim, target, body).unwrap()
}

fn try_post(sim: &Sim, target: &str, body: &Value) -> io::Result<Reply> {
    let body = serde_json::to_vec(body).unwrap();
    ask(sim, "POST", target, &format!("content-length: {}\r\n", body.len()), &body)
}

/// A world with one account of `n` followers and one category template.
fn world(n: u32) -> World {
    let template = Template::new(TEMPLATE, "隐患整改工单", "单位名称:{{thing1.DATA}}\n隐患状态:{{phrase2.DATA}}\n");
    World::empty(1).with_account(
        Account::new("Test", 1).with_followers(n).with_template(template).with_tag("VIP", [1, 3, 5]).with_tag("empty", []),
    )
}

fn started(n: u32) -> Sim {
    Sim::local(world(n)).unwrap()
}

fn credentials(sim: &Sim) -> (String, String) {
    sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()))
}

fn openid(sim: &Sim, number: u32) -> String {
    sim.world(|world| world.accounts()[0].openid(number))
}

fn ask_token(sim: &Sim) -> Reply {
    let (appid, secret) = credentials(sim);
    post(sim, "/cgi-bin/stable_token", &json!({"grant_type": "client_credential", "appid": appid, "secret": secret}))
}

fn token(sim: &Sim) -> String {
    ask_token(sim).json()["access_token"].as_str().unwrap().to_owned()
}

/// A path with a token.
fn at(sim: &Sim, path: &str) -> String {
    format!("{path}?access_token={}", token(sim))
}

fn message(openid: &str) -> Value {
    json!({"touser": openid, "template_id": TEMPLATE, "data": {"thing1": {"value": "某某公司"}, "phrase2": {"value": "待整改"}}})
}

/// The same with a key of idempotency.
fn keyed(openid: &str, key: &str) -> Value {
    let mut message = message(openid);
    message["client_msg_id"] = key.into();
    message
}

fn send(sim: &Sim, message: &Value) -> Reply {
    post(sim, &at(sim, SEND), message)
}

#[test]
fn it_listens_on_loopback_only() {
    let everywhere = "0.0.0.0:0".parse().unwrap();
    assert_eq!(Sim::spawn_thread(world(1), everywhere).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn a_dropped_server_takes_its_connections_along() {
    let sim = started(1);
    let mut idle = TcpStream::connect(sim.addr()).unwrap();
    idle.write_all(b"GET /cgi-bin/nothing HTTP/1.1\r\nhost: sim\r\n\r\n").unwrap();
    let mut first = [0];
    idle.read_exact(&mut first).unwrap();
    drop(sim);
    let mut rest = Vec::new();
    // Either way the connection has ended; whether it is reset depends on what was read.
    let _ = idle.read_to_end(&mut rest);
    assert!(!rest.is_empty());
}

#[tokio::test]
async fn a_test_waits_for_what_happens() {
    let sim = Sim::start(world(10), "127.0.0.1:0".parse().unwrap()).await.unwrap();
    let target = at(&sim, SEND);
    let to = openid(&sim, 1);
    let addr = sim.addr();
    let sender = std::thread::spawn(move || {
        let body = serde_json::to_vec(&message(&to)).unwrap();
        for _ in 0..3 {
            let mut stream = TcpStream::connect(addr).unwrap();
            let head =
                format!("POST {target} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
            stream.read_to_end(&mut Vec::new()).unwrap();
        }
    });
    sim.until(|sim| sim.delivered_count() == 3).await;
    assert_eq!(sim.calls(SEND), 3);
    sender.join().unwrap();
}
