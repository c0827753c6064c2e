//! `explain`: what a code means and what to do. Needs neither store nor network.

use super::args::ExplainArgs;
use super::context::{Context, print, print_json};
use super::failure::{Done, Exit, Failure};
use crate::domain::errcode::{self, Explanation};
use crate::domain::reply::{self, ErrmsgParts};
use crate::text::width::pad_left;
use serde_json::{Value, json};

/// Codes that a search lists for people.
const LISTED: usize = 40;

/// Explains one code or reply, or lists codes.
pub fn explain(context: &Context, args: &ExplainArgs) -> Done {
    if let Some(text) = &args.search {
        search(context, text);
        return Ok(Exit::Fine);
    }
    let raw = args.what.as_deref().unwrap_or_default();
    let parts = ErrmsgParts::read(raw);
    let code = reply::errcode(raw);
    if code.is_none() && parts.rid.is_none() {
        return Err(Failure::usage(context.texts().say("cli.nothing_to_explain")));
    }
    let explanation = code.map(|code| match &args.call {
        Some(call) => errcode::explain_on(code, call, context.lang),
        None => errcode::explain(code, context.lang),
    });
    if context.json {
        print_json(&document(code, explanation.as_ref(), &parts));
    } else {
        tell(context, code, explanation.as_ref(), &parts);
    }
    Ok(Exit::Fine)
}

fn document(code: Option<i64>, explanation: Option<&Explanation>, parts: &ErrmsgParts<'_>) -> Value {
    json!({
        "errcode": code,
        "class": explanation.map(|e| e.class.as_str()),
        "area": explanation.map(|e| e.area),
        "meaning": explanation.map(|e| e.meaning.as_ref()),
        "remedy": explanation.map(|e| e.remedy.as_ref()),
        "rid": parts.rid,
        "field": parts.field.map(|fault| fault.key),
        "ip": parts.ip,
    })
}

fn tell(context: &Context, code: Option<i64>, explanation: Option<&Explanation>, parts: &ErrmsgParts<'_>) {
    if let (Some(code), Some(e)) = (code, explanation) {
        print(&format!("{code}  {}", e.class.label(context.lang)));
        print(&e.meaning);
        print(&e.remedy);
    }
    let found = [("rid", parts.rid), ("IP", parts.ip), ("data", parts.field.map(|fault| fault.key))];
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
        print(&format!("{}  {}", pad_left(&entry.errcode.to_string(), 8), entry.meaning(context.lang)));
    }
}
