//! Values and rules of the field. No I/O, no time of day, no async.

pub mod errcode;
pub mod id;
pub mod industry;
pub mod lang;
pub mod secret;
