use super::{Services, lock};
use crate::domain::id::AccountId;
use crate::domain::user::{PageAt, UserFilter, UserKey};
use crate::store::{StoreResult, Wanted};
use crate::tui::effect::ListsEffect;
use crate::tui::msg::{Generation, ListsMsg, UserRow, UsersPage};
use std::sync::atomic::Ordering::Relaxed;

impl Services {
    pub(super) async fn lists(&self, effect: ListsEffect) {
        let done = match effect {
            ListsEffect::Templates { generation, account } => self.load_templates(generation, account).await,
            ListsEffect::Tags { generation, account } => {
                self.store.tags(account).await.map(|tags| self.tell(ListsMsg::TagsLoaded { generation, tags }))
            }
            ListsEffect::Users { generation, account, filter, at, count, counted } => {
                self.newest_users.store(generation.0, Relaxed);
                lock(&self.counting).users.give_up();
                self.load_users(generation, account, filter, (at, count), counted).await
            }
            ListsEffect::WarmUsers { account } => self.store.warm_roster(account).await,
            ListsEffect::FindUser { account, prefix } => {
                self.store.find_by_openid(account, prefix).await.map(|key| self.tell(ListsMsg::UserFound { account, key }))
            }
        };
        if let Err(error) = done {
            self.tell_failure(&error);
        }
    }

    async fn load_templates(&self, generation: Generation, account: AccountId) -> StoreResult<()> {
        let (templates, aliases) = (self.store.templates(account).await?, self.store.aliases(account).await?);
        self.tell(ListsMsg::TemplatesLoaded { generation, templates, aliases });
        Ok(())
    }

    /// One search is read at a time, and of those that wait meanwhile only the newest.
    async fn load_users(
        &self,
        generation: Generation,
        account: AccountId,
        filter: UserFilter,
        (at, count): (PageAt<UserKey>, u32),
        counted: bool,
    ) -> StoreResult<()> {
        let _turn = self.users_turn.lock().await;
        if !self.is_newest(generation.0) {
            return Ok(());
        }
        let page = self.store.users(account, filter.clone(), at, count).await?;
        let more = page.rows.len() == count as usize;
        let rows = page.rows.into_iter().map(|(key, user)| UserRow { key, user }).collect();
        self.tell(ListsMsg::UsersLoaded { generation, page: UsersPage { rows, more } });
        // Counting a million takes longer than showing fifty: it comes after them, and only once a filter.
        if counted && self.is_newest(generation.0) {
            let wanted = Wanted::default();
            lock(&self.counting).users = wanted.clone();
            if let Some(total) = self.store.count_users(account, filter, wanted).await? {
                self.tell(ListsMsg::UsersCounted { generation, total });
            }
        }
        Ok(())
    }
}
