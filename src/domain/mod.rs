//! Values and rules of the field. No I/O, no time of day, no async.

pub mod account;
pub mod api_base;
pub mod audience;
pub mod breaker;
pub mod card;
pub mod command_line;
pub mod curl;
pub mod delivery;
pub mod draft;
pub mod errcode;
pub mod id;
pub mod industry;
pub mod job;
pub mod lang;
pub mod message;
pub mod payload;
pub mod people;
pub mod placeholders;
pub mod plan;
pub mod recipient_file;
pub mod reply;
pub mod rules;
pub mod secret;
pub mod seen;
pub mod template;
pub mod user;
