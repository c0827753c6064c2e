//! Text for people: columns on a terminal, cutting and wrapping, pasted text, numbers and times, and the two languages.

pub mod explain;
pub mod freshness;
pub mod fuzzy;
pub mod lang;
mod names;
pub mod number;
pub mod paste;
pub mod told;
pub mod width;
