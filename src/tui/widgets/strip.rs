use super::cells;
use super::clusters::clusters;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// One line of the screen through which a part of a longer text is seen.
#[derive(Debug, Clone, Copy)]
pub struct Strip {
    /// Where it is.
    pub area: Rect,
    /// Columns of the text that are left of it.
    pub scroll: usize,
}

impl Strip {
    /// Draws what is seen of a text, each character in a style of its own. Of a wide one that is cut by an edge there are blanks.
    pub fn draw(&self, text: &str, style: impl Fn(usize) -> Style, buf: &mut Buffer) {
        let end = self.scroll + usize::from(self.area.width);
        for cluster in clusters(text).take_while(|cluster| cluster.column < end) {
            let (from, to) = (cluster.column, cluster.column + cluster.columns);
            if from >= self.scroll && to <= end {
                let x = self.area.x + (from - self.scroll) as u16;
                cells::write(buf, (x, self.area.y), cluster.text, cluster.columns, style(cluster.at));
            } else {
                let (from, to) = (from.max(self.scroll), to.max(self.scroll).min(end));
                let cut = Rect { x: self.area.x + (from - self.scroll) as u16, width: (to - from) as u16, ..self.area };
                buf.set_style(cut.intersection(buf.area), style(cluster.at));
            }
        }
    }

    /// Where a column of the text is seen; none if it is not.
    pub fn position(&self, column: usize) -> Option<Position> {
        let x = column.checked_sub(self.scroll).filter(|x| *x < usize::from(self.area.width))?;
        Some(Position::new(self.area.x + x as u16, self.area.y))
    }
}
