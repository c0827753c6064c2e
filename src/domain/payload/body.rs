//! From an object to a message: what is beyond doubt is put right and told.

use super::error::{Expected, Fault, Wrong};
use super::json::{self, Json, Member, Node};
use super::names::{self, Role};
use super::note::{Note, Notes};
use crate::domain::id::{AppId, OpenId, TemplateId};
use crate::domain::message::{Color, FieldValue, Message, MiniProgram};

/// Reads the members of a body; `outer_to` is a recipient that stands around it.
pub(super) fn read(body: Vec<Member>, outer_to: Option<Node>, notes: &mut Notes) -> Result<(Option<OpenId>, Message), Wrong> {
    let mut parts = Parts::default();
    for member in once_each(body, "", notes) {
        parts.put(member, notes)?;
    }
    let template_id = parts.template_id.map(|node| text(node, "template_id")).transpose()?.unwrap_or_default();
    if template_id.1.trim().is_empty() {
        return Err(Fault::Missing { member: "template_id" }.into());
    }
    let (at, value) = template_id;
    let id = TemplateId::parse(&value).map_err(|_| Wrong::at(at, Fault::TemplateId { value }))?;
    let mut message = Message::new(id);
    message.url = parts.url.map(|node| text(node, "url")).transpose()?.map(|(_, url)| url).filter(|url| !url.is_empty());
    message.mini = parts.mini.map(|node| mini(node, notes)).transpose()?.flatten();
    message.values = values(parts.data.ok_or(Fault::Missing { member: "data" })?, notes)?;
    let to = parts.to.or(outer_to).map(|node| recipient(node, notes)).transpose()?.flatten();
    Ok((to, message))
}

/// The members that mean something, not yet read.
#[derive(Default)]
struct Parts {
    to: Option<Node>,
    template_id: Option<Node>,
    url: Option<Node>,
    mini: Option<Node>,
    data: Option<Node>,
}

