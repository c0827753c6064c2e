//! The names that members go by, in the API and in the wild.

use crate::domain::template::Kind;

/// What a member of a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    ToUser,
    TemplateId,
    Url,
    Mini,
    Data,
    ClientMsgId,
    AccessToken,
    /// Ignored by WeChat: of template messages of old, of mini programs' messages of old, or the account's own AppID.
    NoEffect,
    /// Of subscription messages (`wechat-api.md §8`).
    Subscription,
}

/// Names as the API has them.
const BODY: &[(&str, Role)] = &[
    ("touser", Role::ToUser),
    ("template_id", Role::TemplateId),
    ("url", Role::Url),
    ("miniprogram", Role::Mini),
    ("data", Role::Data),
    ("client_msg_id", Role::ClientMsgId),
    ("access_token", Role::AccessToken),
    ("topcolor", Role::NoEffect),
    ("color", Role::NoEffect),
    ("appid", Role::NoEffect),
    ("form_id", Role::NoEffect),
    ("emphasis_keyword", Role::NoEffect),
    ("page", Role::Subscription),
    ("miniprogram_state", Role::Subscription),
    ("lang", Role::Subscription),
];

/// What may stand at the top, for a sentence.
pub(super) const BODY_NAMES: &str = "touser, template_id, url, miniprogram, data";
/// What may stand in `miniprogram`.
pub(super) const MINI_NAMES: &str = "appid, pagepath";
/// What may stand in a field.
pub(super) const FIELD_NAMES: &str = "value, color";

/// The role of a member of a body, and its name in the API.
pub(super) fn body(name: &str) -> Option<(&'static str, Role)> {
    let folded = fold(name);
    let folded = if folded == "openid" { "touser".to_owned() } else { folded };
    BODY.iter().find(|(known, _)| fold(known) == folded).map(|(known, role)| (*known, *role))
}

/// The name in a list that is meant, whatever its case and joints.
pub(super) fn one_of(name: &str, known: &'static str) -> Option<&'static str> {
    let folded = fold(name);
    known.split(", ").find(|known| fold(known) == folded)
}

/// The name in a list that this one misses by a slip or two.
pub(super) fn nearest(name: &str, known: &'static str) -> Option<&'static str> {
    let folded: Vec<char> = fold(name).chars().take(32).collect();
    let slips = |known: &str| distance(&folded, &fold(known).chars().collect::<Vec<_>>());
    let (slips, nearest) = known.split(", ").map(|known| (slips(known), known)).min()?;
    (slips <= 2 && slips * 2 < nearest.len()).then_some(nearest)
}

/// Whether this is the key of a field rather than the name of a member.
pub(super) fn is_field_key(name: &str) -> bool {
    name.contains(".DATA")
        || name.starts_with("keyword")
        || name == "first"
        || name == "remark"
        || Kind::of_key(name) != Kind::Legacy
}

/// A name without case and joints: `templateId` and `template-id` are `templateid`.
pub(super) fn fold(name: &str) -> String {
    name.trim().chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// Letters put in, left out, changed, or two neighbours swapped.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case_and_joint() {
        for (name, known) in [
            ("toUser", Some("touser")),
            ("to_user", Some("touser")),
            ("openId", Some("touser")),
            ("templateId", Some("template_id")),
            ("Template-ID", Some("template_id")),
            ("miniProgram", Some("miniprogram")),
            ("mini_program", Some("miniprogram")),
            ("topColor", Some("topcolor")),
            ("clientMsgId", Some("client_msg_id")),
            ("template", None),
        ] {
            assert_eq!(body(name).map(|(known, _)| known), known, "{name}");
        }
        assert_eq!(one_of("pagePath", MINI_NAMES), Some("pagepath"));
    }

    #[test]
    fn the_nearest_name_is_near() {
        for (name, known, meant) in [
            ("tempalte_id", BODY_NAMES, Some("template_id")),
            ("tousers", BODY_NAMES, Some("touser")),
            ("uri", BODY_NAMES, Some("url")),
            ("date", BODY_NAMES, Some("data")),
            ("vaule", FIELD_NAMES, Some("value")),
            ("val", FIELD_NAMES, Some("value")),
            ("colour", FIELD_NAMES, Some("color")),
            ("first", BODY_NAMES, None),
            ("x", BODY_NAMES, None),
            ("page", MINI_NAMES, None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }
}
