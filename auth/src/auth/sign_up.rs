//! Making an account.

use std::time::Duration;

use super::{Auth, AuthError, TokenPair};
use crate::{
    account::{Account, AccountId, Email, Name},
    hashing::Lane,
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
    /// Only operators make accounts here.
    #[error("sign-up is closed")]
    Closed,
    /// Too many sign-ups came from that network.
    #[error("too many sign-ups")]
    TooMany {
        /// When to come again.
        retry_after: Duration,
    },
    /// Our side failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Auth {
    /// Makes an account for a stranger and signs it in.
    pub async fn sign_up(&self, new: SignUp, client: &Client) -> Result<TokenPair, SignUpError> {
        self.admit_sign_up(client).await?;
        let NewAccount {
            account,
            password_hash,
        } = self.make_account(new).await?;
        let known = self.known(account.id, self.now());
        let device = self.devices.issue(None, account.id, &password_hash);
        let pair = self
            .start_session(account.id, account.roles, Persistence::Kept, client, known)
            .await?;
        Ok(TokenPair { device, ..pair })
    }

    /// Makes an account for a stranger, without a session.
    pub async fn register(&self, new: SignUp, client: &Client) -> Result<Account, SignUpError> {
        self.admit_sign_up(client).await?;
        self.create_account(new).await
    }

    /// Makes an account for an operator, who always may.
    pub async fn create_account(&self, new: SignUp) -> Result<Account, SignUpError> {
        Ok(self.make_account(new).await?.account)
    }

    /// Whether a stranger may make an account now. Asked before anything is hashed.
    async fn admit_sign_up(&self, client: &Client) -> Result<(), SignUpError> {
        if !self.rules.sign_up.open {
            return Err(SignUpError::Closed);
        }
        let admitted = self.sign_ups.admit(&client.ip, self.now()).await;
        admitted.map_err(|retry_after| SignUpError::TooMany { retry_after })
    }

    /// A taken address costs the same time as a free one.
    async fn make_account(&self, new: SignUp) -> Result<NewAccount, SignUpError> {
        let SignUp {
            name,
            email,
            password,
        } = new;
        let policy = self.rules.password;
        let (checked, name, email) = self
            .hasher
            .run(Lane::SignUp, {
                let password = password.clone();
                move |_| (policy.check(&password, &name, &email), name, email)
            })
            .await
            .map_err(AuthError::from)?;
        checked?;
        let password_hash = self
            .hasher
            .hash(Lane::SignUp, password)
            .await
            .map_err(AuthError::from)?;
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
            Creation::Created => Ok(new),
        }
    }
}
