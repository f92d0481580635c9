//! What an operator does with accounts.

use super::{Auth, AuthError};
use crate::{
    account::{Account, AccountId, Email},
    roles::{Role, Roles, TooManyRoles},
    session::EndReason,
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
    pub async fn grant(&self, account: AccountId, role: &Role) -> Result<bool, GrantError> {
        self.change_roles(account, |roles| Ok(roles.with(role)?))
            .await
    }

    /// Takes a role from the account. False if it does not have it.
    pub async fn revoke(&self, account: AccountId, role: &Role) -> Result<bool, AuthError> {
        self.change_roles(account, |roles| Ok(roles.without(role)))
            .await
    }

    async fn change_roles<E: From<AuthError>>(
        &self,
        id: AccountId,
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
            if self
                .store
                .change_roles(id, &account.roles, &roles, now)
                .await
                .map_err(AuthError::from)?
            {
                self.denylist
                    .add_change(id, now, account.disabled_at.is_some());
                return Ok(true);
            }
        }
        Err(AuthError::Contention.into())
    }

    /// Disables the account and ends all its sessions. False if it was disabled already.
    pub async fn disable(&self, account: AccountId) -> Result<bool, AuthError> {
        let (now, reason) = (self.now(), EndReason::AccountDisabled);
        let changed = self.store.set_disabled(account, true, now).await?;
        if changed {
            self.denylist.add_change(account, now, true);
        }
        let ended = self
            .store
            .end_other_sessions(account, None, reason, now)
            .await?;
        for session in ended {
            self.denylist.add(session, reason, now);
        }
        Ok(changed)
    }

    /// Lets the account sign in again. False if it was not disabled.
    pub async fn enable(&self, account: AccountId) -> Result<bool, AuthError> {
        let now = self.now();
        let changed = self.store.set_disabled(account, false, now).await?;
        if changed {
            self.denylist.add_change(account, now, false);
        }
        Ok(changed)
    }
}
