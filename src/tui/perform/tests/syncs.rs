//! Syncs, and who followed lately.

use super::Stage;
use crate::domain::user::Listed;
use crate::sim::Action;
use crate::sync::{Look, Step};
use crate::tui::effect::SyncEffect;
use crate::tui::msg::{Msg, SyncMsg};

async fn hear<T>(stage: &mut Stage, mut what: impl FnMut(SyncMsg) -> Option<T>) -> T {
    stage.hear_any(|msg| if let Msg::Sync(msg) = msg { what(msg) } else { None }).await
}

#[tokio::test]
async fn who_follows_while_one_looks_is_shown_before_it_is_said() {
    let mut stage = Stage::new(300).await;
    let account = stage.account.id;
    stage.start(SyncEffect::LoadListed { account });
    let listed = hear(&mut stage, |msg| if let SyncMsg::Listed { listed, .. } = msg { Some(listed) } else { None }).await;
    assert_eq!(listed, Listed::default());
    stage.start(SyncEffect::StartSync { account });
    hear(&mut stage, |msg| matches!(msg, SyncMsg::Finished { .. }).then_some(())).await;

    let newcomer = "oTheOneWhoFollowsMeanwhile_9";
    stage.sim.world(|world| world.act(None, Action::Follow { openid: newcomer.into() })).unwrap();
    stage.start(SyncEffect::LookForNewcomers { account, look: Look::AtEnd });
    let newest = hear(&mut stage, |msg| match msg {
        SyncMsg::NewestLoaded { users, .. } => Some(users),
        SyncMsg::Looked { .. } => panic!("they are shown first"),
        _ => None,
    })
    .await;
    assert_eq!((newest.len(), newest[0].openid.as_str()), (51, newcomer));
    let (came, look, requests) = hear(&mut stage, |msg| match msg {
        SyncMsg::Looked { came, look, requests, .. } => Some((came, look, requests)),
        _ => None,
    })
    .await;
    assert_eq!((came.len(), look, requests), (1, Look::AtEnd, 3));
}

#[tokio::test]
async fn an_allowance_that_ends_is_told_with_what_there_is() {
    let mut stage = Stage::new(1000).await;
    let path = "/cgi-bin/user/info/batchget".to_owned();
    stage.sim.world(|world| world.act(None, Action::SetQuota { path, limit: 4 })).unwrap();
    stage.start(SyncEffect::StartSync { account: stage.account.id });
    let summary = hear(&mut stage, |msg| if let SyncMsg::Finished { summary, .. } = msg { Some(summary) } else { None }).await;
    let cut = summary.cut.unwrap();
    assert_eq!((cut.step, cut.done, cut.total, summary.users), (Step::Details, 400, 1000, 1000));
}
