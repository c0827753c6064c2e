//! muban sends template messages of WeChat Official Accounts (公众号 / 服务号) from the terminal.
//!
//! The rooms, from the ground up: [`domain`] (values and rules, no I/O), [`wechat`] (the only HTTP client), [`store`] (the
//! only SQL), [`session`] and [`audience`], then [`sync`], [`dispatch`] and [`manage`], and on top two faces: [`tui`] and [`cli`].

pub mod audience;
pub mod check;
pub mod cli;
pub mod config;
pub mod dispatch;
pub mod domain;
pub mod manage;
pub mod session;
#[cfg(feature = "sim")]
pub mod sim;
pub mod store;
pub mod sync;
pub mod text;
pub mod tui;
pub mod wechat;
