//! Texts for the terminal itself: its clipboard, its title, its desktop.

use crate::config::Notify;
use crate::text::width;
use crate::tui::surroundings::Between;
use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// What terminals take of a text for the clipboard, as base64; xterm and tmux drop what is longer without a word.
const MOST: usize = 74_994;

/// What GNU screen takes in one piece.
const PIECE: usize = 250;

/// Columns of a title and of a message: longer ones are cut by whoever shows them.
const COLUMNS: usize = 120;

/// What gives a text to the clipboard; nothing if it is too long for it.
pub fn clipboard(text: &str, between: Between) -> Option<String> {
    // Three bytes become four characters.
    if text.len().div_ceil(3) * 4 > MOST {
        return None;
    }
    let mut bytes = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut bytes).ok()?;
    // tmux passes it on where `allow-passthrough` is set, and takes it itself where `set-clipboard` is: which of them is, nobody
    // can know, and twice the same text does no harm.
    let own = if between == Between::Tmux { bytes.clone() } else { String::new() };
    Some(own + &passed(bytes, between))
}

/// What makes a text the title of the window. tmux and screen have a title of their own, so nothing is passed on.
pub fn title(text: &str) -> String {
    format!("\x1b]2;{}\x1b\\", printable(text))
}

/// What calls somebody back to the window.
pub fn call(how: Notify, text: &str, between: Between) -> String {
    match how {
        Notify::None => String::new(),
        Notify::Bell => "\x07".to_owned(),
        Notify::Osc9 => passed(format!("\x1b]9;{}\x1b\\", printable(text)), between),
    }
}

/// A sequence as whoever stands between passes it on.
fn passed(sequence: String, between: Between) -> String {
    match between {
        Between::Nobody => sequence,
        Between::Tmux => format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
        Between::Screen => {
            // What ends the sequence would end the wrapping: there is another sign for it.
            let sequence = sequence.strip_suffix("\x1b\\").map_or(sequence.clone(), |start| format!("{start}\x07"));
            let chars: Vec<char> = sequence.chars().collect();
            let pieces = chars.chunks(PIECE).map(|piece| ["\x1bP", &String::from_iter(piece), "\x1b\\"].concat());
            pieces.collect()
        }
    }
}

/// Names come from WeChat and from files: nothing in them may be an order to the terminal, or turn the text around.
fn printable(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = text.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    width::cut(&kept, COLUMNS).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_for_the_clipboard_is_wrapped_for_who_stands_between() {
        assert_eq!(clipboard("你好", Between::Nobody).unwrap(), "\x1b]52;c;5L2g5aW9\x1b\\");
        assert_eq!(
            clipboard("你好", Between::Tmux).unwrap(),
            "\x1b]52;c;5L2g5aW9\x1b\\\x1bPtmux;\x1b\x1b]52;c;5L2g5aW9\x1b\x1b\\\x1b\\"
        );
        assert_eq!(clipboard("你好", Between::Screen).unwrap(), "\x1bP\x1b]52;c;5L2g5aW9\x07\x1b\\");
        let long = clipboard(&"a".repeat(600), Between::Screen).unwrap();
        let pieces: Vec<&str> = long.split_terminator("\x1b\\").collect();
        assert!(pieces.len() == 4 && pieces.iter().all(|piece| piece.starts_with("\x1bP") && piece.len() <= PIECE + 2));
        let whole: String = pieces.iter().map(|piece| piece.strip_prefix("\x1bP").unwrap()).collect();
        assert!(whole.starts_with("\x1b]52;c;YWFh") && whole.ends_with('\x07'), "{whole}");
    }

    #[test]
    fn a_text_that_would_be_dropped_is_refused() {
        let most = "a".repeat(MOST / 4 * 3);
        assert!(clipboard(&most, Between::Nobody).is_some());
        assert_eq!(clipboard(&format!("{most}aaa"), Between::Nobody), None);
    }

    #[test]
    fn no_name_gives_orders_to_the_terminal() {
        let evil = "订单\x1b]52;c;ZXZpbA==\x07\u{9b}31m\u{202e}\r\n\x1b\\x";
        assert_eq!(title(evil), "\x1b]2;订单]52;c;ZXZpbA==31m\\x\x1b\\");
        assert_eq!(call(Notify::Osc9, evil, Between::Nobody), "\x1b]9;订单]52;c;ZXZpbA==31m\\x\x1b\\");
        assert_eq!(call(Notify::Bell, evil, Between::Tmux), "\x07");
        assert_eq!(call(Notify::None, evil, Between::Nobody), "");
        assert!(title(&"长".repeat(500)).chars().count() < COLUMNS);
    }
}
