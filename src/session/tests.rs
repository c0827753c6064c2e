//! Sessions against the simulator: one token for everybody, and no secret in any word.

use super::*;
use crate::domain::account::{NewAccount, PaceLimits, SecretSource, TokenSource};
use crate::domain::api_base::ApiBase;
use crate::domain::errcode::Class;
use crate::domain::id::AppId;
use crate::domain::secret::AppSecret;
use crate::sim::{Action, Sim, World};
use jiff::Timestamp;
use tempfile::TempDir;

struct Scene {
    sim: Sim,
    dir: TempDir,
    store: Store,
    account: Account,
    secret: String,
}

async fn scene_with(source: impl FnOnce(&str) -> SecretSource, token: TokenSource) -> Scene {
    let sim = Sim::local(World::with_followers(3, 1)).unwrap();
    let (appid, secret) = sim.world(|world| (world.accounts()[0].appid.clone(), world.accounts()[0].secret.clone()));
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let api_base = ApiBase::parse(&sim.url()).unwrap();
    let account = NewAccount { appid: AppId::trusted(appid), api_base, token, ..new_account(source(&secret)) };
    let id = store.add_account(account, Timestamp::now()).await.unwrap();
    let account = store.account(id).await.unwrap().unwrap();
    Scene { sim, dir, store, account, secret }
}

fn new_account(secret: SecretSource) -> NewAccount {
    NewAccount {
        name: "Acme".into(),
        appid: AppId::trusted("wx0123456789abcdef"),
        secret,
        api_base: ApiBase::default(),
        token: TokenSource::Stable,
        pace: PaceLimits::default(),
    }
}

/// An account whose secret is in the vault.
async fn scene() -> Scene {
    let scene = scene_with(|_| SecretSource::Vault, TokenSource::Stable).await;
    let secret = AppSecret::parse(&scene.secret).unwrap();
    scene.store.put_secret(scene.account.appid.clone(), Some(secret)).await.unwrap();
    scene
}

impl Scene {
    async fn session(&self) -> Session {
        self.try_session().await.unwrap()
    }

    async fn try_session(&self) -> Result<Session, SessionError> {
        Session::open(self.account.clone(), self.store.clone(), &Arc::default()).await
    }

    /// A session as another process of this home would have it.
    async fn elsewhere(&self) -> Session {
        let store = Store::open(self.dir.path()).unwrap();
        Session::open(self.account.clone(), store, &Arc::default()).await.unwrap()
    }

    fn act(&self, action: Action) {
        self.sim.world(|world| world.act(None, action)).unwrap();
    }
}

#[tokio::test]
async fn many_callers_share_one_fetch() {
    let scene = scene().await;
    let session = scene.session().await;
    assert_eq!(session.token_until().await, None);
    let tokens = futures_util::future::join_all((0..64).map(|_| session.token())).await;
    let first = tokens[0].as_ref().unwrap();
    assert!(tokens.iter().all(|token| token.as_ref().unwrap() == first));
    assert_eq!(scene.sim.token_fetches(), 1);
    let left = session.token_until().await.unwrap().duration_since(Timestamp::now()).as_secs();
    assert!((6000..7200).contains(&left), "used up some time before its end, {left} s from now");
}

#[tokio::test]
async fn processes_of_one_home_share_the_token() {
    let scene = scene().await;
    let (one, two) = (scene.session().await, scene.elsewhere().await);
    let (a, b) = futures_util::future::join(one.token(), two.token()).await;
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!(scene.sim.token_fetches(), 1);
    assert_eq!(scene.elsewhere().await.token().await.unwrap(), one.token().await.unwrap());
    assert_eq!(scene.sim.token_fetches(), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_for_all_who_used_it() {
    for source in [TokenSource::Stable, TokenSource::Legacy] {
        let mut scene = scene().await;
        scene.account.token = source;
        let (session, elsewhere) = (scene.session().await, scene.elsewhere().await);
        let old = session.token().await.unwrap();
        assert_eq!(elsewhere.token().await.unwrap(), old);
        scene.act(Action::ReplaceToken);
        let here = futures_util::future::join_all((0..32).map(|_| session.token_after(&old)));
        let there = futures_util::future::join_all((0..32).map(|_| elsewhere.token_after(&old)));
        let (here, there) = futures_util::future::join(here, there).await;
        let new = session.token().await.unwrap();
        assert_ne!(new, old);
        assert!(here.iter().chain(&there).all(|token| *token.as_ref().unwrap() == new));
        assert_eq!(scene.sim.token_fetches(), 2, "{source:?}");
        assert_eq!(session.token_after(&old).await.unwrap(), new, "refused long ago");
        assert_eq!(scene.sim.token_fetches(), 2);
    }
}

#[tokio::test]
async fn the_very_token_that_was_refused_is_an_error_and_no_loop() {
    let scene = scene().await;
    let session = scene.session().await;
    let token = session.token().await.unwrap();
    scene.sim.faults(|faults| faults.reject_tokens = true);
    assert!(matches!(session.token_after(&token).await, Err(SessionError::SameToken)));
    assert_eq!(scene.sim.token_fetches(), 2);
    let fails = session.call(|client, token| async move { client.tags(&token).await }).await.unwrap_err();
    assert!(matches!(fails, SessionError::SameToken), "{fails}");
    assert_eq!((scene.sim.token_fetches(), scene.sim.calls("/cgi-bin/tags/get")), (3, 1));
}

#[tokio::test]
async fn a_call_survives_one_refused_token() {
    let scene = scene().await;
    let session = scene.session().await;
    session.token().await.unwrap();
    for action in [Action::ExpireToken, Action::ReplaceToken] {
        scene.act(action);
        assert_eq!(session.call(|client, token| async move { client.tags(&token).await }).await.unwrap().len(), 5);
    }
    assert_eq!(scene.sim.token_fetches(), 3);
}

#[tokio::test]
async fn a_wrong_secret_says_so_and_is_never_said_itself() {
    let scene = scene().await;
    let session = scene.session().await;
    scene.act(Action::RevokeSecret);
    let error = session.token().await.unwrap_err();
    assert_eq!((error.errcode(), error.class(), error.is_network()), (Some(40125), Some(Class::StopAccount), false));
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(&scene.secret), "{text}");
    }
    assert_eq!(session.token_until().await, None, "nothing is kept of it");
}

