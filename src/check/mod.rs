//! Whether an account can send, step by step from the network to its templates: each step is fine, worth a warning, or failed,
//! with what to do about it.

mod network;
mod terminal;

pub use terminal::terminal;

use crate::domain::account::Account;
use crate::domain::audience::Stale;
use crate::domain::lang::Lang;
use crate::domain::told::{Gap, Told};
use crate::manage::quota;
use crate::session::{Session, SessionError, Sessions};
use crate::store::{Store, StoreError};
use crate::text::explain;
use crate::text::lang::Texts;
use crate::wechat::{INDUSTRY_PATH, SEND_PATH, TEMPLATES_PATH, TemplateEntry};
use jiff::Timestamp;
use std::sync::Arc;

/// Codes that say that this machine's address is not let in (`wechat-api.md §2.4`).
const NOT_LET_IN: [i64; 5] = [40164, 61004, 89503, 89506, 89507];

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Check {
    /// Whether calls go through a proxy.
    Proxy,
    /// Whether the host's name is found.
    Name,
    /// Whether it lets one connect.
    Connection,
    /// Whether it answers, over TLS.
    Answer,
    /// Whether this machine's clock is right.
    Clock,
    /// Whether WeChat lets this machine's address in.
    Whitelist,
    /// Whether AppID and AppSecret give a token.
    Token,
    /// Whether the account may send template messages, and which of those known it still has.
    Templates,
    /// Whether industries are set, which historical templates need.
    Industries,
    /// What is left of today.
    Quota,
    /// How old what is known of the followers is.
    Followers,
    /// Whether the files are whole.
    Store,
    /// What the terminal can show.
    Terminal,
    /// Whether the operator's own keys are as they were written.
    Keys,
}

impl Check {
    /// Those of an account, in the order in which they are made: each needs those before.
    pub const OF_ACCOUNT: [Self; 11] = [
        Self::Proxy,
        Self::Name,
        Self::Connection,
        Self::Answer,
        Self::Clock,
        Self::Whitelist,
        Self::Token,
        Self::Templates,
        Self::Industries,
        Self::Quota,
        Self::Followers,
    ];

    /// Its name in JSON and in the keys of texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proxy => "proxy",
            Self::Name => "name",
            Self::Connection => "connection",
            Self::Answer => "answer",
            Self::Clock => "clock",
            Self::Whitelist => "whitelist",
            Self::Token => "token",
            Self::Templates => "templates",
            Self::Industries => "industries",
            Self::Quota => "quota",
            Self::Followers => "followers",
            Self::Store => "store",
            Self::Terminal => "terminal",
            Self::Keys => "keys",
        }
    }
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nothing to do.
    Fine,
    /// It works, and something is worth knowing.
    Warning,
    /// It does not work.
    Failed,
    /// Nobody can tell as long as something before it does not work.
    NotTried,
}

impl Health {
    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::NotTried => "not_tried",
        }
    }
}

/// What was found out of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of what.
    pub check: Check,
    /// How it stands.
    pub health: Health,
    /// Which sentence says so: `checkup.CHECK_KEY`, and `checkup.CHECK_KEY_remedy` where there is something to do.
    pub key: &'static str,
    /// What stands in its gaps.
    pub args: Vec<(&'static str, Gap)>,
    /// What WeChat's code means, and what to do about it, where it gave one.
    pub explained: Option<(String, String)>,
}

impl Line {
    fn new(check: Check, health: Health, key: &'static str, args: Vec<(&'static str, String)>) -> Self {
        let args = args.into_iter().map(|(name, text)| (name, Gap::Text(text))).collect();
        Self { check, health, key, args, explained: None }
    }

    /// Of what failed, and why.
    fn failed(check: Check, key: &'static str, why: &impl Told) -> Self {
        Self { check, health: Health::Failed, key, args: vec![("why", Gap::Sentence(why.told()))], explained: None }
    }

    /// With one more gap filled.
    fn with(mut self, (name, text): (&'static str, String)) -> Self {
        self.args.push((name, Gap::Text(text)));
        self
    }

    /// A line of one's own, of what only another room knows.
    pub fn of(check: Check, health: Health, key: &'static str, args: Vec<(&'static str, String)>) -> Self {
        Self::new(check, health, key, args)
    }

    /// What was found, in a sentence.
    pub fn said(&self, texts: &Texts) -> String {
        let key = match self.health {
            Health::NotTried => "checkup.not_tried".to_owned(),
            _ => format!("checkup.{}_{}", self.check.as_str(), self.key),
        };
        texts.fill(&key, &self.args)
    }

    /// What to do about it: of WeChat's code, else of the check itself.
    pub fn remedy(&self, texts: &Texts) -> Option<String> {
        if let Some((meaning, remedy)) = &self.explained {
            return Some(format!("{meaning} {remedy}"));
        }
        let key = format!("checkup.{}_{}_remedy", self.check.as_str(), self.key);
        let text = texts.say(&key);
        (text != key && matches!(self.health, Health::Warning | Health::Failed)).then(|| text.to_owned())
    }
}

/// Looks at an account; `tell` gets each line as it is known.
pub async fn account(sessions: &Sessions, store: &Store, account: &Account, lang: Lang, hours: u64, tell: &mut impl FnMut(Line)) {
    let mut left: Vec<Check> = Check::OF_ACCOUNT.to_vec();
    let mut told = |line: Line, left: &mut Vec<Check>| {
        left.retain(|check| *check != line.check);
        tell(line);
    };
    let run = async {
        let way = network::way(account, &mut |line| told(line, &mut left)).await;
        if way {
            wechat(sessions, store, account, lang, &mut |line| told(line, &mut left)).await;
        }
        followers(store, account, hours, &mut |line| told(line, &mut left)).await;
        left
    };
    for check in run.await {
        tell(Line::new(check, Health::NotTried, "not_tried", Vec::new()));
    }
}

