//! Password hashing: argon2id (RFC 9106), off the async threads, a bounded number at a time.
//!
//! One hash takes tens of milliseconds and megabytes on purpose. Without a bound, a flood of
//! sign-ins would take all memory and every core; with one, it queues in its [`Lane`], and what waits
//! too long is told to come back.

mod password_hash;
mod queue;
pub(crate) mod stored_costs;
mod work;

use std::{io, num::NonZero, sync::Arc, thread, time::Duration};

use argon2::{Algorithm, Argon2, Params, Version};
use tokio::{sync::oneshot, time};

pub use self::{password_hash::PasswordHash, queue::Lane};
use self::{
    queue::{Job, Queue},
    work::{Dearest, Memory},
};
use crate::password::Password;

/// How hard hashing is, and how long it may be waited for. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// The longest wait for a free thread.
    pub wait: Duration,
}

/// Hashes and verifies, on as many threads of its own as the machine has cores.
#[derive(Clone, Debug)]
pub struct Hasher {
    argon2: Argon2<'static>,
    queue: Arc<Queue>,
    wait: Duration,
    /// Verified when there is no account, so that "no such account" takes as long as "wrong
    /// password".
    dummy: PasswordHash,
    /// What every verification takes.
    dearest: Arc<Dearest>,
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
    /// Every thread was taken for too long.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The costs are impossible.
    #[error("argon2 costs: {0}")]
    Costs(argon2::Error),
    /// Hashing failed, as when memory ran out or a stored hash is damaged.
    #[error("argon2: {0}")]
    Failed(argon2::password_hash::Error),
    /// There is no thread to hash on.
    #[error("hashing threads: {0}")]
    Threads(#[from] io::Error),
    /// The work panicked.
    #[error("hashing was cut off")]
    CutOff,
}

impl Hasher {
    /// A hasher of that cost. Hashes once, for the dummy.
    pub fn new(cost: HashingCost) -> Result<Self, HashingError> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(HashingError::Costs)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy =
            PasswordHash::of(&argon2, b"nobody has this password").map_err(HashingError::Failed)?;
        let queue = Queue::new();
        for _ in 0..threads() {
            let worker = queue.worker();
            let thread = thread::Builder::new().name("hashing".to_owned());
            thread.spawn(move || worker.work_off())?;
        }
        Ok(Self {
            dearest: Arc::new(Dearest::new(argon2.params())),
            argon2,
            queue: Arc::new(queue),
            wait: cost.wait,
            dummy,
        })
    }

    /// Hashes a password with a new salt.
    pub async fn hash(&self, lane: Lane, password: Password) -> Result<PasswordHash, HashingError> {
        let argon2 = self.argon2.clone();
        self.run(lane, move |_| {
            PasswordHash::of(&argon2, password.expose().as_bytes()).map_err(HashingError::Failed)
        })
        .await?
    }

    /// Compares a password with a stored hash, or with the dummy: the same work either way.
    pub async fn verify(
        &self,
        lane: Lane,
        password: Password,
        stored: Option<PasswordHash>,
    ) -> Result<Verification, HashingError> {
        let Self {
            argon2,
            dummy,
            dearest,
            ..
        } = self.clone();
        self.run(lane, move |memory| {
            let (password, stored) = (password.expose().as_bytes(), stored.as_ref());
            work::verify(&argon2, password, stored, &dummy, &dearest, memory)
                .map_err(HashingError::Failed)
        })
        .await?
    }

    /// Hashes of these costs are stored, and of no others: the dearest of them, or of today's, is
    /// the measure of what verifying takes.
    pub fn set_stored_costs(&self, stored: &[PasswordHash]) {
        self.dearest.set(stored.iter());
    }

    /// The blocks that verifying computes, whoever it is.
    #[cfg(test)]
    pub(crate) fn work_of_a_verification(&self) -> u64 {
        self.dearest.get()
    }

