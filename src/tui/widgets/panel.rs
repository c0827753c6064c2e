use super::line::Line;
use crate::text::width;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A frame with a title. Frames that stand on each other share a line.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a feature of the frame, for itself")]
pub struct Panel<'a> {
    /// The key that leads here, shown before the title.
    pub number: Option<u8>,
    /// The title.
    pub title: &'a str,
    /// Something short at the right of the title.
    pub aside: &'a str,
    /// Whether the title is cut where there is no room for both; else the aside is left out.
    pub keeps_aside: bool,
    /// Whether keys go here.
    pub focused: bool,
    /// Whether the upper line is also the lower line of another frame.
    pub joined_above: bool,
    /// Whether the lower line is also the upper line of another frame.
    pub joined_below: bool,
}

struct Signs {
    horizontal: &'static str,
    vertical: &'static str,
    corners: [&'static str; 4],
    joints: [&'static str; 2],
}

const LINES: Signs = Signs { horizontal: "─", vertical: "│", corners: ["╭", "╮", "╰", "╯"], joints: ["├", "┤"] };
const ASCII: Signs = Signs { horizontal: "-", vertical: "|", corners: ["+"; 4], joints: ["+"; 2] };

impl Panel<'_> {
    /// Draws the frame and gives what is inside of it.
    pub fn draw(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Rect {
        let area = area.intersection(buf.area);
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        self.frame(area, buf, ctx);
        self.write_title(area, buf, ctx);
        Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
    }

    fn frame(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let signs = if ctx.settings.ascii { ASCII } else { LINES };
        let style = ctx.style(if self.focused { Role::BorderFocused } else { Role::Border });
        let (left, right, top, bottom) = (area.x, area.right() - 1, area.y, area.bottom() - 1);
        for x in left + 1..right {
            for y in [top, bottom] {
                buf[(x, y)].set_symbol(signs.horizontal).set_style(style);
            }
        }
        for y in top + 1..bottom {
            for x in [left, right] {
                buf[(x, y)].set_symbol(signs.vertical).set_style(style);
            }
        }
        let above = if self.joined_above { signs.joints } else { [signs.corners[0], signs.corners[1]] };
        let below = if self.joined_below { signs.joints } else { [signs.corners[2], signs.corners[3]] };
        for (x, y, sign) in [(left, top, above[0]), (right, top, above[1]), (left, bottom, below[0]), (right, bottom, below[1])] {
            buf[(x, y)].set_symbol(sign).set_style(style);
        }
    }

    /// Writes the title again, over the lower line of a neighbour that was drawn later.
    pub fn write_title(&self, area: Rect, buf: &mut Buffer, ctx: &Context) {
        let title_row = Rect { x: area.x + 2, width: area.width.saturating_sub(4), height: 1, ..area };
        let mut line = Line::new(buf, title_row, 0);
        let fits = width::columns(self.aside) + width::columns(self.title) + 6 < line.room();
        if !self.aside.is_empty() && (fits || self.keeps_aside) {
            line.right(&format!(" {} ", self.aside), ctx.style(Role::Dim));
        }
        if let Some(number) = self.number {
            line.put(&format!(" {number}"), ctx.style(Role::Key));
        }
        let role = if self.focused { Role::TitleFocused } else { Role::Title };
        let title = width::cut(self.title, line.room().saturating_sub(2));
        line.put(&format!(" {title} "), ctx.style(role));
    }
}
