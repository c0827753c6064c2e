//! How far a long command has come: one line drawn in place on a terminal, else a line now and then.

use super::context::Context;
use super::failure::{Exit, Failure};
use super::signals::Signals;
use super::voice::{self, say};
use crate::domain::lang::Lang;
use crate::text::lang::Texts;
use crate::text::width::{columns, cut};
use std::io::IsTerminal;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How often the line is drawn anew.
const REDRAWN_EVERY: Duration = Duration::from_millis(100);
/// How often a line is written where none can be drawn; less often the longer it takes.
const WRITTEN_EVERY: Duration = Duration::from_secs(5);
/// The share of its time that a command lets pass between two lines.
const SELDOM: u32 = 20;
/// How long a rate has to be looked at before it says anything.
const EARLY: Duration = Duration::from_secs(1);
/// Columns of a terminal that does not tell.
const USUAL: usize = 80;
/// Cells of the bar, at most and at least.
const BAR: (usize, usize) = (24, 6);

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stand {
    /// What is being done.
    pub part: String,
    /// How much of it is done.
    pub done: u64,
    /// Of how much; 0 while that is unknown.
    pub total: u64,
    /// How much is done in a second.
    pub rate: Option<f64>,
    /// How long it will still take.
    pub left: Option<Duration>,
    /// What there is to say beside it.
    pub notes: Vec<String>,
}

impl Stand {
    /// So much of so much, after so long, of which some was done before.
    pub fn since(part: &str, (done, total): (u64, u64), before: u64, took: Duration) -> Self {
        let came = done.saturating_sub(before) as f64;
        let rate = (took >= EARLY && came > 0.0).then(|| came / took.as_secs_f64());
        let missing = total.checked_sub(done).filter(|missing| *missing > 0);
        let left = rate.zip(missing).and_then(|(rate, missing)| Duration::try_from_secs_f64(missing as f64 / rate).ok());
        Self { part: part.to_owned(), done, total, rate, left, notes: Vec::new() }
    }

    /// In one line.
    fn line(&self, texts: &Texts, lang: Lang) -> String {
        let rate = self.rate.map(|rate| rate.round() as u64).filter(|rate| *rate > 0);
        let mut line = texts.progress(&self.part, (self.done, self.total), rate, self.left, lang);
        for note in &self.notes {
            line = format!("{line} · {note}");
        }
        line
    }

    /// In one line of so many columns, with a bar if there is room for one.
    fn fitted(&self, room: usize, texts: &Texts, lang: Lang) -> String {
        let full = self.line(texts, lang);
        if columns(&full) > room {
            return cut(&texts.progress_in_short(&self.part, (self.done, self.total), self.left, lang), room).into_owned();
        }
        // The brackets and a blank.
        let cells = room.saturating_sub(columns(&full) + 3).min(BAR.0);
        if self.total == 0 || cells < BAR.1 {
            return full;
        }
        let filled = (u128::from(self.done.min(self.total)) * cells as u128 / u128::from(self.total)) as usize;
        format!("[{}{}] {full}", "#".repeat(filled), "-".repeat(cells - filled))
    }
}

/// Where it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Drawn,
    Written,
    /// Nobody wants to know.
    Silent,
}

/// The line of one command. It is gone when this is dropped.
pub struct Line {
    way: Way,
    lang: Lang,
    begun: Instant,
    next: Instant,
    last: String,
}

impl Line {
    /// Nothing is shown before its time.
    pub fn new(context: &Context) -> Self {
        let way = match (voice::is_quiet(), voice::can_draw()) {
            (true, _) => Way::Silent,
            (false, true) => Way::Drawn,
            (false, false) => Way::Written,
        };
        let now = Instant::now();
        let next = now + if way == Way::Drawn { REDRAWN_EVERY } else { WRITTEN_EVERY };
        Self { way, lang: context.lang, begun: now, next, last: String::new() }
    }

    /// Waits until it is time to show how it stands.
    pub async fn due(&self) {
        match self.way {
            Way::Silent => std::future::pending().await,
            Way::Drawn | Way::Written => sleep_until(self.next).await,
        }
    }

