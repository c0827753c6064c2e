//! One integration binary, a module per behaviour.

#![cfg(test)]

mod cli;
mod demo;
mod detach;
mod dispatch;
mod dry_run;
mod export;
mod hangup;
mod home;
mod house;
mod interrupt;
mod kill;
mod payloads;
mod quota;
mod review;
mod scene;
mod stopped;
mod sync;
mod terminal;
mod test_send;
mod timeouts;
mod tui;
mod unwritable;
mod witness;
