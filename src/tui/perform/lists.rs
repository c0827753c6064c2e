use super::{Services, lock};
use crate::domain::id::AccountId;
use crate::domain::user::{PageAt, UserFilter, UserKey};
use crate::store::{StoreResult, Wanted};
use crate::tui::effect::ListsEffect;
use crate::tui::msg::{Generation, ListsMsg, UserRow, UsersPage};

/// The newest of requests that supersede one another.
#[derive(Debug, Default)]
pub(super) struct Newest {
    generation: u64,
    wanted: Wanted,
}

impl Newest {
    /// Whether this request is still wanted. Tasks may begin in another order than they were asked for.
    fn supersede(&mut self, generation: Generation) -> Wanted {
        let wanted = Wanted::default();
        if generation.0 < self.generation {
            wanted.give_up();
            return wanted;
        }
        self.generation = generation.0;
        std::mem::replace(&mut self.wanted, wanted.clone()).give_up();
        wanted
    }
}

impl Services {
    pub(super) async fn lists(&self, effect: ListsEffect) {
        let done = match effect {
            ListsEffect::Templates { generation, account } => self.load_templates(generation, account).await,
            ListsEffect::Tags { generation, account } => {
                self.store.tags(account).await.map(|tags| self.tell(ListsMsg::TagsLoaded { generation, tags }))
            }
            ListsEffect::Users { generation, account, filter, at, count, counted } => {
                let (page, total) = self.supersede_users(generation, counted);
                let loaded = self.load_users(generation, (account, filter.clone()), (at, count), page).await;
                match total {
                    Some(wanted) if loaded.is_ok() => self.count_users(generation, account, filter, wanted).await,
                    _ => loaded,
                }
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

    /// What was asked before is no longer wanted: pages of the list, and its count if it is counted anew.
    fn supersede_users(&self, generation: Generation, counted: bool) -> (Wanted, Option<Wanted>) {
        let mut counting = lock(&self.counting);
        (counting.users_page.supersede(generation), counted.then(|| counting.users_total.supersede(generation)))
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
        (account, filter): (AccountId, UserFilter),
        (at, count): (PageAt<UserKey>, u32),
        wanted: Wanted,
    ) -> StoreResult<()> {
        let _turn = self.users_turn.lock().await;
        if !wanted.still() {
            return Ok(());
        }
        let page = self.store.users_while(account, filter, (at, count), wanted.clone()).await?;
        // What was read when nobody waited any more may not be all of it.
        if wanted.still() {
            let more = page.rows.len() == count as usize;
            let rows = page.rows.into_iter().map(|(key, user)| UserRow { key, user }).collect();
            self.tell(ListsMsg::UsersLoaded { generation, page: UsersPage { rows, more } });
        }
        Ok(())
    }

    /// Counting a million takes longer than showing fifty: it comes after them, beside the pages that are read next.
    async fn count_users(
        &self,
        generation: Generation,
        account: AccountId,
        filter: UserFilter,
        wanted: Wanted,
    ) -> StoreResult<()> {
        if wanted.still()
            && let Some(total) = self.store.count_users(account, filter, wanted).await?
        {
            self.tell(ListsMsg::UsersCounted { generation, total });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_wanted_in_whatever_order_they_begin() {
        let mut newest = Newest::default();
        let two = newest.supersede(Generation(2));
        let one = newest.supersede(Generation(1));
        assert_eq!((two.still(), one.still()), (true, false));
        let three = newest.supersede(Generation(3));
        assert_eq!((two.still(), three.still()), (false, true));
    }
}
