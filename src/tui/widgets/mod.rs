//! What several panes draw alike: lines of text, frames, lists, fields, the gauge.

mod bars;
mod cells;
mod clusters;
mod document;
mod editor;
mod field;
mod finder;
mod gauge;
mod json;
mod line;
mod list;
mod panel;
mod secret;
mod strip;

pub use bars::{bars, in_columns};
pub use document::Change;
pub use editor::{Editor, TooLong, excerpt};
pub use field::{Field, Look, Pasted};
pub use finder::{Finder, Sought, search_line};
pub use gauge::gauge;
pub use json::{parts, pretty};
pub use line::Line;
pub use list::{Cursor, Pressed};
pub use panel::Panel;
pub use secret::SecretField;

#[cfg(test)]
mod tests;
