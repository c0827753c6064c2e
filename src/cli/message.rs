//! From the options of `preview` and `send` to a message, with everything that can be said of it.

use super::args::MessageArgs;
use super::context::{Context, say};
use super::failure::{Failure, on_command};
use crate::dispatch;
use crate::domain::account::Account;
use crate::domain::alias::{Aliases, Named};
use crate::domain::audience::Audience;
use crate::domain::id::{AppId, OpenId};
use crate::domain::message::{Color, FieldValue, Message, MiniProgram};
use crate::domain::payload::{self, Payload};
use crate::domain::rules::{Finding, Level};
use crate::domain::seen;
use crate::domain::template::Template;
use crate::store::Store;
use std::io::Read;
use std::path::Path;

/// Longest payload that is read, in bytes: WeChat takes far less.
const PAYLOAD_LIMIT: u64 = 1 << 20;

/// Templates that are named where none of that name is found.
const NAMED: usize = 12;

/// A message, its template, and what can be said of it.
pub struct Written {
    /// The message.
    pub message: Message,
    /// Its template.
    pub template: Template,
    /// The recipient that a payload names.
    pub to: Option<OpenId>,
    /// Warnings; a message with errors is refused.
    pub warnings: Vec<Finding>,
}

/// Builds the message for an audience, whose files can have columns for it. An error in it is a failure that names field and
/// rule.
pub async fn build(
    context: &Context,
    store: &Store,
    account: &Account,
    args: &MessageArgs,
    audience: &Audience,
) -> Result<Written, Failure> {
    let templates = store.templates(account.id).await?;
    let payload = args.payload.as_deref().map(|path| read_payload(context, path)).transpose()?;
    let (template, mut message, to) = if let Some(Payload { to, message, notes }) = payload {
        for note in notes {
            context.warn(&context.texts().payload_note(&note));
        }
        // WeChat knows ids only: what it would refuse is not found here either.
        (find_template(context, &templates, &Aliases::default(), message.template_id.as_str())?, message, to)
    } else {
        let aliases = store.aliases(account.id).await?;
        let template = find_template(context, &templates, &aliases, args.template.as_deref().unwrap_or_default())?;
        let message = from_options(args, &template)?;
        (template, message, None)
    };
    for column in message.take_columns(&template, &store.columns_of(account.id, audience).await?) {
        say(&context.texts().say_with("cli.took_column", &[("column", &column)]));
    }
    message.arrange(&template);
    let known = dispatch::known(store, account.id, &template, audience).await?;
    let findings = seen::see(&template, &message, None, &known).findings;
    let (errors, warnings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.level == Level::Error);
    if errors.is_empty() {
        Ok(Written { message, template, to, warnings })
    } else {
        let lines: Vec<String> = errors.iter().map(|error| line(context, error)).collect();
        Err(Failure::usage(lines.join("\nmuban: ")))
    }
}

/// A finding for people: field and rule.
pub fn line(context: &Context, finding: &Finding) -> String {
    let text = context.texts().finding(finding);
    finding.field.as_ref().map_or_else(|| text.clone(), |field| format!("{field}: {text}"))
}

fn from_options(args: &MessageArgs, template: &Template) -> Result<Message, Failure> {
    let mut message = Message::new(template.id.clone());
    for set in &args.set {
        let (key, value) = pair(set, "--set", "KEY=VALUE")?;
        if message.value(key).is_some() {
            return Err(Failure::wrong(on_command("set_twice").with("key", key)));
        }
        message.values.push(FieldValue { key: key.to_owned(), value: value.to_owned(), color: None });
    }
    for option in &args.color {
        let (key, color) = pair(option, "--color", "KEY=#RRGGBB")?;
        let color = Color::parse(color)?;
        match message.values.iter_mut().find(|value| value.key == key) {
            Some(value) => value.color = Some(color),
            None => return Err(Failure::wrong(on_command("color_of_nothing").with("key", key))),
        }
    }
    message.url = args.url.clone().filter(|url| !url.is_empty());
    if let Some(appid) = &args.mini_appid {
        message.mini = Some(MiniProgram { appid: AppId::parse(appid)?, path: args.mini_path.clone() });
    }
    Ok(message)
}

fn pair<'a>(text: &'a str, option: &str, shape: &str) -> Result<(&'a str, &'a str), Failure> {
    let split = text.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) =
        split.ok_or_else(|| Failure::wrong(on_command("pair").with("option", option).with("text", text).with("shape", shape)))?;
    Ok((key.trim(), value))
}

/// A template by its id, alias or title; two of one name are both named.
pub fn find_template(context: &Context, templates: &[Template], aliases: &Aliases, name: &str) -> Result<Template, Failure> {
    if templates.is_empty() {
        return Err(Failure::usage(context.texts().say("cli.no_templates")));
    }
    match aliases.find(templates, name) {
        Named::One(template) => Ok(template.clone()),
        Named::Two(first, second) => {
            let args = [("name", name), ("first", first.id.as_str()), ("second", second.id.as_str())];
            Err(Failure::usage(context.texts().say_with("cli.two_templates", &args)))
        }
        Named::Nothing => {
            let known = known_names(templates, aliases);
            Err(Failure::usage(context.texts().say_with("cli.unknown_template", &[("name", name), ("known", &known)])))
        }
    }
}

