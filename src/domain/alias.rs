//! What the operator calls templates, and which template a name means.

use super::id::TemplateId;
use super::template::Template;

/// Longest alias, in characters.
pub const MAX_CHARS: usize = 40;

/// The aliases of an account's templates: one a template at most, and no two alike.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases {
    named: Vec<(String, TemplateId)>,
}

/// Why a name is not taken as an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasError {
    /// There is nothing in it.
    Empty,
    /// It is longer than [`MAX_CHARS`].
    TooLong,
    /// It begins like an option, or has a character that cannot be seen.
    Odd,
    /// It is a template's id.
    IsId,
    /// It is the title of another template, but for the case of its letters.
    IsTitle(TemplateId),
    /// It is the alias of another template, but for the case of its letters.
    Taken {
        /// That alias.
        alias: String,
        /// The template that has it.
        by: TemplateId,
    },
}

/// What a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named<'a> {
    /// This template.
    One(&'a Template),
    /// Either of these; it could be meant for both.
    Two(&'a Template, &'a Template),
    /// None.
    Nothing,
}

impl Aliases {
    /// Takes what is stored.
    pub fn new(named: Vec<(String, TemplateId)>) -> Self {
        Self { named }
    }

    /// What a template is called.
    pub fn of(&self, template: &TemplateId) -> Option<&str> {
        self.named.iter().find(|(_, id)| id == template).map(|(alias, _)| alias.as_str())
    }

    /// What has this name, whether or not the account has such a template any more.
    pub fn owner(&self, alias: &str) -> Option<&TemplateId> {
        self.named.iter().find(|(known, _)| known == alias).map(|(_, id)| id)
    }

    /// All of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &TemplateId)> {
        self.named.iter().map(|(alias, id)| (alias.as_str(), id))
    }

    /// The template of a name: an id means that one and no other; else an alias or a title, and where these fit two, both.
    pub fn find<'a>(&self, templates: &'a [Template], name: &str) -> Named<'a> {
        if let Some(template) = templates.iter().find(|template| template.id.as_str() == name) {
            return Named::One(template);
        }
        let owner = self.owner(name);
        let mut fits: Vec<&Template> =
            templates.iter().filter(|template| template.title == name || Some(&template.id) == owner).collect();
        // The one that the operator called so comes first.
        fits.sort_by_key(|template| Some(&template.id) != owner);
        match fits[..] {
            [] => Named::Nothing,
            [template] => Named::One(template),
            [first, second, ..] => Named::Two(first, second),
        }
    }

    /// The name as it would be stored for a template, or why it would not be clear which template it means. An alias whose
    /// template is gone stands in nobody's way.
    pub fn check(&self, templates: &[Template], template: &TemplateId, name: &str) -> Result<String, AliasError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(AliasError::Empty);
        }
        if name.starts_with('-') || name.chars().any(char::is_control) {
            return Err(AliasError::Odd);
        }
        let folded = name.to_lowercase();
        if templates.iter().any(|other| other.id.as_str().to_lowercase() == folded) {
            return Err(AliasError::IsId);
        }
        if name.chars().count() > MAX_CHARS {
            return Err(AliasError::TooLong);
        }
        let mut others = templates.iter().filter(|other| other.id != *template);
        if let Some(other) = others.clone().find(|other| other.title.trim().to_lowercase() == folded) {
            return Err(AliasError::IsTitle(other.id.clone()));
        }
        let alias = |other: &Template| self.of(&other.id).filter(|alias| alias.to_lowercase() == folded).map(str::to_owned);
        if let Some((alias, by)) = others.find_map(|other| Some((alias(other)?, other.id.clone()))) {
            return Err(AliasError::Taken { alias, by });
        }
        Ok(name.to_owned())
    }
}

impl AliasError {
    /// Name of its sentence in the language tables.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Odd => "odd",
            Self::IsId => "is_id",
            Self::IsTitle(_) => "is_title",
            Self::Taken { .. } => "taken",
        }
    }

    /// What its sentence names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong => vec![("max", MAX_CHARS.to_string())],
            Self::IsTitle(id) => vec![("id", id.to_string())],
            Self::Taken { alias, by } => vec![("alias", alias.clone()), ("id", by.to_string())],
            Self::Empty | Self::Odd | Self::IsId => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(id: &str, title: &str) -> Template {
        Template { title: title.into(), ..Template::empty(TemplateId::trusted(id)) }
    }

    fn templates() -> Vec<Template> {
        vec![template("idA", "订单"), template("idB", "Paid"), template("idC", "Paid"), template("idD", "idA")]
    }

    fn aliases(named: &[(&str, &str)]) -> Aliases {
        Aliases::new(named.iter().map(|(alias, id)| ((*alias).to_owned(), TemplateId::trusted(*id))).collect())
    }

    fn found(aliases: &Aliases, name: &str) -> Vec<String> {
        let all = templates();
        match aliases.find(&all, name) {
            Named::One(one) => vec![one.id.to_string()],
            Named::Two(one, other) => vec![one.id.to_string(), other.id.to_string()],
            Named::Nothing => Vec::new(),
        }
    }

    #[test]
    fn an_id_means_one_and_other_names_are_never_guessed() {
        let aliases = aliases(&[("order", "idA"), ("Paid", "idB"), ("gone", "idZ"), ("订单", "idB")]);
        assert_eq!(found(&aliases, "idA"), ["idA"], "though another is titled so");
        assert_eq!(found(&aliases, "order"), ["idA"]);
        assert_eq!(found(&aliases, "Paid"), ["idB", "idC"]);
        assert_eq!(found(&aliases, "订单"), ["idB", "idA"], "a title that came after the alias");
        assert_eq!(found(&aliases, "gone"), [""; 0]);
        assert_eq!(found(&aliases, "ORDER"), [""; 0]);
    }

    #[test]
    fn an_alias_is_clear_or_refused() {
        let aliases = aliases(&[("order", "idA"), ("gone", "idZ")]);
        let check = |name: &str| aliases.check(&templates(), &TemplateId::trusted("idB"), name);
        assert_eq!(check(" 付款 ").unwrap(), "付款");
        assert_eq!(check("gone").unwrap(), "gone", "its template is not there any more");
        assert_eq!(check("\u{3000} "), Err(AliasError::Empty));
        assert_eq!(check(&"长".repeat(41)), Err(AliasError::TooLong));
        assert_eq!(check("--all"), Err(AliasError::Odd));
        assert_eq!(check("a\u{7}b"), Err(AliasError::Odd));
        assert_eq!(check("IDC"), Err(AliasError::IsId));
        assert_eq!(check("paid"), Err(AliasError::IsTitle(TemplateId::trusted("idC"))));
        assert_eq!(check("Order"), Err(AliasError::Taken { alias: "order".into(), by: TemplateId::trusted("idA") }));
        assert_eq!(aliases.check(&templates(), &TemplateId::trusted("idA"), "Order").unwrap(), "Order", "its own");
    }
}
