//! Making an account.

use super::{Auth, AuthError, TokenPair};
use crate::{
    account::{Account, AccountId, Email, Name},
    password::{Password, PasswordError},
    roles::Roles,
    session::{Client, Persistence},
    store::{Creation, NewAccount},
};

/// A person who wants an account.
#[derive(Debug)]
pub struct SignUp {
    /// What to call them.
    pub name: Name,
    /// What they will sign in with.
    pub email: Email,
    /// Their password.
    pub password: Password,
}

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// The password is not good enough.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// Somebody has that address. Said openly: as long as addresses are not verified by mail,
    /// there is no other way to tell an honest person what to do next.
    #[error("an account with this address exists")]
    EmailTaken,
    /// Our side failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Auth {
    /// Makes an account and signs it in.
    pub async fn sign_up(&self, new: SignUp, client: &Client) -> Result<TokenPair, SignUpError> {
        let account = self.create_account(new).await?;
        let known = self.known(account.id, self.now());
        Ok(self
            .start_session(account.id, account.roles, Persistence::Kept, client, known)
            .await?)
    }

    /// Makes an account. A taken address costs the same time as a free one.
    pub async fn create_account(&self, new: SignUp) -> Result<Account, SignUpError> {
        let SignUp {
            name,
            email,
            password,
        } = new;
        let policy = self.rules.password;
        let (checked, name, email) = self
            .hasher
            .run({
                let password = password.clone();
                move |_| (policy.check(&password, &name, &email), name, email)
            })
            .await
            .map_err(AuthError::from)?;
        checked?;
        let password_hash = self.hasher.hash(password).await.map_err(AuthError::from)?;
        let account = Account {
            id: AccountId::generate(),
            email,
            name,
            roles: Roles::default(),
            created_at: self.now(),
            disabled_at: None,
        };
        let new = NewAccount {
            account,
            password_hash,
        };
        match self
            .store
            .create_account(&new)
            .await
            .map_err(AuthError::from)?
        {
            Creation::EmailTaken => Err(SignUpError::EmailTaken),
            Creation::Created => Ok(new.account),
        }
    }
}
