//! What can be put into the field under the cursor without typing it: the names of placeholders, and values that are known to be
//! taken.

use super::form::{Form, Item};
use crate::domain::seen::{Known, has_fixed_values};
use crate::tui::widgets::Field;

/// What is offered, the next one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offers {
    /// Names for the placeholder that was begun.
    Names {
        /// Those that begin like what was typed of it.
        names: Vec<String>,
        /// Characters that were typed of it.
        typed: usize,
    },
    /// Whole values.
    Values(Vec<String>),
}

impl Offers {
    /// What there is for a place of the form; nothing for most.
    pub fn at(form: &Form, item: Item, known: &Known) -> Option<Self> {
        let field = form.field(item).filter(|_| !matches!(item, Item::Color(_) | Item::MiniAppid))?;
        if let Some(begun) = begun(field.before()) {
            let names: Vec<String> = known.names.iter().filter(|name| name.starts_with(begun)).cloned().collect();
            return (!names.is_empty()).then(|| Self::Names { names, typed: begun.chars().count() });
        }
        let Item::Value(index) = item else { return None };
        let row = form.rows().get(index).filter(|row| has_fixed_values(row.field.kind))?;
        let mut values = known.values_of(&row.field.key).to_vec();
        // The one after that in the field comes first, so that one goes through all of them.
        if let Some(at) = values.iter().position(|value| value == field.text()) {
            values.rotate_left(at + 1);
            values.pop();
        }
        (!values.is_empty()).then_some(Self::Values(values))
    }

    /// What is offered, in the order of the screen.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Names { names, .. } => names,
            Self::Values(values) => values,
        }
    }

    /// Puts the first one into the field.
    pub fn take(&self, field: &mut Field) {
        match self {
            Self::Names { names, typed } => {
                if let Some(name) = names.first() {
                    let closed = field.after().trim_start().starts_with("}}");
                    field.complete(*typed, &if closed { name.clone() } else { format!("{name} }}}}") });
                }
            }
            Self::Values(values) => {
                if let Some(value) = values.first() {
                    field.set(value);
                }
            }
        }
    }
}

/// What was typed of the name of a placeholder that is still open.
fn begun(before: &str) -> Option<&str> {
    let (_, inside) = before.rsplit_once("{{")?;
    let inside = inside.trim_start();
    let is_name = inside.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_open_until_its_name_is_over() {
        for (before, typed) in [
            ("", None),
            ("您好", None),
            ("{{", Some("")),
            ("您好{{ re", Some("re")),
            ("{{ remark }}", None),
            ("{{ remark }} {{n", Some("n")),
            ("{{ remark | de", None),
        ] {
            assert_eq!(begun(before), typed, "{before}");
        }
    }
}
