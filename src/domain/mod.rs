//! Values and rules of the field. No I/O, no time of day, no async.

pub mod id;
pub mod secret;
