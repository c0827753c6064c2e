//! A server that does no more than it must.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The server in a process of its own; it ends with this handle.
pub struct Process {
    pub addr: SocketAddr,
    child: Child,
}

impl Process {
    pub fn start(latency: u64) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let mut child = command.args(["serve", &latency.to_string()]).stdout(Stdio::piped()).spawn().expect("a process");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("its output");
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line).expect("a line");
        Self { addr: line.trim().parse().expect("an address"), child }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Listens until the process is ended; prints the address first.
pub fn serve(latency: Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        loop {
            if let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(stream, latency));
            }
        }
    });
}

async fn attend(mut stream: TcpStream, latency: Duration) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(8192);
    loop {
        let Some(end) = read_message(&mut stream, &mut buffer).await else { return };
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
pub async fn read_message(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<usize> {
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
    let named = |line: &[u8]| {
        let (name, value) = line.split_at_checked("content-length:".len())?;
        name.eq_ignore_ascii_case(b"content-length:").then(|| std::str::from_utf8(value).ok()?.trim().parse().ok())?
    };
    head.split(|byte| *byte == b'\n').find_map(named).unwrap_or(0)
}
