use crate::domain::account::{Account, NewAccount};
use crate::domain::id::AccountId;
use crate::domain::secret::AppSecret;

/// About the accounts.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountsEffect {
    /// Read them all; answered with `AccountsMsg::Loaded`.
    LoadAccounts,
    /// Store one with the secret that was typed; answered with `Added` or `AddRefused`.
    AddAccount {
        /// The account.
        account: NewAccount,
        /// Its secret, for the vault.
        secret: TypedSecret,
    },
    /// Store an account as it was changed; answered with `Changed` or `AddRefused`.
    ChangeAccount {
        /// As it is to be.
        account: Box<Account>,
        /// A new secret for the vault; none: what there is stays.
        secret: Option<TypedSecret>,
    },
    /// Fetch its token anew.
    RenewToken {
        /// Whose.
        account: AccountId,
    },
    /// This is the one the operator works with: remember it, and tell what is known of its token.
    OpenAccount {
        /// Which.
        account: AccountId,
    },
}

/// A secret on its way from the dialog to the vault. Never printed; wiped when dropped.
#[derive(Debug, Clone)]
pub struct TypedSecret(pub AppSecret);

impl PartialEq for TypedSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}
