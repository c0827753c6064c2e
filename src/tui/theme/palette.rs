//! The 256 colours: which of them a terminal must have for a colour, and which is nearest to one that is none of them.

use crate::tui::surroundings::Depth;
use ratatui::style::Color;

/// The steps of the cube of colours that begins at 16.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// How many colours a terminal with this one has.
pub fn depth(color: Color) -> Depth {
    match color {
        Color::Rgb(..) => Depth::Full,
        Color::Indexed(16..) => Depth::Indexed,
        _ => Depth::Sixteen,
    }
}

/// The nearest of the 256; the first sixteen are nobody's to count on, they are as their owner chose.
pub fn nearest(color: Color) -> Color {
    let Color::Rgb(red, green, blue) = color else { return color };
    let distance = |at: u8| {
        let parts = [red, green, blue].into_iter().zip(rgb(at));
        parts.map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum::<u32>()
    };
    Color::Indexed((16..=255).min_by_key(|at| distance(*at)).unwrap_or(16))
}

/// Red, green and blue of a colour from 16 on.
pub fn rgb(at: u8) -> [u8; 3] {
    if at >= 232 {
        return [8 + 10 * (at - 232); 3];
    }
    let at = at.saturating_sub(16);
    [at / 36, at / 6 % 6, at % 6].map(|step| STEPS[usize::from(step)])
}
