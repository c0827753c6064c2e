mod card;

use super::notice;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::effect::SystemEffect;
use crate::tui::keys::Action;
use crate::tui::msg::{ComposeMsg, Level, Msg, Shown, SystemMsg};
use crate::tui::out::Out;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Panel, parts, pretty};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// What the recipient gets: the exact JSON, and the card.
#[derive(Debug, Default)]
pub struct Preview {
    shown: Option<Box<Shown>>,
    /// The body, pretty-printed, made once for each change.
    json: Vec<JsonLine>,
    scroll: usize,
    height: usize,
    card_first: bool,
}

/// A line of pretty-printed JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
struct JsonLine {
    text: String,
    /// Whether it belongs to the field under the cursor.
    marked: bool,
}

impl Preview {
    /// Whether the card is shown where there is room for one of the two only.
    pub fn shows_card(&self) -> bool {
        self.card_first
    }

    /// Scrolls, switches between JSON and card, or copies the JSON.
    pub fn on_action(&mut self, action: Action, ctx: &Context, out: &mut Out) {
        let page = self.height.max(2) - 1;
        match action {
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => self.scroll = self.scroll.saturating_add(1),
            Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
            Action::PageDown => self.scroll = self.scroll.saturating_add(page),
            Action::Top => self.scroll = 0,
            Action::Bottom => self.scroll = usize::MAX,
            Action::Act | Action::TogglePreview => self.card_first = !self.card_first,
            Action::Copy => self.copy(ctx, out),
            _ => {}
        }
    }

    /// Takes in what happened.
    pub fn on_msg(&mut self, msg: &Msg) {
        if let Msg::Compose(ComposeMsg::Edited { shown }) = msg {
            self.shown.clone_from(shown);
            self.json = self.shown.as_ref().map(|shown| json_lines(shown)).unwrap_or_default();
        }
    }

    /// Learns the room there is, and scrolls the field under the cursor into view.
    pub fn fit(&mut self, inner: Rect, focused: bool) {
        self.height = usize::from(inner.height);
        let lines = wrapped(&self.json, usize::from(inner.width).saturating_sub(2));
        if !focused
            && let (Some(first), Some(last)) =
                (lines.iter().position(|(_, line)| line.marked), lines.iter().rposition(|(_, line)| line.marked))
        {
            self.scroll = self.scroll.max((last + 1).saturating_sub(self.height)).min(first);
        }
        self.scroll = self.scroll.min(lines.len().saturating_sub(self.height));
    }

    /// Whose preview it is, and whether WeChat would refuse it, for the title.
    pub fn recipient(&self, ctx: &Context) -> String {
        let Some(shown) = &self.shown else { return ctx.say("preview.sample").to_owned() };
        let name = match &shown.to {
            Some(user) if user.label().is_empty() => user.openid.as_str(),
            Some(user) => user.label(),
            None => return ctx.say("preview.sample").to_owned(),
        };
        let name = ctx.say_with("preview.for", &[("name", &width::cut(name, 14))]);
        if shown.refused { format!("✗ {name}") } else { name }
    }

    /// Draws the JSON.
    pub fn view_json(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let inner = panel.draw(area, buf, ctx);
        if self.shown.is_none() {
            return notice(buf, inner, ctx.say("preview.empty"), ctx);
        }
        let body = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let lines = wrapped(&self.json, usize::from(body.width));
        for (at, (text, source)) in lines.iter().skip(self.scroll).take(usize::from(body.height)).enumerate() {
            let mut line = Line::new(buf, body, at);
            let base = if source.marked { ctx.style(Role::Marked) } else { Style::new() };
            line.fill(base);
            draw_json(&mut line, text, base, ctx);
        }
    }

    fn copy(&self, ctx: &Context, out: &mut Out) {
        if let Some(shown) = &self.shown {
            out.ask(SystemEffect::CopyToClipboard { text: shown.body() });
            out.tell(SystemMsg::Noted { level: Level::Info, text: ctx.say("preview.copied").to_owned() });
        }
    }
}

/// The very body that is sent, with line ends and blanks between its members.
fn json_lines(shown: &Shown) -> Vec<JsonLine> {
    let text = pretty(&shown.body());
    let key = shown.key.as_deref().unwrap_or_default();
    let of_message = matches!(key, "url" | "miniprogram" | "touser") && shown.message.value(key).is_none();
    let indent = if of_message { "  " } else { "    " };
    let opening = format!("{indent}{}:", serde_json::Value::from(key));
    let mut inside = false;
    let mut lines = Vec::new();
    for text in text.lines() {
        let opens = text.starts_with(&opening);
        inside |= opens;
        lines.push(JsonLine { text: text.to_owned(), marked: inside });
        // The member ends with its own line, or with the brace at its own depth.
        let closes = text.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}'));
        inside &= !(closes || opens && !text.ends_with('{'));
    }
    lines
}

/// Lines too long for the pane go on below, so that nothing of the JSON is hidden.
fn wrapped(lines: &[JsonLine], columns: usize) -> Vec<(&str, &JsonLine)> {
    lines.iter().flat_map(|line| parts(&line.text, columns).into_iter().map(move |part| (part, line))).collect()
}

/// Colours a line of pretty-printed JSON: `"key": value`.
fn draw_json(line: &mut Line, text: &str, base: Style, ctx: &Context) {
    let dim = base.patch(ctx.style(Role::Dim));
    let (value, value_style) = (ctx.style(Role::Ok), |style: Style| style.patch(base));
    if let Some((key, rest)) = text.split_once("\": ") {
        line.put(key, value_style(ctx.style(Role::Name))).put("\": ", dim);
        line.put(rest, if rest == "{" { dim } else { value_style(value) });
    } else if text.trim().chars().all(|c| "{}[],".contains(c)) {
        line.put(text, dim);
    } else {
        line.put(text, value_style(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{OpenId, TemplateId};
    use crate::domain::message::{FieldValue, Message};
    use crate::domain::template::Template;

    fn shown(key: &str) -> Shown {
        let value = |key: &str, value: &str| FieldValue { key: key.into(), value: value.into(), color: None };
        Shown {
            template: Template {
                id: TemplateId::trusted("T"),
                title: "t".into(),
                content: "甲:{{thing1.DATA}}\n乙:{{thing2.DATA}}\n".into(),
                example: String::new(),
                industry: (String::new(), String::new()),
            },
            message: Message {
                template_id: TemplateId::trusted("T"),
                values: vec![value("thing1", "}"), value("thing2", "b\"c")],
                url: Some("https://x".into()),
                mini: None,
            },
            to: None,
            refused: false,
            key: Some(key.into()),
        }
    }

    #[test]
    fn the_preview_is_the_body_and_marks_the_field() {
        for (key, marked) in [("thing2", 3), ("thing1", 3), ("url", 1), ("touser", 1), ("none", 0)] {
            let shown = shown(key);
            let lines = json_lines(&shown);
            let text: String = lines.iter().map(|line| line.text.as_str()).collect();
            let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                serde_json::to_string(&parsed).unwrap(),
                shown.message.body(&OpenId::trusted("OPENID")),
                "not a byte else"
            );
            assert_eq!(lines.iter().filter(|line| line.marked).count(), marked, "{key}");
        }
    }
}
