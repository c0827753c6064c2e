//! The terminal's answer to the question what it is painted on.
//!
//! The library hands out no such answers: its parser takes them apart into keys, `alt-]` `1` `1` `;` `r` … `alt-\`, one for each
//! character. Reading the answer before the library does would mean to wait for it, and over a slow line it comes long after the
//! first frame. So the question goes out behind the first frame, nobody waits, and what looks like the answer is taken out of the
//! keys here, whenever it comes. No second question is sent along to know that the first will stay unanswered: the library
//! swallows that answer, and nothing depends on it.

use crate::tui::input::{Code, Input, Key};
use crate::tui::surroundings::Background;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The question.
pub const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";

/// How the answer begins; what has come so far is nothing that a person types.
const BEGINNING: &str = "\x1b]11;";

/// The longest that stands behind it: four numbers of four digits.
const LONGEST: usize = 32;

/// A key that may be the beginning of the answer is kept so long to see whether it goes on; an answer comes in one piece, or in
/// two when a line cuts it.
const TOGETHER: Duration = Duration::from_millis(50);

/// For so long a lone escape may be the beginning: a line may cut the answer behind it. Later it is only a key.
const EXPECTED: Duration = Duration::from_secs(5);

/// Whoever leaves sooner than this after the question waits for the answer: the shell would take it for typed.
const ON_ITS_WAY: Duration = Duration::from_millis(if cfg!(test) { 30_000 } else { 500 });

/// What is taken out of the keys.
#[derive(Debug, Default)]
pub struct Answers {
    asked: Option<Instant>,
    /// The keys that may be part of an answer, and the bytes they were.
    held: Vec<Input>,
    bytes: String,
    since: Option<Instant>,
}

/// How far some bytes are the answer.
#[derive(Debug, PartialEq, Eq)]
enum Fit {
    Not,
    Partly,
    /// All of it; nothing if it says nothing that can be used.
    Whole(Option<Background>),
}

impl Answers {
    /// The question was sent.
    pub fn expect(&mut self, now: Instant) {
        self.asked = Some(now);
    }

    /// Takes an input in; gives out what is for the screen.
    pub fn take(&mut self, input: Input, now: Instant, out: &mut VecDeque<Input>) {
        let Some(bytes) = self.bytes_of(&input, now) else {
            // A key that an answer cannot have in it; anything but keys may come amidst one.
            if matches!(input, Input::Key(_) | Input::Paste(_)) {
                self.let_go(out);
            }
            out.push_back(input);
            return;
        };
        let longer = format!("{}{bytes}", self.bytes);
        match fit(&longer) {
            Fit::Partly => {
                self.held.push(input);
                self.bytes = longer;
                self.since = Some(now);
            }
            Fit::Whole(background) => {
                self.forget();
                self.asked = None;
                out.extend(background.map(Input::Background));
            }
            Fit::Not if self.held.is_empty() => out.push_back(input),
            Fit::Not => {
                self.let_go(out);
                self.take(input, now, out);
            }
        }
    }

    /// Until when what is held may go on; nothing is waited for otherwise.
    pub fn deadline(&self) -> Option<Instant> {
        self.since.filter(|_| !self.is_certain()).map(|since| since + TOGETHER)
    }

    /// What is held was typed by a person after all.
    pub fn let_go(&mut self, out: &mut VecDeque<Input>) {
        if !self.is_certain() {
            out.append(&mut std::mem::take(&mut self.held).into());
        }
        self.forget();
    }

    /// Until when the answer should be waited for before the terminal is given back.
    pub fn wait_until(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + ON_ITS_WAY)
    }

    fn is_certain(&self) -> bool {
        self.bytes.starts_with(BEGINNING)
    }

    fn forget(&mut self) {
        self.held.clear();
        self.bytes.clear();
        self.since = None;
    }

    /// The bytes that the library made a key of, if they can stand in an answer.
    fn bytes_of(&self, input: &Input, now: Instant) -> Option<String> {
        let Input::Key(Key { code, ctrl, alt, shift: false }) = *input else { return None };
        match (code, ctrl, alt) {
            (Code::Char(c), false, true) => Some(format!("\x1b{c}")),
            (Code::Char(c), false, false) if !self.held.is_empty() => Some(c.to_string()),
            (Code::Char('g'), true, false) => Some("\x07".to_owned()),
            (Code::Esc, false, false) if !self.held.is_empty() => Some("\x1b".to_owned()),
            (Code::Esc, false, false) => {
                self.asked.filter(|asked| now.duration_since(*asked) < EXPECTED).map(|_| "\x1b".to_owned())
            }
            _ => None,
        }
    }
}

