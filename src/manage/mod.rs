//! What changes things at WeChat beside the messages themselves. Nothing here happens by itself: each change follows an
//! operator's explicit word.

pub mod aliases;
mod error;
pub mod industry;
pub mod members;
pub mod quota;
mod repeat;
pub mod tags;
pub mod templates;
pub mod users;

pub use error::ChangeError;
