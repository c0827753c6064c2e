//! The body of the message as a text: where it is edited, and what becomes of it.

use super::app::App;
use super::effect::SystemEffect;
use super::layers::{JsonEditor, Layer, Notice, Purpose};
use super::msg::{ComposeMsg, Level};
use super::out::Out;
use super::widgets::TooLong;
use crate::domain::payload;

/// What there is to begin with without a template.
const SKELETON: &str = "{\n  \"template_id\": \"\",\n  \"data\": {}\n}";

impl App {
    /// Opens the body for editing.
    pub(super) fn edit_json(&mut self, out: &mut Out) {
        let body = self.body();
        self.open_editor(JsonEditor::new(Purpose::Edit, &body), out);
    }

    /// Opens an empty editor for a body from elsewhere.
    pub(super) fn import_body(&mut self, out: &mut Out) {
        self.open_editor(JsonEditor::new(Purpose::Import, ""), out);
    }

    /// Gives the body to the operator's own editor.
    pub(super) fn edit_outside(&mut self, out: &mut Out) {
        out.ask(SystemEffect::EditOutside { text: self.body() });
    }

    /// It came back from there: what is no body is kept, to be mended.
    pub(super) fn take_from_outside(&mut self, text: &str, out: &mut Out) {
        match payload::read(text) {
            Ok(payload) if payload.notes.is_empty() => {
                out.tell(ComposeMsg::BodyTaken { payload: Box::new(payload), fresh: false });
            }
            _ => self.open_editor(JsonEditor::changed(Purpose::Edit, &self.body(), text), out),
        }
    }

    fn body(&self) -> String {
        self.compose.body(None).unwrap_or_else(|| SKELETON.to_owned())
    }

    fn open_editor(&self, editor: Result<JsonEditor, TooLong>, out: &mut Out) {
        out.open(match editor {
            Ok(editor) => Layer::JsonEditor(Box::new(editor)),
            Err(TooLong) => Layer::Notice(Notice::new(Level::Error, self.ctx.say("json.too_long"))),
        });
    }
}
