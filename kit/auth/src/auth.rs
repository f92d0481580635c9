//! [`Auth`]: the account system, and what all its capabilities share.
//!
//! Each capability adds its own methods, in its own folder: a use case such as
//! [`sign_in`](Auth::sign_in), or a handle such as [`sessions`](Auth::sessions).

use std::{
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use crate::{
    audit::queue::AuditQueue,
    changes::feed::ChangeFeed,
    claims::{AppClaims, ClaimSource},
    clock::{Clock, SystemClock, Timestamp},
    error::AuthError,
    hashing::{Hasher, stored_costs::HashCosts},
    keys::{KeyChangeError, MasterKeys},
    limits::Counts,
    redis::Redis,
    rules::Rules,
    sessions::{Lifetimes, Session, denylist::Denylist, evidence::Evidence},
    sign_in::{DeviceToken, Devices, SignInLimiter},
    sign_up::SignUpLimiter,
    store::Store,
    token::{AccessClaims, AccessToken, RefreshToken, Tokens},
};

/// The account system. One for a process, shared behind an [`Arc`].
#[derive(Debug)]
pub struct Auth {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) hasher: Hasher,
    pub(crate) hash_costs: HashCosts,
    pub(crate) sign_ins: SignInLimiter,
    pub(crate) sign_ups: SignUpLimiter,
    pub(crate) devices: Devices,
    pub(crate) master: MasterKeys,
    pub(crate) denylist: Denylist,
    pub(crate) evidence: Evidence,
    pub(crate) evidence_writer: tokio::sync::Mutex<()>,
    pub(crate) audit_queue: AuditQueue,
    pub(crate) audit_writer: tokio::sync::Mutex<()>,
    pub(crate) changes: ChangeFeed,
    pub(crate) claim_source: OnceLock<ClaimSource>,
    pub(crate) rules: Rules,
    pub(crate) clock: ClockHandle,
    /// How far the database's clock is ahead of this node's, in milliseconds.
    pub(crate) clock_offset: AtomicI64,
    /// When this process started, by the clock that all nodes share.
    pub(crate) started_at: Timestamp,
}

/// How an account system is run, besides its store and its master key.
#[derive(Clone)]
pub struct AuthOptions {
    /// The rules in force.
    pub rules: Rules,
    /// The time, where the database does not say it.
    pub clock: Arc<dyn Clock>,
    /// Where sign-ups and failed sign-ins are counted together with the other nodes. `None` counts
    /// those of this process alone.
    pub redis: Option<Redis>,
}

impl Default for AuthOptions {
    /// The default rules, by the clock of this machine, for a node that counts for itself.
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            clock: Arc::new(SystemClock),
            redis: None,
        }
    }
}

impl fmt::Debug for AuthOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rules, redis, .. } = self;
        f.debug_struct("AuthOptions")
            .field("rules", rules)
            .field("redis", redis)
            .finish_non_exhaustive()
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

impl Auth {
    /// Starts the account system: `issuer` is the base URL that tokens are issued for. Remembers
    /// the sessions that were ended lately; makes the first signing key where there is none, sealed
    /// under `master`.
    pub async fn new(
        store: Store,
        master: MasterKeys,
        issuer: &str,
        options: AuthOptions,
    ) -> Result<Self, AuthError> {
        let AuthOptions {
            rules,
            clock,
            redis,
        } = options;
        let counts = Arc::new(Counts::new(redis));
        let mut auth = Self {
            store,
            tokens: Tokens::new(issuer),
            hasher: Hasher::new(rules.hashing)?,
            hash_costs: HashCosts::default(),
            sign_ins: SignInLimiter::new(rules.attempts, Arc::clone(&counts)),
            sign_ups: SignUpLimiter::new(rules.sign_up, counts),
            devices: Devices::new(master.message_keys("device token")),
            master,
            denylist: Denylist::default(),
            evidence: Evidence::default(),
            evidence_writer: tokio::sync::Mutex::default(),
            audit_queue: AuditQueue::default(),
            audit_writer: tokio::sync::Mutex::default(),
            changes: ChangeFeed::default(),
            claim_source: OnceLock::new(),
            rules,
            clock: ClockHandle(clock),
            clock_offset: AtomicI64::new(0),
            started_at: Timestamp::default(),
        };
        auth.set_clock().await?;
        auth.started_at = auth.now();
        auth.sync_changes().await?;
        auth.make_first_key().await?;
        auth.fold_emails_at_start().await;
        Ok(auth)
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The present, by the clock that all nodes share: the database's. Nodes whose own clocks were
    /// apart by the [window](crate::Grace) would take an honest race for a theft.
    pub fn now(&self) -> Timestamp {
        let own = self.clock.0.now().as_millis();
        Timestamp::from_millis(own.saturating_add(self.clock_offset.load(Ordering::Relaxed)))
    }

    /// Asks the database what time it is. A difference that the way there explains is none.
    pub(crate) async fn set_clock(&self) -> Result<(), AuthError> {
        const NOISE: i64 = 50;
        let asked = self.clock.0.now().as_millis();
        if let Some(time) = self.store.time().await? {
            let answered = self.clock.0.now().as_millis();
            let ahead = time.as_millis() - i64::midpoint(asked, answered);
            let noise = NOISE + (answered - asked) / 2;
            if (ahead - self.clock_offset.load(Ordering::Relaxed)).abs() > noise {
                self.clock_offset.store(ahead, Ordering::Relaxed);
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
        if let Err(KeyChangeError::Auth(error)) = self.keys().rotate_if_due().await {
            return Err(error);
        }
        self.delete_gone_keys().await?;
        let before = self.now() - self.rules.retention;
        // A node looks a minute back, and further than an access token lives at its start.
        let changes_before = self.now() - Lifetimes::MAX_ACCESS * 2;
        while self.store.purge(before, changes_before, BATCH).await? >= u64::from(BATCH) {
            tokio::task::yield_now().await;
        }
        self.fold_emails(None).await?;
        self.learn_hash_costs_if_due().await
    }

    pub(crate) fn issue(
        &self,
        session: &Session,
        app: AppClaims,
        now: Timestamp,
    ) -> Result<TokenPair, AuthError> {
        let lifetimes = &self.rules.lifetimes;
        let (access, refresh, claims) = self.tokens.issue(session, app, lifetimes, now)?;
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
pub(crate) struct ClockHandle(Arc<dyn Clock>);

impl fmt::Debug for ClockHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
