//! What several panes draw alike: lines of text, frames, lists, fields, the gauge.

mod field;
mod gauge;
mod json;
mod line;
mod list;
mod panel;
mod secret;

pub use field::{Change, Field, Look};
pub use gauge::gauge;
pub use json::{parts, pretty};
pub use line::Line;
pub use list::Cursor;
pub use panel::Panel;
pub use secret::SecretField;
