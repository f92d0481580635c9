//! [`Auth`]: the use cases.

mod accounts;
mod changes;
mod emails;
mod hash_costs;
mod keys;
mod refresh;
mod sessions;
mod sign_in;
mod sign_up;
mod start;
mod write_behind;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

pub use self::{
    accounts::GrantError,
    keys::{KeyChangeError, KeyView},
    refresh::{AccessError, RefreshError},
    sessions::SessionPage,
    sign_in::{SignIn, SignInError},
    sign_up::{SignUp, SignUpError},
    write_behind::Backlog,
};
use crate::{
    audit_queue::AuditQueue,
    clock::{Clock, Timestamp},
    denylist::Denylist,
    devices::{DeviceToken, Devices},
    hashing::{Hasher, HashingCost, HashingError},
    keys::{Algorithm, KeyError, KeyRules, MasterKeys, SigningError},
    limits::{AttemptRules, Counts, SignInLimiter, SignUpLimiter, SignUpRules},
    password::PasswordPolicy,
    redis::Redis,
    rotation::Grace,
    seen::Seen,
    session::{Channel, Lifetimes, Session},
    store::{Store, StoreError},
    token::{AccessClaims, AccessToken, RefreshToken, Tokens},
};

/// The account system. One for a process, shared behind an [`Arc`].
#[derive(Debug)]
pub struct Auth {
    store: Store,
    pub(crate) tokens: Tokens,
    hasher: Hasher,
    hash_costs: hash_costs::HashCosts,
    sign_ins: SignInLimiter,
    sign_ups: SignUpLimiter,
    devices: Devices,
    master: MasterKeys,
    denylist: Denylist,
    seen: Seen,
    evidence_writer: tokio::sync::Mutex<()>,
    audit_queue: AuditQueue,
    audit_writer: tokio::sync::Mutex<()>,
    changes: changes::ChangeFeed,
    rules: Rules,
    clock: ClockHandle,
    /// How far the database's clock is ahead of this node's, in milliseconds.
    ahead: AtomicI64,
    /// When this process started, by the clock that all nodes share.
    started_at: Timestamp,
}

/// Everything about accounts and sessions that an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// How often a sign-in may fail.
    pub attempts: AttemptRules,
    /// Who may make an account.
    pub sign_up: SignUpRules,
    /// When signing keys change.
    pub keys: KeyRules,
    /// A node that has heard nothing of others for this long asks the database for each request.
    pub staleness: Duration,
    /// How long sessions that are over, and audit entries, are kept.
    pub retention: Duration,
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
            attempts: AttemptRules {
                failures: 10,
                window: 15 * MINUTE,
            },
            sign_up: SignUpRules {
                open: true,
                attempts: 60,
                window: HOUR,
            },
            keys: KeyRules {
                algorithm: Algorithm::EdDsa,
                rotation: 30 * DAY,
                jwks_max_age: 5 * MINUTE,
            },
            staleness: Duration::from_secs(5),
            retention: 90 * DAY,
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
    /// Whether this generation was handed out before.
    pub repeated: bool,
    /// What the device should keep: after a sign-in, for the next one.
    pub device: Option<DeviceToken>,
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
    /// The signing keys cannot be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// This node may have missed what others changed, and cannot ask.
    #[error("nothing was heard of other nodes, and the database does not answer")]
    OutOfSync,
    /// A newer version of this software made the session, and only that can renew it.
    #[error("the session's row is of a kind that this version does not know")]
    NewerSession,
    /// Others kept winning the race for this session's row.
    #[error("the session's row did not hold still")]
    Contention,
}

impl AuthError {
    /// Whether the same request may well succeed a little later.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Contention
            | Self::OutOfSync
            | Self::NewerSession
            | Self::Hashing(HashingError::Busy) => true,
            Self::Store(error) => error.is_busy(),
            _ => false,
        }
    }
}

