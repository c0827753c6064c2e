//! The worlds that come with the program: the demo (`assets/demo/world.json`), and crowds of any size.

use super::{
    account::{Account, Entry, Followers, Names, Standing, Template},
    rng::{Rng, at},
    world::World,
};
use serde::Deserialize;
use std::sync::LazyLock;

/// `world.json`.
#[derive(Default, Deserialize)]
struct Script {
    names: Names,
    accounts: Vec<Cast>,
}

/// One account of it.
#[derive(Default, Deserialize)]
struct Cast {
    name: String,
    appid: String,
    secret: String,
    seed: u64,
    followers: u32,
    /// Per cent whose sends fail.
    failing: f64,
    unionids: bool,
    industries: Vec<u8>,
    mini_programs: Vec<String>,
    templates: Vec<Template>,
    library: Vec<Entry>,
    tags: Vec<Group>,
}

/// One tag, and what is certain about its members.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Group {
    name: String,
    count: usize,
    /// The last to follow, else anyone.
    newest: bool,
    /// All of them have a remark.
    named: bool,
    /// All of them get what is sent.
    healthy: bool,
    /// So many of them at least left lately, refuse, are barred.
    stale: usize,
    refuses: usize,
    barred: usize,
}

/// A test holds that it can be read.
static SCRIPT: LazyLock<Script> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/demo/world.json")).unwrap_or_default());

/// The seed of the demo.
const SEED: u64 = 2025;
/// Bodies kept of a crowd.
const CROWD_BODIES: usize = 1_000;
/// Followers of a crowd from which bodies are not all kept.
const CROWD: usize = 100_000;

/// The words of remarks.
pub(super) fn names() -> &'static Names {
    &SCRIPT.names
}

pub(super) fn world() -> World {
    SCRIPT.accounts.iter().map(cast).fold(World::empty(SEED), World::with_account)
}

fn cast(cast: &Cast) -> Account {
    let mut account = Account::new(&cast.name, cast.seed);
    account.appid.clone_from(&cast.appid);
    account.secret.clone_from(&cast.secret);
    account.industries.clone_from(&cast.industries);
    account.mini_programs.clone_from(&cast.mini_programs);
    account.templates.list.clone_from(&cast.templates);
    account.templates.library.clone_from(&cast.library);
    account.followers = Followers::new(cast.seed, names());
    account.followers.compute(cast.followers);
    account.followers.unionids = cast.unionids;
    spoil(&mut account, cast.seed, cast.failing);
    let mut rng = Rng::new(cast.seed);
    for group in &cast.tags {
        gather(&mut account, group, &mut rng);
    }
    account
}

/// Makes sends to `percent` of the followers fail, each in a way of its own.
fn spoil(account: &mut Account, seed: u64, percent: f64) {
    if percent <= 0.0 {
        return;
    }
    for number in 0..account.followers.known() {
        let mut dice = Rng::new(at(seed ^ 0xfa11, u64::from(number)));
        if dice.hits(percent) {
            match dice.next() % 20 {
                0..8 => account.followers.set(number, Standing::Stale),
                8..14 => account.followers.set(number, Standing::Refuses),
                14..16 => account.followers.set(number, Standing::Barred),
                16..19 => account.bar(number, true),
                _ => account.followers.set(number, Standing::Unknown),
            }
        }
    }
}

/// Makes one tag.
fn gather(account: &mut Account, group: &Group, rng: &mut Rng) {
    let known = account.followers.known();
    let mut members: Vec<u32> = Vec::with_capacity(group.count);
    while members.len() < group.count.min(known as usize) {
        let pick = if group.newest { known - 1 - members.len() as u32 } else { (rng.next() % u64::from(known)) as u32 };
        if !members.contains(&pick) {
            members.push(pick);
        }
    }
    let mut lot = members.iter().step_by(11);
    for (standing, count) in
        [(Standing::Stale, group.stale), (Standing::Refuses, group.refuses), (Standing::Barred, group.barred)]
    {
        lot.by_ref().take(count).for_each(|&number| account.followers.set(number, standing));
    }
    for &number in &members {
        if group.healthy {
            account.followers.set(number, Standing::Follows);
            account.bar(number, false);
        }
        if group.named {
            account.followers.name(number);
        }
    }
    account.add_tag(&group.name, members);
}

