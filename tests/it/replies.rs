//! Raw replies as people got them: each is read, classed and explained, without a network.

use muban::domain::errcode;
use muban::domain::lang::Lang;
use muban::domain::reply::{self, ErrmsgParts, Shape, shape};
use muban::text::explain;
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct Table {
    reply: Vec<Reply>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    source: String,
    call: Option<String>,
    raw: String,
    errcode: Option<i64>,
    class: Option<String>,
    rid: Option<String>,
    ip: Option<String>,
    field: Option<String>,
}

impl Reply {
    /// What is read otherwise than a person reads it.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut compare = |what: &str, found: Option<String>, expected: Option<String>| {
            if found != expected {
                faults.push(format!("{}\n  {}\n  {what}: {found:?}, not {expected:?}", self.source, self.raw));
            }
        };
        let (code, parts) = (reply::errcode(&self.raw), ErrmsgParts::read(&self.raw));
        compare("errcode", code.map(|code| code.to_string()), self.errcode.map(|code| code.to_string()));
        let seen = match shape(&self.raw) {
            Shape::Code(code) => Some(code),
            _ => None,
        };
        compare("shape", seen.map(|code| code.to_string()), self.errcode.map(|code| code.to_string()));
        compare("rid", parts.rid.map(str::to_owned), self.rid.clone());
        compare("ip", parts.ip.map(str::to_owned), self.ip.clone());
        compare("field", parts.field.map(|fault| fault.key.to_owned()), self.field.clone());
        let class = |code| self.call.as_ref().map_or_else(|| errcode::class_of(code), |call| errcode::class_on(code, call));
        compare("class", self.errcode.map(|code| class(code).as_str().to_owned()), self.class.clone());
        faults
    }
}

#[test]
fn every_reply_is_read_classed_and_explained_as_a_person_would() {
    let table: Table = toml::from_str(include_str!("../data/replies.toml")).unwrap();
    assert!(table.reply.len() >= 60);
    let codes: BTreeSet<i64> = table.reply.iter().filter_map(|reply| reply.errcode).collect();
    assert!(codes.len() >= 30, "{codes:?}");
    let faults: Vec<String> = table.reply.iter().flat_map(Reply::faults).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), table.reply.len(), faults.join("\n"));
    for code in codes {
        for lang in [Lang::En, Lang::Zh] {
            let explained = errcode::explain(code, lang);
            assert!(!explained.meaning.is_empty() && !explained.remedy.is_empty(), "{code}");
        }
    }
}

#[test]
fn what_a_reply_names_is_in_its_explanation() {
    let table: Table = toml::from_str(include_str!("../data/replies.toml")).unwrap();
    let (mut fields, mut addresses) = (0, 0);
    for reply in &table.reply {
        let Some(code) = reply.errcode else { continue };
        for lang in [Lang::En, Lang::Zh] {
            let told = explain::explain(code, &reply.raw, reply.call.as_deref(), lang);
            assert!(reply.field.as_ref().is_none_or(|field| told.meaning.contains(field)), "{}", told.meaning);
            assert!(reply.ip.as_ref().is_none_or(|ip| told.remedy.contains(ip)), "{}", told.remedy);
            fields += usize::from(reply.field.is_some());
            addresses += usize::from(reply.ip.is_some());
        }
    }
    assert!(fields > 0 && addresses > 10, "{fields} fields, {addresses} addresses");
}
