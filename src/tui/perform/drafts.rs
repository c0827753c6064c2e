use super::{Services, lock};
use crate::domain::draft::Draft;
use crate::domain::id::{AccountId, DraftId};
use crate::tui::effect::DraftsEffect;
use crate::tui::msg::DraftsMsg;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Between two writes while somebody types: a kill may take what was typed since the last one.
const WRITE_EVERY: Duration = Duration::from_millis(250);

/// What is still to be written, the newest of each draft.
#[derive(Default)]
pub struct DraftQueue {
    waiting: Mutex<Waiting>,
    /// Held while something is written.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    drafts: HashMap<DraftId, (AccountId, Draft)>,
    /// Whether a task writes what comes in.
    attended: bool,
}

impl Services {
    pub(super) async fn drafts(self: Arc<Self>, effect: DraftsEffect) {
        match effect {
            DraftsEffect::LoadDrafts { account } => match self.store.drafts(account).await {
                Ok(drafts) => self.tell(DraftsMsg::Loaded { account, drafts }),
                Err(error) => self.tell_failure(&error),
            },
            // Taken at once, by whoever starts it.
            DraftsEffect::SaveDraft { .. } => {}
            DraftsEffect::DeleteDraft { draft } => {
                let _turn = self.draft_queue.turn.lock().await;
                lock(&self.draft_queue.waiting).drafts.remove(&draft);
                if let Err(error) = self.store.delete_draft(draft, Timestamp::now()).await {
                    self.tell(DraftsMsg::NotSaved { text: self.said(&error) });
                }
            }
        }
    }

    /// Takes a draft to be written, in place of an earlier state of it; whether somebody has to see to it that it is.
    pub(super) fn take_draft(&self, account: AccountId, draft: Draft) -> bool {
        let mut waiting = lock(&self.draft_queue.waiting);
        waiting.drafts.insert(draft.id, (account, draft));
        !std::mem::replace(&mut waiting.attended, true)
    }

    /// Writes at once what comes after a pause, and what comes in quick succession a few times a second.
    pub(super) async fn attend(&self) {
        while self.write_drafts().await {
            tokio::time::sleep(WRITE_EVERY).await;
        }
    }

    /// Writes what waits; says whether there was anything. If there was nothing, nobody attends to it any more.
    pub(super) async fn write_drafts(&self) -> bool {
        let _turn = self.draft_queue.turn.lock().await;
        let drafts = {
            let mut waiting = lock(&self.draft_queue.waiting);
            let drafts = std::mem::take(&mut waiting.drafts);
            waiting.attended = !drafts.is_empty();
            drafts
        };
        let any = !drafts.is_empty();
        for (account, draft) in drafts.into_values() {
            if let Err(error) = self.store.put_draft(account, draft).await {
                self.tell(DraftsMsg::NotSaved { text: self.said(&error) });
            }
        }
        any
    }
}
