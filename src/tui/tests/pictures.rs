//! Pictures of a moment in each language and size; and that nothing which can lie on top of the panes is without.

use crate::domain::lang::Lang;
use crate::tui::testkit::Bench;

/// The sizes in which everything has its picture.
pub const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];

/// Every layer, and the moment in whose pictures it lies uppermost.
const LAYERS: &[(&str, &str)] = &[
    ("Help", "help"),
    ("Palette", "palette"),
    ("Notice", "notice"),
    ("NoticeLog", "notice_log"),
    ("Question", "question"),
    ("Choice", "quit"),
    ("AddAccount", "add_account"),
    ("Catalogue", "catalogue"),
    ("Checkup", "checkup"),
    ("Audience", "audience_builder"),
    ("ReadFile", "read_file"),
    ("FilterUsers", "filter_users"),
    ("GoTo", "go_to"),
    ("TagName", "tag_name"),
    ("TagUsers", "tag_users"),
    ("RemarkUser", "remark_user"),
    ("WhichOne", "which_one"),
    ("Rehearsal", "dry_run"),
    ("Save", "save"),
    ("ClearQuota", "clear_quota"),
    ("AddTemplate", "add_template"),
    ("DeleteTemplate", "delete_template"),
    ("ImportNames", "import_names"),
    ("TemplateAlias", "template_alias"),
    ("Industries", "industries"),
    ("SetIndustries", "set_industries"),
    ("TestSend", "test_send"),
    ("Confirm", "confirm_changed"),
    ("Inspector", "delivery"),
    ("Pace", "pace"),
    ("Drafts", "drafts"),
    ("History", "history"),
    ("Errors", "errors"),
    ("Summary", "summary"),
    ("Findings", "findings"),
    ("Export", "export_json"),
    ("UserHistory", "user_history"),
    ("JsonEditor", "json_editor"),
    ("Settings", "settings"),
];

/// Starts a screen in each language and size, lets something happen on it, and compares it with its picture.
pub fn pictures(moment: &str, happen: impl Fn(&mut Bench), start: impl Fn(Lang, (u16, u16)) -> Bench) {
    pictures_in(&SIZES, moment, happen, start);
}

/// The same in other sizes.
pub fn pictures_in(sizes: &[(u16, u16)], moment: &str, happen: impl Fn(&mut Bench), start: impl Fn(Lang, (u16, u16)) -> Bench) {
    for lang in [Lang::En, Lang::Zh] {
        for size in sizes.iter().copied() {
            let mut bench = start(lang, size);
            happen(&mut bench);
            is_of(moment, &bench);
            insta::assert_snapshot!(format!("{}_{}x{}_{moment}", lang.as_str(), size.0, size.1), bench.screen());
        }
    }
}

/// If these are the pictures of a layer, that it is there to be seen.
pub fn is_of(moment: &str, bench: &Bench) {
    for (layer, _) in LAYERS.iter().filter(|(_, known)| *known == moment) {
        let uppermost = bench.app.layers.last().map(|layer| format!("{layer:?}")).unwrap_or_default();
        assert!(uppermost.starts_with(&format!("{layer}(")), "{moment} is to show {layer}, and shows {uppermost}");
    }
}

/// The names of the layers, as they are in the code.
fn layers() -> Vec<&'static str> {
    let code = include_str!("../layers/mod.rs");
    let (_, after) = code.split_once("pub enum Layer {").unwrap();
    let (inside, _) = after.split_once("\n}").unwrap();
    let names = inside.lines().filter(|line| !line.trim_start().starts_with("//")).filter_map(|line| line.split_once('('));
    names.map(|(name, _)| name.trim()).collect()
}

#[test]
fn every_layer_has_its_pictures() {
    let layers = layers();
    assert!(layers.len() > 30, "the search looks in the wrong place: {layers:?}");
    let pictured: Vec<&str> = LAYERS.iter().map(|(layer, _)| *layer).collect();
    let without: Vec<&&str> = layers.iter().filter(|layer| !pictured.contains(layer)).collect();
    assert!(without.is_empty(), "no moment is named for {without:?}");
    let folder = format!("{}/src/tui/tests/snapshots", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: Vec<String> = files.collect();
    for (layer, moment) in LAYERS {
        for (lang, (width, height)) in ["en", "zh"].into_iter().flat_map(|lang| SIZES.map(|size| (lang, size))) {
            let name = format!("__{lang}_{width}x{height}_{moment}.snap");
            assert!(files.iter().any(|file| file.ends_with(&name)), "{layer} has no picture {name}");
        }
    }
}