fn fit(bytes: &str) -> Fit {
    let Some(said) = bytes.strip_prefix(BEGINNING) else {
        return if BEGINNING.starts_with(bytes) { Fit::Partly } else { Fit::Not };
    };
    if let Some(said) = said.strip_suffix("\x1b\\").or_else(|| said.strip_suffix('\x07')) {
        return Fit::Whole(background(said));
    }
    let said = said.strip_suffix('\x1b').unwrap_or(said);
    let usual = said.chars().all(|c| c.is_ascii_hexdigit() || "rgba:/#".contains(c));
    if usual && said.len() <= LONGEST { Fit::Partly } else { Fit::Not }
}

/// `rgb:ffff/ffff/ffff`, with one to four digits each: light, if more than half of the eye's white.
fn background(said: &str) -> Option<Background> {
    let parts = said.strip_prefix("rgba:").or_else(|| said.strip_prefix("rgb:"))?;
    let share = |part: &str| {
        let most = 16_u32.checked_pow(part.len() as u32).filter(|_| (1..=4).contains(&part.len()))? - 1;
        Some(f64::from(u32::from_str_radix(part, 16).ok()?) / f64::from(most))
    };
    let parts: Vec<f64> = parts.split('/').map(share).collect::<Option<_>>()?;
    let [r, g, b, ..] = parts.as_slice() else { return None };
    let light = 0.299 * r + 0.587 * g + 0.114 * b;
    Some(if light > 0.5 { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: &str = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\";

    /// What the library makes of bytes that come in one piece.
    fn keys(bytes: &str) -> Vec<Input> {
        let mut keys = Vec::new();
        let mut chars = bytes.chars().peekable();
        while let Some(c) = chars.next() {
            let key = match c {
                '\x1b' if chars.peek().is_none() => Key::plain(Code::Esc),
                '\x1b' => Key { alt: true, ..Key::plain(Code::Char(chars.next().unwrap())) },
                '\x07' => Key { ctrl: true, ..Key::plain(Code::Char('g')) },
                c => Key::plain(Code::Char(c)),
            };
            keys.push(Input::Key(key));
        }
        keys
    }

    /// What comes out of pieces that come one after the other.
    fn out(pieces: &[&str]) -> Vec<Input> {
        let now = Instant::now();
        let mut answers = Answers::default();
        answers.expect(now);
        let mut out = VecDeque::new();
        for input in pieces.iter().flat_map(|piece| keys(piece)) {
            answers.take(input, now, &mut out);
        }
        // Nobody types on: what may have been the beginning of an answer is not kept.
        if answers.deadline().is_some() {
            answers.let_go(&mut out);
        }
        out.into()
    }

    #[test]
    fn the_answer_is_taken_out_of_the_keys_around_it() {
        for (answer, expected) in [
            (WHITE, Background::Light),
            ("\x1b]11;rgb:ff/ff/ff\x07", Background::Light),
            ("\x1b]11;rgb:1E1E/1E1E/2e2e\x1b\\", Background::Dark),
            ("\x1b]11;rgba:0000/0000/0000/ffff\x07", Background::Dark),
        ] {
            let expected = [keys("ab"), vec![Input::Background(expected)], keys("q")].concat();
            assert_eq!(out(&[&format!("ab{answer}q")]), expected, "{answer:?}");
        }
        assert_eq!(out(&["\x1b]11;nonsense\x1b\\"]), keys("\x1b]11;nonsense\x1b\\")[4..], "what it is not goes on");
        assert_eq!(out(&["\x1b]11;rgb:zz\x07"]).first(), keys("z").first());
    }

    #[test]
    fn it_may_be_cut_anywhere() {
        for at in 1..WHITE.len() {
            let (one, other) = WHITE.split_at(at);
            assert_eq!(out(&[one, other]), [Input::Background(Background::Light)], "{one:?} {other:?}");
        }
    }

    #[test]
    fn what_a_person_types_is_not_kept() {
        for typed in ["\x1b]11", "\x1b]12", "\x1b", "\x1bx", "1;rgb:", "\x1b]\x1b]1x", "\x07"] {
            assert_eq!(out(&[typed]), keys(typed), "{typed:?}");
        }
        let mut answers = Answers::default();
        let mut out = VecDeque::new();
        answers.take(Input::Key(Key::plain(Code::Esc)), Instant::now(), &mut out);
        assert_eq!(out.len(), 1, "without a question an escape is an escape at once");
    }

    #[test]
    fn the_rest_of_the_world_does_not_wait_for_it() {
        let now = Instant::now();
        let mut answers = Answers::default();
        let mut out = VecDeque::new();
        answers.expect(now);
        let (one, other) = WHITE.split_at(9);
        for input in [keys(one), vec![Input::Resized, Input::Focused], keys(other)].concat() {
            answers.take(input, now, &mut out);
        }
        assert_eq!(out, [Input::Resized, Input::Focused, Input::Background(Background::Light)]);
        assert_eq!(answers.wait_until(), None);
    }
}
