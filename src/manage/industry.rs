//! The account's two industries, which historical templates hang on (`wechat-api.md §4.2, §4.3`).

use super::templates::{self, Relisted};
use crate::domain::industry::Industry;
use crate::domain::template::Template;
use crate::session::{Session, SessionError};
use crate::store::Store;
use crate::wechat::{Industries, Industry as Told};

/// Two industries an account can be given: never the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    first: Industry,
    second: Industry,
}

impl Pair {
    /// Both, unless they are one and the same, which WeChat refuses (40102).
    pub fn of(first: Industry, second: Industry) -> Option<Self> {
        (first != second).then_some(Self { first, second })
    }

    /// The first and the second.
    pub fn both(self) -> [Industry; 2] {
        [self.first, self.second]
    }

    /// Whether the account has just these: their order means nothing, and to change it would use up the month's one change.
    pub fn is(self, now: &Industries) -> bool {
        let [first, second] = [&now.primary, &now.secondary].map(|told| told.as_ref().and_then(known));
        let both = self.both().map(Some);
        both == [first, second] || both == [second, first]
    }

    /// The templates that go away with it: those of an industry the account leaves behind. `now` is `None` where the present
    /// industries could not be read; then every template counts that hangs on an industry other than these two.
    pub fn lost<'a>(self, now: Option<&Industries>, templates: &'a [Template]) -> Vec<&'a Template> {
        let dropped = now.map(|now| self.dropped(now));
        let goes = |template: &Template| {
            let told = Told { main: template.industry.0.clone(), sub: template.industry.1.clone() };
            !told.sub.is_empty() && !self.has(&told) && dropped.as_ref().is_none_or(|all| all.iter().any(|one| same(one, &told)))
        };
        templates.iter().filter(|template| goes(template)).collect()
    }

    /// Those of the present industries that are in neither place of the new ones.
    fn dropped(self, now: &Industries) -> Vec<Told> {
        [&now.primary, &now.secondary].into_iter().flatten().filter(|told| !self.has(told)).cloned().collect()
    }

    fn has(self, told: &Told) -> bool {
        known(told).is_some_and(|industry| self.both().contains(&industry))
    }
}

/// The documented industry that the server's words mean; none where they are not of the table.
pub fn known(told: &Told) -> Option<Industry> {
    Industry::by_name(&told.sub)
}

/// Lists and industries spell one name differently; a name that is not of the table is compared as it stands.
fn same(one: &Told, other: &Told) -> bool {
    match (known(one), known(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.sub == other.sub,
    }
}

/// Asks for the account's industries. Accounts that never set any get none, or a refusal.
pub async fn show(session: &Session) -> Result<Industries, SessionError> {
    session.call(|client, token| async move { client.industry(&token).await }).await
}

/// Sets both: once a calendar month, and the templates of an industry left behind are deleted. Never done but at an operator's
/// explicit word.
pub async fn set(session: &Session, store: &Store, pair: Pair) -> Result<Relisted, SessionError> {
    let [first, second] = pair.both().map(|industry| industry.code);
    session.call(|client, token| async move { client.set_industry(&token, first, second).await }).await?;
    Ok(templates::list(session, store).await)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::TemplateId;

    fn pair(first: u8, second: u8) -> Pair {
        Pair::of(Industry::by_code(first).unwrap(), Industry::by_code(second).unwrap()).unwrap()
    }

    fn told(main: &str, sub: &str) -> Told {
        Told { main: main.into(), sub: sub.into() }
    }

    fn templates() -> Vec<Template> {
        let of =
            |id: &str, sub: &str| Template { industry: (String::new(), sub.into()), ..Template::empty(TemplateId::trusted(id)) };
        vec![of("net", "互联网_电子商务"), of("express", "快递"), of("odd", "宠物"), of("none", "")]
    }

    fn lost(pair: Pair, now: Option<&Industries>) -> Vec<String> {
        pair.lost(now, &templates()).into_iter().map(|template| template.id.to_string()).collect()
    }

    #[test]
    fn no_industry_stands_twice() {
        let one = Industry::by_code(1).unwrap();
        assert_eq!(Pair::of(one, one), None);
    }

    #[test]
    fn the_templates_of_an_industry_left_behind_are_lost() {
        let now = Industries {
            primary: Some(told("IT科技", "互联网|电子商务")), secondary: Some(told("运输与仓储", "快递"))
        };
        assert!(pair(1, 13).is(&now) && pair(13, 1).is(&now) && !pair(1, 2).is(&now));
        assert_eq!(lost(pair(13, 1), Some(&now)), [""; 0]);
        assert_eq!(lost(pair(13, 2), Some(&now)), ["net"]);
        assert_eq!(lost(pair(2, 3), Some(&now)), ["net", "express"]);
        let odd = Industries { primary: Some(told("其他", "宠物")), secondary: None };
        assert_eq!(lost(pair(2, 3), Some(&odd)), ["odd"], "a name that is not of the table is one all the same");
        assert!(!pair(2, 3).is(&odd));
    }

    #[test]
    fn where_the_present_ones_are_not_known_every_other_may_be_lost() {
        assert_eq!(lost(pair(1, 2), None), ["express", "odd"]);
        assert_eq!(lost(pair(1, 2), Some(&Industries::default())), [""; 0], "an account without any drops none");
    }
}
