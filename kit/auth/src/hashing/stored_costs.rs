//! Knowing what the stored hashes cost to verify, so that [everybody's](crate::hashing) costs the
//! same.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{auth::Auth, error::AuthError};

/// All accounts are read for it, so not more often. In between, what is met counts.
const EVERY: Duration = Duration::from_hours(1);

/// When the costs were last asked for.
#[derive(Debug, Default)]
pub(crate) struct HashCosts(Mutex<Option<Instant>>);

impl HashCosts {
    fn is_due(&self) -> bool {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = asked.is_none_or(|asked| asked.elapsed() >= EVERY);
        if due {
            *asked = Some(Instant::now());
        }
        due
    }
}

impl Auth {
    /// Reads which costs are stored, now and every hour.
    pub(crate) async fn learn_hash_costs_if_due(&self) -> Result<(), AuthError> {
        if self.hash_costs.is_due() {
            let stored = self.store.hash_costs().await?;
            self.hasher.set_stored_costs(&stored);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        accounts::{Email, Name},
        auth::{Auth, AuthOptions},
        hashing::HashingCost,
        keys::MasterKeys,
        password::Password,
        rules::Rules,
        sign_up::SignUp,
        store::Store,
    };

    async fn open(url: &str, memory_kib: u32) -> Auth {
        let rules = Rules::default();
        let rules = Rules {
            hashing: HashingCost {
                memory_kib,
                iterations: 1,
                ..rules.hashing
            },
            ..rules
        };
        let store = Store::open(url).await.unwrap();
        let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let options = AuthOptions {
            rules,
            ..AuthOptions::default()
        };
        Auth::new(store, master, "https://example.com", options)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn hashes_that_cost_more_than_todays_are_the_measure_from_the_start() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/monban.db", data.path().display());
        let dear = open(&url, 1024).await;
        let new = SignUp {
            name: Name::parse("Ann").unwrap(),
            email: Email::parse("ann@example.com").unwrap(),
            password: Password::parse("kettle orbit plum sandal").unwrap(),
        };
        dear.accounts()
            .create(new, crate::Actor::Cli)
            .await
            .unwrap();
        let cheap = open(&url, 64).await;
        assert_eq!(cheap.hasher.work_of_a_verification(), 64);
        cheap.run_maintenance().await.unwrap();
        assert_eq!(cheap.hasher.work_of_a_verification(), 1024);
    }
}
