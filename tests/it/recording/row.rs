//! One row of the terminal as shapes and text, every run of it placed by its column.

use super::colours::{INK, PAPER, escaped, hex};
use super::frames::{Cell, Look};
use super::shapes;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Size of a cell, and where its text stands.
pub const WIDTH: usize = 8;
pub const HEIGHT: usize = 17;
const BASELINE: usize = 13;

/// The colours that text has had, each by a short class.
#[derive(Default)]
pub struct Inks(BTreeMap<[u8; 3], usize>);

impl Inks {
    fn class(&mut self, color: [u8; 3]) -> usize {
        let next = self.0.len();
        *self.0.entry(color).or_insert(next)
    }

    pub fn style(&self) -> String {
        let class = |(color, class): (&[u8; 3], &usize)| [".c", &class.to_string(), "{fill:", &hex(*color), "}"].concat();
        self.0.iter().map(class).collect()
    }
}

/// How the glyphs of a run are placed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// ASCII: all as wide as the cell, in any font; the run is as long as its columns.
    Narrow,
    /// Chinese: two columns each.
    Wide,
    /// A sign that comes from who knows which font: by itself.
    Sign,
}

fn kind(cell: &Cell) -> Kind {
    if cell.wide {
        Kind::Wide
    } else if cell.text.is_ascii() {
        Kind::Narrow
    } else {
        Kind::Sign
    }
}

/// A row, its upper left corner at nothing.
pub fn draw(cells: &[Cell], inks: &mut Inks) -> String {
    let mut out = backgrounds(cells);
    out += &shapes::lines(cells);
    let mut at = 0;
    while at < cells.len() {
        let end = at + run(&cells[at..]);
        text(&cells[at..end], at, inks, &mut out);
        at = end;
    }
    if let Some(at) = cells.iter().position(|cell| cell.cursor) {
        let width = if cells[at].wide { 2 * WIDTH } else { WIDTH };
        write!(out, r#"<rect x="{}" width="{width}" height="{HEIGHT}" fill="{}" opacity=".45"/>"#, at * WIDTH, hex(INK)).unwrap();
    }
    out
}

fn backgrounds(cells: &[Cell]) -> String {
    let mut out = String::new();
    for (at, back, count) in stretches(cells, |cell| cell.look.back.filter(|back| *back != PAPER)) {
        let (x, width) = (at * WIDTH, count * WIDTH);
        write!(out, r#"<rect x="{x}" width="{width}" height="{HEIGHT}" fill="{}"/>"#, hex(back)).unwrap();
    }
    for (at, fore, count) in stretches(cells, |cell| cell.look.underlined.then(|| cell.look.fore.unwrap_or(INK))) {
        let (x, width, y) = (at * WIDTH, count * WIDTH, HEIGHT - 2);
        write!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="1" fill="{}"/>"#, hex(fore)).unwrap();
    }
    out
}

/// Neighbours of which the same is true: where they begin, what it is, how many.
pub fn stretches<T: PartialEq>(cells: &[Cell], of: impl Fn(&Cell) -> Option<T>) -> Vec<(usize, T, usize)> {
    let mut found: Vec<(usize, T, usize)> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let Some(what) = of(cell) else { continue };
        match found.last_mut() {
            Some((from, last, count)) if *last == what && *from + *count == at => *count += 1,
            _ => found.push((at, what, 1)),
        }
    }
    found
}

/// How many cells stand in one text.
fn run(cells: &[Cell]) -> usize {
    let first = &cells[0];
    let same = |cell: &Cell| kind(cell) == kind(first) && ink(cell.look) == ink(first.look) && !shapes::is_one(&cell.text);
    match kind(first) {
        _ if first.text == " " || shapes::is_one(&first.text) => 1,
        Kind::Sign => 1,
        Kind::Wide => cells.chunks(2).take_while(|pair| same(&pair[0])).count() * 2,
        Kind::Narrow => {
            let gap = |at: usize| cells[at].text == " " && cells.get(at + 1).is_none_or(|next| next.text == " " || !same(next));
            (0..cells.len()).take_while(|at| same(&cells[*at]) && !gap(*at)).count()
        }
    }
}

fn ink(look: Look) -> ([u8; 3], bool) {
    (look.fore.unwrap_or(INK), look.bold)
}

fn text(cells: &[Cell], at: usize, inks: &mut Inks, out: &mut String) {
    let (first, content) = (&cells[0], cells.iter().map(|cell| cell.text.as_str()).collect::<String>());
    if content == " " || shapes::is_one(&content) {
        return;
    }
    let class = inks.class(ink(first.look).0);
    let x = at * WIDTH;
    let (mark, place) = match kind(first) {
        Kind::Wide => {
            let places: Vec<String> = (0..cells.len() / 2).map(|n| (x + n * 2 * WIDTH).to_string()).collect();
            (" w", format!(r#"x="{}""#, places.join(" ")))
        }
        Kind::Narrow if cells.len() > 1 => ("", format!(r#"x="{x}" textLength="{}""#, cells.len() * WIDTH)),
        _ => ("", format!(r#"x="{x}""#)),
    };
    let bold = if first.look.bold { " b" } else { "" };
    write!(out, r#"<text {place} y="{BASELINE}" class="c{class}{mark}{bold}">{}</text>"#, escaped(&content)).unwrap();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Cell> {
        crate::recording::frames::of(format!("\x1b[?25l{text}\x1b[?2026l").as_bytes(), (24, 1)).remove(0).rows.remove(0)
    }

    #[test]
    fn every_run_stands_at_its_column() {
        let drawn = draw(&cells("ab c  手冲x <d>"), &mut Inks::default());
        assert!(drawn.contains(r#"<text x="0" textLength="32" y="13" class="c0">ab c</text>"#), "{drawn}");
        assert!(drawn.contains(r#"<text x="48 64" y="13" class="c0 w">手冲</text>"#), "{drawn}");
        assert!(drawn.contains(r#"<text x="80" textLength="40" y="13" class="c0">x &lt;d&gt;</text>"#), "{drawn}");
    }

    #[test]
    fn colours_backgrounds_and_what_is_reversed() {
        let mut inks = Inks::default();
        let drawn = draw(&cells("\x1b[1;38;5;79mA\x1b[0;48;5;237mB\x1b[0;7mC"), &mut inks);
        assert!(drawn.contains(r#"class="c0 b">A<"#) && inks.style().contains("fill:#5fd7af"), "{drawn}");
        assert!(drawn.contains(r##"<rect x="8" width="8" height="17" fill="#3a3a3a"/>"##), "{drawn}");
        assert!(drawn.contains(r##"<rect x="16" width="8" height="17" fill="#c8ccd4"/>"##), "{drawn}");
    }
}
