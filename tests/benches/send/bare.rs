//! The same requests written by hand, with nothing kept: as much as this machine can do.

use super::cost::{Cost, Watch};
use super::server::read_message;
use super::{Task, job};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

pub async fn send(task: Task) -> Cost {
    let Task { server, recipients, in_flight } = task;
    let body = String::from_utf8(job::message().frame().body_with(&job::openid(0), "mb0123456789abcdef-0")).expect("text");
    let request = format!(
        "POST {}?access_token=90_bench HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        job::SEND,
        body.len()
    );
    let share = recipients / u64::from(in_flight);
    let watch = Watch::start();
    let clients = (0..in_flight).map(|_| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(server).await.expect("a connection");
            stream.set_nodelay(true).expect("nodelay");
            let mut buffer = Vec::with_capacity(1024);
            for _ in 0..share {
                stream.write_all(request.as_bytes()).await.expect("written");
                let end = read_message(&mut stream, &mut buffer).await.expect("an answer");
                buffer.drain(..end);
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a client");
    }
    watch.stop(share * u64::from(in_flight))
}
