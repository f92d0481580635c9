//! What is done with accounts.

use super::account::{Account, AccountId, Name};
use crate::{
    audit::Actor,
    auth::Auth,
    emails::Email,
    error::AuthError,
    sessions::EndReason,
    sign_up::{SignUp, SignUpError},
};

/// Accounts, and what is done with them.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a> {
    auth: &'a Auth,
}

impl Auth {
    /// The accounts.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { auth: self }
    }
}

impl Accounts<'_> {
    /// The account of that id.
    pub async fn find(&self, id: AccountId) -> Result<Option<Account>, AuthError> {
        Ok(self.auth.store.find_account(id).await?)
    }

    /// Gives the account another name. False if it is gone.
    pub async fn rename(&self, id: AccountId, name: &Name) -> Result<bool, AuthError> {
        Ok(self.auth.store.rename_account(id, name).await?)
    }

    /// The account with that address.
    pub async fn find_by_email(&self, email: &Email) -> Result<Option<Account>, AuthError> {
        Ok(self.auth.store.find_account_by_email(email).await?)
    }

    /// The accounts made after that one, the oldest first, at most `limit`.
    pub async fn list(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, AuthError> {
        Ok(self.auth.store.list_accounts(after, limit).await?)
    }

    /// Makes an account for an operator, who always may.
    pub async fn create(&self, new: SignUp, by: Actor) -> Result<Account, SignUpError> {
        self.auth.make_account(new, Some(by)).await
    }

    /// Disables the account and ends all its sessions. False if it was disabled already.
    pub async fn disable(&self, account: AccountId, by: Actor) -> Result<bool, AuthError> {
        if self.set_disabled(account, true, by).await? {
            return Ok(true);
        }
        // A process of the version before may have stopped between the two.
        self.auth
            .end_all_but(account, None, EndReason::AccountDisabled)
            .await?;
        Ok(false)
    }

    /// Lets the account sign in again. False if it was not disabled.
    pub async fn enable(&self, account: AccountId, by: Actor) -> Result<bool, AuthError> {
        self.set_disabled(account, false, by).await
    }

    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        by: Actor,
    ) -> Result<bool, AuthError> {
        let now = self.auth.now();
        let Some(change) = self.auth.store.set_disabled(id, disabled, by, now).await? else {
            return Ok(false);
        };
        self.auth
            .denylist
            .add_change(id, change.version, disabled, now);
        for session in change.ended {
            self.auth
                .denylist
                .add(session, EndReason::AccountDisabled, now);
        }
        Ok(true)
    }
}
