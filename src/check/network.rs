//! The way to the account's host: proxy, name, connection, an answer over TLS, and the clock that the answer tells.

use super::{Check, Health, Line};
use crate::domain::account::Account;
use crate::domain::told::Told;
use crate::wechat::{self, Client, ClientOptions};
use jiff::{SignedDuration, Timestamp};

/// A clock that is off by more makes tokens and signatures a matter of luck.
const SLIGHTLY_OFF: SignedDuration = SignedDuration::from_secs(60);
/// Certificates begin and end by the clock.
const BADLY_OFF: SignedDuration = SignedDuration::from_secs(600);
/// The way to the host; whether there is one.
pub async fn way(account: &Account, tell: &mut impl FnMut(Line)) -> bool {
    let host = ("host", account.api_base.host().to_owned());
    let proxy = wechat::proxy_to(&account.api_base);
    match &proxy {
        None => {
            tell(Line::new(Check::Proxy, Health::Fine, "ok", Vec::new()));
            let addresses = match wechat::addresses(&account.api_base).await {
                Ok(addresses) => addresses,
                Err(why) => {
                    tell(Line::failed(Check::Name, "failed", &why).with(host));
                    return false;
                }
            };
            let shown = addresses.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ");
            tell(Line::new(Check::Name, Health::Fine, "ok", vec![host.clone(), ("addresses", shown)]));
            match wechat::connect(&addresses).await {
                Ok(took) => {
                    let took = took.as_millis().to_string();
                    tell(Line::new(Check::Connection, Health::Fine, "ok", vec![host.clone(), ("millis", took)]));
                }
                Err(why) => {
                    tell(Line::failed(Check::Connection, "failed", &why).with(host));
                    return false;
                }
            }
        }
        // Name and connection are the proxy's matter.
        Some(proxy) => tell(Line::new(Check::Proxy, Health::Warning, "through", vec![("proxy", proxy.clone())])),
    }
    answer(account, host, proxy, tell).await
}

async fn answer(account: &Account, host: (&'static str, String), proxy: Option<String>, tell: &mut impl FnMut(Line)) -> bool {
    let knocked = match Client::new(&account.api_base, &ClientOptions::default(), None) {
        Ok(client) => client.knock().await,
        Err(error) => Err(error.told()),
    };
    let knock = match knocked {
        Ok(knock) => knock,
        Err(why) => {
            let line = match proxy {
                None => Line::failed(Check::Answer, "failed", &why).with(host),
                Some(proxy) => Line::failed(Check::Answer, "proxy", &why).with(host).with(("proxy", proxy)),
            };
            tell(line);
            return false;
        }
    };
    let args = vec![host, ("status", knock.status.to_string()), ("millis", knock.took.as_millis().to_string())];
    if knock.status == 200 {
        tell(Line::new(Check::Answer, Health::Fine, "ok", args));
    } else {
        // A gateway, a portal or a proxy speaks, not WeChat.
        tell(Line::new(Check::Answer, Health::Failed, "other", args));
        return false;
    }
    if let Some(date) = knock.date {
        tell(clock(date, Timestamp::now()));
    }
    true
}

/// How far this machine's clock is from the host's.
fn clock(theirs: Timestamp, ours: Timestamp) -> Line {
    let off = ours.duration_since(theirs);
    let seconds = vec![("seconds", off.abs().as_secs().to_string())];
    let (health, key) = match off.abs() {
        off if off > BADLY_OFF => (Health::Failed, "off"),
        off if off > SLIGHTLY_OFF => (Health::Warning, "off"),
        _ => (Health::Fine, "ok"),
    };
    Line::new(Check::Clock, health, key, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::told::Gap;

    #[test]
    fn a_clock_is_worth_a_word_after_a_minute_and_wrong_after_ten_either_way() {
        let theirs = Timestamp::UNIX_EPOCH;
        for (seconds, health) in [(60, Health::Fine), (61, Health::Warning), (600, Health::Warning), (601, Health::Failed)] {
            for ours in [theirs + SignedDuration::from_secs(seconds), theirs - SignedDuration::from_secs(seconds)] {
                let line = clock(theirs, ours);
                assert_eq!((line.health, &line.args[0].1), (health, &Gap::Text(seconds.to_string())), "{ours}");
            }
        }
    }
}
