//! The change feed: what other nodes have changed, so that access tokens can be checked without the
//! database.
//!
//! A node reads what was ended and changed lately when it starts, and whenever its
//! [watch](crate::store::Watch) says so. If the notification connection fails it is reopened, and all
//! changes since the last reading are read again. A node that has heard nothing for
//! [`Rules::staleness`](crate::Rules::staleness) knows that it may have missed something: until it hears again, it
//! asks the database for each request.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, sleep, sleep_until};

use super::What;
use crate::{
    auth::Auth,
    clock::Timestamp,
    error::AuthError,
    keys::KeyRing,
    sessions::{EndReason, Lifetimes, Session, refresh::AccessError},
    store::watch::Signal,
    token::AccessClaims,
};

/// Transactions commit in another order than they were dated, and clocks differ: each look reaches
/// back this far behind the one before.
const OVERLAP: Duration = Duration::from_mins(1);
/// After a watch failed, the next one starts this much later.
const PAUSE: Duration = Duration::from_millis(250);
/// Unknown names of keys make the node look for new keys, at most this often: forged names must not
/// keep the database busy.
const KEYS_AT_MOST_EVERY: Duration = Duration::from_millis(25);

/// When this node last heard of others.
#[derive(Debug)]
pub(crate) struct ChangeFeed {
    start: Instant,
    /// Milliseconds after `start`, plus one. Zero while nobody [follows](Auth::follow): then this
    /// process is alone.
    synced: AtomicU64,
    looked_at: Mutex<Option<Timestamp>>,
    /// Held while the keys are read and set, so that no older reading comes over a newer one.
    keys: tokio::sync::Mutex<KeysRead>,
}

/// When the keys were last read.
#[derive(Debug, Default)]
struct KeysRead {
    /// When the reading began that is in use.
    began: Option<Instant>,
    /// When the last that failed did.
    failed: Option<Instant>,
}

impl Default for ChangeFeed {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            synced: AtomicU64::new(0),
            looked_at: Mutex::new(None),
            keys: tokio::sync::Mutex::default(),
        }
    }
}

impl ChangeFeed {
    fn mark_synced(&self) {
        self.synced.store(self.present(), Ordering::Release);
    }

    /// Somebody follows from now on. If somebody did before and broke off, what was missed meanwhile
    /// is still missing: that is no word of others.
    fn begin(&self) {
        let begun =
            self.synced
                .compare_exchange(0, self.present(), Ordering::AcqRel, Ordering::Relaxed);
        let _followed_before = begun.is_err();
    }

    fn present(&self) -> u64 {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        elapsed + 1
    }

    fn is_stale(&self, after: Duration) -> bool {
        self.silence() > after
    }

    /// For how long nothing was synced. Zero while nobody follows.
    fn silence(&self) -> Duration {
        match self.synced.load(Ordering::Acquire) {
            0 => Duration::ZERO,
            synced => (self.start + Duration::from_millis(synced - 1)).elapsed(),
        }
    }
}

impl Auth {
    /// Follows what other processes change, for as long as it is polled. Run it beside the server.
    pub async fn follow(&self) {
        self.changes.begin();
        loop {
            if let Err(error) = self.follow_one_watch().await {
                tracing::warn!(%error, "the watch for changes broke off; starting another");
            }
            sleep(PAUSE).await;
        }
    }

    /// For how long nothing was heard of what other processes change.
    pub fn unheard_for(&self) -> Duration {
        self.changes.silence()
    }

    async fn follow_one_watch(&self) -> Result<(), AuthError> {
        let mut watch = self.store.watch().await?;
        // What happened before the watch was there.
        self.sync_changes().await?;
        self.changes.mark_synced();
        loop {
            match watch.next().await? {
                Signal::Changed => self.sync_changes().await?,
                Signal::Idle => self.set_clock().await?,
                Signal::PollDue => {
                    self.sync_changes().await?;
                    self.set_clock().await?;
                }
            }
            self.changes.mark_synced();
        }
    }

