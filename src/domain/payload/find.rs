//! Where in a text the body is: the whole of it, within an SDK's or a tool's wrapping, in a command line, in a log.

use super::error::{Fault, Wrong};
use super::json::{self, Json, Member, Node};
use super::names::{self, Role};
use super::note::{Note, Notes};
use super::shell::{self, Word};

/// JSON texts within JSON texts; more is nobody's mistake.
const LAYERS: usize = 4;
/// Beginnings that are tried in a text that is not JSON as a whole.
const TRIES: usize = 32;

/// A body, and the recipient that stands around it.
pub(super) struct Located {
    pub body: Vec<Member>,
    pub to: Option<Node>,
}

/// Finds the one body of a text.
pub(super) fn body(text: &str, notes: &mut Notes) -> Result<Located, Wrong> {
    let begin = text.find(|c| !json::is_blank(c)).ok_or(Fault::Empty)?;
    match json::whole(text, begin) {
        Ok(found) => {
            if found.odd_blanks || text.get(..begin).is_some_and(|before| before.contains(|c: char| !c.is_ascii())) {
                notes.add(Note::OddBlanks);
            }
            within(found.node, notes)
        }
        Err(wrong) => in_other_text(text, begin, wrong, notes),
    }
}

/// The body in a text that is not JSON as a whole; `wrong` is why it is not.
fn in_other_text(text: &str, begin: usize, wrong: Wrong, notes: &mut Notes) -> Result<Located, Wrong> {
    let rest = text.get(begin..).unwrap_or_default();
    if rest.trim_start_matches('"').starts_with('<') {
        return Err(Fault::Xml.into());
    }
    if let Some(body) = shell::curl_body(text) {
        let node = curl(text, &body?)?;
        notes.add(Note::Curl);
        return within(node, notes);
    }
    match without_its_ends(rest, begin) {
        Some(node) => within(node, notes),
        None => among_words(text, begin, wrong, notes),
    }
}

/// JSON that lost what was around it when it was copied: a member without its object, a quoted text without its quotes.
fn without_its_ends(rest: &str, begin: usize) -> Option<Node> {
    let rest = rest.trim_end();
    let whole = if rest.starts_with('"') {
        format!("{{{}}}", rest.trim_end_matches(','))
    } else if rest.trim_start_matches('{').trim_start().starts_with("\\\"") {
        format!("\"{rest}\"")
    } else {
        return None;
    };
    json::inner(&whole, begin).ok()
}

/// The one JSON object with a body in a log line, a document, a program.
fn among_words(text: &str, begin: usize, wrong: Wrong, notes: &mut Notes) -> Result<Located, Wrong> {
    let rest = text.get(begin..).unwrap_or_default();
    let braces: Vec<usize> = rest.match_indices('{').map(|(at, _)| begin + at).take(TRIES).collect();
    let mut other = None;
    for at in &braces {
        let Ok(found) = json::prefix(text, *at) else { continue };
        if Bodies::of(&found.node).found.is_empty() {
            other.get_or_insert(found.node);
            continue;
        }
        if text.get(found.end..).is_some_and(|after| after.contains("\"template_id\"")) {
            return Err(Fault::Several { count: 2 }.into());
        }
        notes.add(Note::Surrounded);
        return within(found.node, notes);
    }
    let Some(first) = braces.first().copied() else {
        return Err(if rest.starts_with(['[', '"']) { wrong } else { Fault::NoJson.into() });
    };
    match (json::prefix(text, first), other) {
        _ if first == begin => Err(wrong),
        (Ok(_), Some(node)) => incomplete(node),
        (read, _) => Err(read.err().unwrap_or(wrong)),
    }
}

fn curl(text: &str, word: &Word) -> Result<Node, Wrong> {
    if word.text.starts_with('@') {
        return Err(Fault::BodyInFile.into());
    }
    if text.get(word.at..).is_some_and(|there| there.starts_with(&word.text)) {
        // Nothing in it was changed by quoting: each place is the place in the text.
        return json::prefix(text, word.at).map(|found| found.node);
    }
    json::inner(&word.text, word.at)
}

