//! `demo` and `sim`: the built-in simulator.

use super::args::SimArgs;
use super::context::{Context, print, say};
use super::failure::{Done, Exit, Failure, on_command};
use super::runtime;
use crate::config::Home;
use crate::domain::account::{NewAccount, PaceLimits, SecretSource, TokenSource};
use crate::domain::api_base::ApiBase;
use crate::domain::id::AppId;
use crate::domain::secret::AppSecret;
use crate::sim::{Sim, World};
use crate::store::Store;
use crate::sync::{SyncPlan, SyncProgress};
use crate::tui::Detach;
use jiff::Timestamp;
use std::io::Write;
use std::path::Path;

/// A send of the demo takes so long, in milliseconds: about what WeChat takes, and one can watch it.
const DEMO_LATENCY: u64 = 40;

/// Runs the simulator until it is asked to end.
pub fn sim(context: &Context, args: &SimArgs) -> Done {
    let world = args.followers.map_or_else(World::demo, |n| World::with_followers(n, 1));
    let sim = Sim::spawn_thread(world, args.listen)
        .map_err(|error| Failure::wrong(on_command("listen").with("address", args.listen).with("why", error)))?;
    sim.faults(|faults| faults.latency_ms = args.latency);
    print(&format!("listening on {}", sim.url()));
    let _ = std::io::stdout().flush();
    let accounts = sim.world(|world| {
        let line = |a: &crate::sim::Account| format!("  {}  {}  secret {}  {}", a.name, a.appid, a.secret, a.follower_count());
        world.accounts().iter().map(line).collect::<Vec<_>>()
    });
    say(context.texts().say("cli.sim_accounts"));
    for line in accounts {
        say(&line);
    }
    runtime()?.block_on(async {
        let _ = tokio::signal::ctrl_c().await;
    });
    Ok(Exit::Fine)
}

/// Opens the screen on a throw-away home that is already filled.
pub fn demo(mut context: Context) -> Done {
    let unusable = |error: std::io::Error| Failure::of(Exit::Store, &on_command("no_demo_home").with("why", error));
    let dir = tempfile::Builder::new().prefix("muban-demo-").tempdir().map_err(unusable)?;
    let home = std::mem::replace(&mut context.home, Home::in_one(dir.path()));
    bring_themes(&home, dir.path());
    let sim = Sim::local(World::demo()).map_err(unusable)?;
    let store = context.store()?;
    runtime()?.block_on(fill(&context, &store, &sim))?;
    sim.faults(|faults| faults.latency_ms = DEMO_LATENCY);
    drop(store);
    super::screen(&context, Detach::Never)
}

/// The settings are those of the operator, and may name one of these.
fn bring_themes(home: &Home, dir: &Path) {
    let to = dir.join("themes");
    let files = std::fs::read_dir(home.config.join("themes")).into_iter().flatten().flatten();
    for file in files {
        // What cannot be copied cannot be used: that is said on the screen.
        let _ = std::fs::create_dir_all(&to).and_then(|()| std::fs::copy(file.path(), to.join(file.file_name())));
    }
}

/// Adds the simulator's accounts and syncs them.
async fn fill(context: &Context, store: &Store, sim: &Sim) -> Result<(), Failure> {
    let known = sim
        .world(|world| world.accounts().iter().map(|a| (a.name.clone(), a.appid.clone(), a.secret.clone())).collect::<Vec<_>>());
    for (name, appid, secret) in known {
        let appid = AppId::parse(&appid)?;
        let new = NewAccount {
            name,
            appid: appid.clone(),
            secret: SecretSource::Vault,
            api_base: ApiBase::parse(&sim.url())?,
            token: TokenSource::Stable,
            pace: PaceLimits::default(),
        };
        store.add_account(new, Timestamp::now()).await?;
        store.put_secret(appid, Some(AppSecret::parse(&secret)?)).await?;
    }
    for account in store.accounts().await? {
        let session = context.session(store, &account).await?;
        crate::sync::run(&session, store, SyncPlan::default(), &SyncProgress::default()).await?;
    }
    Ok(())
}
