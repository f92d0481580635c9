//! Proving who one is with a password.

use std::time::Duration;

use super::{Auth, AuthError, TokenPair};
use crate::{
    account::Email,
    audit::{AuditEntry, AuditEvent},
    hashing::{PasswordHash, Verification},
    password::Password,
    session::{Client, Persistence},
    store::Credentials,
};

/// A person who says who they are.
#[derive(Debug)]
pub struct SignIn {
    /// Their address; `None` if what they typed is none, which must not show in the answer's time.
    pub email: Option<Email>,
    /// Their password.
    pub password: Password,
    /// Whether they asked to be kept signed in.
    pub persistence: Persistence,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such account, a wrong password, or an account that may not sign in: one answer, in the
    /// same time.
    #[error("email or password is wrong")]
    InvalidCredentials,
    /// Too many sign-ins failed, from there or at that account.
    #[error("too many sign-ins failed")]
    TooManyFailures {
        /// When to come again.
        retry_after: Duration,
    },
    /// Our side failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

impl Auth {
    /// Signs somebody in, always with a new session: an id from before is worth nothing.
    pub async fn sign_in(&self, who: SignIn, client: &Client) -> Result<TokenPair, SignInError> {
        let asked = self.now();
        let too_many = |retry_after| SignInError::TooManyFailures { retry_after };
        let attempt = self.attempts.begin(who.email.as_ref(), &client.ip, asked);
        self.attempts.check(&attempt).await.map_err(too_many)?;
        let found = match &who.email {
            Some(email) => self
                .store
                .find_credentials(email)
                .await
                .map_err(AuthError::from)?,
            None => None,
        };
        let found = found.map(|credentials| {
            let known = self.known(credentials.account_id, asked);
            (credentials, known)
        });
        let stored = found
            .as_ref()
            .map(|(credentials, _)| credentials.password_hash.clone());
        let verification = self
            .hasher
            .verify(who.password.clone(), stored)
            .await
            .map_err(AuthError::from)?;
        // Guesses that come at once all pass the first look. Only so many get an answer.
        self.attempts.check(&attempt).await.map_err(too_many)?;
        let account_id = found
            .as_ref()
            .map(|(credentials, _)| credentials.account_id);
        match found {
            Some((credentials, known))
                if credentials.disabled_at.is_none() && verification != Verification::Differs =>
            {
                if verification == Verification::MatchesOutdated {
                    self.rehash(&credentials, &credentials.password_hash, who.password)
                        .await?;
                }
                self.attempts.succeeded(&attempt).await;
                let Credentials {
                    account_id, roles, ..
                } = credentials;
                Ok(self
                    .start_session(account_id, roles, who.persistence, client, known)
                    .await?)
            }
            _ => {
                self.attempts.failed(&attempt).await;
                let event = AuditEvent::SignInRefused;
                let entry = AuditEntry {
                    at: self.now(),
                    event,
                    account_id,
                    session_id: None,
                };
                self.note(entry).await?;
                Err(SignInError::InvalidCredentials)
            }
        }
    }

    async fn rehash(
        &self,
        credentials: &Credentials,
        from: &PasswordHash,
        password: Password,
    ) -> Result<(), AuthError> {
        let to = self.hasher.hash(password).await?;
        Ok(self
            .store
            .rehash_password(credentials.account_id, from, &to)
            .await?)
    }
}
