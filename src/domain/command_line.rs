//! A message as a `muban` command for a terminal, to be sent again without the screen.

use super::audience::{Audience, Join, UserSet};
use super::curl::quoted;
use super::id::{OpenId, TagId};
use super::message::Message;

/// Most recipients that are named one by one: with many more, the line would be longer than systems take.
pub const MOST_USERS: usize = 500;

/// `muban send …`, which sends `message` to `audience`, as one line for a POSIX shell. An audience that the plain options cannot
/// say (they add everyone, then tags, then single users, and then take tags out) is said as an expression; none if that cannot
/// say it either, or only in a line longer than systems take.
pub fn send(account: &str, message: &Message, audience: &Audience, tag_name: impl Fn(TagId) -> Option<String>) -> Option<String> {
    let mut words = message_words(account, message);
    let many = |(_, set): &(Join, UserSet)| if let UserSet::Users(users) = set { users.len() } else { 1 };
    if audience.terms.iter().map(many).sum::<usize>() > MOST_USERS {
        return None;
    }
    match audience_words(audience, &tag_name) {
        Some(options) => words.extend(options),
        None => words.push(option("--audience", &audience.expression(tag_name)?)),
    }
    Some(words.join(" "))
}

/// The same without its audience, to be completed by hand.
pub fn send_to_nobody_yet(account: &str, message: &Message) -> String {
    message_words(account, message).join(" ")
}

fn message_words(account: &str, message: &Message) -> Vec<String> {
    let mut words = vec!["muban send".to_owned(), option("--account", account)];
    words.push(option("--template", message.template_id.as_str()));
    words.extend(message.values.iter().map(|field| option("--set", &format!("{}={}", field.key, field.value))));
    for field in &message.values {
        words.extend(field.color.as_ref().map(|color| option("--color", &format!("{}={color}", field.key))));
    }
    words.extend(message.url.as_deref().filter(|url| !url.is_empty()).map(|url| option("--url", url)));
    if let Some(mini) = &message.mini {
        words.push(option("--mini-appid", mini.appid.as_str()));
        words.extend(mini.path.as_deref().filter(|path| !path.is_empty()).map(|path| option("--mini-path", path)));
    }
    words
}

/// The audience as options, in the only order in which they are joined.
fn audience_words(audience: &Audience, tag_name: &impl Fn(TagId) -> Option<String>) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut stage = 0;
    for (at, (join, set)) in audience.terms.iter().enumerate() {
        let tag = |name: &str, id: &TagId| option(name, &tag_name(*id).unwrap_or_else(|| id.to_string()));
        let (now, said) = match (join, set) {
            (Join::Union, UserSet::All) if at == 0 => (0, vec!["--all".to_owned()]),
            (Join::Union, UserSet::Tag(id)) => (1, vec![tag("--tag", id)]),
            (Join::Union, UserSet::Users(users)) => (2, users.iter().map(user).collect::<Option<_>>()?),
            (Join::Difference, UserSet::Tag(id)) if at > 0 => (3, vec![tag("--minus-tag", id)]),
            _ => return None,
        };
        if now < stage || said.is_empty() {
            return None;
        }
        stage = now;
        words.extend(said);
    }
    (!words.is_empty() && words.len() <= MOST_USERS).then_some(words)
}

fn user(openid: &OpenId) -> Option<String> {
    OpenId::parse(openid.as_str()).ok().map(|openid| option("--to", openid.as_str()))
}

/// An option with its value; joined by `=` where the value would itself look like an option.
fn option(name: &str, value: &str) -> String {
    if value.starts_with('-') { word(&format!("{name}={value}")) } else { format!("{name} {}", word(value)) }
}

