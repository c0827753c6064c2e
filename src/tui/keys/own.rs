//! The operator's own keys, laid over those of the program. Each row counts for itself: what is wrong with one is told, and it is
//! left out.

use super::{Action, Binding, Chord, Keymap, Mistake, Place, Wrong};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Without these nobody would find out again.
const WAYS_OUT: [(Place, Action); 6] = [
    (Place::Everywhere, Action::Quit),
    (Place::Everywhere, Action::Palette),
    (Place::Everywhere, Action::Help),
    (Place::Edit, Action::Back),
    (Place::Popup, Action::Back),
    (Place::Popup, Action::Act),
];

/// A row of the file that is right by itself.
struct Own {
    at: usize,
    place: Place,
    name: String,
    keys: Vec<Chord>,
}

/// Lays the rows of a file over a table.
pub fn over(standard: &Keymap, text: &str) -> (Keymap, Vec<Mistake>) {
    let mut reader = Reader { standard, wrong: Vec::new(), rows: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or_default();
        reader.wrong.push((span.start, Wrong::Syntax(error.message().to_owned())));
    }
    reader.places(table.get_ref());
    let Reader { mut wrong, mut rows, .. } = reader;
    rows.sort_by_key(|row| row.at);
    let map = lay(standard, rows, &mut wrong);
    wrong.sort_by_key(|(at, _)| *at);
    (map, wrong.into_iter().map(|(at, wrong)| Mistake { at: Some(position(text, at)), wrong }).collect())
}

struct Reader<'a> {
    standard: &'a Keymap,
    wrong: Vec<(usize, Wrong)>,
    rows: Vec<Own>,
}

impl Reader<'_> {
    fn places(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            let Range { start: at, .. } = name.span();
            let place = Place::ALL.into_iter().find(|place| place.name() == name.get_ref().as_ref());
            match (place, value.get_ref().as_table()) {
                (Some(place), Some(rows)) => rows.iter().for_each(|(name, value)| self.row(place, name, value)),
                (Some(_), None) => self.wrong.push((at, Wrong::NotKeys { name: name.get_ref().to_string() })),
                (None, _) => {
                    let nearest = nearest(name.get_ref(), Place::ALL.into_iter().map(Place::name));
                    self.wrong.push((at, Wrong::Place { name: name.get_ref().to_string(), nearest }));
                }
            }
        }
    }

    fn row(&mut self, place: Place, name: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) {
        let (at, name) = (name.span().start, name.get_ref().to_string());
        if let Some(wrong) = self.not_there(place, &name) {
            return self.wrong.push((at, wrong));
        }
        let texts = match value.get_ref() {
            DeValue::String(_) => Some(vec![value]),
            DeValue::Array(list) => Some(list.iter().collect()),
            _ => None,
        };
        let Some(texts) = texts else { return self.wrong.push((at, Wrong::NotKeys { name })) };
        let read: Vec<Result<Chord, (usize, Wrong)>> = texts.into_iter().map(|value| key(place, value)).collect();
        let mut keys = Vec::new();
        let before = self.wrong.len();
        for one in read {
            match one {
                Ok(key) if keys.contains(&key) => {}
                Ok(key) => keys.push(key),
                Err(wrong) => self.wrong.push(wrong),
            }
        }
        let way_out = Action::named(&name).is_some_and(|action| WAYS_OUT.contains(&(place, action)));
        if self.wrong.len() > before {
            return;
        }
        if way_out && keys.is_empty() {
            return self.wrong.push((at, Wrong::NoWayOut { name, place }));
        }
        self.rows.push(Own { at, place, name, keys });
    }

    /// Why a name cannot be bound in a place: it must be done there, or everywhere.
    fn not_there(&self, place: Place, name: &str) -> Option<Wrong> {
        let rows = self.standard.rows();
        if template(self.standard, place, name).is_some() {
            return None;
        }
        let name = name.to_owned();
        let mut works_in: Vec<Place> = rows.iter().filter(|row| row.name == name).map(|row| row.place).collect();
        works_in.dedup();
        if !works_in.is_empty() {
            return Some(Wrong::Elsewhere { name, place, works_in });
        }
        let there = rows.iter().filter(|row| template(self.standard, place, &row.name).is_some()).map(|row| row.name.as_str());
        let nearest = nearest(&name, there).map(str::to_owned);
        Some(Wrong::Action { name, place, nearest })
    }
}

