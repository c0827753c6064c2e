//! A terminal that draws characters of ambiguous width in two columns.

use super::*;
use crate::text::width;
use ratatui::buffer::CellDiffOption;

/// Keys to layers that have such characters, and the name of each picture.
const MOMENTS: &[(&str, &str)] =
    &[("workbench", "esc"), ("filter", "4 f"), ("confirm", "s"), ("secret", "a tab tab 0123456789"), ("search", "4 / “好”…")];

#[test]
fn pictures_of_a_terminal_with_wide_ambiguous_characters() {
    width::with_ambiguous_wide(|| {
        for (moment, keys) in MOMENTS {
            for (width, height) in [(80, 24), (120, 36)] {
                let mut bench = bench(Lang::Zh, width, height);
                bench.app.ctx.settings.ascii = true;
                bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).keys(keys);
                insta::assert_snapshot!(format!("wide_{width}x{height}_{moment}"), bench.screen());
            }
        }
    });
}

#[test]
fn every_cell_has_as_many_columns_as_the_terminal_draws() {
    let mut seen = 0;
    width::with_ambiguous_wide(|| {
        for (moment, keys) in MOMENTS {
            let mut bench = bench(Lang::Zh, 80, 24);
            bench.app.ctx.settings.ascii = true;
            bench.keys(FILLED).msg(SendMsg::Started { job: Box::new(job(15, JobState::Running)) }).keys(keys);
            let (buf, _) = bench.buffer();
            for y in 0..24 {
                let mut x = 0;
                while x < 80 {
                    let cell = &buf[(x, y)];
                    let columns = width::columns(cell.symbol()) as u16;
                    assert!(columns > 0 && x + columns <= 80, "{moment} {x},{y}: {:?}", cell.symbol());
                    if let CellDiffOption::ForcedWidth(forced) = cell.diff_option {
                        assert_eq!(forced.get(), columns, "{moment}: {}", cell.symbol());
                        seen += 1;
                    }
                    // What the library takes for one column, and is drawn in two, would cover the cell behind it.
                    let is_known = columns == 1 || matches!(cell.diff_option, CellDiffOption::ForcedWidth(_));
                    assert!(is_known || unicode_width::UnicodeWidthStr::width(cell.symbol()) == 2, "{moment}: {}", cell.symbol());
                    for covered in x + 1..x + columns {
                        assert_eq!(buf[(covered, y)].symbol(), " ", "{moment} {covered},{y}");
                    }
                    x += columns;
                }
            }
        }
    });
    assert!(seen > 10, "{seen}");
}
