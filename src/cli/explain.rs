//! `explain`: what a code or a reply means and what to do. Needs neither store nor network.

use super::args::ExplainArgs;
use super::context::{Context, print, print_json};
use super::failure::{Done, Exit, Failure};
use crate::domain::errcode;
use crate::domain::reply::{ErrmsgParts, Shape, shape};
use crate::text::explain as told;
use crate::text::width::pad_left;
use serde_json::{Value, json};

/// Codes that a search lists for people.
const LISTED: usize = 40;
/// Columns of a code.
const CODE: usize = 8;

/// What is said of what was asked for.
#[derive(Default)]
struct Answer {
    errcode: Option<i64>,
    class: Option<&'static str>,
    /// The class in a few words.
    label: Option<&'static str>,
    area: Option<&'static str>,
    meaning: Option<String>,
    remedy: Option<String>,
}

/// Explains one code or reply, or lists codes.
pub fn explain(context: &Context, args: &ExplainArgs) -> Done {
    if let Some(text) = &args.search {
        search(context, text);
        return Ok(Exit::Fine);
    }
    let raw = args.what.as_deref().unwrap_or_default();
    let found = answer(context, raw, args.call.as_deref());
    let found = found.ok_or_else(|| Failure::usage(context.texts().say("cli.nothing_to_explain")))?;
    let parts = ErrmsgParts::read(raw);
    if context.json {
        print_json(&document(&found, &parts));
    } else {
        tell(&found, &parts);
    }
    Ok(Exit::Fine)
}

fn answer(context: &Context, raw: &str, call: Option<&str>) -> Option<Answer> {
    let own = |key: &str| {
        let say = |key: String| Some(context.texts().say(&key).to_owned());
        Answer { meaning: say(format!("told.{key}")), remedy: say(format!("told.{key}_remedy")), ..Answer::default() }
    };
    match shape(raw) {
        Shape::Code(code) => {
            let told = told::explain(code, raw, call, context.lang);
            Some(Answer {
                errcode: Some(code),
                class: Some(told.class.as_str()),
                label: Some(told.class.label(context.lang)),
                area: Some(told.area),
                meaning: Some(told.meaning.into_owned()),
                remedy: Some(told.remedy.into_owned()),
            })
        }
        Shape::Receipt(receipt) => Some(own(receipt.as_str())),
        Shape::Rid => Some(own("rid")),
        Shape::Page => Some(own("page")),
        Shape::Nothing => Some(own("nothing")),
        Shape::Other => None,
    }
}

fn document(answer: &Answer, parts: &ErrmsgParts<'_>) -> Value {
    json!({
        "errcode": answer.errcode,
        "class": answer.class,
        "area": answer.area,
        "meaning": answer.meaning,
        "remedy": answer.remedy,
        "rid": parts.rid,
        "field": parts.field.map(|fault| fault.key),
        "ip": parts.ip,
    })
}

fn tell(answer: &Answer, parts: &ErrmsgParts<'_>) {
    if let (Some(code), Some(label)) = (answer.errcode, answer.label) {
        print(&format!("{code}  {label}"));
    }
    [&answer.meaning, &answer.remedy].into_iter().flatten().for_each(|text| print(text));
    let found = [("rid", parts.rid), ("hint", parts.hint)];
    for (name, value) in found.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))) {
        print(&format!("{name}: {value}"));
    }
}

fn search(context: &Context, text: &str) {
    let found = errcode::search(text, None);
    if context.json {
        let rows = found.iter().map(|entry| {
            json!({
                "errcode": entry.errcode,
                "class": entry.class.as_str(),
                "area": entry.area,
                "meaning": entry.meaning(context.lang),
                "remedy": entry.remedy(context.lang),
            })
        });
        print_json(&rows.collect::<Vec<_>>());
        return;
    }
    for entry in found.iter().take(LISTED) {
        print(&format!("{}  {}", pad_left(&entry.errcode.to_string(), CODE), entry.meaning(context.lang)));
    }
}
