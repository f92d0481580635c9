//! What the store promises about accounts.

use async_trait::async_trait;

use super::{NewSession, StoreError};
use crate::{
    account::{Account, AccountId, Email, Name},
    audit::Actor,
    clock::Timestamp,
    hashing::PasswordHash,
    roles::Roles,
    session::SessionId,
    version::{AccountVersion, CredentialVersion},
};

/// Accounts in the store.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Makes an account, unless its mailbox is taken, in whatever spelling. `by` is `None` where
    /// somebody signed up.
    async fn create_account(
        &self,
        new: &NewAccount,
        by: Option<Actor>,
    ) -> Result<Creation, StoreError>;

    /// Makes an account, unless its mailbox is taken, and starts its first session: both or none.
    async fn sign_up(&self, new: &NewAccount, session: &NewSession)
    -> Result<Creation, StoreError>;

    /// What a sign-in with this address is checked against: the account that is stored in its very
    /// spelling, or else the one whose [folded](crate::email) address is the same.
    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>, StoreError>;

    /// The account of that id.
    async fn find_account(&self, id: AccountId) -> Result<Option<Account>, StoreError>;

    /// The account with that address, found in the same way.
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

    /// Replaces the account's roles if they are still `from`. Its access tokens below the version that
    /// it answers are stale from then on. `None` if somebody else was faster.
    async fn change_roles(
        &self,
        id: AccountId,
        from: &Roles,
        to: &Roles,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<AccountVersion>, StoreError>;

    /// Disables the account and ends its sessions, or enables it again. A sign-in under way comes to
    /// nothing. `None` if it was so already.
    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<StandingChange>, StoreError>;

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
    /// Which password and standing these are.
    pub credential_version: CredentialVersion,
}

/// What came of disabling an account, or enabling it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingChange {
    /// Access tokens below it are stale.
    pub version: AccountVersion,
    /// The sessions that were ended.
    pub ended: Vec<SessionId>,
}

/// An account whose access tokens from before are stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountChange {
    /// Which.
    pub id: AccountId,
    /// Access tokens below it are stale.
    pub version: AccountVersion,
    /// When.
    pub changed_at: Timestamp,
    /// Set if the account is disabled.
    pub disabled_at: Option<Timestamp>,
}
