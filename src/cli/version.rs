//! `--version`: what this program was built from. No paths of the machine that built it.

use crate::text::width::pad;
use serde_json::{Value, json};

/// The build as programs want it.
pub fn document() -> Value {
    let known = |text: &'static str| (!text.is_empty()).then_some(text);
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "commit": known(env!("MUBAN_BUILD_COMMIT")),
        "target": env!("MUBAN_BUILD_TARGET"),
        "profile": env!("MUBAN_BUILD_PROFILE"),
        "rustc": known(env!("MUBAN_BUILD_RUSTC")),
        "sqlite": crate::store::sqlite_version(),
        "tls": tls(),
        "features": features(),
    })
}

/// The build for people, below the name of the program.
pub fn long() -> String {
    let or_unknown = |text: &'static str| if text.is_empty() { "unknown" } else { text };
    let features = features();
    let facts = [
        ("commit", or_unknown(env!("MUBAN_BUILD_COMMIT")).to_owned()),
        ("target", env!("MUBAN_BUILD_TARGET").to_owned()),
        ("profile", env!("MUBAN_BUILD_PROFILE").to_owned()),
        ("rustc", or_unknown(env!("MUBAN_BUILD_RUSTC")).to_owned()),
        ("sqlite", crate::store::sqlite_version().to_owned()),
        ("tls", tls()),
        ("features", if features.is_empty() { "none".to_owned() } else { features.join(", ") }),
    ];
    let lines = facts.map(|(name, value)| format!("{} {value}", pad(name, 9)));
    format!("{}\n{}", env!("CARGO_PKG_VERSION"), lines.join("\n"))
}

fn features() -> Vec<&'static str> {
    let all = [("sim", cfg!(feature = "sim")), ("xlsx", cfg!(feature = "xlsx"))];
    all.into_iter().filter(|(_, built_in)| *built_in).map(|(name, _)| name).collect()
}

fn tls() -> String {
    format!("rustls {} with ring", env!("MUBAN_BUILD_RUSTLS")).replace("  ", " ")
}
