//! Graphemes and words of a line, by the number of characters before them.

use crate::text::width;
use unicode_segmentation::UnicodeSegmentation;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the beginning.
    Back,
    /// Towards the end.
    On,
}

impl Way {
    /// The first or the second of two.
    pub fn of<T>(self, back: T, on: T) -> T {
        match self {
            Self::Back => back,
            Self::On => on,
        }
    }
}

/// A grapheme of a line and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// What a person takes for one character.
    pub text: &'a str,
    /// Characters before it.
    pub at: usize,
    /// Columns before it.
    pub column: usize,
    /// Columns that it takes; some take none.
    pub columns: usize,
}

/// The graphemes of a line.
pub fn clusters(line: &str) -> impl Iterator<Item = Cluster<'_>> {
    let (mut at, mut column) = (0, 0);
    line.graphemes(true).map(move |text| {
        let cluster = Cluster { text, at, column, columns: width::columns(text) };
        at += text.chars().count();
        column += cluster.columns;
        cluster
    })
}

/// The first border of a grapheme at or after a place; the end of the line if there is none.
pub fn border(line: &str, at: usize) -> usize {
    borders(line).find(|border| *border >= at).unwrap_or_else(|| line.chars().count())
}

/// The last border of a grapheme at or before a place.
pub fn border_before(line: &str, at: usize) -> usize {
    borders(line).take_while(|border| *border <= at).last().unwrap_or(0)
}

/// The next border of a grapheme; none beyond the ends.
pub fn step(line: &str, at: usize, way: Way) -> Option<usize> {
    match way {
        Way::Back => borders(line).take_while(|border| *border < at).last(),
        Way::On => borders(line).find(|border| *border > at),
    }
}

/// Where the word before begins, or where the next one ends.
pub fn word(line: &str, at: usize, way: Way) -> Option<usize> {
    let mut start = 0;
    let words = line.split_word_bounds().filter_map(|word| {
        let from = start;
        start += word.chars().count();
        (!word.trim().is_empty()).then_some((from, start))
    });
    let found = match way {
        Way::Back => words.map(|(from, _)| from).take_while(|from| *from < at).last(),
        Way::On => words.map(|(_, to)| to).find(|to| *to > at),
    };
    // Blanks without a word behind them are passed as if there were one.
    let found = found.unwrap_or_else(|| way.of(0, usize::MAX));
    let moved = |to: &usize| way.of(*to < at, *to > at);
    // Words may begin in the midst of a grapheme.
    Some(way.of(border_before(line, found), border(line, found))).filter(moved)
}

/// The columns before a place.
pub fn column(line: &str, at: usize) -> usize {
    clusters(line).take_while(|cluster| cluster.at < at).map(|cluster| cluster.columns).sum()
}

/// The place at a column, or the last one before it.
pub fn at_column(line: &str, column: usize) -> usize {
    clusters(line).find(|cluster| cluster.column + cluster.columns > column).map_or_else(|| line.chars().count(), |c| c.at)
}

fn borders(line: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::once(0).chain(line.graphemes(true).map(move |grapheme| {
        at += grapheme.chars().count();
        at
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_stands_between_blanks_and_signs() {
        let line = "  \"thing1\": 手冲 12.5";
        let on: Vec<usize> = std::iter::successors(Some(0), |at| word(line, *at, Way::On)).skip(1).collect();
        assert_eq!(on, [3, 9, 10, 11, 13, 14, 19]);
        let back: Vec<usize> = std::iter::successors(Some(19), |at| word(line, *at, Way::Back)).skip(1).collect();
        assert_eq!(back, [15, 13, 12, 10, 9, 3, 2, 0]);
    }

    #[test]
    fn a_column_inside_of_a_wide_character_is_before_it() {
        let line = "a你\u{301}👨‍👩‍👧b";
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 9].map(|column| at_column(line, column)), [0, 1, 1, 3, 3, 8, 9, 9]);
        assert_eq!(column(line, 8), 5);
        assert_eq!(border(line, 2), 3);
    }
}
