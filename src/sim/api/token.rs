//! `/cgi-bin/token` and `/cgi-bin/stable_token` (`wechat-api.md §2`).

use super::{Visit, param};
use crate::sim::{
    account::Account,
    clock::Moment,
    reply::{Answer, Refusal},
};
use serde::Deserialize;

/// What a caller says of itself.
#[derive(Deserialize)]
#[serde(default)]
struct Credentials {
    grant_type: String,
    appid: String,
    secret: String,
    force_refresh: bool,
}

impl Default for Credentials {
    fn default() -> Self {
        let text = String::new;
        Self { grant_type: text(), appid: text(), secret: text(), force_refresh: false }
    }
}

pub(super) fn legacy(visit: &mut Visit) -> Answer {
    let text = |name| param(visit.query, name).unwrap_or_default().into_owned();
    let caller =
        Credentials { grant_type: text("grant_type"), appid: text("appid"), secret: text("secret"), force_refresh: false };
    fetch(visit, &caller, true)
}

/// A body that is not JSON looks like one without an appid: 41002.
pub(super) fn stable(visit: &mut Visit) -> Answer {
    let Ok(caller) = serde_json::from_slice::<Credentials>(visit.body) else { return Err(Refusal::of(41002)) };
    fetch(visit, &caller, false)
}

fn fetch(visit: &mut Visit, caller: &Credentials, legacy: bool) -> Answer {
    let Visit { world, faults, route, ip, now, .. } = visit;
    let now = *now;
    if caller.grant_type != "client_credential" {
        return Err(Refusal::of(40002));
    }
    let index = check(&world.accounts, &caller.appid, &caller.secret)?;
    if faults.deny_ip {
        return Err(Refusal::denied(*ip));
    }
    if faults.token_code != 0 {
        return Err(Refusal::of(faults.token_code));
    }
    let account = &mut world.accounts[index];
    account.quotas.charge(route.counted_as, route.daily, now)?;
    let rng = &mut world.rng;
    let issued = match (legacy, caller.force_refresh) {
        (true, _) => account.tokens.fetch_legacy(now, rng),
        (false, true) => account.tokens.force_stable(now, rng)?,
        (false, false) => account.tokens.fetch_stable(now, rng),
    };
    Ok(format!(r#"{{"access_token":"{}","expires_in":{}}}"#, issued.text, left(issued.until, now)).into_bytes())
}

/// Seconds left, as the platform counts them: never more than promised.
fn left(until: Moment, now: Moment) -> u64 {
    until.0.saturating_sub(now.0).div_ceil(1000)
}

/// The place of the account with these credentials.
pub(super) fn check(accounts: &[Account], appid: &str, secret: &str) -> Result<usize, Refusal> {
    if appid.is_empty() {
        return Err(Refusal::of(41002));
    }
    if secret.is_empty() {
        return Err(Refusal::of(41004));
    }
    let index = accounts.iter().position(|account| account.appid == appid).ok_or(Refusal::of(40013))?;
    if accounts[index].secret == secret {
        return Ok(index);
    }
    let of_another = accounts.iter().any(|account| account.secret == secret);
    Err(Refusal::of(if of_another { 40001 } else { 40125 }))
}
