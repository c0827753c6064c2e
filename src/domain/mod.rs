//! Values and rules of the field. No I/O, no time of day, no async.

pub mod api_base;
pub mod id;
pub mod reply;
pub mod secret;
