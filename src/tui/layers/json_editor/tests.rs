use super::*;
use crate::domain::payload::Payload;
use crate::tui::effect::Effect;

const BODY: &str =
    "{\n  \"template_id\": \"T\",\n  \"data\": {\n    \"thing1\": {\n      \"value\": \"手冲咖啡壶\"\n    }\n  }\n}";

fn edit(text: &str) -> JsonEditor {
    JsonEditor::new(Purpose::Edit, text).unwrap()
}

/// Presses keys; says whether it stayed open, what was applied and what was asked for.
fn press(layer: &mut JsonEditor, keys: &str) -> (bool, Vec<Payload>, Vec<Effect>) {
    let mut out = Out::default();
    let mut open = true;
    for key in keys.split(' ') {
        assert!(open, "{key} after it closed");
        open = layer.on_key(key.parse().unwrap(), &mut out) == Then::Stay;
    }
    let taken = |msg| match msg {
        Msg::Compose(ComposeMsg::BodyTaken { payload, .. }) => *payload,
        other => panic!("{other:?}"),
    };
    (open, out.msgs.into_iter().map(taken).collect(), out.effects)
}

fn told(layer: &mut JsonEditor, msg: SystemMsg) {
    assert_eq!(layer.on_msg(&msg.into()), Then::Stay);
}

#[test]
fn what_was_not_changed_is_not_applied() {
    for keys in ["esc", "down end alt-a ctrl-c", "x backspace esc"] {
        let (open, applied, _) = press(&mut edit(BODY), keys);
        assert!(!open && applied.is_empty(), "{keys}");
    }
    let (open, applied, _) = press(&mut edit("not a body"), "esc");
    assert!(!open && applied.is_empty(), "nothing was written");
}

#[test]
fn a_valid_body_is_applied_by_saving_and_by_leaving() {
    for keys in ["ctrl-s", "esc", "ctrl-c"] {
        let mut layer = edit(BODY);
        press(&mut layer, "down down down down right right right right right right right end left X");
        let (open, applied, effects) = press(&mut layer, keys);
        assert!(!open && effects.is_empty());
        let [payload] = applied.as_slice() else { panic!("{applied:?}") };
        assert_eq!((payload.message.value("thing1"), &payload.to), (Some("手冲咖啡壶X"), &None));
    }
    let (open, applied, _) = press(&mut edit(BODY), "ctrl-s");
    assert!(!open && applied.len() == 1, "who asks for it gets it");
}

#[test]
fn an_invalid_body_is_dropped_only_when_asked_twice() {
    let mut layer = edit(BODY);
    press(&mut layer, "ctrl-end backspace");
    assert!(press(&mut layer, "ctrl-home esc").0);
    assert_eq!(layer.said, Some(Said::Dropping));
    assert_eq!(layer.editor.place(), layer.checked.place().unwrap(), "the cursor went where it is wrong");
    assert!(press(&mut layer, "right esc").0, "any other key forgets it");
    assert!(press(&mut layer, "ctrl-s esc").0, "not to be applied is not to be dropped");
    let (open, applied, _) = press(&mut layer, "esc");
    assert!(!open && applied.is_empty());
    let mut layer = edit(BODY);
    assert!(press(&mut layer, "alt-a backspace esc").0, "an empty text is none either");
    assert!(press(&mut layer, "ctrl-u esc").1.is_empty());
}

#[test]
fn a_body_that_is_pasted_over_nothing_of_value_replaces_it() {
    let pasted = "{\"template_id\":\"N\",\"touser\":\"oTD8i6Wz6jQZPSNJlzQv43ApodvI\",\"data\":{\"thing1\":{\"value\":\"茶\"}}}";
    for before in ["", BODY] {
        let mut layer = edit(before);
        layer.on_paste(pasted);
        assert!(layer.editor.text().starts_with("{\n  \"template_id\": \"N\","), "spread over lines: {}", layer.editor.text());
        let (_, applied, _) = press(&mut layer, "esc");
        assert_eq!(applied[0].to.as_ref().map(ToString::to_string).as_deref(), Some("oTD8i6Wz6jQZPSNJlzQv43ApodvI"));
    }
    let mut layer = edit(BODY);
    press(&mut layer, "x");
    layer.on_paste(pasted);
    assert_eq!(layer.editor.text(), format!("x{pasted}{BODY}"), "what was written is kept");
    press(&mut layer, "ctrl-u ctrl-u");
    layer.on_paste("\"no\r\nbody\"");
    assert_eq!(layer.editor.text(), format!("\"no\nbody\"{BODY}"));
    layer.on_paste(&"x".repeat(70_000));
    assert_eq!(layer.said, Some(Said::TooLong));
}

#[test]
fn the_own_editor_gets_the_text_and_gives_it_back() {
    let mut layer = edit(BODY);
    let (_, _, asked) = press(&mut layer, "ctrl-end space ctrl-o");
    assert_eq!(asked, [SystemEffect::EditOutside { text: format!("{BODY} ") }.into()]);
    told(&mut layer, SystemMsg::EditedOutside { text: BODY.replace("手冲", "\t手冲") });
    let (open, applied, _) = press(&mut layer, "esc");
    assert!(!open);
    assert_eq!(applied[0].message.value("thing1"), Some(" 手冲咖啡壶"));
    press(&mut layer, "ctrl-u");
    assert_eq!(layer.editor.text(), format!("{BODY} "), "it can be undone");
}

#[test]
fn a_file_is_asked_for_by_name() {
    let mut layer = JsonEditor::new(Purpose::Import, "").unwrap();
    let read = |name: &str| Effect::from(SystemEffect::ReadFile { name: name.to_owned() });
    let (_, _, asked) = press(&mut layer, "ctrl-f enter b . j enter enter");
    assert_eq!(asked, [read("b.j")], "once, and not without a name");
    told(&mut layer, SystemMsg::FileNotRead { trouble: FileTrouble::NotText });
    assert_eq!(layer.file.as_ref().unwrap().trouble, Some(FileTrouble::NotText));
    assert!(press(&mut layer, "esc").0, "back in the editor");
    told(&mut layer, SystemMsg::FileRead { text: "late".into() });
    assert_eq!(layer.editor.text(), "", "nobody waits for it any more");
    press(&mut layer, "ctrl-f");
    layer.on_paste("b.json\r\n");
    assert_eq!(press(&mut layer, "enter").2, [read("b.json")]);
    told(&mut layer, SystemMsg::FileRead { text: BODY.replace('\n', "\r\n") });
    assert_eq!(layer.editor.text(), BODY);
    assert_eq!(press(&mut layer, "ctrl-s").1.len(), 1);
}
