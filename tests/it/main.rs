//! One integration binary, a module per behaviour.

#![cfg(test)]

mod cli;
mod demo;
mod dispatch;
mod dry_run;
mod export;
mod home;
mod house;
mod kill;
mod review;
mod scene;
mod sync;
mod terminal;
mod tui;
