mod check;
mod view;

pub use check::is_body;

use super::Then;
use crate::text::paste;
use crate::tui::effect::SystemEffect;
use crate::tui::files::FileTrouble;
use crate::tui::input::{Code, Key};
use crate::tui::msg::{ComposeMsg, Msg, SystemMsg};
use crate::tui::out::Out;
use crate::tui::widgets::{Change, Editor, Field, TooLong, pretty};
use check::Checked;

/// The request body as JSON, to be edited; checked at each change.
#[derive(Debug)]
pub struct JsonEditor {
    purpose: Purpose,
    editor: Editor,
    /// What would not be a loss.
    before: String,
    checked: Checked,
    file: Option<FileName>,
    said: Option<Said>,
}

/// What the editor was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To change the message that is in the form.
    Edit,
    /// To take in one from elsewhere.
    Import,
}

/// The name of a file to be loaded.
#[derive(Debug, Default)]
struct FileName {
    name: Field,
    waiting: bool,
    trouble: Option<FileTrouble>,
}

/// Told until the next key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It cannot be applied as it stands.
    Refused,
    /// The same, and the next escape drops it.
    Dropping,
    /// What was to come in is too long.
    TooLong,
}

impl JsonEditor {
    /// Begins with the text that is there, or with none.
    pub fn new(purpose: Purpose, text: &str) -> Result<Self, TooLong> {
        Self::changed(purpose, text, text)
    }

    /// Begins with what became of a text elsewhere.
    pub fn changed(purpose: Purpose, before: &str, text: &str) -> Result<Self, TooLong> {
        let editor = Editor::new(text)?;
        let (before, checked) = (paste::clean(before), Checked::of(&editor.text()));
        let mut layer = Self { purpose, editor, before, checked, file: None, said: None };
        if layer.is_changed() {
            layer.go_to_error();
        }
        Ok(layer)
    }

    pub fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        if let Some(file) = &mut self.file {
            if file.on_key(key, out) == Then::Close {
                self.file = None;
            }
            return Then::Stay;
        }
        let said = self.said.take();
        match (key.code, key.ctrl) {
            (Code::Esc, _) | (Code::Char('c'), true) => return self.leave(said, out),
            (Code::Char('s'), true) => return self.apply(Said::Refused, out),
            (Code::Char('o'), true) => out.ask(SystemEffect::EditOutside { text: self.editor.text() }),
            (Code::Char('f'), true) => self.file = Some(FileName::default()),
            _ => {
                let change = self.editor.edit(key, out);
                self.after(change);
            }
        }
        Then::Stay
    }

    /// A body that is pasted while there is nothing to lose takes the place of all.
    pub fn on_paste(&mut self, text: &str) {
        if let Some(file) = &mut self.file {
            file.name.paste(text);
            (file.waiting, file.trouble) = (false, None);
            return;
        }
        self.said = None;
        if !self.is_changed() && is_body(&paste::clean(text)) {
            self.put(text);
        } else {
            let change = self.editor.paste(text);
            self.after(change);
        }
    }

    pub fn on_msg(&mut self, msg: &Msg) -> Then {
        match msg {
            Msg::System(SystemMsg::EditedOutside { text }) => self.put(text),
            Msg::System(SystemMsg::FileRead { text }) if self.file.as_ref().is_some_and(|file| file.waiting) => {
                self.file = None;
                self.put(text);
            }
            Msg::System(SystemMsg::FileNotRead { trouble }) => {
                if let Some(file) = &mut self.file {
                    (file.waiting, file.trouble) = (false, Some(trouble.clone()));
                }
            }
            _ => {}
        }
        Then::Stay
    }

    fn is_changed(&self) -> bool {
        self.editor.text() != self.before
    }

    /// Takes the place of all there is. What stands in one line is spread over many, unless that would lose something of it.
    fn put(&mut self, text: &str) {
        let spread = Some(text.trim()).filter(|text| !text.contains('\n') && Checked::of(text).is_clean()).map(pretty);
        let change = self.editor.set(spread.as_deref().unwrap_or(text));
        self.after(change);
        self.go_to_error();
    }

    fn after(&mut self, change: Change) {
        match change {
            Change::Text => self.checked = Checked::of(&self.editor.text()),
            Change::Full => self.said = Some(Said::TooLong),
            Change::Cursor | Change::None => {}
        }
    }

    /// Closes where nothing is lost by it; where something would be, only when asked twice.
    fn leave(&mut self, said: Option<Said>, out: &mut Out) -> Then {
        if !self.is_changed() || said == Some(Said::Dropping) { Then::Close } else { self.apply(Said::Dropping, out) }
    }

    /// Gives the body to the form, or says that it is none.
    fn apply(&mut self, otherwise: Said, out: &mut Out) -> Then {
        if let Some(payload) = self.checked.payload() {
            let fresh = self.purpose == Purpose::Import;
            out.tell(ComposeMsg::BodyTaken { payload: Box::new(payload.clone()), fresh });
            return Then::Close;
        }
        self.said = Some(otherwise);
        self.go_to_error();
        Then::Stay
    }

    fn go_to_error(&mut self) {
        if let Some(place) = self.checked.place() {
            self.editor.go(place);
        }
    }
}

impl FileName {
    fn on_key(&mut self, key: Key, out: &mut Out) -> Then {
        match key.code {
            Code::Esc => return Then::Close,
            Code::Char('c') if key.ctrl => return Then::Close,
            Code::Enter if self.waiting || self.name.text().trim().is_empty() => {}
            Code::Enter => {
                (self.waiting, self.trouble) = (true, None);
                out.ask(SystemEffect::ReadFile { name: self.name.text().to_owned() });
            }
            _ if self.name.edit(key, out) == Change::Text => (self.waiting, self.trouble) = (false, None),
            _ => {}
        }
        Then::Stay
    }
}

#[cfg(test)]
mod tests;
