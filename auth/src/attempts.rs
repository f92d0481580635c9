//! Guessing passwords is slow: failed sign-ins are counted, and whoever failed too often waits.
//!
//! Three counts, because a guesser may have one address or many, and one account in mind or many.
//! A count lasts for a window and starts anew with the next. What is counted is the address that was
//! typed, whether there is such an account or not, so that the answer tells nothing. Nobody is signed
//! out by it, and a stranger at another address keeps nobody from signing in for long.
//!
//! Each node counts in its memory; where there is a [`Redis`], the nodes count together.

use std::{
    convert::Infallible,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;

use crate::{account::Email, clock::Timestamp, redis::Redis};

/// How often a sign-in may fail. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRules {
    /// From one address at one account; from one address at all accounts
    /// [`AttemptRules::OF_ADDRESS`] times as often, at one account from all addresses
    /// [`AttemptRules::AT_ACCOUNT`] times. Zero: as often as one likes.
    pub failures: u32,
    /// How long a count lasts.
    pub window: Duration,
}

impl AttemptRules {
    /// People share addresses.
    pub const OF_ADDRESS: u32 = 5;
    /// With the default of 10, the 100 of NIST SP 800-63B-4 §3.2.2.
    pub const AT_ACCOUNT: u32 = 10;
}

/// The failures of late.
#[derive(Debug)]
pub(crate) struct Attempts {
    rules: AttemptRules,
    counts: Cache<Key, Arc<AtomicU32>>,
    redis: Option<Redis>,
}

/// What one sign-in counts for.
pub(crate) struct Attempt {
    counts: Vec<(Key, u32)>,
    /// How long the window still lasts.
    left: Duration,
}

/// Holds no address: it goes to Redis.
type Key = [u8; 16];

impl Attempts {
    /// The most counts in memory, at 50 bytes or so each.
    const CAPACITY: usize = 100_000;

    pub(crate) fn new(rules: AttemptRules, redis: Option<Redis>) -> Self {
        Self {
            rules,
            counts: Cache::new(Self::CAPACITY),
            redis,
        }
    }

    /// A sign-in from that address as that account.
    pub(crate) fn begin(&self, email: Option<&Email>, ip: &str, now: Timestamp) -> Attempt {
        Attempt::of(self.rules, email, ip, now)
    }

    /// `Err` with the time to wait if too many have failed by now.
    pub(crate) async fn check(&self, attempt: &Attempt) -> Result<(), Duration> {
        let keys: Vec<_> = attempt.counts.iter().map(|(key, _)| *key).collect();
        let shared = match &self.redis {
            Some(redis) if !keys.is_empty() => redis.counts(&keys).await.unwrap_or_default(),
            _ => Vec::new(),
        };
        let exhausted = attempt
            .counts
            .iter()
            .enumerate()
            .any(|(place, (key, most))| {
                let own = self.counts.get(key);
                let own = own.map_or(0, |count| count.load(Ordering::Relaxed));
                own.max(shared.get(place).copied().unwrap_or_default()) >= *most
            });
        if exhausted { Err(attempt.left) } else { Ok(()) }
    }

    /// It failed.
    pub(crate) async fn failed(&self, attempt: &Attempt) {
        for (key, _) in &attempt.counts {
            let made = || Ok::<_, Infallible>(Arc::default());
            let count = self.counts.get_or_insert_with(key, made);
            let count = count.unwrap_or_else(|never| match never {});
            // Four billion take longer than a window lasts.
            count.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(redis) = &self.redis {
            let keys: Vec<_> = attempt.counts.iter().map(|(key, _)| *key).collect();
            redis.count(&keys, attempt.left).await;
        }
    }

    /// It was the password: what failed at this account before was its owner. What failed from this
    /// address may still have been somebody who also has an account.
    pub(crate) async fn succeeded(&self, attempt: &Attempt) {
        let of_account: Vec<_> = attempt.counts.iter().skip(1).map(|(key, _)| *key).collect();
        let known = of_account
            .iter()
            .filter(|key| self.counts.remove(*key).is_some())
            .count();
        if let Some(redis) = self.redis.as_ref().filter(|_| known > 0) {
            redis.forget(&of_account).await;
        }
    }
}

impl Attempt {
    /// The counts: of the address, and, of whoever typed an account, at the account from there and
    /// from everywhere.
    fn of(rules: AttemptRules, email: Option<&Email>, ip: &str, now: Timestamp) -> Self {
        let window = i64::try_from(rules.window.as_millis())
            .unwrap_or(i64::MAX)
            .max(1);
        let number = now.as_millis().div_euclid(window);
        let end = Timestamp::from_millis((number + 1).saturating_mul(window));
        let mut counts = Vec::new();
        if rules.failures > 0 {
            let network = network(ip);
            let key = |words: &[&str]| key(number, words);
            let of = |factor: u32| rules.failures.saturating_mul(factor);
            counts.push((key(&["address", &network]), of(AttemptRules::OF_ADDRESS)));
            if let Some(email) = email.map(Email::as_str) {
                counts.push((key(&["both", &network, email]), rules.failures));
                counts.push((key(&["account", email]), of(AttemptRules::AT_ACCOUNT)));
            }
        }
        Self {
            counts,
            left: end.since(now),
        }
    }
}

/// Whoever has one address of an IPv6 network has all of them.
fn network(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => format!("{:x?}", &address.segments()[..4]),
        },
        _ => ip.to_owned(),
    }
}

