//! What the operator calls the account's templates. WeChat never hears of it.

use crate::domain::alias::AliasError;
use crate::domain::id::{AccountId, TemplateId};
use crate::store::{Store, StoreResult};

/// Calls a template so from now on, if it is clear which one is meant; gives the name as it is kept.
pub async fn set(
    store: &Store,
    account: AccountId,
    template: &TemplateId,
    name: &str,
) -> StoreResult<Result<String, AliasError>> {
    let (templates, aliases) = (store.templates(account).await?, store.aliases(account).await?);
    let checked = aliases.check(&templates, template, name);
    if let Ok(alias) = &checked {
        store.put_alias(account, template.clone(), Some(alias.clone())).await?;
    }
    Ok(checked)
}

/// Calls a template by its title only.
pub async fn remove(store: &Store, account: AccountId, template: &TemplateId) -> StoreResult<()> {
    store.put_alias(account, template.clone(), None).await
}
