//! One integration binary, a module per behaviour.

mod cli;
mod house;
