//! What was drawn, frame by frame.

use crate::terminal::FRAME_END;
use std::num::NonZeroU16;

/// How a cell is painted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Look {
    pub fore: Option<[u8; 3]>,
    pub back: Option<[u8; 3]>,
    pub bold: bool,
    pub underlined: bool,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Cell {
    /// Empty for the second half of a wide one.
    pub text: String,
    pub wide: bool,
    pub look: Look,
    pub cursor: bool,
}

/// A screen at the end of a frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    pub text: String,
    pub rows: Vec<Vec<Cell>>,
}

/// Every frame in these bytes.
pub fn of(bytes: &[u8], (cols, rows): (u16, u16)) -> Vec<Frame> {
    let size = |n: u16| NonZeroU16::new(n).unwrap();
    let mut parser = vt100::Parser::new(size(rows), size(cols), 0);
    let mut frames = Vec::new();
    let mut begun = 0;
    while let Some(length) = bytes[begun..].windows(FRAME_END.len()).position(|window| window == FRAME_END) {
        let end = begun + length + FRAME_END.len();
        parser.process(&bytes[begun..end]);
        begun = end;
        frames.push(frame(parser.screen(), cols, rows));
    }
    frames
}

fn frame(screen: &vt100::Screen, cols: u16, rows: u16) -> Frame {
    let cursor = Some(screen.cursor_position()).filter(|_| !screen.hide_cursor());
    let cell = |row, col: u16| {
        let cell = screen.cell(row, col).unwrap();
        // The second half of a wide one is painted as the first.
        let second = cell.is_wide_continuation();
        let painted = if second { screen.cell(row, col - 1).unwrap() } else { cell };
        let text = if second {
            ""
        } else if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        Cell { text: text.to_owned(), wide: cell.is_wide(), look: look(painted), cursor: cursor == Some((row, col)) }
    };
    let rows = (0..rows).map(|row| (0..cols).map(|col| cell(row, col)).collect()).collect();
    Frame { text: screen.contents().clone(), rows }
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut fore, mut back) = (super::colours::of(cell.fgcolor()), super::colours::of(cell.bgcolor()));
    if cell.inverse() {
        let swapped = (Some(back.unwrap_or(super::colours::PAPER)), Some(fore.unwrap_or(super::colours::INK)));
        (fore, back) = swapped;
    }
    Look { fore, back, bold: cell.bold(), underlined: cell.underline() }
}
