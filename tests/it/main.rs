//! One integration binary, a module per behaviour.

#![cfg(test)]

mod cli;
mod demo;
mod dispatch;
mod home;
mod house;
mod kill;
mod quota;
mod scene;
mod sync;
mod terminal;
mod test_send;
mod tui;
