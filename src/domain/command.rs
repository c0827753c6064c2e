//! A message and its audience as the `muban send …` line that does the same.

use super::audience::{Audience, Join, UserSet};
use super::curl::quoted;
use super::id::{AppId, TagId};
use super::message::Message;
use std::collections::BTreeSet;

/// One line for a POSIX shell that sends this message to this audience. None where the options cannot say it: an audience with
/// an intersection or with somebody added after others were taken away, a key with `=` in it. Then the body in a file
/// ([`send_file`]) is the way. An empty audience leaves the recipients to be added by hand.
pub fn send(account: &str, message: &Message, audience: &Audience, tag_name: impl Fn(TagId) -> Option<String>) -> Option<String> {
    let mut line = Line::new(account);
    line.message(message)?;
    line.audience(audience, tag_name)?;
    line.into_text()
}

/// One line for a POSIX shell that sends the body in a file to whom it names. None if the shell cannot say it.
pub fn send_file(account: &str, file: &str) -> Option<String> {
    let mut line = Line::new(account);
    line.option("--payload", file);
    line.into_text()
}

/// A command line under construction.
struct Line(String);

impl Line {
    fn new(account: &str) -> Self {
        let mut line = Self("muban send".to_owned());
        line.option("--account", account);
        line
    }

    /// No argument of any program can hold a NUL.
    fn into_text(self) -> Option<String> {
        (!self.0.contains('\0')).then_some(self.0)
    }

    /// An option and its value, as two words unless the value could be taken for an option itself.
    fn option(&mut self, name: &str, value: &str) {
        self.0.push(' ');
        if value.starts_with('-') {
            self.0.push_str(&word(&format!("{name}={value}")));
        } else {
            self.0.push_str(name);
            self.0.push(' ');
            self.0.push_str(&word(value));
        }
    }

    fn message(&mut self, message: &Message) -> Option<()> {
        self.option("--template", message.template_id.as_str());
        let mut keys = BTreeSet::new();
        for field in &message.values {
            let sayable = !field.key.is_empty() && !field.key.contains('=') && field.key.trim() == field.key;
            if !sayable || !keys.insert(&field.key) {
                return None;
            }
            self.option("--set", &format!("{}={}", field.key, field.value));
        }
        for field in &message.values {
            if let Some(color) = &field.color {
                self.option("--color", &format!("{}={}", field.key, color.as_str()));
            }
        }
        if let Some(url) = message.url.as_deref().filter(|url| !url.is_empty()) {
            self.option("--url", url);
        }
        if let Some(mini) = &message.mini {
            AppId::parse(mini.appid.as_str()).ok()?;
            self.option("--mini-appid", mini.appid.as_str());
            if let Some(path) = mini.path.as_deref().filter(|path| !path.is_empty()) {
                self.option("--mini-path", path);
            }
        }
        Some(())
    }

    /// The options join everybody first and then take tags away; among those who are joined the order makes no difference.
    fn audience(&mut self, audience: &Audience, tag_name: impl Fn(TagId) -> Option<String>) -> Option<()> {
        let mut taken_away = false;
        for (join, set) in &audience.terms {
            match (join, set) {
                (Join::Union, UserSet::All) if !taken_away => self.0.push_str(" --all"),
                (Join::Union, UserSet::Tag(id)) if !taken_away => self.option("--tag", &tag(*id, &tag_name)),
                (Join::Union, UserSet::Users(users)) if !taken_away => {
                    for user in users {
                        self.option("--to", user.as_str());
                    }
                }
                (Join::Difference, UserSet::Tag(id)) => {
                    taken_away = true;
                    self.option("--minus-tag", &tag(*id, &tag_name));
                }
                _ => return None,
            }
        }
        let somebody = audience.terms.first().is_none_or(|(join, _)| *join == Join::Union);
        somebody.then_some(())
    }
}

/// A tag by its name; by its number where a name is not known or could be taken for a number.
fn tag(id: TagId, name: impl Fn(TagId) -> Option<String>) -> String {
    let plain = |name: &String| !name.is_empty() && name.trim() == name && name.parse::<i64>().is_err();
    name(id).filter(plain).unwrap_or_else(|| id.to_string())
}

/// A text as one word of a shell, in quotes where it needs them.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c);
    if text.is_empty() || !text.chars().all(plain) { quoted(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OpenId, TemplateId};
    use crate::domain::message::{Color, FieldValue, MiniProgram};

    fn message() -> Message {
        let mut message = Message::new(TemplateId::trusted("Hmr2"));
        message.values = vec![
            FieldValue { key: "thing1".into(), value: "手冲咖啡壶".into(), color: None },
            FieldValue { key: "amount2".into(), value: "￥12.50 'x'".into(), color: Some(Color::parse("#173177").unwrap()) },
        ];
        message
    }

    fn line(message: &Message, terms: Vec<(Join, UserSet)>) -> Option<String> {
        send("Acme 服务号", message, &Audience { terms }, |id| (id.0 == 101).then(|| "VIP 客户".to_owned()))
    }

    #[test]
    fn the_line_is_as_people_write_it() {
        let mut message = message();
        message.url = Some("https://example.com/订单?a=1&b=2".into());
        message.mini = Some(MiniProgram { appid: AppId::trusted("wx0123456789abcdef"), path: Some("pages/a".into()) });
        let audience = vec![(Join::Union, UserSet::Tag(TagId(101))), (Join::Difference, UserSet::Tag(TagId(2)))];
        assert_eq!(
            line(&message, audience).unwrap(),
            "muban send --account 'Acme 服务号' --template Hmr2 --set thing1=手冲咖啡壶 --set 'amount2=￥12.50 '\\''x'\\''' \
             --color 'amount2=#173177' --url 'https://example.com/订单?a=1&b=2' --mini-appid wx0123456789abcdef \
             --mini-path pages/a --tag 'VIP 客户' --minus-tag 2"
        );
        assert_eq!(send_file("Acme", "a b.json").unwrap(), "muban send --account Acme --payload 'a b.json'");
    }

    #[test]
    fn what_the_options_cannot_say_is_not_said() {
        let (all, tag) = (UserSet::All, UserSet::Tag(TagId(101)));
        let users = UserSet::Users(vec![OpenId::trusted("oA"), OpenId::trusted("-B")]);
        for (terms, end) in [
            (vec![], Some("")),
            (vec![(Join::Union, all.clone())], Some(" --all")),
            (vec![(Join::Union, users.clone()), (Join::Union, tag.clone())], Some(" --to oA --to=-B --tag 'VIP 客户'")),
            (vec![(Join::Union, all.clone()), (Join::Intersection, tag.clone())], None),
            (vec![(Join::Union, all.clone()), (Join::Difference, users)], None),
            (vec![(Join::Union, all.clone()), (Join::Difference, tag.clone()), (Join::Union, tag.clone())], None),
            (vec![(Join::Difference, tag)], None),
        ] {
            let base = line(&message(), vec![]).unwrap();
            assert_eq!(line(&message(), terms), end.map(|end| format!("{base}{end}")));
        }
        for key in ["", "a=b", " a", "thing1"] {
            let mut message = message();
            message.values.push(FieldValue { key: key.into(), value: String::new(), color: None });
            assert_eq!(line(&message, vec![]), None, "{key:?}");
        }
        assert_eq!(send_file("Acme", "a\0b"), None);
    }
}
