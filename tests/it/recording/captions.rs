//! What is pressed, and the sentence below the picture.

use super::colours::escaped;
use super::film::Caption;
use super::row::WIDTH;
use std::fmt::Write;

/// A caption, its upper left corner at nothing.
pub fn draw(caption: &Caption) -> String {
    let (mut out, mut x) = (String::new(), 0);
    for key in &caption.keys {
        let width = key.chars().count() * WIDTH;
        write!(
            out,
            r#"<rect class="k" x="{x}" width="{}" height="23" rx="5"/><text x="{}" y="16" textLength="{width}" class="b">{}</text>"#,
            width + 16,
            x + 8,
            escaped(key)
        )
        .unwrap();
        x += width + 22;
    }
    let x = if x == 0 { 0 } else { x + 6 };
    write!(out, r#"<text x="{x}" y="17" class="s">{}</text>"#, escaped(&caption.says)).unwrap();
    out
}
