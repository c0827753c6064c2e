//! Lists of a million followers: pages anywhere, search as one types, memory. `cargo bench --bench lists [-- FOLLOWERS]`

#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up has nothing to say")]

use jiff::Timestamp;
use muban::domain::account::{NewAccount, PaceLimits, SecretSource, TokenSource};
use muban::domain::api_base::ApiBase;
use muban::domain::id::{AccountId, AppId, OpenId, TagId};
use muban::domain::user::{PageAt, UserFilter, UserKey, UserOrder, Who};
use muban::store::{Store, UserDetail, Wanted};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Seconds between two of them who follow.
const APART: i64 = 200;
const BEGIN: i64 = 1_546_300_800;
const BATCH: u64 = 50_000;

fn main() {
    let followers: u64 = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(run(followers));
}

async fn run(followers: u64) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let account = fill(&store, followers).await;
    let size = std::fs::metadata(dir.path().join("cache.db")).unwrap().len();
    println!("{followers} followers, six of ten with a remark, one of two with a tag");
    println!("  file                           {:>8.0} MiB", size as f64 / f64::from(1 << 20));
    println!("  memory before a search         {:>8.1} MiB", memory());

    let keys = (0..200).map(|n| UserKey { subscribe_time: (BEGIN + (n * 7919 % followers as i64) * APART) * 1000, id: 0 });
    let plain = UserFilter::default();
    report("a page of 50 anywhere", 1.0, &times(&store, account, &plain, keys.map(PageAt::After).collect()).await);

    let begun = Instant::now();
    let by_name = UserFilter { order: UserOrder::Name, ..UserFilter::default() };
    store.users(account, by_name.clone(), PageAt::First, 50).await.unwrap();
    println!("  getting ready to search        {:>8.2} s   (by name, which takes longest)", begun.elapsed().as_secs_f64());
    println!("  memory with search ready       {:>8.1} MiB   at most 128 for a million", memory());

    let search = |text: &str| UserFilter { search: text.into(), ..UserFilter::default() };
    for (what, filter) in [
        ("search: one letter", search("o")),
        ("search: one Chinese character", search("\u{5f20}")),
        ("search: two characters", search("\u{5f20}4")),
        ("search: part of an openid", search("n000777")),
        ("search: nobody has it", search("\u{9f98}\u{9f98}")),
        ("who left", UserFilter { who: Who::Left, ..UserFilter::default() }),
        ("with a tag, searched", UserFilter { tag: Some(TagId(101)), ..search("\u{674e}") }),
        ("by name", by_name),
    ] {
        report(what, 16.0, &times(&store, account, &filter, vec![PageAt::First; 50]).await);
        let begun = Instant::now();
        let count = store.count_users(account, filter, Wanted::default()).await.unwrap().unwrap();
        println!("      all of them: {count} in {:.1} ms", begun.elapsed().as_secs_f64() * 1000.0);
    }
    println!("  memory at the end              {:>8.1} MiB", memory());
}

async fn times(store: &Store, account: AccountId, filter: &UserFilter, places: Vec<PageAt<UserKey>>) -> Vec<Duration> {
    let mut times = Vec::new();
    for at in places {
        let begun = Instant::now();
        store.users(account, filter.clone(), at, 50).await.unwrap();
        times.push(begun.elapsed());
    }
    times.sort();
    times
}

/// `limit` is the figure to keep to, in milliseconds, at the 95th of a hundred.
fn report(what: &str, limit: f64, times: &[Duration]) {
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    println!("  {what:<30} {:>8.3} ms   95 of 100 within {:.3} ms, at most {limit} ms", at(50), at(95));
}

/// Memory of this process now, in MiB; 0 where the system does not tell.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

async fn fill(store: &Store, followers: u64) -> AccountId {
    let new = NewAccount {
        name: "Crowd".into(),
        appid: AppId::trusted("wx0123456789abcdef"),
        secret: SecretSource::Vault,
        api_base: ApiBase::default(),
        token: TokenSource::Stable,
        pace: PaceLimits::default(),
    };
    let account = store.add_account(new, Timestamp::now()).await.unwrap();
    let generation = store.begin_user_sync(account).await.unwrap().generation;
    let of = |from: u64| from..(from + BATCH).min(followers);
    for from in (0..followers).step_by(BATCH as usize) {
        store.put_openids(account, generation, of(from).map(openid).collect(), None).await.unwrap();
    }
    store.end_openids(account, generation, Timestamp::now()).await.unwrap();
    for from in (0..followers).step_by(BATCH as usize) {
        store.put_details(account, generation, of(from).map(detail).collect(), HashMap::new()).await.unwrap();
    }
    store.end_user_sync(account).await.unwrap();
    account
}

/// Scattered, as WeChat's are.
fn openid(n: u64) -> OpenId {
    OpenId::trusted(format!("oTD8i6{:016x}n{:05}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15), n % 100_000))
}

fn detail(n: u64) -> UserDetail {
    let surname = ['\u{5f20}', '\u{674e}', '\u{738b}', '\u{8d75}', '\u{9648}'][(n % 5) as usize];
    UserDetail {
        openid: openid(n),
        subscribed: !n.is_multiple_of(50),
        unionid: None,
        nickname: String::new(),
        remark: if n % 10 < 6 { format!("{surname}{n}") } else { String::new() },
        language: "zh_CN".into(),
        subscribe_time: Timestamp::from_second(BEGIN + n as i64 * APART).ok(),
        subscribe_scene: "ADD_SCENE_QR_CODE".into(),
        tags: if n.is_multiple_of(2) { vec![TagId(101)] } else { Vec::new() },
    }
}
