//! Password hashing: argon2id (RFC 9106), off the async threads, a bounded number at a time.
//!
//! One hash takes tens of milliseconds and megabytes on purpose. Without a bound, a flood of
//! sign-ins would take all memory and every core; with one, it queues, and what waits too long is
//! told to come back.

use std::{
    fmt, iter,
    num::NonZero,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHasher, Version,
    password_hash::{
        self,
        phc::{self, Output},
    },
};
use tokio::{sync::Semaphore, task, time};

use crate::password::Password;

/// How hard hashing is, and how long it may be waited for. From the settings.
#[derive(Clone, Copy, Debug)]
pub struct HashingCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// The longest wait for a free place.
    pub wait: Duration,
}

/// A password hash in PHC form: it names its own algorithm, costs and salt.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a hash in PHC form. Nothing is checked here: what is no hash matches no password.
    pub fn from_phc(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}

/// Hashes and verifies, with as many places as the machine has cores.
#[derive(Clone, Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    memory: Arc<SpareMemory>,
    wait: Duration,
    /// Verified when there is no account, so that "no such account" takes as long as "wrong
    /// password".
    dummy: PasswordHash,
}

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It is the password.
    Matches,
    /// It is the password, hashed with other costs than today's.
    MatchesOutdated,
    /// It is not.
    Differs,
}

/// Why nothing was hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashingError {
    /// Every place stayed taken for too long.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The costs are impossible.
    #[error("argon2 costs: {0}")]
    Costs(argon2::Error),
    /// Hashing failed, as when memory ran out or a stored hash is damaged.
    #[error("argon2: {0}")]
    Failed(password_hash::Error),
    /// The thread was lost.
    #[error("hashing was cut off: {0}")]
    CutOff(#[from] task::JoinError),
}

impl Hasher {
    /// A hasher of that cost. Hashes once, for the dummy.
    pub fn new(cost: HashingCost) -> Result<Self, HashingError> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(HashingError::Costs)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash(&argon2, b"nobody has this password")?;
        let places = thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self {
            argon2,
            places: Arc::new(Semaphore::new(places)),
            memory: Arc::default(),
            wait: cost.wait,
            dummy,
        })
    }

    /// Hashes a password with a new salt.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, HashingError> {
        let argon2 = self.argon2.clone();
        self.run(move || hash(&argon2, password.expose().as_bytes()))
            .await?
    }

    /// Compares a password with a stored hash, or with the dummy: the same work either way.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<PasswordHash>,
    ) -> Result<Verification, HashingError> {
        let Self {
            argon2,
            dummy,
            memory,
            ..
        } = self.clone();
        self.run(move || {
            let (password, known) = (password.expose().as_bytes(), stored.is_some());
            let stored = stored.unwrap_or(dummy);
            let found = memory
                .with(|memory| verify(&argon2, password, &stored, memory))
                .map_err(HashingError::Failed)?;
            Ok(if known { found } else { Verification::Differs })
        })
        .await?
    }

    /// Runs heavy work in one of the places.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let places = Arc::clone(&self.places);
        let Ok(Ok(place)) = time::timeout(self.wait, places.acquire_owned()).await else {
            return Err(HashingError::Busy);
        };
        // The place goes along: a caller who hangs up does not free it before the work is done.
        let done = task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        Ok(done.await?)
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<PasswordHash, HashingError> {
    let hash: phc::PasswordHash = argon2
        .hash_password(password)
        .map_err(HashingError::Failed)?;
    Ok(PasswordHash(hash.to_string()))
}

/// As the library's `verify_password`, in memory that is there already.
fn verify(
    argon2: &Argon2<'_>,
    password: &[u8],
    stored: &PasswordHash,
    memory: &mut Vec<Block>,
) -> password_hash::Result<Verification> {
    const DAMAGED: password_hash::Error = password_hash::Error::EncodingInvalid;
    let stored = phc::PasswordHash::new(&stored.0).map_err(|_| DAMAGED)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = Version::try_from(stored.version.ok_or(DAMAGED)?)?;
    let params = Params::try_from(&stored)?;
    let (salt, expected) = stored.salt.zip(stored.hash).ok_or(DAMAGED)?;

    let up_to_date = same_cost(&params, argon2.params());
    let missing = params.block_count().saturating_sub(memory.len());
    memory.extend(iter::repeat_n(Block::new(), missing));
    let mut computed = [0; Output::MAX_LENGTH];
    let computed = computed.get_mut(..expected.len()).ok_or(DAMAGED)?;
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, &salt, computed, memory)?;

    // `Output` compares in constant time.
    let same = Output::new(computed).is_ok_and(|computed| computed == expected);
    Ok(match (same, up_to_date) {
        (true, true) => Verification::Matches,
        (true, false) => Verification::MatchesOutdated,
        (false, _) => Verification::Differs,
    })
}

