//! What the store promises about accounts.

use async_trait::async_trait;

use crate::{
    accounts::{Account, AccountId, Email, Name},
    audit::Actor,
    clock::Timestamp,
    hashing::PasswordHash,
    roles::Roles,
    sessions::NewSession,
    sessions::SessionId,
    store::error::StoreError,
    version::{AccountVersion, CredentialVersion},
};

/// Accounts in the store.
#[async_trait]
pub trait AccountStore: Send + Sync {
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
    /// spelling, or else the one whose [folded](Email::folded) address is the same.
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

    /// Disables the account and ends its sessions, or enables it again. A sign-in under way comes to
    /// nothing. `None` if it was so already.
    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<StatusChange>, StoreError>;
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
    /// The account.
    #[sqlx(rename = "id")]
    pub account_id: AccountId,
    /// The password, hashed.
    pub password_hash: PasswordHash,
    /// Set if the account may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// The account's roles.
    pub roles: Roles,
    /// The version of the password and the status that these are.
    pub credential_version: CredentialVersion,
}

/// What came of disabling an account, or enabling it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusChange {
    /// Access tokens below it are stale.
    pub version: AccountVersion,
    /// The sessions that were ended.
    pub ended: Vec<SessionId>,
}

/// What is true of an account while a transaction holds it.
#[derive(sqlx::FromRow)]
pub(crate) struct HeldAccount {
    pub(crate) version: AccountVersion,
    pub(crate) credential_version: CredentialVersion,
    pub(crate) disabled_at: Option<Timestamp>,
    pub(crate) roles: Roles,
}