    /// Looks at what was ended and changed since the last look.
    pub(crate) async fn sync_changes(&self) -> Result<(), AuthError> {
        let now = self.now();
        let last = *self
            .changes
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let since = last.map_or(now - Lifetimes::MAX_ACCESS, |last| last - OVERLAP);
        // At the start there are keys to be had, whether they changed or not.
        let mut keys_changed = last.is_none();
        for change in self.store.changes_since(since).await? {
            match change.what {
                What::SessionEnded { session, reason } => {
                    self.denylist.add(session, reason, change.at);
                }
                What::AccountChanged {
                    account,
                    version,
                    disabled,
                } => self
                    .denylist
                    .add_change(account, version, disabled, change.at),
                What::KeysChanged => keys_changed = true,
                What::Other => {}
            }
        }
        if keys_changed {
            self.load_keys().await?;
        }
        *self
            .changes
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(())
    }

    /// Takes the keys from the store. Those by which this node may sign are noted to be needed for as
    /// long as its tokens live.
    pub(crate) async fn load_keys(&self) -> Result<(), AuthError> {
        self.load_keys_alone(&mut *self.changes.keys.lock().await)
            .await
    }

    async fn load_keys_alone(&self, read: &mut KeysRead) -> Result<(), AuthError> {
        let began = Instant::now();
        let loaded = async {
            self.take_keys().await?;
            if self.lengthen_tokens().await? {
                self.take_keys().await?;
            }
            Ok(())
        };
        let loaded = loaded.await;
        if loaded.is_ok() {
            read.began = Some(began);
        } else {
            read.failed = Some(Instant::now());
        }
        loaded
    }

    async fn take_keys(&self) -> Result<(), AuthError> {
        let sealed = self.store.list_keys().await?;
        self.tokens
            .set_keys(&sealed, |sealed| KeyRing::open(sealed, &self.master))?;
        Ok(())
    }

    /// Whether there was a key by which this node may sign tokens that live longer than was noted.
    async fn lengthen_tokens(&self) -> Result<bool, AuthError> {
        let (ring, lifetimes) = (self.tokens.keys(), &self.rules.lifetimes);
        let shorter = ring.to_be_lengthened(lifetimes, self.now());
        let ttl = lifetimes.longest_refresh().into();
        for kid in &shorter {
            self.store.lengthen_tokens(kid, ttl, self.now()).await?;
        }
        Ok(!shorter.is_empty())
    }

    /// Whether this node may have missed what others changed.
    pub(crate) fn is_out_of_sync(&self) -> bool {
        self.changes.is_stale(self.rules.staleness)
    }

    /// Takes the keys from the store, if nobody has for [`Rules::staleness`](crate::Rules::staleness): one may
    /// be retired. Whoever waits shares the failure of the one before.
    pub(crate) async fn reload_old_keys(&self) -> Result<(), AuthError> {
        let came = Instant::now();
        let mut read = self.changes.keys.lock().await;
        if read
            .began
            .is_some_and(|began| began.elapsed() < self.rules.staleness)
        {
            return Ok(());
        }
        if read.failed.is_some_and(|failed| failed >= came) {
            return Err(AuthError::OutOfSync);
        }
        self.load_keys_alone(&mut read).await
    }

    /// A token names a key that this node does not know: perhaps it is new. Whoever waits shares a
    /// look that began after they came.
    pub(crate) async fn reload_keys(&self) -> Result<(), AuthError> {
        let came = Instant::now();
        let mut read = self.changes.keys.lock().await;
        if let Some(began) = read.began {
            if began >= came {
                return Ok(());
            }
            sleep_until(began + KEYS_AT_MOST_EVERY).await;
        }
        self.load_keys_alone(&mut read).await
    }

