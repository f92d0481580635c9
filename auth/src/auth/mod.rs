//! [`Auth`]: the use cases.

mod refresh;
mod sessions;
mod sign_in;
mod sign_up;

use std::{sync::Arc, time::Duration};

pub use self::{
    refresh::{AccessError, RefreshError},
    sign_in::{SignIn, SignInError},
    sign_up::{SignUp, SignUpError},
};
use crate::{
    account::AccountId,
    clock::{Clock, Timestamp},
    denylist::Denylist,
    hashing::{Hasher, HashingCost, HashingError},
    keys::{KeyRing, SigningError},
    password::PasswordPolicy,
    rotation::Grace,
    seen::Seen,
    session::{Channel, Client, Generation, Lifetimes, Persistence, Session, SessionId},
    store::{Store, StoreError},
    token::{AccessClaims, AccessToken, RefreshToken, Tokens},
};

/// The account system. One for a process, shared behind an [`Arc`].
#[derive(Debug)]
pub struct Auth {
    store: Store,
    tokens: Tokens,
    hasher: Hasher,
    denylist: Denylist,
    seen: Seen,
    rules: Rules,
    clock: ClockHandle,
}

/// Everything about accounts and sessions that an operator may set.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How long tokens and sessions live.
    pub lifetimes: Lifetimes,
    /// How far superseded refresh tokens are forgiven.
    pub grace: Grace,
    /// [`Grace::unseen_cap`] of Bearer clients: they refresh in the background, from places with a
    /// bad network, and may not come back for hours.
    pub unseen_cap_bearer: Duration,
    /// Which passwords are accepted.
    pub password: PasswordPolicy,
    /// How hard they are hashed.
    pub hashing: HashingCost,
}

impl Default for Rules {
    fn default() -> Self {
        const MINUTE: Duration = Duration::from_mins(1);
        const HOUR: Duration = Duration::from_hours(1);
        const DAY: Duration = Duration::from_hours(24);
        Self {
            lifetimes: Lifetimes {
                access: 5 * MINUTE,
                idle_kept: 30 * DAY,
                idle_browser: 12 * HOUR,
                absolute: 90 * DAY,
            },
            grace: Grace {
                window: Duration::from_secs(30),
                unseen_cap: 10 * MINUTE,
            },
            unseen_cap_bearer: DAY,
            password: PasswordPolicy { min_chars: 15 },
            // OWASP Password Storage Cheat Sheet, argon2id.
            hashing: HashingCost {
                memory_kib: 19 * 1024,
                iterations: 2,
                parallelism: 1,
                wait: Duration::from_secs(5),
            },
        }
    }
}

impl Rules {
    /// How far superseded refresh tokens of that channel are forgiven.
    pub const fn grace_of(&self, channel: Channel) -> Grace {
        match channel {
            Channel::Cookies => self.grace,
            Channel::Bearer => Grace {
                window: self.grace.window,
                unseen_cap: self.unseen_cap_bearer,
            },
        }
    }
}

/// A fresh access and refresh token of one session, and what whoever hands them out needs to know
/// about them.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// Proves who somebody is.
    pub access: AccessToken,
    /// Renews the pair.
    pub refresh: RefreshToken,
    /// What the access token says.
    pub claims: Arc<AccessClaims>,
    /// The session's row as it now is.
    pub session: Session,
    /// How long the access token lives from now.
    pub access_expires_in: Duration,
    /// How long the refresh token lives from now.
    pub refresh_expires_in: Duration,
}

/// What may go wrong on our side. The person can only try again.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed, or is overloaded.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// No token could be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// Others kept winning the race for this session's row.
    #[error("the session's row did not hold still")]
    Contention,
}

impl AuthError {
    /// Whether the same request may well succeed a little later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Contention | Self::Hashing(HashingError::Busy) => true,
            Self::Store(error) => error.is_busy(),
            _ => false,
        }
    }
}

impl Auth {
    /// Starts the account system: `issuer` is the base URL that tokens are issued for. Remembers
    /// the sessions that were ended lately.
    pub async fn new(
        store: Store,
        keys: KeyRing,
        issuer: &str,
        rules: Rules,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let denylist = Denylist::default();
        for ended in store
            .ended_since(clock.now() - Lifetimes::MAX_ACCESS)
            .await?
        {
            denylist.add(ended.id, ended.end_reason, ended.at);
        }
        Ok(Self {
            store,
            tokens: Tokens::new(keys, issuer),
            hasher: Hasher::new(rules.hashing)?,
            denylist,
            seen: Seen::default(),
            rules,
            clock: ClockHandle(clock),
        })
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The present, by the system's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.0.now()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), AuthError> {
        Ok(self.store.ping().await?)
    }

    /// Writes what is kept in memory for a while, and forgets what is no longer needed. Call it
    /// every few seconds and before stopping.
    pub async fn write_behind(&self) -> Result<(), AuthError> {
        let now = self.now();
        let sightings = self.seen.unwritten();
        if !sightings.is_empty() {
            self.store.write_sightings(&sightings).await?;
        }
        self.seen.written(&sightings, now);
        self.denylist.purge(now);
        Ok(())
    }

    /// Starts a session in the row and issues its first pair.
    async fn start_session(
        &self,
        account_id: AccountId,
        roles: String,
        persistence: Persistence,
        client: &Client,
    ) -> Result<TokenPair, AuthError> {
        let (now, lifetimes) = (self.now(), &self.rules.lifetimes);
        let session = Session {
            id: SessionId::generate(),
            account_id,
            generation: Generation::FIRST,
            rotated_at: now,
            generation_seen_at: None,
            seen_at: now,
            persistence,
            created_at: now,
            idle_expires_at: lifetimes.idle_expiry(persistence, now),
            absolute_expires_at: now + lifetimes.absolute,
            ended_at: None,
            end_reason: None,
            ip: client.ip.clone(),
            user_agent: client.user_agent.clone(),
            account_disabled_at: None,
            roles,
        };
        self.store.start_session(&session).await?;
        self.issue(&session, now)
    }

    fn issue(&self, session: &Session, now: Timestamp) -> Result<TokenPair, AuthError> {
        let (access, refresh, claims) = self.tokens.issue(session, &self.rules.lifetimes, now)?;
        let until = |seconds: i64| Timestamp::from_millis(seconds * 1000).since(now);
        Ok(TokenPair {
            access_expires_in: until(claims.exp),
            refresh_expires_in: session.refresh_expires_at().since(now),
            access,
            refresh,
            claims: Arc::new(claims),
            session: session.clone(),
        })
    }
}

#[derive(Clone)]
struct ClockHandle(Arc<dyn Clock>);

impl std::fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
