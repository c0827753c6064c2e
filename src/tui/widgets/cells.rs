use crate::text::width;
use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::style::Style;
use std::num::NonZeroU16;

/// Writes a text into cells from a place on, in at most `max` columns; gives where the next one goes. As the library does it,
/// but by our own count of columns: where the terminal draws `…` in two, its cell says so. A control character, which would
/// move everything behind it, is a blank.
pub fn write(buf: &mut Buffer, (mut x, y): (u16, u16), text: &str, max: usize, style: Style) -> u16 {
    let end = usize::from(buf.area.right()).min(usize::from(x) + max);
    for grapheme in width::graphemes(text) {
        let columns = width::columns(grapheme);
        if columns == 0 {
            continue;
        }
        if usize::from(x) + columns > end {
            break;
        }
        let symbol = if grapheme.contains(char::is_control) { " " } else { grapheme };
        let forced = NonZeroU16::new(columns as u16).filter(|columns| columns.get() != symbol.cell_width());
        if let Some(cell) = buf.cell_mut((x, y)) {
            let option = forced.map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
            cell.set_symbol(symbol).set_style(style).set_diff_option(option);
        }
        for covered in x + 1..x + columns as u16 {
            if let Some(cell) = buf.cell_mut((covered, y)) {
                cell.reset();
            }
        }
        x += columns as u16;
    }
    x
}