/// A text as one word of the shell, in quotes where it needs them.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audience::Outcome;
    use crate::domain::id::{AppId, JobId, TemplateId};
    use crate::domain::message::{Color, FieldValue, MiniProgram};
    use std::process::Command;

    fn message(value: &str) -> Message {
        let color = Color::parse("#173177").unwrap();
        let field = |key: &str, value: &str, color| FieldValue { key: key.into(), value: value.into(), color };
        Message {
            template_id: TemplateId::trusted("-mr2"),
            values: vec![field("thing1", value, None), field("const2", "", Some(color))],
            url: Some("https://example.com/?id=1&b=2".into()),
            mini: Some(MiniProgram { appid: AppId::trusted("wx0123456789abcdef"), path: Some("pages/a?b=1".into()) }),
        }
    }

    fn audience(terms: Vec<(Join, UserSet)>) -> Audience {
        Audience { terms }
    }

    fn vip(id: TagId) -> Option<String> {
        (id.0 == 101).then(|| "VIP 客户".to_owned())
    }

    fn said(terms: Vec<(Join, UserSet)>) -> Option<String> {
        let line = send("a", &Message::new(TemplateId::trusted("T")), &audience(terms), vip)?;
        Some(line.strip_prefix("muban send --account a --template T ").unwrap().to_owned())
    }

    #[test]
    fn the_line_is_as_people_write_it() {
        assert_eq!(
            send("Acme 服务号", &message("it's 12.5"), &Audience::of(UserSet::Tag(TagId(2))), vip).unwrap(),
            "muban send --account 'Acme 服务号' --template=-mr2 --set 'thing1=it'\\''s 12.5' --set const2= \
             --color 'const2=#173177' --url 'https://example.com/?id=1&b=2' --mini-appid wx0123456789abcdef \
             --mini-path 'pages/a?b=1' --tag 2"
        );
        let bare = Message { url: None, mini: None, ..Message::new(TemplateId::trusted("T")) };
        assert_eq!(send_to_nobody_yet("a", &bare), "muban send --account a --template T");
    }

    #[test]
    fn an_audience_is_said_where_the_options_mean_the_same() {
        use Join::{Difference, Intersection, Union};
        let users = |ids: &[&str]| UserSet::Users(ids.iter().map(|id| OpenId::trusted(*id)).collect());
        let tag = |id| UserSet::Tag(TagId(id));
        let whole = vec![(Union, UserSet::All), (Union, tag(101)), (Union, users(&["oA", "-B"])), (Difference, tag(7))];
        assert_eq!(said(whole).unwrap(), "--all --tag 'VIP 客户' --to oA --to=-B --minus-tag 7");
        let tags = vec![(Union, tag(1)), (Union, tag(2)), (Difference, tag(3)), (Difference, tag(4))];
        assert_eq!(said(tags).unwrap(), "--tag 1 --tag 2 --minus-tag 3 --minus-tag 4");
        for (other, expression) in [
            (vec![(Union, tag(1)), (Union, UserSet::All)], "--audience 'tag:1 + all'"),
            (vec![(Union, users(&["oA"])), (Union, tag(101))], "--audience 'user:oA + tag:\"VIP 客户\"'"),
            (vec![(Union, tag(1)), (Difference, tag(2)), (Union, tag(3))], "--audience 'tag:1 - tag:2 + tag:3'"),
            (vec![(Union, tag(1)), (Intersection, tag(2))], "--audience 'tag:1 & tag:2'"),
            (vec![(Union, UserSet::All), (Difference, users(&["oA", "oB"]))], "--audience 'all - user:oA - user:oB'"),
            (vec![(Difference, tag(1))], "'--audience=- tag:1'"),
            (vec![(Union, UserSet::All), (Difference, UserSet::Job(JobId(14), Outcome::Sent))], "--audience 'all - job:14:sent'"),
        ] {
            assert_eq!(said(other.clone()).as_deref(), Some(expression), "{other:?}");
        }
        for other in [
            vec![],
            vec![(Union, users(&[]))],
            vec![(Union, users(&["not an openid"]))],
            vec![(Union, users(&["o"; MOST_USERS + 1]))],
            vec![(Union, tag(1)), (Intersection, users(&["oA", "oB"]))],
        ] {
            assert_eq!(said(other.clone()), None, "{other:?}");
        }
    }

    #[test]
    fn a_shell_splits_the_line_into_what_was_meant() {
        for value in [
            "手冲咖啡壶 ￥12.50",
            "it's",
            r"\' \\ \n",
            "$HOME `id` $(id) ${x} !! * ~ #",
            "a\"b;c&d|e>f<g(h)",
            "a\nb\tc",
            "-d",
            "{{ remark | default('…') }}",
            "　",
            "",
        ] {
            let line = send_to_nobody_yet(value, &message(value));
            let script = format!("muban() {{ for argument do printf '%s\\0' \"$argument\"; done; }}\n{line}");
            let output = Command::new("sh").args(["-c", &script]).output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            let account = if value.starts_with('-') { format!("--account={value}") } else { format!("--account\0{value}") };
            let expected = format!(
                "send\0{account}\0--template=-mr2\0--set\0thing1={value}\0--set\0const2=\0--color\0const2=#173177\0\
                 --url\0https://example.com/?id=1&b=2\0--mini-appid\0wx0123456789abcdef\0--mini-path\0pages/a?b=1\0"
            );
            assert_eq!(text, expected, "{line}");
        }
    }
}
