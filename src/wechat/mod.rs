//! The only HTTP client: one request, one answer read. No retrying, no state, no storing; who calls decides what comes next.
//!
//! Paths, fields and the oddities of the answers: `wechat-api.md §1-§5, §9, §10`.

mod account;
mod client;
mod connections;
mod decode;
mod error;
mod probe;
mod quota;
mod review;
mod rid;
mod send;
mod tags;
mod templates;
mod token;
mod users;

#[cfg(test)]
mod tests;

pub use account::{INDUSTRY_PATH, Industries, Industry, SET_INDUSTRY_PATH};
pub use client::{BuildError, CallRecord, Client, ClientOptions, Observer};
pub use error::{ApiFailure, CallError, Doubt, NoConnection};
pub use probe::{Knock, addresses, connect, proxy_to};
pub use quota::{CLEAR_QUOTA_BY_SECRET_PATH, CLEAR_QUOTA_PATH, Quota, RateLimit};
pub use review::{BlockedMessage, REFUSED_PER_CALL};
pub use rid::{RID_PATH, RefusedCall};
pub use send::{SEND_PATH, SendReply, SendTarget};
pub use tags::{
    ASSIGN_TAG_PATH, CREATE_TAG_PATH, DELETE_TAG_PATH, RENAME_TAG_PATH, TAGGED_PER_CALL, TagEntry, UNASSIGN_TAG_PATH,
};
pub use templates::{ADD_TEMPLATE_PATH, DELETE_TEMPLATE_PATH, TEMPLATES_PATH, TemplateEntry};
pub use token::IssuedToken;
pub use users::{BLOCK_PATH, BLOCKED_PER_CALL, OpenidPage, REMARK_PATH, UNBLOCK_PATH, USER_INFO_PATH, USERS_PER_CALL, UserInfo};
