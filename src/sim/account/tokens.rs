//! The access tokens of one account (`wechat-api.md §2`): the legacy pair and the stable one, which know nothing of each other.

use crate::sim::{clock::Moment, reply::Refusal, rng::Rng};

/// Seconds a token lives.
const LIFE: u64 = 7200;
/// Seconds: how long a replaced legacy token still works, and how early a stable token is renewed.
const OVERLAP: u64 = 300;
/// Forced refreshes: at most so many a day, so many seconds apart.
const FORCED: (u32, u64) = (20, 30);
/// So many dead tokens are remembered; older ones are as good as never issued.
const REMEMBERED: usize = 16;

/// A token and the moment it ends.
#[derive(Debug, Clone)]
pub(in crate::sim) struct Issued {
    pub(in crate::sim) text: String,
    pub(in crate::sim) until: Moment,
}

/// A token that was replaced, and what is answered once its time is over.
#[derive(Debug, Clone)]
struct Old {
    issued: Issued,
    errcode: i64,
}

/// All tokens of an account.
#[derive(Debug, Clone, Default)]
pub(in crate::sim) struct Tokens {
    legacy: Option<Issued>,
    stable: Option<Issued>,
    old: Vec<Old>,
    forced_at: Option<Moment>,
    forced: (u64, u32),
}

impl Tokens {
    /// `/cgi-bin/token`: always a new one; the one before works five minutes more.
    pub(in crate::sim) fn fetch_legacy(&mut self, now: Moment, rng: &mut Rng) -> Issued {
        if let Some(before) = self.legacy.take() {
            let until = before.until.min(now.plus(OVERLAP));
            let errcode = if until == before.until { 42001 } else { 40001 };
            self.retire(Issued { until, ..before }, errcode);
        }
        let new = issue(now, rng);
        self.legacy = Some(new.clone());
        new
    }

    /// `/cgi-bin/stable_token` in normal mode: the same one until its last five minutes.
    pub(in crate::sim) fn fetch_stable(&mut self, now: Moment, rng: &mut Rng) -> Issued {
        match self.stable.take() {
            Some(current) if current.until > now.plus(OVERLAP) => {
                self.stable = Some(current.clone());
                return current;
            }
            Some(ending) => self.retire(ending, 42001),
            None => {}
        }
        let new = issue(now, rng);
        self.stable = Some(new.clone());
        new
    }

    /// The same with `force_refresh`: the one before dies at once. Asked too early, the current one comes back (§2.2).
    pub(in crate::sim) fn force_stable(&mut self, now: Moment, rng: &mut Rng) -> Result<Issued, Refusal> {
        if self.forced_at.is_some_and(|last| now < last.plus(FORCED.1)) {
            return Ok(self.fetch_stable(now, rng));
        }
        if self.forced.0 != now.day() {
            self.forced = (now.day(), 0);
        }
        if self.forced.1 >= FORCED.0 {
            return Err(Refusal::of(45009));
        }
        self.forced.1 += 1;
        self.forced_at = Some(now);
        if let Some(before) = self.stable.take() {
            self.retire(Issued { until: now, ..before }, 40001);
        }
        Ok(self.fetch_stable(now, rng))
    }

    /// `None`: never issued here. `Some(Err)`: issued, but dead.
    pub(in crate::sim) fn judge(&self, token: &str, now: Moment) -> Option<Result<(), i64>> {
        let current = self.stable.iter().chain(&self.legacy).map(|issued| (issued, 42001));
        let old = self.old.iter().map(|old| (&old.issued, old.errcode));
        let (issued, errcode) = current.chain(old).find(|(issued, _)| issued.text == token)?;
        Some(if now < issued.until { Ok(()) } else { Err(errcode) })
    }

    /// Ends all tokens as if someone else had replaced them (40001) or their time were over (42001).
    pub(in crate::sim) fn end(&mut self, now: Moment, errcode: i64) {
        for issued in [self.stable.take(), self.legacy.take()].into_iter().flatten() {
            self.retire(Issued { until: now, ..issued }, errcode);
        }
        for old in &mut self.old {
            old.issued.until = old.issued.until.min(now);
        }
    }

    fn retire(&mut self, issued: Issued, errcode: i64) {
        if self.old.len() == REMEMBERED {
            self.old.remove(0);
        }
        self.old.push(Old { issued, errcode });
    }
}

fn issue(now: Moment, rng: &mut Rng) -> Issued {
    Issued { text: format!("97_{}", rng.text(133)), until: now.plus(LIFE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(1_750_000_000_000);

    fn after(seconds: u64) -> Moment {
        START.plus(seconds)
    }

    #[test]
    fn a_legacy_token_outlives_its_successor_by_five_minutes() {
        let (mut tokens, mut rng) = (Tokens::default(), Rng::new(1));
        let first = tokens.fetch_legacy(START, &mut rng);
        let second = tokens.fetch_legacy(after(10), &mut rng);
        assert_ne!(first.text, second.text);
        assert_eq!(tokens.judge(&first.text, after(309)), Some(Ok(())));
        assert_eq!(tokens.judge(&first.text, after(310)), Some(Err(40001)));
        assert_eq!(tokens.judge(&second.text, after(7209)), Some(Ok(())));
        assert_eq!(tokens.judge(&second.text, after(7210)), Some(Err(42001)));
        assert_eq!(tokens.judge("97_nobody", START), None);
    }

    #[test]
    fn a_stable_token_stays_until_its_last_minutes() {
        let (mut tokens, mut rng) = (Tokens::default(), Rng::new(1));
        let first = tokens.fetch_stable(START, &mut rng);
        assert_eq!(tokens.fetch_stable(after(6000), &mut rng).text, first.text);
        let second = tokens.fetch_stable(after(6901), &mut rng);
        assert_ne!(second.text, first.text);
        assert_eq!(tokens.judge(&first.text, after(7199)), Some(Ok(())));
        assert_eq!(tokens.judge(&first.text, after(7200)), Some(Err(42001)));
        tokens.fetch_legacy(after(6902), &mut rng);
        assert_eq!(tokens.judge(&second.text, after(6903)), Some(Ok(())), "the families are separate");
    }

    #[test]
    fn force_kills_at_once_but_not_twice_in_thirty_seconds_nor_over_twenty_a_day() {
        let (mut tokens, mut rng) = (Tokens::default(), Rng::new(1));
        let first = tokens.fetch_stable(START, &mut rng);
        let second = tokens.force_stable(START, &mut rng).unwrap();
        assert_eq!(tokens.judge(&first.text, START), Some(Err(40001)));
        assert_eq!(tokens.force_stable(after(29), &mut rng).unwrap().text, second.text);
        for n in 1..20 {
            assert_ne!(tokens.force_stable(after(30 * n), &mut rng).unwrap().text, second.text);
        }
        assert_eq!(tokens.force_stable(after(1000), &mut rng).unwrap_err().errcode, 45009);
    }

    #[test]
    fn ended_tokens_are_dead_and_a_new_one_differs() {
        for errcode in [40001, 42001] {
            let (mut tokens, mut rng) = (Tokens::default(), Rng::new(1));
            let first = tokens.fetch_stable(START, &mut rng);
            tokens.end(START, errcode);
            assert_eq!(tokens.judge(&first.text, START), Some(Err(errcode)));
            assert_ne!(tokens.fetch_stable(START, &mut rng).text, first.text);
        }
    }
}
