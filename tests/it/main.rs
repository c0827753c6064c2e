//! One integration binary, a module per behaviour.

mod cli;
mod home;
mod house;
mod kill;