/// The one body in a JSON value.
fn within(node: Node, notes: &mut Notes) -> Result<Located, Wrong> {
    let node = decoded(node, notes)?;
    let mut bodies = Bodies::of(&node);
    let count = bodies.found.len();
    match (bodies.found.pop(), bodies.wrong) {
        (Some(found), _) if count == 1 => Ok(found.told(notes)),
        (Some(_), _) if is_reply(&node) => Err(Fault::Reply.into()),
        (Some(_), _) => Err(Fault::Several { count }.into()),
        (None, Some(wrong)) => Err(wrong),
        (None, None) => incomplete(node),
    }
}

/// The whole body may be a text that holds the body.
fn decoded(mut node: Node, notes: &mut Notes) -> Result<Node, Wrong> {
    for _ in 0..LAYERS {
        let Json::Text(text) = &node.json else { break };
        if text.trim().is_empty() {
            return Err(Fault::Empty.into());
        }
        if !text.trim_start().starts_with(['{', '[', '"']) {
            return Err(Fault::NotObject.into());
        }
        node = json::inner(text, node.at)?;
        notes.add(Note::EncodedTwice { member: None });
    }
    Ok(node)
}

/// No body in here: what is it then? One that lacks its `template_id` is told so member by member.
fn incomplete(node: Node) -> Result<Located, Wrong> {
    let at = node.at;
    if is_reply(&node) {
        return Err(Fault::Reply.into());
    }
    let Json::Object(body) = node.json else { return Err(Wrong::at(at, Fault::NotObject)) };
    if let Some(member) = body.iter().find(|member| matches!(member.name.as_str(), "msgtype" | "MsgType")) {
        return Err(Wrong::at(member.at, Fault::OtherMessage { member: member.name.clone() }));
    }
    Ok(Located { body, to: None })
}

fn is_reply(node: &Node) -> bool {
    let Json::Object(members) = &node.json else { return false };
    members.iter().any(|member| matches!(member.name.as_str(), "errcode" | "errmsg" | "template_list"))
}

/// Every body in a JSON value.
#[derive(Default)]
struct Bodies {
    found: Vec<Candidate>,
    /// The first text that looks like a body and is not JSON.
    wrong: Option<Wrong>,
}

struct Candidate {
    path: String,
    uniform: bool,
    body: Vec<Member>,
    to: Option<Node>,
}

impl Bodies {
    fn of(node: &Node) -> Self {
        let mut bodies = Self::default();
        bodies.search(node, "", None, 0);
        bodies
    }

    fn search(&mut self, node: &Node, path: &str, to: Option<&Node>, layers: usize) {
        match &node.json {
            Json::Object(members) => self.search_object(members, path, to, layers),
            Json::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.search(item, &format!("{path}[{i}]"), to, layers);
                }
            }
            Json::Text(text)
                if layers < LAYERS && text.contains("template") && text.trim_start().starts_with(['{', '[', '"']) =>
            {
                match json::inner(text, node.at) {
                    Ok(inner) => self.search(&inner, path, to, layers + 1),
                    Err(wrong) => {
                        self.wrong.get_or_insert(wrong);
                    }
                }
            }
            _ => {}
        }
    }

    fn search_object(&mut self, members: &[Member], path: &str, to: Option<&Node>, layers: usize) {
        let of_role =
            |wanted| members.iter().find(move |member| names::body(&member.name).is_some_and(|(_, role)| role == wanted));
        let to = of_role(Role::ToUser).map_or(to, |member| Some(&member.value));
        if of_role(Role::TemplateId).is_some() {
            let (path, body, to) = (path.to_owned(), members.to_vec(), to.cloned());
            self.found.push(Candidate { path, uniform: false, body, to });
            return;
        }
        let uniform = members.iter().find(|member| names::fold(&member.name) == "mptemplatemsg");
        if let Some(Json::Object(inner)) = uniform.map(|member| &member.value.json) {
            // Its `appid` is the account's own.
            let body = inner.iter().filter(|member| member.name != "appid").cloned().collect();
            self.found.push(Candidate { path: path.to_owned(), uniform: true, body, to: to.cloned() });
            return;
        }
        for member in members {
            let dot = if path.is_empty() { "" } else { "." };
            self.search(&member.value, &format!("{path}{dot}{}", member.name), to, layers);
        }
    }
}

impl Candidate {
    fn told(self, notes: &mut Notes) -> Located {
        if !self.path.is_empty() {
            notes.add(Note::Unwrapped { path: self.path });
        }
        if self.uniform {
            notes.add(Note::UniformSend);
        }
        Located { body: self.body, to: self.to }
    }
}
