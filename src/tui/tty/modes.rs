//! What is switched on at the terminal beside the screen, so that whoever gives it back switches off what is on: a panic knows
//! nothing of the screen.

use std::sync::atomic::{AtomicBool, Ordering};

/// Buttons, the wheel, and movement while a button is held. Not every movement: over a slow line those are many bytes for nothing.
const MOUSE: [&str; 2] = ["\x1b[?1002h\x1b[?1006h", "\x1b[?1006l\x1b[?1002l"];
/// The terminal keeps the title that the window had, and puts it back.
const TITLE: [&str; 2] = ["\x1b[22;0t", "\x1b[23;0t"];

static MOUSE_ON: AtomicBool = AtomicBool::new(false);
static TITLE_ON: AtomicBool = AtomicBool::new(false);

/// What switches the mouse on or off; nothing if it is so.
pub fn mouse(on: bool) -> &'static str {
    switch(&MOUSE_ON, MOUSE, on)
}

/// What begins and ends with a title of the window's own; nothing if it is so.
pub fn title(on: bool) -> &'static str {
    switch(&TITLE_ON, TITLE, on)
}

fn switch(is_on: &AtomicBool, orders: [&'static str; 2], on: bool) -> &'static str {
    match is_on.swap(on, Ordering::Relaxed) {
        before if before == on => "",
        _ if on => orders[0],
        _ => orders[1],
    }
}
