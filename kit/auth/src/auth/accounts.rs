//! What an operator does with accounts.

use super::{Auth, AuthError};
use crate::{
    account::{Account, AccountId, Email},
    audit::Actor,
    roles::{Role, Roles, TooManyRoles},
    session::EndReason,
    store::AccountChange,
};

/// Roles that change while they are being changed settle within a few rounds.
const ROUNDS: usize = 8;

/// Why an account gets no other role.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// It has as many as there is room for.
    #[error(transparent)]
    TooManyRoles(#[from] TooManyRoles),
    /// Our side failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Auth {
    /// The account with that address.
    pub async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, AuthError> {
        Ok(self.store.find_account_by_email(email).await?)
    }

    /// The accounts made after that one, the oldest first, at most `limit`.
    pub async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, AuthError> {
        Ok(self.store.list_accounts(after, limit).await?)
    }

    /// Gives the account a role. False if it has it already. Its access tokens from before are
    /// stale on every node: the next request brings one with the role.
    pub async fn grant(
        &self,
        account: AccountId,
        role: &Role,
        by: Actor,
    ) -> Result<bool, GrantError> {
        self.change_roles(account, by, |roles| Ok(roles.with(role)?))
            .await
    }

    /// Takes a role from the account. False if it does not have it.
    pub async fn revoke(
        &self,
        account: AccountId,
        role: &Role,
        by: Actor,
    ) -> Result<bool, AuthError> {
        self.change_roles(account, by, |roles| Ok(roles.without(role)))
            .await
    }

    async fn change_roles<E: From<AuthError>>(
        &self,
        id: AccountId,
        by: Actor,
        change: impl Fn(&Roles) -> Result<Roles, E> + Send + Sync,
    ) -> Result<bool, E> {
        for _ in 0..ROUNDS {
            let Some(account) = self.find_account(id).await? else {
                return Ok(false);
            };
            let roles = change(&account.roles)?;
            if roles == account.roles {
                return Ok(false);
            }
            let now = self.now();
            let changed = self
                .store
                .change_roles(id, &account.roles, &roles, by, now)
                .await;
            if let Some(version) = changed.map_err(AuthError::from)? {
                self.denylist.add_change(&AccountChange {
                    id,
                    version,
                    changed_at: now,
                    disabled_at: account.disabled_at,
                });
                return Ok(true);
            }
        }
        Err(AuthError::Contention.into())
    }

    /// Disables the account and ends all its sessions. False if it was disabled already.
    pub async fn disable(&self, account: AccountId, by: Actor) -> Result<bool, AuthError> {
        if self.set_disabled(account, true, by).await? {
            return Ok(true);
        }
        // A process of the version before may have stopped between the two.
        self.end_all_but(account, None, EndReason::AccountDisabled)
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
        let now = self.now();
        let Some(change) = self.store.set_disabled(id, disabled, by, now).await? else {
            return Ok(false);
        };
        self.denylist.add_change(&AccountChange {
            id,
            version: change.version,
            changed_at: now,
            disabled_at: disabled.then_some(now),
        });
        for session in change.ended {
            self.denylist.add(session, EndReason::AccountDisabled, now);
        }
        Ok(true)
    }
}
