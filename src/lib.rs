//! muban sends template messages of WeChat Official Accounts (公众号 / 服务号) from the terminal.
//!
//! The rooms, from the ground up: [`domain`] (values and rules, no I/O), [`wechat`] (the only HTTP client), [`store`] (the
//! only SQL), [`session`] and [`audience`], then [`sync`] and [`dispatch`], and on top two faces: [`tui`] and [`cli`].

pub mod domain;
#[cfg(feature = "sim")]
pub mod sim;
pub mod store;
pub mod wechat;
