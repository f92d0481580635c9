//! Proving who one is with a password.

mod devices;
mod limiter;

use std::time::Duration;

use self::devices::DeviceId;
pub use self::{devices::DeviceToken, limiter::AttemptRules};
pub(crate) use self::{
    devices::Devices,
    limiter::{SignInLimiter, TooMany},
};
use crate::{
    accounts::{Credentials, Email},
    audit::{AuditEntry, AuditEvent},
    auth::{Auth, TokenPair},
    clock::Timestamp,
    error::AuthError,
    hashing::{Lane, PasswordHash, Verification},
    network::Network,
    password::Password,
    sessions::{Client, Persistence, Session, Start, start::SESSIONS_AT_MOST},
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
        let attempt = self.sign_ins.start(who.email.as_ref(), &client.ip, asked);
        let checked = self.sign_ins.check(&attempt).await;
        if let Err(limit) = checked
            && !limit.of_account
            && client.device.is_none()
        {
            return Err(limit.into());
        }
        let found = match &who.email {
            Some(email) => self
                .store
                .find_credentials(email)
                .await
                .map_err(AuthError::from)?,
            None => None,
        };
        let device = self.known_device(client, found.as_ref());
        let (attempt, lane) = match (device, checked) {
            (Some(device), _) => {
                let attempt = self.sign_ins.of_device(attempt, device);
                self.sign_ins.check(&attempt).await?;
                (attempt, Lane::KnownDevice)
            }
            (None, Err(limit)) => {
                if !limit.of_account || !self.is_at_home(client, found.as_ref(), asked).await? {
                    return Err(limit.into());
                }
                (attempt.at_home(), Lane::SignIn)
            }
            (None, Ok(())) => (attempt, Lane::SignIn),
        };
        let stored = found
            .as_ref()
            .map(|credentials| credentials.password_hash.clone());
        let verification = self
            .hasher
            .verify(lane, who.password.clone(), stored)
            .await
            .map_err(AuthError::from)?;
        // Guesses that come at once all pass the first look. Only so many get an answer.
        self.sign_ins.check(&attempt).await?;
        let account_id = found.as_ref().map(|credentials| credentials.account_id);
        match found {
            Some(mut credentials)
                if credentials.disabled_at.is_none() && verification != Verification::Differs =>
            {
                if verification == Verification::MatchesOutdated {
                    let rehashed = self.rehash(&credentials, who.password).await?;
                    credentials.password_hash = rehashed;
                }
                self.sign_ins.succeeded(&attempt).await;
                let hash = &credentials.password_hash;
                let device = self.devices.issue(device, credentials.account_id, hash);
                let pair = self
                    .start_session(&credentials, who.persistence, client)
                    .await?;
                Ok(TokenPair { device, ..pair })
            }
            _ => {
                self.sign_ins.failed(&attempt).await;
                let event = AuditEvent::SignInRefused;
                self.note(AuditEntry::new(self.now(), event, account_id))
                    .await?;
                Err(SignInError::InvalidCredentials)
            }
        }
    }

    /// The device, if it has signed in to that account before.
    fn known_device(&self, client: &Client, found: Option<&Credentials>) -> Option<DeviceId> {
        let (token, found) = client.device.as_ref().zip(found)?;
        self.devices
            .verify(token, found.account_id, &found.password_hash)
    }

    /// Whether the account is signed in somewhere on the client's network. So clients that keep no
    /// device token, as those of the REST API, come through as well.
    async fn is_at_home(
        &self,
        client: &Client,
        found: Option<&Credentials>,
        now: Timestamp,
    ) -> Result<bool, AuthError> {
        let (Some(found), Ok(ip)) = (found, client.ip.parse()) else {
            return Ok(false);
        };
        let here = Network::of(ip);
        let sessions = self
            .store
            .live_sessions(found.account_id, now, None, SESSIONS_AT_MOST)
            .await?;
        Ok(sessions
            .iter()
            .filter_map(|session| session.ip.parse().ok())
            .any(|ip| Network::of(ip) == here))
    }

    /// Starts a session in the row and issues its first pair. The password was right; if it was changed
    /// since, or the account disabled, it is so no more.
    async fn start_session(
        &self,
        credentials: &Credentials,
        persistence: Persistence,
        client: &Client,
    ) -> Result<TokenPair, SignInError> {
        let (account, checked) = (credentials.account_id, credentials.credential_version);
        let new = self
            .new_session(account, checked, persistence, client)
            .await?;
        let app = self.app_claims(account).await?;
        let started = self.store.start_session(&new).await;
        match started.map_err(AuthError::from)? {
            Start::Void => Err(SignInError::InvalidCredentials),
            Start::Started(started) => {
                self.deny_all(&started.ended);
                let session = Session {
                    roles: started.roles,
                    account_version: started.account_version,
                    ..new.session
                };
                Ok(self.issue(&session, app, session.created_at)?)
            }
        }
    }

    async fn rehash(
        &self,
        credentials: &Credentials,
        password: Password,
    ) -> Result<PasswordHash, AuthError> {
        let (from, to) = (
            &credentials.password_hash,
            self.hasher.hash(Lane::SignIn, password).await?,
        );
        self.store
            .rehash_password(credentials.account_id, from, &to)
            .await?;
        Ok(to)
    }
}

impl From<TooMany> for SignInError {
    fn from(limit: TooMany) -> Self {
        Self::TooManyFailures {
            retry_after: limit.retry_after,
        }
    }
}