pub(super) fn stress(n: usize, seed: u64, failing: f64) -> World {
    let n = u32::try_from(n).unwrap_or(u32::MAX);
    let mut account = Account::new("Crowd", seed);
    account.followers = Followers::new(seed, names());
    account.followers.compute(n);
    spoil(&mut account, seed, failing);
    account.add_tag("half", (0..n).step_by(2));
    account.add_tag("tenth", (0..n).step_by(10));
    account.add_tag("hundred", 0..n.min(100));
    account.add_tag("empty", []);
    account.templates.list = SCRIPT.accounts.first().map(|cast| cast.templates.clone()).unwrap_or_default();
    account.quotas.lift();
    let mut world = World::empty(seed).with_account(account);
    if n as usize >= CROWD {
        world.keep_bodies(CROWD_BODIES);
    }
    world
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{AppId, OpenId, TemplateId};
    use std::collections::HashSet;

    #[test]
    fn the_demo_has_two_accounts_with_well_formed_ids() {
        let world = world();
        let names: Vec<&str> = world.accounts().iter().map(|account| account.name.as_str()).collect();
        assert_eq!(names, ["Acme 服务号", "Beta 商城"]);
        for account in world.accounts() {
            assert!(AppId::parse(&account.appid).is_ok(), "{}", account.appid);
            assert!(account.secret.len() == 32 && account.secret.bytes().all(|b| b.is_ascii_hexdigit()));
            let ids: HashSet<&str> = account.templates().iter().map(|template| template.id.as_str()).collect();
            assert_eq!(ids.len(), account.templates().len());
            assert!(ids.iter().all(|id| id.len() == 43 && TemplateId::parse(id).is_ok()));
            assert!(account.openids().all(|openid| OpenId::parse(&openid).unwrap().has_usual_length()));
        }
        let [acme, beta] = world.accounts() else { unreachable!() };
        assert_eq!((acme.follower_count(), beta.follower_count()), (2000, 60));
        assert_eq!((acme.templates().len(), beta.templates().len()), (12, 4));
        assert_eq!(beta.tag_members("空标签"), [""; 0]);
    }

    #[test]
    fn a_send_to_vip_shows_a_few_failures_and_names() {
        let world = world();
        let acme = &world.accounts()[0];
        let vip = acme.tag_members("VIP");
        assert_eq!(vip.len(), 120);
        let count = |standing| vip.iter().filter(|openid| acme.standing(openid) == Some(standing)).count();
        assert!((2..8).contains(&count(Standing::Stale)) && (2..8).contains(&count(Standing::Refuses)));
        assert!((105..118).contains(&count(Standing::Follows)), "{}", count(Standing::Follows));
        assert!(vip.iter().all(|openid| !acme.remark(openid).is_empty()));
        let staff = acme.tag_members("内部");
        assert!(staff.iter().all(|openid| acme.standing(openid) == Some(Standing::Follows)));
    }

    #[test]
    fn the_examples_of_the_demo_keep_the_rules() {
        for account in world().accounts() {
            for template in account.templates() {
                let mut data = serde_json::Map::new();
                for (line, shown) in template.content.lines().zip(template.example.lines()) {
                    let (Some(key), Some((_, value))) = (line.split_once("{{"), shown.split_once([':', '：'])) else { continue };
                    let key = key.1.trim_end_matches(".DATA}}");
                    data.insert(key.into(), serde_json::json!({"value": value}));
                }
                assert_eq!(template.judge(Some(&data.into())), Ok(()), "{}", template.title);
            }
        }
    }

    #[test]
    fn a_crowd_repeats_and_fails_as_much_as_asked() {
        let (one, two) = (stress(20_000, 7, 5.0), stress(20_000, 7, 5.0));
        let (one, two) = (&one.accounts()[0], &two.accounts()[0]);
        assert_eq!((one.openid(777), &one.appid, &one.secret), (two.openid(777), &two.appid, &two.secret));
        assert_ne!(stress(20_000, 8, 5.0).accounts()[0].openid(777), one.openid(777));
        let bad = (0..20_000).filter(|&n| one.followers.standing(n) != Standing::Follows || one.followers.blacklist.contains(n));
        let bad = bad.count();
        assert!((900..1100).contains(&bad), "{bad}");
        assert_eq!(one.tag_members("half").len(), 10_000);
    }
}