async fn wechat(sessions: &Sessions, store: &Store, account: &Account, lang: Lang, tell: &mut impl FnMut(Line)) {
    let session = match sessions.get(account).await {
        Ok(session) => session,
        Err(error) => return tell(refusal(Check::Token, &error, "", lang)),
    };
    let shut_out = |error: &SessionError| error.errcode().is_some_and(|code| NOT_LET_IN.contains(&code));
    if let Err(error) = session.token().await {
        let check = if shut_out(&error) { Check::Whitelist } else { Check::Token };
        return tell(refusal(check, &error, "", lang));
    }
    // A token from before says nothing of the whitelist now: the first call with it does.
    let theirs = session.call(|client, token| async move { client.templates(&token).await }).await;
    match &theirs {
        Err(error) if shut_out(error) => return tell(refusal(Check::Whitelist, error, "", lang)),
        _ => tell(Line::new(Check::Whitelist, Health::Fine, "ok", Vec::new())),
    }
    tell(Line::new(Check::Token, Health::Fine, "ok", Vec::new()));
    tell(match theirs {
        Ok(theirs) => templates(&session, store, &theirs).await,
        Err(error) => refusal(Check::Templates, &error, TEMPLATES_PATH, lang),
    });
    tell(industries(&session, lang).await);
    tell(match quota::look(&session, store).await {
        Ok(seen) => {
            let (remain, limit) = (("remain", seen.remain().to_string()), ("limit", seen.limit.to_string()));
            let health = if seen.remain() == 0 { Health::Failed } else { Health::Fine };
            Line::new(Check::Quota, health, if seen.remain() == 0 { "spent" } else { "ok" }, vec![remain, limit])
        }
        Err(error) => Line { health: Health::Warning, ..refusal(Check::Quota, &error, SEND_PATH, lang) },
    });
}

/// Whether the templates that are known are still among theirs.
async fn templates(session: &Arc<Session>, store: &Store, theirs: &[TemplateEntry]) -> Line {
    let known = store.templates(session.account().id).await.unwrap_or_default();
    let gone: Vec<&str> = known
        .iter()
        .filter(|template| !theirs.iter().any(|entry| entry.id == template.id))
        .map(|template| template.title.as_str())
        .collect();
    let count = ("count", theirs.len().to_string());
    if theirs.is_empty() {
        return Line::new(Check::Templates, Health::Warning, "none", vec![count]);
    }
    if gone.is_empty() {
        return Line::new(Check::Templates, Health::Fine, "ok", vec![count]);
    }
    Line::new(Check::Templates, Health::Warning, "gone", vec![count, ("titles", gone.join(", "))])
}

async fn industries(session: &Arc<Session>, lang: Lang) -> Line {
    match session.call(|client, token| async move { client.industry(&token).await }).await {
        Ok(industries) => match (industries.primary, industries.secondary) {
            (Some(primary), secondary) => {
                let names = [Some(primary), secondary].into_iter().flatten();
                let names = names.map(|one| format!("{} · {}", one.main, one.sub)).collect::<Vec<_>>().join(", ");
                Line::new(Check::Industries, Health::Fine, "ok", vec![("names", names)])
            }
            // Category templates need none.
            _ => Line::new(Check::Industries, Health::Fine, "none", Vec::new()),
        },
        Err(error) => Line { health: Health::Warning, ..refusal(Check::Industries, &error, INDUSTRY_PATH, lang) },
    }
}

async fn followers(store: &Store, account: &Account, hours: u64, tell: &mut impl FnMut(Line)) {
    let now = Timestamp::now();
    let line = match store.listed(account.id).await {
        Err(error) => broken(&error),
        Ok(listed) => {
            let age = listed.at.map_or(0, |at| now.duration_since(at).as_hours()).to_string();
            let (health, key) = match listed.stale(now, hours) {
                None => (Health::Fine, "ok"),
                Some(Stale::Never | Stale::CutOff(_)) => (Health::Warning, "never"),
                Some(Stale::Since(_)) => (Health::Warning, "old"),
            };
            Line::new(Check::Followers, health, key, vec![("hours", age)])
        }
    };
    tell(line);
}

/// Whether the files are whole and can be written.
pub async fn files(store: &Store) -> Line {
    match store.check().await {
        Ok(faults) if faults.is_empty() => {
            let dir = store.dir().display().to_string();
            Line::new(Check::Store, Health::Fine, "ok", vec![("dir", dir)])
        }
        Ok(faults) => Line::new(Check::Store, Health::Failed, "damaged", vec![("why", faults.join("; "))]),
        Err(error) => broken(&error),
    }
}

fn broken(error: &StoreError) -> Line {
    Line::failed(Check::Store, "failed", error)
}

/// What WeChat refused, with what its code means for this call.
fn refusal(check: Check, error: &SessionError, path: &'static str, lang: Lang) -> Line {
    let explained = error.code_on(path).map(|(code, call)| {
        let call = Some(call).filter(|call| !call.is_empty());
        let told = explain::explain(code, error.errmsg(), call, lang);
        (told.meaning.into_owned(), told.remedy.into_owned())
    });
    Line { explained, ..Line::failed(check, "refused", error) }
}