/// The row of the table that one of the operator's takes after: of its place, or of everywhere.
fn template<'a>(standard: &'a Keymap, place: Place, name: &str) -> Option<&'a Binding> {
    let places: &[Place] = if place == Place::Popup { &[Place::Popup] } else { &[place, Place::Everywhere] };
    places.iter().find_map(|place| standard.of(*place).find(|row| row.name == name))
}

fn key(place: Place, value: &Spanned<DeValue<'_>>) -> Result<Chord, (usize, Wrong)> {
    let at = value.span().start;
    let text = value.get_ref().as_str().ok_or_else(|| (at, Wrong::NotAKey { key: value.get_ref().type_str().to_owned() }))?;
    let chord: Chord = text.parse().map_err(|_| (at, Wrong::NotAKey { key: text.to_owned() }))?;
    if place == Place::Edit && chord.takes_text() {
        return Err((at, Wrong::TakesText { key: text.to_owned() }));
    }
    Ok(chord)
}

/// All rows at once, so that two actions can change their keys; then those go again that do not agree with the others, the last first.
fn lay(standard: &Keymap, mut rows: Vec<Own>, wrong: &mut Vec<(usize, Wrong)>) -> Keymap {
    loop {
        let mut map = standard.clone();
        for row in &rows {
            put(&mut map, standard, row);
        }
        let Some((index, why)) = rows.iter().enumerate().rev().find_map(|(index, row)| Some((index, disagrees(&map, row)?)))
        else {
            return map;
        };
        wrong.push((rows.remove(index).at, why));
    }
}

fn put(map: &mut Keymap, standard: &Keymap, own: &Own) {
    if let Some(row) = map.bindings.iter_mut().find(|row| row.place == own.place && row.name == own.name) {
        row.keys.clone_from(&own.keys);
    } else if let Some(row) = template(standard, own.place, &own.name) {
        map.bindings.push(Binding { place: own.place, keys: own.keys.clone(), footer: None, ..row.clone() });
    }
}

/// With which other row a row cannot be: its key, or the beginning of it, is taken where both work.
fn disagrees(map: &Keymap, own: &Own) -> Option<Wrong> {
    let others = map.rows().iter().filter(|row| row.place.meets(own.place));
    let mut pairs = others.flat_map(|row| row.keys.iter().map(move |key| (row, key)));
    let meets = |row: &Binding, key: &Chord, mine: &Chord| {
        let same = row.name == own.name && (row.place == own.place || key == mine);
        mine.meets(key) && !(same && key == mine)
    };
    pairs.find_map(|(row, key)| {
        let mine = own.keys.iter().find(|mine| meets(row, key, mine))?;
        Some(Wrong::Taken {
            key: mine.to_string(),
            name: own.name.clone(),
            place: own.place,
            other_key: key.to_string(),
            other: row.name.clone(),
            other_place: row.place,
        })
    })
}

/// The name that is most like another, if any is like it at all.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = 1 + name.chars().count() / 3;
    names.map(|known| (changes(name, known), known)).filter(|(count, _)| *count <= most).min().map(|(_, known)| known)
}

/// How many letters are to be put in, taken out or replaced to make one name the other.
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, c) in from.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], at + 1);
        for (index, other) in to.iter().enumerate() {
            let replaced = corner + usize::from(c != *other);
            corner = row[index + 1];
            row[index + 1] = replaced.min(corner + 1).min(row[index] + 1);
        }
    }
    row[to.len()]
}

/// Line and column, from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}
