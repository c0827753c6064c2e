//! Answers by hand, and a server of raw bytes on loopback.

use super::decode::Reply;

/// An answer as a call would get it.
pub fn reply<B: AsRef<[u8]> + ?Sized>(http: u16, body: &B) -> Reply<'_> {
    Reply { host: "api.example", http, body: body.as_ref(), secret: "90_token" }
}