/// What the first templates are called.
fn known_names(templates: &[Template], aliases: &Aliases) -> String {
    let name = |template: &Template| {
        let title = if template.title.trim().is_empty() { template.id.as_str() } else { template.title.trim() };
        aliases.of(&template.id).map_or_else(|| title.to_owned(), |alias| format!("{alias} ({title})"))
    };
    let names: Vec<String> = templates.iter().take(NAMED).map(name).collect();
    let more = if templates.len() > NAMED { ", …" } else { "" };
    names.join(", ") + more
}

fn read_payload(context: &Context, path: &Path) -> Result<Payload, Failure> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| Failure::wrong(on_command("unreadable").with("path", &shown).with("why", error));
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().take(PAYLOAD_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        std::fs::File::open(path).and_then(|file| file.take(PAYLOAD_LIMIT).read_to_end(&mut bytes)).map_err(unreadable)?;
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(context.texts().say_with("cli.payload_not_utf8", &[("file", &shown.to_string())])))?;
    payload::read(&text).map_err(|error| Failure::wrong(on_command("payload").with("path", &shown).telling("what", &error)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Cli, Command, SendArgs};
    use crate::domain::audience::{Join, UserSet};
    use crate::domain::command_line;
    use crate::domain::id::{TagId, TemplateId};
    use clap::Parser;
    use proptest::prelude::*;

    /// What clap makes of the words that a real shell makes of a line.
    fn parsed(line: &str) -> SendArgs {
        let script = format!("muban() {{ for word do printf '%s\\0' \"$word\"; done; }}\n{line}");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let words = String::from_utf8(output.stdout).unwrap();
        let words = std::iter::once("muban").chain(words.split_terminator('\0'));
        match Cli::try_parse_from(words).unwrap().command {
            Some(Command::Send(args)) => *args,
            other => panic!("{other:?}"),
        }
    }

    fn any_message() -> impl Strategy<Value = Message> {
        // Whatever a shell may trip over; only a NUL can never be in an argument.
        let text = || prop_oneof![r"[ -~\n手😀￥]{0,12}", "[^\0]{0,8}", Just("-x".to_owned())];
        let color = prop_oneof![Just(None), "#[0-9a-f]{6}".prop_map(|color| Color::parse(&color).ok())];
        let values = prop::collection::btree_map("[a-z_-][a-z.姓-]{0,5}[0-9]", (text(), color), 0..4);
        let mini = prop::option::of(("wx[0-9a-f]{16}", prop::option::of("[ -~]{1,9}")));
        ("[A-Za-z0-9_-]{1,43}", values, prop::option::of("[ -~]{1,20}"), mini).prop_map(|(id, values, url, mini)| Message {
            template_id: TemplateId::trusted(id),
            values: values.into_iter().map(|(key, (value, color))| FieldValue { key, value, color }).collect(),
            url,
            mini: mini.map(|(appid, path)| MiniProgram { appid: AppId::trusted(appid), path }),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_line_of_a_message_is_read_back_as_the_message(message in any_message(), account in "[ -~]{1,12}") {
            let mut audience = Audience::of(UserSet::Tag(TagId(101)));
            audience.push(Join::Union, UserSet::Users(vec![OpenId::trusted("-oA"), OpenId::trusted("oB")]));
            audience.push(Join::Difference, UserSet::Tag(TagId(102)));
            let names = |id: TagId| (id.0 == 101).then(|| "-VIP 'x'".to_owned());
            let args = parsed(&command_line::send(&account, &message, &audience, names).unwrap());
            let template = Template::empty(message.template_id.clone());
            prop_assert_eq!(args.message.template.as_deref(), Some(message.template_id.as_str()));
            prop_assert_eq!(from_options(&args.message, &template).unwrap(), message);
            prop_assert_eq!(args.account.account, Some(account));
            prop_assert_eq!(args.to, ["-oA", "oB"]);
            prop_assert_eq!((args.tag, args.minus_tag, args.all), (vec!["-VIP 'x'".to_owned()], vec!["102".to_owned()], false));
        }
    }

    #[test]
    fn a_line_without_an_audience_leaves_it_to_be_added() {
        let mut message = Message::new(TemplateId::trusted("-Hmr2_"));
        message.values.push(FieldValue { key: "thing1".into(), value: "it's {{ remark }}".into(), color: None });
        let args = parsed(&command_line::send_to_nobody_yet("Acme 服务号", &message));
        assert_eq!(from_options(&args.message, &Template::empty(message.template_id.clone())).unwrap(), message);
        assert!(!args.all && !args.yes && args.tag.is_empty() && args.to.is_empty());
    }
}
