//! One integration binary, a module per behaviour.

#![cfg(test)]

mod aliases;
mod audience;
mod changes;
mod churn;
mod cli;
mod demo;
mod detach;
mod dispatch;
mod doctor;
mod drafts;
mod dry_run;
mod editor;
mod export;
mod file_send;
mod files;
mod hangup;
mod home;
mod house;
mod incremental;
mod interrupt;
mod kill;
mod names;
mod names_screen;
mod payloads;
mod people;
mod placeholders;
mod quota;
mod replies;
mod review;
mod scene;
mod stopped;
mod sync;
mod template;
mod template_screen;
mod terminal;
mod test_send;
mod timeouts;
mod tui;
mod unwritable;
mod user_show;
mod values;
mod witness;
mod words;
