//! What changes things at WeChat beside the messages themselves. Nothing here happens by itself: each change follows an
//! operator's explicit word.

pub mod aliases;
mod batches;
pub mod industry;
pub mod quota;
pub mod tags;
pub mod templates;
pub mod users;

pub use batches::{ChangeError, Changed};