    /// Runs heavy work on one of the threads. A caller who hangs up while it waits is passed over;
    /// work that has begun is done.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let (start, started) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move |memory: &mut Memory| {
            let _hung_up = answer.send(work(memory));
        });
        if !self.queue.push(lane, Job { start, work }) {
            return Err(HashingError::Busy);
        }
        match time::timeout(self.wait, started).await {
            Ok(_) => answered.await.map_err(|_| HashingError::CutOff),
            Err(_) => Err(HashingError::Busy),
        }
    }
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

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
            .hash(Lane::SignIn, password("right"))
            .await
            .unwrap();
        let phc = hash.as_phc();
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
    }

    #[tokio::test]
    async fn only_the_password_matches_and_nobody_matches_the_dummy() {
        let hasher = hasher(64, Duration::from_secs(1));
        let hash = hasher.hash(Lane::SignIn, password("right")).await.unwrap();
        let verify = |typed, hash| hasher.verify(Lane::SignIn, password(typed), hash);
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
            .hash(Lane::SignIn, password("right"))
            .await
            .unwrap();
        let found = hasher(128, Duration::from_secs(1))
            .verify(Lane::SignIn, password("right"), Some(weak))
            .await;
        assert_eq!(found.unwrap(), Verification::MatchesOutdated);
    }

    #[tokio::test]
    async fn memory_that_other_hashes_left_changes_nothing() {
        let (small, large) = (
            hasher(64, Duration::from_secs(1)),
            hasher(128, Duration::from_secs(1)),
        );
        let weak = small.hash(Lane::SignIn, password("right")).await.unwrap();
        let strong = large.hash(Lane::SignIn, password("right")).await.unwrap();
        for _ in 0..2 {
            for hash in [&weak, &strong] {
                let verify =
                    |typed| large.verify(Lane::SignIn, password(typed), Some(hash.clone()));
                assert_ne!(verify("right").await.unwrap(), Verification::Differs);
                assert_eq!(verify("wrong").await.unwrap(), Verification::Differs);
            }
        }
    }

    /// Takes all threads until the returned end is dropped.
    async fn occupy(hasher: &Hasher) -> Vec<mpsc::Sender<()>> {
        let mut taken = Vec::new();
        for _ in 0..threads() {
            let (start, started) = oneshot::channel();
            let (end, ended) = mpsc::channel::<()>();
            let hasher = hasher.clone();
            tokio::spawn(async move {
                let work = move |_: &mut Memory| {
                    start.send(()).unwrap();
                    ended.recv().unwrap_err();
                };
                hasher.run(Lane::SignIn, work).await
            });
            started.await.unwrap();
            taken.push(end);
        }
        taken
    }

    #[tokio::test]
    async fn what_waits_too_long_for_a_thread_is_told_so_and_passed_over() {
        let hasher = hasher(64, Duration::from_millis(20));
        let taken = occupy(&hasher).await;
        let (seen, done) = mpsc::channel();
        let late = hasher
            .run(Lane::SignIn, move |_| seen.send(()).unwrap())
            .await;
        assert!(matches!(late, Err(HashingError::Busy)));
        drop(taken);
        assert!(hasher.hash(Lane::SignIn, password("right")).await.is_ok());
        assert!(done.try_recv().is_err(), "done for nobody");
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_does_not_free_the_thread_early() {
        let hasher = hasher(64, Duration::from_millis(20));
        let (end, ended) = mpsc::channel::<()>();
        let mut taken = occupy(&hasher).await;
        drop(taken.pop());
        let (start, started) = oneshot::channel();
        let caller = tokio::spawn({
            let hasher = hasher.clone();
            async move {
                let work = move |_: &mut Memory| {
                    start.send(()).unwrap();
                    ended.recv().unwrap_err();
                };
                hasher.run(Lane::SignIn, work).await
            }
        });
        started.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        let next = hasher.hash(Lane::SignIn, password("right")).await;
        assert!(matches!(next, Err(HashingError::Busy)));
        drop(end);
        assert!(hasher.hash(Lane::SignIn, password("right")).await.is_ok());
    }

    #[tokio::test]
    async fn work_that_panics_takes_no_thread_along() {
        let hasher = hasher(64, Duration::from_secs(1));
        for _ in 0..=threads() {
            let cut_off = hasher.run(Lane::SignIn, |_| panic!("on purpose")).await;
            assert!(matches!(cut_off, Err::<(), _>(HashingError::CutOff)));
        }
        assert!(hasher.hash(Lane::SignIn, password("right")).await.is_ok());
    }
}