    /// Asks the database, if this node may have missed something.
    pub(crate) async fn confirm(
        &self,
        claims: &AccessClaims,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        if !self.is_out_of_sync() {
            return Ok(());
        }
        let found = self.store.find_session(claims.sid).await.map_err(|error| {
            tracing::error!(%error, "nothing was heard of other nodes, and the database does not answer");
            AccessError::Unavailable
        })?;
        let session = found
            .filter(|session| session.account_id == claims.sub)
            .ok_or(AccessError::Ended(EndReason::Unknown))?;
        match session.ended(now) {
            Some(reason) => Err(AccessError::Ended(reason)),
            None if is_stale(claims, &session) => Err(AccessError::Stale),
            None => Ok(()),
        }
    }
}

/// Whether a token says what is no longer true of its account. One from before accounts had a version
/// goes by what it says.
fn is_stale(claims: &AccessClaims, session: &Session) -> bool {
    if let Some(version) = claims.version {
        version < session.account_version
    } else {
        let told = claims.roles.iter().map(String::as_str);
        !session.roles.iter().eq(told)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::{Pin, pin},
        task::{Context, Poll, Waker},
    };

    use super::*;
    use crate::{
        audit::Actor,
        auth::AuthOptions,
        keys::{Algorithm, MasterKeys, SealedKey, SigningKey},
        store::Store,
    };

    async fn auth_in(folder: &std::path::Path) -> Auth {
        let url = format!("sqlite://{}/monban.db", folder.display());
        let store = Store::open(&url).await.unwrap();
        let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let options = AuthOptions::default();
        Auth::new(store, master, "https://example.com", options)
            .await
            .unwrap()
    }

    /// Another node adds a key, of which this one has not heard.
    async fn add_key_elsewhere(auth: &Auth) {
        let now = auth.now();
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let follows = auth.store.list_keys().await.unwrap().pop().unwrap().kid;
        let sealed = SealedKey {
            kid: key.kid().to_owned(),
            alg: key.alg().name().to_owned(),
            follows,
            sealed: auth.master.seal(&key).unwrap(),
            published_at: now,
            signs_at: now,
            retired_at: None,
            token_ttl: Some(auth.rules.lifetimes.longest_refresh().into()),
        };
        assert!(auth.store.add_key(&sealed, Actor::Server).await.unwrap());
    }

    /// Time enough for the database to answer what it was asked before.
    async fn settle(auth: &Auth) {
        for _ in 0..20 {
            auth.store.list_keys().await.unwrap();
        }
    }

    fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    /// A load stands still once it has read the keys, and another one begins meanwhile.
    #[tokio::test]
    async fn of_two_loads_of_the_keys_at_once_none_comes_over_a_newer_one() {
        let folder = tempfile::tempdir().unwrap();
        let auth = auth_in(folder.path()).await;
        // Now and then the database answers so soon that the first is done at once.
        for _ in 0..1_000 {
            settle(&auth).await;
            let mut first = pin!(auth.load_keys());
            if poll_once(first.as_mut()).is_ready() {
                continue;
            }
            settle(&auth).await;
            add_key_elsewhere(&auth).await;
            let mut second = pin!(auth.load_keys());
            let overtaken = tokio::select! {
                biased;
                second = &mut second => second.is_ok(),
                () = settle(&auth) => false,
            };
            first.await.unwrap();
            if !overtaken {
                second.await.unwrap();
            }
            assert_eq!(auth.tokens.keys().keys().len(), 2);
            return;
        }
        panic!("no load stood still");
    }

    #[tokio::test(start_paused = true)]
    async fn to_follow_again_is_no_word_of_others() {
        let (feed, limit) = (ChangeFeed::default(), Duration::from_secs(5));
        sleep(limit * 2).await;
        assert!(!feed.is_stale(limit), "nobody follows");
        feed.begin();
        sleep(limit * 2).await;
        assert!(feed.is_stale(limit));
        feed.begin();
        assert!(feed.is_stale(limit) && feed.silence() == limit * 2);
        feed.mark_synced();
        assert!(!feed.is_stale(limit));
    }
}