fn same_cost(a: &Params, b: &Params) -> bool {
    (a.m_cost(), a.t_cost(), a.p_cost()) == (b.m_cost(), b.t_cost(), b.p_cost())
}

/// The memory of hashes that are done, for those to come: at most as much as there are places.
/// For the kernel to map and clear it anew takes a fifth of the time of a hash.
#[derive(Debug, Default)]
struct SpareMemory(Mutex<Vec<Vec<Block>>>);

impl SpareMemory {
    fn with<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let mut memory = self.spare().pop().unwrap_or_default();
        let done = work(&mut memory);
        self.spare().push(memory);
        done
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(memory_kib: u32, wait: Duration) -> Hasher {
        Hasher::new(HashingCost {
            memory_kib,
            iterations: 1,
            parallelism: 1,
            wait,
        })
        .unwrap()
    }

    fn password(typed: &str) -> Password {
        Password::parse(typed).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_phc_and_names_its_costs() {
        let hash = hasher(64, Duration::from_secs(1))
            .hash(password("right"))
            .await
            .unwrap();
        assert!(
            hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
            "{}",
            hash.0
        );
    }

    #[tokio::test]
    async fn only_the_password_matches_and_nobody_matches_the_dummy() {
        let hasher = hasher(64, Duration::from_secs(1));
        let hash = hasher.hash(password("right")).await.unwrap();
        let verify = |typed, hash| hasher.verify(password(typed), hash);
        assert_eq!(
            verify("right", Some(hash.clone())).await.unwrap(),
            Verification::Matches
        );
        assert_eq!(
            verify("wrong", Some(hash)).await.unwrap(),
            Verification::Differs
        );
        assert_eq!(
            verify("nobody has this password", None).await.unwrap(),
            Verification::Differs
        );
    }

    #[tokio::test]
    async fn a_hash_of_other_costs_matches_as_outdated() {
        let weak = hasher(64, Duration::from_secs(1))
            .hash(password("right"))
            .await
            .unwrap();
        let found = hasher(128, Duration::from_secs(1))
            .verify(password("right"), Some(weak))
            .await;
        assert_eq!(found.unwrap(), Verification::MatchesOutdated);
    }

    #[tokio::test]
    async fn memory_that_other_hashes_left_changes_nothing() {
        let (small, large) = (
            hasher(64, Duration::from_secs(1)),
            hasher(128, Duration::from_secs(1)),
        );
        let weak = small.hash(password("right")).await.unwrap();
        let strong = large.hash(password("right")).await.unwrap();
        for _ in 0..2 {
            for hash in [&weak, &strong] {
                let verify = |typed| large.verify(password(typed), Some(hash.clone()));
                assert_ne!(verify("right").await.unwrap(), Verification::Differs);
                assert_eq!(verify("wrong").await.unwrap(), Verification::Differs);
            }
        }
        let kept: Vec<_> = large.memory.spare().iter().map(Vec::len).collect();
        assert_eq!(kept, [128], "KiB");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_waits_too_long_for_a_place_is_told_so() {
        let hasher = hasher(64, Duration::from_millis(20));
        let all = u32::try_from(hasher.places.available_permits()).unwrap();
        let taken = Arc::clone(&hasher.places)
            .acquire_many_owned(all)
            .await
            .unwrap();
        assert!(matches!(
            hasher.hash(password("right")).await,
            Err(HashingError::Busy)
        ));
        drop(taken);
        assert!(hasher.hash(password("right")).await.is_ok());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_caller_who_hangs_up_does_not_free_the_place_early() {
        let hasher = hasher(64, Duration::from_secs(1));
        let all = hasher.places.available_permits();
        let (start, started) = std::sync::mpsc::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let caller = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                hasher
                    .run(move || {
                        start.send(()).unwrap();
                        finished.recv().unwrap();
                    })
                    .await
            }
        });
        task::spawn_blocking(move || started.recv().unwrap())
            .await
            .unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        assert_eq!(hasher.places.available_permits(), all - 1);
        finish.send(()).unwrap();
        let back = hasher
            .places
            .acquire_many(u32::try_from(all).unwrap())
            .await
            .unwrap();
        drop(back);
    }
}
