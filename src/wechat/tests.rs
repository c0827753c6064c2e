//! Answers by hand, and the whole way over a server of raw bytes on loopback.

mod server;
mod transport;

use super::decode::Reply;

/// The token of all tests; it must never show.
pub const TOKEN: &str = "90_Q8YPWm-token_of_the_tests";

/// An answer as a call with [`TOKEN`] would get it.
pub fn reply<B: AsRef<[u8]> + ?Sized>(http: u16, body: &B) -> Reply<'_> {
    Reply { host: "api.example", http, body: body.as_ref(), secret: TOKEN }
}