fn key(window: i64, words: &[&str]) -> Key {
    let text = format!("{window}\n{}", words.join("\n"));
    let mut key = Key::default();
    let hash = digest(&SHA256, text.as_bytes());
    key.copy_from_slice(&hash.as_ref()[..16]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const WINDOW: Duration = Duration::from_mins(15);
    const HERE: &str = "203.0.113.7";
    const RULES: AttemptRules = AttemptRules {
        failures: 2,
        window: WINDOW,
    };

    struct Guesser(Attempts);

    impl Guesser {
        fn new(rules: AttemptRules) -> Self {
            Self(Attempts::new(rules, None))
        }

        async fn may(&self, email: &str, ip: &str, now: Timestamp) -> bool {
            let email = Email::parse(email).unwrap();
            let attempt = self.0.begin(Some(&email), ip, now);
            self.0.check(&attempt).await.is_ok()
        }

        async fn fails(&self, email: &str, ip: &str, times: u32) {
            let email = Email::parse(email).unwrap();
            for _ in 0..times {
                let attempt = self.0.begin(Some(&email), ip, NOW);
                self.0.check(&attempt).await.unwrap();
                self.0.failed(&attempt).await;
            }
        }
    }

    #[tokio::test]
    async fn from_one_address_one_account_is_guessed_at_so_often_until_the_window_ends() {
        let guesser = Guesser::new(RULES);
        guesser.fails("ann@example.com", HERE, 2).await;
        assert!(!guesser.may("ann@example.com", HERE, NOW).await);
        assert!(guesser.may("bob@example.com", HERE, NOW).await);
        assert!(guesser.may("ann@example.com", "198.51.100.1", NOW).await);
        assert!(guesser.may("ann@example.com", HERE, NOW + WINDOW).await);
        let email = Email::parse("ann@example.com").unwrap();
        let attempt = guesser.0.begin(Some(&email), HERE, NOW);
        let wait = guesser.0.check(&attempt).await.unwrap_err();
        assert!(wait > Duration::ZERO && wait <= WINDOW, "{wait:?}");
    }

    #[tokio::test]
    async fn many_accounts_from_one_address_and_one_account_from_many_are_counted_too() {
        let guesser = Guesser::new(RULES);
        for number in 0..5 {
            guesser
                .fails(&format!("{number}@example.com"), HERE, 2)
                .await;
        }
        assert!(!guesser.may("new@example.com", HERE, NOW).await);
        for number in 0..10 {
            let elsewhere = format!("198.51.100.{number}");
            guesser.fails("ann@example.com", &elsewhere, 2).await;
        }
        assert!(!guesser.may("ann@example.com", "192.0.2.1", NOW).await);
        assert!(guesser.may("bob@example.com", "192.0.2.1", NOW).await);
    }

    #[tokio::test]
    async fn a_success_forgives_the_account_and_not_the_address() {
        let guesser = Guesser::new(RULES);
        guesser.fails("ann@example.com", HERE, 1).await;
        let email = Email::parse("ann@example.com").unwrap();
        let attempt = guesser.0.begin(Some(&email), HERE, NOW);
        guesser.0.succeeded(&attempt).await;
        guesser.fails("ann@example.com", HERE, 2).await;
        assert!(!guesser.may("ann@example.com", HERE, NOW).await);
        let of_address = guesser.0.counts.get(&attempt.counts[0].0).unwrap();
        assert_eq!(of_address.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn an_ipv6_network_is_one_address_and_zero_is_no_limit() {
        let guesser = Guesser::new(RULES);
        guesser.fails("ann@example.com", "2001:db8:1:2::1", 2).await;
        assert!(
            !guesser
                .may("ann@example.com", "2001:db8:1:2:3::4", NOW)
                .await
        );
        assert!(guesser.may("ann@example.com", "2001:db8:1:3::1", NOW).await);
        guesser
            .fails("bob@example.com", "::ffff:192.0.2.1", 2)
            .await;
        assert!(!guesser.may("bob@example.com", "192.0.2.1", NOW).await);
        let free = Guesser::new(AttemptRules {
            failures: 0,
            ..RULES
        });
        free.fails("ann@example.com", HERE, 500).await;
    }
}
