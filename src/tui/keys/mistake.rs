use super::Place;
use crate::text::lang::Texts;

/// Something in the operator's `keys.toml` that cannot be done. The row is left out, and the keys are as they were without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where in the file, from 1; nothing if the file as a whole cannot be read.
    pub at: Option<(usize, usize)>,
    /// What.
    pub wrong: Wrong,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The file cannot be read; in the words of the system.
    Unreadable(String),
    /// It is not TOML there; in the words of the parser.
    Syntax(String),
    /// There is no such place; the one with the most similar name.
    Place { name: String, nearest: Option<&'static str> },
    /// Nothing of that name can be done there; the most similar name.
    Action { name: String, place: Place, nearest: Option<String> },
    /// It is done elsewhere only.
    Elsewhere { name: String, place: Place, works_in: Vec<Place> },
    /// Neither a key nor a list of keys.
    NotKeys { name: String },
    /// Not the name of a key.
    NotAKey { key: String },
    /// Text could not be written any more.
    TakesText { key: String },
    /// The same key, or the beginning of the same chord, does something else where both work.
    Taken { key: String, name: String, place: Place, other_key: String, other: String, other_place: Place },
    /// Nothing else leads out of there, or to help.
    NoWayOut { name: String, place: Place },
}

impl Mistake {
    /// For people: where, what, and what to do.
    pub fn words(&self, texts: &Texts) -> String {
        let what = self.wrong.words(texts);
        let Some((line, column)) = self.at else { return what };
        texts.say_with("own_keys.at", &[("line", &line.to_string()), ("column", &column.to_string()), ("what", &what)])
    }
}

impl Wrong {
    fn words(&self, texts: &Texts) -> String {
        let in_place = |place: &Place| texts.say(place.text_key()).to_owned();
        let maybe =
            |nearest: Option<&str>| nearest.map(|name| texts.say_with("own_keys.nearest", &[("name", name)])).unwrap_or_default();
        match self {
            Self::Unreadable(error) => texts.say_with("own_keys.unreadable", &[("error", error)]),
            Self::Syntax(what) => texts.say_with("own_keys.syntax", &[("what", what)]),
            Self::Place { name, nearest } => {
                let names = Place::ALL.map(Place::name).join(", ");
                texts.say_with("own_keys.place", &[("name", name), ("names", &names), ("nearest", &maybe(*nearest))])
            }
            Self::Action { name, place, nearest } => {
                let nearest = maybe(nearest.as_deref());
                texts.say_with("own_keys.action", &[("name", name), ("place", &in_place(place)), ("nearest", &nearest)])
            }
            Self::Elsewhere { name, place, works_in } => {
                let names = works_in.iter().map(|place| format!("[{}]", place.name())).collect::<Vec<_>>().join(", ");
                texts.say_with("own_keys.elsewhere", &[("name", name), ("place", &in_place(place)), ("places", &names)])
            }
            Self::NotKeys { name } => texts.say_with("own_keys.not_keys", &[("name", name)]),
            Self::NotAKey { key } => texts.say_with("own_keys.not_a_key", &[("key", key)]),
            Self::TakesText { key } => texts.say_with("own_keys.takes_text", &[("key", key)]),
            Self::NoWayOut { name, place } => {
                texts.say_with("own_keys.no_way_out", &[("name", name), ("place", &in_place(place))])
            }
            Self::Taken { key, name, place, other_key, other, other_place } => {
                let sentence = if key == other_key { "own_keys.taken" } else { "own_keys.begins" };
                let named = [("key", key), ("name", name), ("other_key", other_key), ("other", other)];
                let mut args: Vec<(&str, &str)> = named.iter().map(|(arg, text)| (*arg, text.as_str())).collect();
                let (place, other_place_words) = (in_place(place), in_place(other_place));
                args.extend([("place", place.as_str()), ("other_place", &other_place_words), ("table", other_place.name())]);
                texts.say_with(sentence, &args)
            }
        }
    }
}
