//! What the store promises about accounts.

use async_trait::async_trait;

use super::StoreError;
use crate::{
    account::{Account, AccountId, Email, Name},
    clock::Timestamp,
    hashing::PasswordHash,
    roles::Roles,
};

/// Accounts in the store.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account, unless its address is taken.
    async fn create_account(&self, new: &NewAccount) -> Result<Creation, StoreError>;

    /// What a sign-in with this address is checked against.
    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>, StoreError>;

    /// The account of that id.
    async fn find_account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// The account with that address.
    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError>;

    /// The accounts made after the one with that id, the oldest first, at most `limit`.
    async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError>;

    /// Gives the account another name. False if there is no such account.
    async fn rename_account(&self, id: AccountId, name: &Name) -> Result<bool, StoreError>;

    /// Stores the same password hashed anew, unless it was changed meanwhile.
    async fn rehash_password(
        &self,
        id: AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> Result<(), StoreError>;

    /// The costs that stand in front of the stored hashes, each once. Reads every account: not for
    /// a request.
    async fn hash_costs(&self) -> Result<Vec<PasswordHash>, StoreError>;

    /// Replaces the account's roles if they are still `from`. Its access tokens from before `now`
    /// are stale from then on. False if somebody else was faster.
    async fn change_roles(
        &self,
        id: AccountId,
        from: &Roles,
        to: &Roles,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Disables the account, or enables it again. False if it was so already.
    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// The accounts whose roles or standing changed since then.
    async fn accounts_changed_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<AccountChange>, StoreError>;
}

/// An account about to be made.
#[derive(Debug)]
pub struct NewAccount {
    /// Who and when.
    pub account: Account,
    /// The password, hashed.
    pub password_hash: PasswordHash,
}

/// What became of a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It is there.
    Created,
    /// Another account has that address; nothing was written.
    EmailTaken,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    /// Whose.
    #[sqlx(rename = "id")]
    pub account_id: AccountId,
    /// The password, hashed.
    pub password_hash: PasswordHash,
    /// Set if the account may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// The account's roles.
    pub roles: Roles,
}

/// An account whose access tokens from before are stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountChange {
    /// Which.
    pub id: AccountId,
    /// When.
    pub changed_at: Timestamp,
    /// Set if the account is disabled.
    pub disabled_at: Option<Timestamp>,
}
