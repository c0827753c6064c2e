//! One integration binary, a module per behaviour.

mod cli;
mod dispatch;
mod house;
mod scene;
mod sync;