    /// Shows how it stands, if it is time to.
    pub fn show(&mut self, stand: impl FnOnce() -> Stand) {
        let now = Instant::now();
        if self.way == Way::Silent || now < self.next {
            return;
        }
        let texts = Texts::of(self.lang);
        if self.way == Way::Drawn {
            self.next = now + REDRAWN_EVERY;
            // A line that fills the last column may go on in the next one.
            let room = voice::columns_of(std::io::stderr()).unwrap_or(USUAL).saturating_sub(1);
            voice::draw_line(&stand().fitted(room, texts, self.lang));
            return;
        }
        self.next = now + WRITTEN_EVERY.max((now - self.begun) / SELDOM);
        let line = stand().line(texts, self.lang);
        if line != self.last {
            say(&line);
            self.last = line;
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        voice::clear_line();
    }
}

/// Does the work and tells how it stands. Asked to end, it lets go of the work, and says so with the sentence of this key.
pub async fn watched<T>(
    context: &Context,
    interrupted: &str,
    stand: impl Fn() -> Stand,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    let mut work = std::pin::pin!(work);
    let mut line = Line::new(context);
    let mut signals = Signals::to_end()?;
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = signals.next() => {
                let message = context.texts().say(interrupted).into();
                return Err(Failure { exit: Exit::Interrupted, message });
            }
            () = line.due() => line.show(&stand),
        }
    }
}

/// The same for what fills standard output: on a terminal one sees how it goes on, and a line would stand in its way.
pub async fn watched_beside_stdout<T>(
    context: &Context,
    interrupted: &str,
    stand: impl Fn() -> Stand,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    if std::io::stdout().is_terminal() { Ok(work.await) } else { watched(context, interrupted, stand, work).await }
}

/// Does the work before a question, and says with the sentence of this key what is waited for if it takes long. No line is drawn:
/// Ctrl-C has to end the program at once there, as it does while it asks.
pub async fn told_if_slow<T>(context: &Context, key: &str, work: impl Future<Output = T>) -> T {
    if_slow(work, || say(context.texts().say(key))).await
}

async fn if_slow<T>(work: impl Future<Output = T>, tell: impl FnOnce()) -> T {
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = tokio::time::sleep(EARLY) => tell(),
    }
    work.await
}

/// Does the work; nothing comes of it if the program is asked to end first.
pub async fn until_asked_to_end<T>(work: impl Future<Output = T>) -> Result<Option<T>, Failure> {
    let mut signals = Signals::to_end()?;
    tokio::select! {
        done = work => Ok(Some(done)),
        () = signals.next() => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand(done: u64, total: u64) -> Stand {
        Stand { notes: vec!["失败 3".into()], ..Stand::since("发送任务 14", (done, total), 0, Duration::from_secs(10)) }
    }

    #[test]
    fn a_line_fits_the_columns_and_the_bar_takes_what_is_left() {
        let texts = Texts::of(Lang::Zh);
        for room in 1..130 {
            let line = stand(612, 1_203_441).fitted(room, texts, Lang::Zh);
            assert!(columns(&line) <= room && !line.contains(char::is_control), "{room}: {line}");
        }
        let wide = stand(500, 1000).fitted(120, texts, Lang::Zh);
        assert!(wide.starts_with("[############------------] 发送任务 14 500 / 1 000 · "), "{wide}");
        assert!(wide.ends_with("失败 3"), "{wide}");
        assert!(!stand(500, 1000).fitted(columns(&wide) - 20, texts, Lang::Zh).starts_with("[######---]"));
        assert!(stand(1000, 1000).fitted(120, texts, Lang::Zh).starts_with("[########################] "));
        assert!(
            stand(2000, 1000).fitted(120, texts, Lang::Zh).starts_with("[########################] "),
            "more came than was known"
        );
        assert!(!stand(5, 0).fitted(120, texts, Lang::Zh).contains('['), "nobody knows of how many");
        let narrow = stand(500, 1000).fitted(24, texts, Lang::Zh);
        assert!(narrow.starts_with("发送任务 14 50 %"), "{narrow}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_waited_for_is_told_if_it_takes_long() {
        for (millis, told) in [(900, 0), (1100, 1), (60_000, 1)] {
            let count = std::cell::Cell::new(0);
            let work = async {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                millis
            };
            assert_eq!(if_slow(work, || count.set(count.get() + 1)).await, millis);
            assert_eq!(count.get(), told, "{millis} ms");
        }
    }

    #[test]
    fn a_rate_is_told_once_it_says_something() {
        assert_eq!(Stand::since("x", (500, 1000), 0, Duration::from_millis(900)).rate, None);
        let stand = Stand::since("x", (500, 1000), 100, Duration::from_secs(4));
        assert_eq!(
            (stand.rate, stand.left),
            (Some(100.0), Some(Duration::from_secs(5))),
            "what was there before was not this fast"
        );
        assert_eq!(Stand::since("x", (0, 1000), 0, Duration::from_secs(4)).left, None);
        assert_eq!(Stand::since("x", (7, 0), 0, Duration::from_secs(7)).left, None);
    }
}