impl Parts {
    fn put(&mut self, member: Member, notes: &mut Notes) -> Result<(), Wrong> {
        let Some((known, role)) = names::body(&member.name) else { return Err(stranger(member)) };
        let slot = match role {
            Role::ToUser => &mut self.to,
            Role::TemplateId => &mut self.template_id,
            Role::Url => &mut self.url,
            Role::Mini => &mut self.mini,
            Role::Data => &mut self.data,
            Role::ClientMsgId => return told(notes, Note::ClientMsgId),
            Role::AccessToken => return told(notes, Note::AccessToken),
            Role::NoEffect => return told(notes, Note::NoEffect { members: vec![member.name] }),
            Role::Subscription => return told(notes, Note::Subscription { members: vec![member.name] }),
        };
        if member.value.json == Json::Null {
            return Ok(());
        }
        if slot.is_some() {
            notes.add(Note::Twice { members: vec![known.to_owned()] });
        }
        if member.name != known {
            notes.add(Note::Renamed { members: vec![member.name], to: known });
        }
        *slot = Some(member.value);
        Ok(())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it ends a function that may fail")]
fn told(notes: &mut Notes, note: Note) -> Result<(), Wrong> {
    notes.add(note);
    Ok(())
}

fn stranger(member: Member) -> Wrong {
    let Member { at, name, value } = member;
    let has_value = matches!(&value.json, Json::Object(inner) if inner.iter().any(|m| m.name == "value"));
    let fault = match names::nearest(&name, names::BODY_NAMES) {
        Some(nearest) => Fault::Misspelt { member: name, nearest },
        None if has_value || names::is_field_key(&name) => Fault::OutsideData { member: name },
        None => Fault::Unknown { member: name, known: names::BODY_NAMES },
    };
    Wrong::at(at, fault)
}

/// Of members with the same name only the last, in the place of the first: so do most programs that read JSON.
fn once_each(members: Vec<Member>, path: &str, notes: &mut Notes) -> Vec<Member> {
    let mut kept: Vec<Member> = Vec::with_capacity(members.len());
    for member in members {
        match kept.iter_mut().find(|known| known.name == member.name) {
            Some(known) => {
                notes.add(Note::Twice { members: vec![format!("{path}{}", member.name)] });
                *known = member;
            }
            None => kept.push(member),
        }
    }
    kept
}

fn wrong_type(at: usize, member: impl Into<String>, expected: Expected) -> Wrong {
    Wrong::at(at, Fault::Type { member: member.into(), expected })
}

/// A text and its place.
fn text(node: Node, member: &str) -> Result<(usize, String), Wrong> {
    match node.json {
        Json::Text(text) => Ok((node.at, text)),
        _ => Err(wrong_type(node.at, member, Expected::Text)),
    }
}

fn recipient(node: Node, notes: &mut Notes) -> Result<Option<OpenId>, Wrong> {
    let Json::Text(value) = node.json else { return Err(wrong_type(node.at, "touser", Expected::OneOpenId)) };
    if value.trim().is_empty() {
        return Ok(None);
    }
    if is_placeholder(&value) {
        notes.add(Note::NoRecipient { value });
        return Ok(None);
    }
    OpenId::parse(&value).map(Some).map_err(|_| Wrong::at(node.at, Fault::OpenId { value }))
}

/// A variable of some program, or words that describe what belongs here; never the openid of somebody else.
fn is_placeholder(openid: &str) -> bool {
    let folded = names::fold(openid);
    openid.contains(['{', '}', '$', '<', '>', '%', '*'])
        || !openid.is_ascii()
        || matches!(folded.as_str(), "openid" | "touser" | "useropenid" | "youropenid")
        || folded.chars().all(|c| c == 'x')
}

/// An empty object or list, as some programs always send it, means no mini program (`wechat-api.md §5.1`).
fn mini(node: Node, notes: &mut Notes) -> Result<Option<MiniProgram>, Wrong> {
    let members = match node.json {
        Json::Object(members) => members,
        Json::List(items) if items.is_empty() => return Ok(None),
        Json::Text(text) if text.trim().is_empty() => return Ok(None),
        Json::Text(text) if text.trim_start().starts_with('{') => {
            notes.add(Note::EncodedTwice { member: Some("miniprogram") });
            return mini(json::inner(&text, node.at)?, notes);
        }
        _ => return Err(wrong_type(node.at, "miniprogram", Expected::Object)),
    };
    let (mut appid, mut path) = ((node.at, String::new()), None);
    for member in once_each(members, "miniprogram.", notes) {
        let name = format!("miniprogram.{}", member.name);
        let known = match names::fold(&member.name).as_str() {
            // The name in the documentation of 2017.
            "path" | "page" => Some("pagepath"),
            // A switch of a Java program's own.
            "usepath" => {
                notes.add(Note::NoEffect { members: vec![name] });
                continue;
            }
            _ => names::one_of(&member.name, names::MINI_NAMES),
        };
        let Some(known) = known else { return Err(unknown(member.at, name, &member.name, names::MINI_NAMES)) };
        if member.value.json == Json::Null {
            continue;
        }
        if member.name != known {
            notes.add(Note::Renamed { members: vec![name.clone()], to: known });
        }
        let value = text(member.value, &name)?;
        if known == "appid" { appid = value } else { path = Some(value.1).filter(|path| !path.is_empty()) }
    }
    let (at, value) = appid;
    match AppId::parse(&value) {
        Ok(appid) => Ok(Some(MiniProgram { appid, path })),
        Err(_) if value.is_empty() && path.is_none() => Ok(None),
        Err(_) if value.is_empty() => Err(Wrong::at(at, Fault::Missing { member: "miniprogram.appid" })),
        Err(_) => Err(Wrong::at(at, Fault::AppId { value })),
    }
}

fn unknown(at: usize, member: String, name: &str, known: &'static str) -> Wrong {
    let fault = match names::nearest(name, known) {
        Some(nearest) => Fault::Misspelt { member, nearest },
        None => Fault::Unknown { member, known },
    };
    Wrong::at(at, fault)
}

fn values(data: Node, notes: &mut Notes) -> Result<Vec<FieldValue>, Wrong> {
    let fields: Vec<Member> = match data.json {
        Json::Object(members) => members,
        Json::List(items) if items.is_empty() => Vec::new(),
        Json::List(items) => {
            notes.add(Note::DataList);
            items.into_iter().map(listed).collect::<Result<_, _>>()?
        }
        Json::Text(text) if text.trim_start().starts_with(['{', '[']) => {
            notes.add(Note::EncodedTwice { member: Some("data") });
            return values(json::inner(&text, data.at)?, notes);
        }
        _ => return Err(wrong_type(data.at, "data", Expected::Object)),
    };
    let mut values: Vec<FieldValue> = Vec::with_capacity(fields.len());
    for field in fields {
        let field = self::field(field, notes)?;
        if has_variable(&field.value) {
            notes.add(Note::Variables { keys: vec![field.key.clone()] });
        }
        match values.iter_mut().find(|known| known.key == field.key) {
            Some(known) => {
                notes.add(Note::Twice { members: vec![format!("data.{}", field.key)] });
                *known = field;
            }
            None => values.push(field),
        }
    }
    Ok(values)
}

/// `$name`, `${name}`, `$[name]`; `$100` is an amount.
fn has_variable(value: &str) -> bool {
    value.split('$').skip(1).any(|after| after.starts_with(|c: char| matches!(c, '{' | '[' | '_') || c.is_ascii_alphabetic()))
}

/// `{"name": "thing1", "value": …, "color": …}`, as a Java bean of this is written out.
fn listed(item: Node) -> Result<Member, Wrong> {
    let at = item.at;
    let Json::Object(mut members) = item.json else { return Err(wrong_type(at, "data", Expected::Object)) };
    let is_name = |member: &Member| matches!(names::fold(&member.name).as_str(), "name" | "key");
    let name = members.iter().position(is_name).map(|place| members.remove(place).value.json);
    match name {
        Some(Json::Text(name)) => Ok(Member { at, name, value: Node { at, json: Json::Object(members) } }),
        _ => Err(wrong_type(at, "data", Expected::Object)),
    }
}

/// The key without what belongs to the template's content: WeChat would answer 47003 "is empty" (`wechat-api.md §4.7`).
fn key(name: String, notes: &mut Notes) -> String {
    let bare = name.trim();
    let bare = bare.strip_prefix("{{").and_then(|inside| inside.strip_suffix("}}")).unwrap_or(bare).trim();
    let bare = bare.strip_suffix(".DATA").or_else(|| bare.strip_suffix(".data")).unwrap_or(bare).trim_end();
    if bare.is_empty() || bare == name {
        return name;
    }
    let key = bare.to_owned();
    notes.add(Note::KeysStripped { keys: vec![name] });
    key
}

fn field(member: Member, notes: &mut Notes) -> Result<FieldValue, Wrong> {
    let key = key(member.name, notes);
    let at = member.value.at;
    let (value, color) = match member.value.json {
        Json::Object(members) => return written_out(key, at, members, notes),
        Json::List(items) => {
            let mut items = items.into_iter();
            let (value, color, more) = (items.next(), items.next(), items.next());
            if more.is_some() {
                return Err(wrong_type(at, format!("data.{key}"), Expected::Text));
            }
            notes.add(Note::ListValues { keys: vec![key.clone()] });
            (value.unwrap_or(Node { at, json: Json::Null }), color)
        }
        json => {
            notes.add(Note::PlainValues { keys: vec![key.clone()] });
            (Node { at, json }, None)
        }
    };
    let value = value_text(&key, value, notes)?;
    let color = color.and_then(|color| self::color(&key, &color, notes));
    Ok(FieldValue { key, value, color })
}

/// `{"value": …, "color": …}`
fn written_out(key: String, at: usize, members: Vec<Member>, notes: &mut Notes) -> Result<FieldValue, Wrong> {
    let (mut value, mut color) = (None, None);
    for member in once_each(members, &format!("data.{key}."), notes) {
        let name = format!("data.{key}.{}", member.name);
        let Some(known) = names::one_of(&member.name, names::FIELD_NAMES) else {
            return Err(unknown(member.at, name, &member.name, names::FIELD_NAMES));
        };
        if member.name != known {
            notes.add(Note::Renamed { members: vec![name], to: known });
        }
        if known == "value" { value = Some(member.value) } else { color = self::color(&key, &member.value, notes) }
    }
    let value = value.ok_or_else(|| Wrong::at(at, Fault::NoValue { member: format!("data.{key}") }))?;
    let value = value_text(&key, value, notes)?;
    Ok(FieldValue { key, value, color })
}

fn value_text(key: &str, value: Node, notes: &mut Notes) -> Result<String, Wrong> {
    let keys = || vec![key.to_owned()];
    match value.json {
        Json::Text(text) => Ok(text),
        Json::Number(number) => {
            notes.add(Note::NotTexts { keys: keys() });
            Ok(number)
        }
        Json::Bool(is) => {
            notes.add(Note::NotTexts { keys: keys() });
            Ok(is.to_string())
        }
        Json::Null => {
            notes.add(Note::Nulls { keys: keys() });
            Ok(String::new())
        }
        Json::List(_) | Json::Object(_) => Err(wrong_type(value.at, format!("data.{key}.value"), Expected::Text)),
    }
}

fn color(key: &str, color: &Node, notes: &mut Notes) -> Option<Color> {
    let read = match &color.json {
        Json::Null => return None,
        Json::Text(text) if text.trim().is_empty() => return None,
        Json::Text(text) => Color::parse(text).ok(),
        _ => None,
    };
    if read.is_none() {
        notes.add(Note::BadColors { keys: vec![key.to_owned()] });
    }
    read
}