impl Auth {
    /// Starts the account system: `issuer` is the base URL that tokens are issued for. Remembers
    /// the sessions that were ended lately; makes the first signing key where there is none, sealed
    /// under `master`.
    pub async fn new(
        store: Store,
        master: MasterKeys,
        issuer: &str,
        rules: Rules,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AuthError> {
        let counts = Arc::new(Counts::new(None));
        let mut auth = Self {
            store,
            tokens: Tokens::new(issuer),
            hasher: Hasher::new(rules.hashing)?,
            hash_costs: hash_costs::HashCosts::default(),
            sign_ins: SignInLimiter::new(rules.attempts, Arc::clone(&counts)),
            sign_ups: SignUpLimiter::new(rules.sign_up, counts),
            devices: Devices::new(master.message_keys("device token")),
            master,
            denylist: Denylist::default(),
            seen: Seen::default(),
            evidence_writer: tokio::sync::Mutex::default(),
            audit_queue: AuditQueue::default(),
            audit_writer: tokio::sync::Mutex::default(),
            changes: changes::ChangeFeed::default(),
            rules,
            clock: ClockHandle(clock),
            ahead: AtomicI64::new(0),
            started_at: Timestamp::default(),
        };
        auth.set_clock().await?;
        auth.started_at = auth.now();
        auth.sync_changes().await?;
        auth.make_first_key().await?;
        auth.fold_emails_at_start().await;
        Ok(auth)
    }

    /// The same, which counts sign-ups and failed sign-ins together with the other nodes.
    #[must_use]
    pub fn counting_in(self, redis: Redis) -> Self {
        let counts = Arc::new(Counts::new(Some(redis)));
        Self {
            sign_ins: SignInLimiter::new(self.rules.attempts, Arc::clone(&counts)),
            sign_ups: SignUpLimiter::new(self.rules.sign_up, counts),
            ..self
        }
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The present, by the clock that all nodes share: the database's. Nodes whose own clocks were
    /// apart by the [window](Grace) would take an honest race for a theft.
    pub fn now(&self) -> Timestamp {
        let own = self.clock.0.now().as_millis();
        Timestamp::from_millis(own.saturating_add(self.ahead.load(Ordering::Relaxed)))
    }

    /// Asks the database what time it is. A difference that the way there explains is none.
    async fn set_clock(&self) -> Result<(), AuthError> {
        const NOISE: i64 = 50;
        let asked = self.clock.0.now().as_millis();
        if let Some(time) = self.store.time().await? {
            let answered = self.clock.0.now().as_millis();
            let ahead = time.as_millis() - i64::midpoint(asked, answered);
            let noise = NOISE + (answered - asked) / 2;
            if (ahead - self.ahead.load(Ordering::Relaxed)).abs() > noise {
                self.ahead.store(ahead, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), AuthError> {
        Ok(self.store.ping().await?)
    }

    /// Whether the database takes what is written.
    pub async fn check_writer(&self) -> Result<(), AuthError> {
        Ok(self.store.check_writer().await?)
    }

    /// What is to be done now and then, by any node: rotates keys that are due, and deletes what is
    /// no longer needed, in small batches.
    pub async fn run_maintenance(&self) -> Result<(), AuthError> {
        const BATCH: u32 = 1_000;
        if let Err(KeyChangeError::Auth(error)) = self.rotate_keys_if_due().await {
            return Err(error);
        }
        self.delete_gone_keys().await?;
        let before = self.now() - self.rules.retention;
        while self.store.purge(before, BATCH).await? >= u64::from(BATCH) {
            tokio::task::yield_now().await;
        }
        self.fold_emails(None).await?;
        self.learn_hash_costs_if_due().await
    }

    fn issue(&self, session: &Session, now: Timestamp) -> Result<TokenPair, AuthError> {
        let lifetimes = &self.rules.lifetimes;
        let (access, refresh, claims) = self.tokens.issue(session, lifetimes, now)?;
        let until = |seconds: i64| Timestamp::from_millis(seconds * 1000).since(now);
        Ok(TokenPair {
            access_expires_in: until(claims.exp),
            refresh_expires_in: session.refresh_expires_at().since(now),
            access,
            refresh,
            claims: Arc::new(claims),
            session: session.clone(),
            repeated: false,
            device: None,
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
