//! One integration binary, a module per behaviour.
#![cfg(test)]

mod cli;
mod dispatch;
mod house;
mod scene;
mod sync;
