//! Making an account.

mod limiter;

use std::time::Duration;

pub(crate) use self::limiter::SignUpLimiter;
pub use self::limiter::SignUpRules;
use crate::{
    accounts::{Account, AccountId, Creation, Email, Name, NewAccount},
    audit::Actor,
    auth::{Auth, TokenPair},
    error::AuthError,
    hashing::Lane,
    password::{Password, PasswordError},
    roles::Roles,
    sessions::{Client, EndReason, Persistence},
    version::CredentialVersion,
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
    /// Makes an account for a stranger and signs it in: both or neither, so that whoever hears of a
    /// fault can try again.
    pub async fn sign_up(&self, new: SignUp, client: &Client) -> Result<TokenPair, SignUpError> {
        self.admit_sign_up(client).await?;
        let new = self.prepare_account(new).await?;
        let (account, kept) = (new.account.id, Persistence::Kept);
        let first = CredentialVersion::FIRST;
        let session = self.new_session(account, first, kept, client).await?;
        let app = self.app_claims(account).await?;
        let created = self.store.sign_up(&new, &session).await;
        match created.map_err(AuthError::from)? {
            Creation::EmailTaken => Err(SignUpError::EmailTaken),
            Creation::Created => {
                let replaced = session.replaces.map(|(_, id)| (id, EndReason::Replaced));
                self.deny_all(replaced.as_slice());
                let session = session.session;
                let device = self.devices.issue(None, account, &new.password_hash);
                let pair = self.issue(&session, app, session.created_at)?;
                Ok(TokenPair { device, ..pair })
            }
        }
    }

    /// Makes an account for a stranger, without a session.
    pub async fn register(&self, new: SignUp, client: &Client) -> Result<Account, SignUpError> {
        self.admit_sign_up(client).await?;
        self.make_account(new, None).await
    }

    pub(crate) async fn make_account(
        &self,
        new: SignUp,
        by: Option<Actor>,
    ) -> Result<Account, SignUpError> {
        let new = self.prepare_account(new).await?;
        let created = self.store.create_account(&new, by).await;
        match created.map_err(AuthError::from)? {
            Creation::EmailTaken => Err(SignUpError::EmailTaken),
            Creation::Created => Ok(new.account),
        }
    }

    /// Whether a stranger may make an account now. Asked before anything is hashed.
    async fn admit_sign_up(&self, client: &Client) -> Result<(), SignUpError> {
        if !self.rules.sign_up.open {
            return Err(SignUpError::Closed);
        }
        let admitted = self.sign_ups.admit(&client.ip, self.now()).await;
        admitted.map_err(|retry_after| SignUpError::TooMany { retry_after })
    }

    /// Checks and hashes. A taken address costs the same time as a free one.
    async fn prepare_account(&self, new: SignUp) -> Result<NewAccount, SignUpError> {
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
        Ok(NewAccount {
            account,
            password_hash,
        })
    }
}
