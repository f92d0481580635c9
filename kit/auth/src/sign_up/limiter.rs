//! Making accounts: whether anybody may, and how often from one network.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::Timestamp,
    limits::{Counts, Key, OF_SITE, key, networks, stretch},
};

/// Who may make an account. From the settings. Operators always may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignUpRules {
    /// Whether anybody may.
    pub open: bool,
    /// How often it is tried from one network, four times as often from an IPv6 /48. Zero: as often as
    /// one likes.
    pub attempts: u32,
    /// How long that is counted.
    pub window: Duration,
}

/// Counts sign-ups by network: each costs as much as a sign-in, and tells whether somebody has an
/// account.
#[derive(Debug)]
pub(crate) struct SignUpLimiter {
    rules: SignUpRules,
    counts: Arc<Counts>,
}

impl SignUpLimiter {
    pub(crate) fn new(rules: SignUpRules, counts: Arc<Counts>) -> Self {
        Self { rules, counts }
    }

    /// Counts one more from that address; `Err` with the time to wait if there were too many.
    pub(crate) async fn admit(&self, ip: &str, now: Timestamp) -> Result<(), Duration> {
        let most = self.rules.attempts;
        if most == 0 {
            return Ok(());
        }
        let (number, left) = stretch(now, self.rules.window);
        let (network, site) = networks(ip);
        let mut bounds = vec![(network, most)];
        bounds.extend(site.map(|site| (site, most.saturating_mul(OF_SITE))));
        let keys: Vec<Key> = bounds
            .iter()
            .map(|(network, _)| key(number, &["sign-up", network]))
            .collect();
        let counts = self.counts.read(&keys).await;
        let mut both = counts.iter().zip(&bounds);
        if both.any(|(count, (_, most))| count >= most) {
            return Err(left);
        }
        self.counts.add(&keys, left).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const RULES: SignUpRules = SignUpRules {
        open: true,
        attempts: 2,
        window: Duration::from_hours(1),
    };

    fn limiter(rules: SignUpRules) -> SignUpLimiter {
        SignUpLimiter::new(rules, Arc::new(Counts::new(None)))
    }

    #[tokio::test]
    async fn one_network_tries_so_often_until_the_window_ends_and_others_have_their_own() {
        let limiter = limiter(RULES);
        for _ in 0..2 {
            limiter.admit("203.0.113.7", NOW).await.unwrap();
        }
        let wait = limiter.admit("203.0.113.7", NOW).await.unwrap_err();
        assert!(wait > Duration::ZERO && wait <= RULES.window, "{wait:?}");
        limiter.admit("203.0.113.8", NOW).await.unwrap();
        let later = NOW + RULES.window;
        limiter.admit("203.0.113.7", later).await.unwrap();
    }

    #[tokio::test]
    async fn the_networks_of_an_ipv6_site_are_counted_together_too() {
        let limiter = limiter(RULES);
        for network in 0..8 {
            let ip = format!("2001:db8:1:{network}::1");
            limiter.admit(&ip, NOW).await.unwrap();
        }
        assert!(limiter.admit("2001:db8:1:8::1", NOW).await.is_err());
        limiter.admit("2001:db8:2::1", NOW).await.unwrap();
    }

    #[tokio::test]
    async fn zero_is_no_limit() {
        let limiter = limiter(SignUpRules {
            attempts: 0,
            ..RULES
        });
        for _ in 0..100 {
            limiter.admit("203.0.113.7", NOW).await.unwrap();
        }
    }
}
