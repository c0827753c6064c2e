//! The interactive workbench: keys become actions, actions change state and ask for effects, services answer with messages,
//! and the state is drawn. Nothing in here blocks but [`run`].

mod app;
mod areas;
mod attention;
mod bodies;
mod context;
mod effect;
mod files;
mod helps;
mod input;
mod jumps;
mod keys;
mod layers;
mod manage;
mod mouse;
mod msg;
mod names;
mod notices;
mod obstacle;
mod out;
mod outside;
mod paint;
mod panes;
mod people;
mod perform;
mod preferences;
mod press;
mod quota_news;
mod reopen;
mod run;
mod start;
mod steps;
mod surroundings;
mod sync_status;
mod templates_news;
mod theme;
mod tty;
mod view;
mod widgets;

#[cfg(test)]
mod testkit;
#[cfg(test)]
mod tests;

pub use keys::check_keys;
pub use perform::Detach;
pub use run::Ended;
pub use start::{Left, TuiError, start, unusable_terminal};
