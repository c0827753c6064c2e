//! Colours of the terminal in the picture, and text as it stands in its source.

pub const PAPER: [u8; 3] = [0x16, 0x18, 0x1d];
pub const INK: [u8; 3] = [0xc8, 0xcc, 0xd4];

/// The steps of the cube of colours that begins at 16.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The first sixteen, which every terminal has of its own.
const SIXTEEN: [[u8; 3]; 16] = [
    [0x1e, 0x1e, 0x1e],
    [0xe0, 0x6c, 0x75],
    [0x98, 0xc3, 0x79],
    [0xd7, 0xba, 0x7d],
    [0x61, 0xaf, 0xef],
    [0xc6, 0x78, 0xdd],
    [0x56, 0xb6, 0xc2],
    [0xc8, 0xcc, 0xd4],
    [0x7f, 0x84, 0x8e],
    [0xff, 0x7b, 0x86],
    [0xb5, 0xe8, 0x90],
    [0xf0, 0xd5, 0x8c],
    [0x82, 0xc4, 0xff],
    [0xe3, 0x94, 0xff],
    [0x7f, 0xe0, 0xee],
    [0xff, 0xff, 0xff],
];

pub fn of(color: vt100::Color) -> Option<[u8; 3]> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Rgb(red, green, blue) => Some([red, green, blue]),
        vt100::Color::Idx(at @ 0..16) => Some(SIXTEEN[usize::from(at)]),
        vt100::Color::Idx(at @ 232..) => Some([8 + 10 * (at - 232); 3]),
        vt100::Color::Idx(at) => Some([(at - 16) / 36, (at - 16) / 6 % 6, (at - 16) % 6].map(|step| STEPS[usize::from(step)])),
    }
}

pub fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[test]
fn colours_are_those_of_the_256() {
    assert_eq!(of(vt100::Color::Idx(79)).map(hex).as_deref(), Some("#5fd7af"));
    assert_eq!(of(vt100::Color::Idx(252)).map(hex).as_deref(), Some("#d0d0d0"));
    assert_eq!(of(vt100::Color::Default), None);
}
