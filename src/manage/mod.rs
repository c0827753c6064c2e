//! What changes things at WeChat beside the messages themselves. Nothing here happens by itself: each change follows an
//! operator's explicit word.

pub mod aliases;
pub mod industry;
pub mod quota;
pub mod templates;
