//! What is done with roles.

use super::role::{Role, Roles, TooManyRoles};
use crate::{accounts::AccountId, audit::Actor, auth::Auth, error::AuthError};

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

/// The roles of accounts.
#[derive(Clone, Copy, Debug)]
pub struct AccountRoles<'a> {
    auth: &'a Auth,
}

impl Auth {
    /// The roles of accounts.
    pub fn roles(&self) -> AccountRoles<'_> {
        AccountRoles { auth: self }
    }
}

impl AccountRoles<'_> {
    /// Gives the account a role. False if it has it already. Its access tokens from before are
    /// stale on every node: the next request brings one with the role.
    pub async fn grant(
        &self,
        account: AccountId,
        role: &Role,
        by: Actor,
    ) -> Result<bool, GrantError> {
        self.change(account, by, |roles| Ok(roles.with(role)?))
            .await
    }

    /// Takes a role from the account. False if it does not have it.
    pub async fn revoke(
        &self,
        account: AccountId,
        role: &Role,
        by: Actor,
    ) -> Result<bool, AuthError> {
        self.change(account, by, |roles| Ok(roles.without(role)))
            .await
    }

    async fn change<E: From<AuthError>>(
        &self,
        id: AccountId,
        by: Actor,
        changed: impl Fn(&Roles) -> Result<Roles, E> + Send + Sync,
    ) -> Result<bool, E> {
        for _ in 0..ROUNDS {
            let Some(account) = self.auth.accounts().find(id).await? else {
                return Ok(false);
            };
            let roles = changed(&account.roles)?;
            if roles == account.roles {
                return Ok(false);
            }
            let now = self.auth.now();
            let changed = self
                .auth
                .store
                .change_roles(id, &account.roles, &roles, by, now)
                .await;
            if let Some(version) = changed.map_err(AuthError::from)? {
                let disabled = account.disabled_at.is_some();
                self.auth.denylist.add_change(id, version, disabled, now);
                return Ok(true);
            }
        }
        Err(AuthError::Contention.into())
    }
}
