//! The values in a template's example, to be shown as hints.

use crate::domain::template::{Template, next_placeholder};

/// What the example has for a key; none where it cannot be told.
pub fn value_of(template: &Template, key: &str) -> Option<String> {
    template.content.lines().find_map(|line| {
        let (before, found, after) = next_placeholder(line)?;
        // With two placeholders in a line nobody can tell where the value of the first ends.
        if found != key || next_placeholder(after).is_some() || before.trim().is_empty() {
            return None;
        }
        let filled = template.example.lines().find_map(|example| example.trim_start().strip_prefix(before.trim_start()))?;
        let value = filled.trim_end().strip_suffix(after.trim_end()).unwrap_or(filled).trim();
        (!value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::TemplateId;

    #[test]
    fn values_are_found_by_what_stands_before_them() {
        let template = Template {
            id: TemplateId::trusted("T"),
            title: String::new(),
            content: "单号:{{character_string1.DATA}}\n金额：{{amount2.DATA}}元\n{{first.DATA}}\nA{{a1.DATA}}B{{b1.DATA}}\n"
                .into(),
            example: "单号: M2023\r\n金额：12.5元\nAxBy\n".into(),
            industry: (String::new(), String::new()),
        };
        assert_eq!(value_of(&template, "character_string1").as_deref(), Some("M2023"));
        assert_eq!(value_of(&template, "amount2").as_deref(), Some("12.5"));
        for key in ["first", "a1", "b1", "none"] {
            assert_eq!(value_of(&template, key), None, "{key}");
        }
    }
}
