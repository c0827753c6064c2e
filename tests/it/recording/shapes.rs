//! Frames and bars, drawn: as text they would leave gaps between rows, in one font or another.

use super::colours::{INK, hex};
use super::frames::Cell;
use super::row::{HEIGHT, WIDTH, stretches};
use std::fmt::Write;

pub fn is_one(text: &str) -> bool {
    matches!(text, "╭" | "╮" | "╰" | "╯") || arms(text).is_some() || bar(text).is_some()
}

/// Whether a line goes from the middle to the left, right, top and bottom.
fn arms(text: &str) -> Option<[bool; 4]> {
    let arms = match text {
        "─" | "━" => "lr",
        "│" | "┃" => "tb",
        "├" => "rtb",
        "┤" => "ltb",
        "┬" => "lrb",
        "┴" => "lrt",
        "┼" => "lrtb",
        _ => return None,
    };
    Some(['l', 'r', 't', 'b'].map(|arm| arms.contains(arm)))
}

/// How much of a cell is filled from its left and from below, in eighths, and how densely.
fn bar(text: &str) -> Option<(usize, usize, &'static str)> {
    let letter = text.chars().next().filter(|_| text.chars().count() == 1)?;
    match letter {
        '░' => Some((8, 7, ".25")),
        '▁'..='█' => Some((8, letter as usize - '▁' as usize + 1, "1")),
        '▉'..='▏' => Some((8 - (letter as usize - '█' as usize), 8, "1")),
        _ => None,
    }
}

/// All of them in a row, those of a colour in one path.
pub fn lines(cells: &[Cell]) -> String {
    let mut out = String::new();
    let ink = |cell: &Cell| cell.look.fore.unwrap_or(INK);
    let mut paths: Vec<([u8; 3], String)> = Vec::new();
    for (at, (text, color), count) in stretches(cells, |cell| is_one(&cell.text).then(|| (cell.text.clone(), ink(cell)))) {
        if let Some((across, up, opacity)) = bar(&text) {
            let (width, height) = (((count - 1) * 8 + across) * WIDTH / 8, up * HEIGHT / 8);
            let (x, y) = (at * WIDTH, HEIGHT - height);
            write!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{}" opacity="{opacity}"/>"#, hex(color))
                .unwrap();
            continue;
        }
        let at_path = paths.iter().position(|(known, _)| *known == color).unwrap_or_else(|| {
            paths.push((color, String::new()));
            paths.len() - 1
        });
        stroke(&text, at, count, &mut paths[at_path].1);
    }
    for (color, path) in paths {
        write!(out, r#"<path stroke="{}" d="{path}"/>"#, hex(color)).unwrap();
    }
    out
}

fn stroke(text: &str, at: usize, count: usize, path: &mut String) {
    let (middle, half, bottom) = (WIDTH / 2, "8.5", HEIGHT);
    let [left, right, top, below] = arms(text).unwrap_or_default();
    for x in (at..at + count).map(|col| col * WIDTH) {
        let (mid, end) = (x + middle, x + WIDTH);
        let _ = match text {
            "╭" => write!(path, "M{mid} {bottom}v-4.5q0-4 4-4"),
            "╮" => write!(path, "M{x} {half}q4 0 4 4v4.5"),
            "╰" => write!(path, "M{mid} 0v4.5q0 4 4 4"),
            "╯" => write!(path, "M{x} {half}q4 0 4-4v-4.5"),
            "─" | "━" if x == at * WIDTH => write!(path, "M{x} {half}h{}", count * WIDTH),
            "─" | "━" => Ok(()),
            _ => {
                let (from, to) = (if left { x } else { mid }, if right { end } else { mid });
                let (high, low) = (if top { "0" } else { half }, if below { "17" } else { half });
                let across = if from == to { String::new() } else { format!("M{from} {half}H{to}") };
                write!(path, "{across}M{mid} {high}V{low}")
            }
        };
    }
}

#[test]
fn lines_meet_and_bars_are_filled() {
    let cells = |text: &str| super::frames::of(format!("\x1b[?25l{text}\x1b[?2026l").as_bytes(), (8, 1)).remove(0).rows.remove(0);
    assert_eq!(lines(&cells("├──┤")), r##"<path stroke="#c8ccd4" d="M4 8.5H8M4 0V17M8 8.5h16M24 8.5H28M28 0V17"/>"##);
    assert!(lines(&cells("▇▇▇▌")).contains(r#"x="0" y="3" width="24" height="14""#));
    assert!(lines(&cells("▇▇▇▌")).contains(r#"x="24" y="0" width="4" height="17""#));
}
