//! A stateful WeChat server on loopback: for `muban demo`, for `muban sim`, for tests and benches.
//!
//! It is the independent witness of the client: it has wire shapes, value rules and texts of its own and uses nothing of the
//! other rooms, so that one misunderstanding cannot cancel another. Behaviour: `wechat-api.md §15`.
//!
//! - [`World`]: what the server knows: [`Account`]s with followers, tags, templates, tokens and quotas, and the ledger of
//!   messages. Deterministic from a seed, except for the time of day.
//! - [`Faults`]: what goes wrong, and how often.
//! - [`Sim`]: a running server, which can be looked into and changed while it runs.
//!
//! A request goes `server` (bytes and connections) → `gate` (checks common to all paths) → `api` (one file per family) or
//! `control` (the `/sim/…` paths for scripts).

mod account;
mod api;
mod bits;
mod clock;
mod control;
mod demo;
mod faults;
mod gate;
mod ledger;
mod reply;
mod rng;
mod rules;
mod server;
mod stats;
#[cfg(test)]
mod tests;
mod world;

pub use account::{Account, Standing, Template};
pub use faults::{Chance, ContentType, Dirt, Duplicates, Faults};
pub use ledger::Delivered;
pub use server::Sim;
pub use world::{Action, ActionError, World};