#[tokio::test]
async fn on_the_token_call_40001_is_about_the_secret() {
    let scene = scene().await;
    scene.sim.faults(|faults| faults.token_code = 40001);
    let error = scene.session().await.token().await.unwrap_err();
    assert_eq!(error.class(), Some(Class::StopAccount));
}

#[tokio::test]
async fn an_unreachable_host_is_a_matter_of_the_network() {
    let scene = scene().await;
    let session = scene.session().await;
    drop(scene.sim);
    let error = session.token().await.unwrap_err();
    assert!(error.is_network() && error.errcode().is_none(), "{error}");
    assert!(!error.to_string().contains(&scene.secret), "{error}");
}

#[tokio::test]
async fn a_secret_may_come_from_a_command() {
    let scene = scene_with(|secret| SecretSource::Command(format!("echo ' {secret} '")), TokenSource::Stable).await;
    scene.session().await.token().await.unwrap();
    assert_eq!(scene.sim.token_fetches(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_command_leads_a_process_group_of_its_own_with_nothing_to_read() {
    let script = |secret: &str| {
        let own_group = "read -r pid name state parent group rest < /proc/$$/stat && [ $pid = $group ]";
        format!("{own_group} && ! read -r line && [ -c /dev/stdin ] && [ -c /dev/stderr ] && echo {secret}")
    };
    let scene = scene_with(|secret| SecretSource::Command(script(secret)), TokenSource::Stable).await;
    scene.session().await.token().await.unwrap();
}

/// The clock stands still until the command and what it started are there, and jumps to the limit then.
#[tokio::test(start_paused = true)]
async fn a_command_that_never_ends_is_killed_with_all_it_started() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let store = Store::open(dir.path()).unwrap();
    let line = format!("exec 3> {}; sleep 600 & echo >&3; wait", pipe.display());
    let id = store.add_account(new_account(SecretSource::Command(line)), Timestamp::now()).await.unwrap();
    let account = store.account(id).await.unwrap().unwrap();
    let started = tokio::task::spawn_blocking(move || {
        let mut pipe = std::io::BufReader::new(std::fs::File::open(pipe).unwrap());
        std::io::BufRead::read_line(&mut pipe, &mut String::new()).unwrap();
        pipe
    });
    let error = Session::open(account, store, &Arc::default()).await.err().unwrap();
    assert!(error.to_string().contains("within 10 seconds"), "{error}");
    // It comes to its end when nobody has it open any more.
    let mut pipe = started.await.unwrap();
    assert_eq!(std::io::Read::read(&mut pipe, &mut [0]).unwrap(), 0);
}

#[tokio::test]
async fn a_command_that_prints_without_end_is_not_read_to_its_end() {
    let scene = scene_with(|_| SecretSource::Command("yes".into()), TokenSource::Stable).await;
    let error = scene.try_session().await.err().unwrap();
    assert!(error.to_string().contains("more than 4096 bytes"), "{error}");
}

/// Each waits for the other, so one after the other they would never end.
#[tokio::test]
async fn commands_run_at_once_and_a_failed_one_runs_again_when_needed() {
    let dir = tempfile::tempdir().unwrap();
    let [left, right, late] = ["left", "right", "late"].map(|name| dir.path().join(name).display().to_string());
    let status = std::process::Command::new("mkfifo").args([&left, &right]).status().unwrap();
    assert!(status.success());
    let store = Store::open(&dir.path().join("home")).unwrap();
    let secret = "acefacefacefacefacefacefacef0001";
    let commands = [
        format!("echo > {left}; read x < {right}; echo x >> {left}.runs; echo {secret}"),
        format!("read x < {left}; echo > {right}; echo {secret}"),
        format!("cat {late}"),
    ];
    for (n, command) in commands.into_iter().enumerate() {
        let appid = AppId::trusted(format!("wx000000000000000{n}"));
        let new = NewAccount { name: n.to_string(), appid, ..new_account(SecretSource::Command(command)) };
        store.add_account(new, Timestamp::now()).await.unwrap();
    }
    let accounts = store.accounts().await.unwrap();
    let sessions = Sessions::new(store);
    sessions.prepare_commands(&accounts).await;
    sessions.get(&accounts[0]).await.unwrap();
    assert_eq!(std::fs::read_to_string(format!("{left}.runs")).unwrap(), "x\n", "run once");
    assert!(sessions.get(&accounts[2]).await.is_err());
    std::fs::write(&late, secret).unwrap();
    sessions.get(&accounts[2]).await.unwrap();
}

#[tokio::test]
async fn a_secret_that_is_not_to_be_had_is_explained_without_it() {
    let near = "0123456789abcdef0123456789abcdeX";
    for (source, said) in [
        (SecretSource::Vault, "muban account set Acme"),
        (SecretSource::Env("MUBAN_TEST_NOT_SET".into()), "MUBAN_TEST_NOT_SET"),
        // Every process has it, and nowhere is it a secret.
        (SecretSource::Env("PATH".into()), "PATH"),
        (SecretSource::Command("exit 3".into()), "exit status: 3"),
        (SecretSource::Command(format!("echo {near}")), "printed something else"),
        (SecretSource::Command(format!("echo {near}; exit 1")), "exit status: 1"),
        (SecretSource::Command("true".into()), "empty"),
    ] {
        let scene = scene_with(|_| source.clone(), TokenSource::Stable).await;
        let error = scene.try_session().await.err().unwrap();
        let texts = [error.to_string(), format!("{error:?}")];
        assert!(texts[0].contains(said), "{}", texts[0]);
        assert!(texts.iter().all(|text| !text.contains("0123456789") && !text.contains("/bin")), "{texts:?}");
    }
}

#[tokio::test]
async fn nothing_secret_is_in_the_request_log() {
    let scene = scene().await;
    let log = Arc::new(RequestLog::default());
    let session = Session::open(scene.account.clone(), scene.store.clone(), &log).await.unwrap();
    let token = session.token().await.unwrap();
    scene.sim.faults(|faults| faults.reject_tokens = true);
    session.call(|client, token| async move { client.tags(&token).await }).await.unwrap_err();
    scene.act(Action::RevokeSecret);
    assert_eq!(session.clear_quota_by_secret().await.unwrap_err().errcode(), Some(40125));
    let calls = log.calls();
    assert_eq!(
        calls.iter().map(|call| call.record.path).collect::<Vec<_>>(),
        ["/cgi-bin/stable_token", "/cgi-bin/tags/get", "/cgi-bin/stable_token", "/cgi-bin/clear_quota/v2"]
    );
    let shown = format!("{calls:?}");
    assert!(!shown.contains(token.expose()) && !shown.contains(&scene.secret), "{shown}");
}

#[tokio::test]
async fn the_request_log_is_a_ring() {
    let scene = scene().await;
    let log = Arc::new(RequestLog::default());
    let session = Session::open(scene.account.clone(), scene.store.clone(), &log).await.unwrap();
    let observer = log.observer();
    session.token().await.unwrap();
    let one = log.calls().remove(0).record;
    for _ in 0..600 {
        observer(&crate::wechat::CallRecord { path: "/later", ..one.clone() });
    }
    assert_eq!(log.calls().len(), 500);
    assert!(log.calls().iter().all(|call| call.record.path == "/later"));
}

#[tokio::test]
async fn an_account_has_one_session_until_its_calls_change() {
    let mut scene = scene().await;
    let sessions = Sessions::new(scene.store.clone());
    let first = sessions.get(&scene.account).await.unwrap();
    scene.account.pace.concurrency = 3;
    scene.account.name = "Renamed".into();
    assert!(Arc::ptr_eq(&first, &sessions.get(&scene.account).await.unwrap()), "one pace, whatever was typed meanwhile");
    scene.account.token = TokenSource::Legacy;
    let second = sessions.get(&scene.account).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &second));
    sessions.forget(scene.account.id);
    assert!(!Arc::ptr_eq(&second, &sessions.get(&scene.account).await.unwrap()));
}
