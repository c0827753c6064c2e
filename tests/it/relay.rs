//! Something between the program and the simulator that meddles with what passes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

/// What becomes of an answer on the way: given the path of the call and the answer as it came.
pub type Meddle = fn(&str, String) -> String;

/// Passes calls on to `server` (as `http://…`), one a connection, and what comes back through `meddle`; gives its own address.
pub fn relay(server: &str, meddle: Meddle) -> String {
    let server = server.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let server = server.clone();
            // A caller that hangs up is no matter of this thread's.
            std::thread::spawn(move || _ = pass(stream, &server, meddle));
        }
    });
    url
}

fn pass(mut from: TcpStream, server: &str, meddle: Meddle) -> std::io::Result<()> {
    let request = read_request(&mut from)?;
    let path = request.split([' ', '?']).nth(1).unwrap_or_default().to_owned();
    let mut to = TcpStream::connect(server)?;
    to.write_all(request.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes())?;
    let mut answer = String::new();
    to.read_to_string(&mut answer)?;
    from.write_all(meddle(&path, answer).as_bytes())
}

/// Head and body of a request.
fn read_request(from: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    loop {
        let count = from.read(&mut some)?;
        bytes.extend_from_slice(&some[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length =
                head.to_lowercase().split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if whole || count == 0 {
            return Ok(text.into_owned());
        }
    }
}

/// An answer of its own in place of what came.
pub fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}
