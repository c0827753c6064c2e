//! Syncs, and who followed lately.

use super::Stage;
use crate::domain::user::{Listed, PageAt, UserFilter};
use crate::sim::Action;
use crate::sync::{Look, Step};
use crate::tui::effect::SyncEffect;
use crate::tui::msg::{Msg, SyncMsg};

async fn hear<T>(stage: &mut Stage, mut what: impl FnMut(SyncMsg) -> Option<T>) -> T {
    stage.hear_any(|msg| if let Msg::Sync(msg) = msg { what(msg) } else { None }).await
}

#[tokio::test]
async fn who_follows_while_one_looks_is_the_newest() {
    let mut stage = Stage::new(300).await;
    let account = stage.account.id;
    stage.start(SyncEffect::LoadListed { account });
    let listed = hear(&mut stage, |msg| if let SyncMsg::Listed { listed, .. } = msg { Some(listed) } else { None }).await;
    assert_eq!(listed, Listed::default());
    stage.start(SyncEffect::StartSync { account });
    hear(&mut stage, |msg| matches!(msg, SyncMsg::Finished { .. }).then_some(())).await;

    let newcomer = "oTheOneWhoFollowsMeanwhile_9";
    stage.sim.world(|world| world.act(None, Action::Follow { openid: newcomer.into() })).unwrap();
    stage.start(SyncEffect::FindNewcomers { account, look: Look::AtEnd });
    let summary = hear(&mut stage, |msg| if let SyncMsg::Finished { summary, .. } = msg { Some(summary) } else { None }).await;
    assert_eq!((summary.came, summary.requests), (Some(1), 3));
    let first = stage.store.users(account, UserFilter::default(), PageAt::First, 1).await.unwrap();
    assert_eq!(first.rows[0].1.openid.as_str(), newcomer, "the newest");
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
