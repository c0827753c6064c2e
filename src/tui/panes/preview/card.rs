use super::{Preview, notice};
use crate::domain::card::{Card, CardLine, Jump};
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Line, Panel};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// One line of the drawn card.
enum Row<'a> {
    /// A label, where it begins, and a part of its value.
    Value {
        line: &'a CardLine,
        first: bool,
        part: String,
    },
    Gap,
    Jump(Jump),
}

impl Preview {
    /// Draws the card as the recipient will see it, scrolled to the field under the cursor.
    pub fn view_card(&self, panel: &Panel, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let inner = panel.draw(area, buf, ctx);
        let Some(shown) = &self.shown else { return notice(buf, inner, ctx.say("preview.empty"), ctx) };
        let body = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let card = Card::of(&shown.template, &shown.message);
        let labels = card.lines.iter().map(|line| width::columns(&line.label)).max().unwrap_or(0);
        let labels = labels.min(usize::from(body.width) / 2);
        let rows = rows(&card, usize::from(body.width).saturating_sub(labels + 2), ctx);
        let is_marked = |row: &Row| matches!(row, Row::Value { line, .. } if shown.key.as_ref() == Some(&line.key));
        Line::new(buf, body, 0).put(&card.title, ctx.style(Role::Strong));
        let rest = Rect { y: body.y + 2, height: body.height.saturating_sub(2), ..body };
        let height = usize::from(rest.height);
        let below = rows.iter().rposition(is_marked).map_or(0, |last| (last + 1).saturating_sub(height));
        for (at, row) in rows.iter().skip(below).take(height).enumerate() {
            let mut drawn = Line::new(buf, rest, at);
            match row {
                Row::Value { line, first, part } => {
                    drawn.column(if *first { &line.label } else { "" }, labels, ctx.style(Role::Dim)).skip(2);
                    let role = match (is_marked(row), line.blank) {
                        (_, true) => Role::Warning,
                        (true, false) => Role::Marked,
                        (false, false) => Role::Text,
                    };
                    drawn.put(part, ctx.style(role));
                }
                Row::Gap => {}
                Row::Jump(jump) => {
                    let text = ctx.say(if *jump == Jump::Mini { "preview.mini" } else { "preview.details" });
                    drawn.put(text, ctx.style(Role::Name)).right(">", ctx.style(Role::Dim));
                }
            }
        }
    }
}

/// The lines of a card, its values in `room` columns; one that shows blank says so.
fn rows<'a>(card: &'a Card, room: usize, ctx: &Context) -> Vec<Row<'a>> {
    let value = |line: &'a CardLine| {
        let text = if line.blank { ctx.say("preview.blank") } else { &line.value };
        let parts = width::wrap(text, room).into_iter().enumerate();
        parts.map(move |(at, part)| Row::Value { line, first: at == 0, part }).collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = card.lines.iter().flat_map(value).collect();
    if let Some(jump) = card.jump {
        rows.extend([Row::Gap, Row::Jump(jump)]);
    }
    rows
}
