//! Guessing passwords is slow: failed sign-ins are counted, and whoever failed too often waits.
//!
//! A guesser may have one address or many, and one account in mind or many:
//!
//! | counted | most in a window | then |
//! |---|---|---|
//! | from a network at one account | `failures` | wait for the next window |
//! | from a network at all accounts | 5 × `failures` | the same |
//! | the same two from an IPv6 /48 | 4 times as many | the same |
//! | at one account from everywhere | 10 × `failures` | one attempt a second, then one in two, in four, … in a minute |
//! | at an account from a device that it knows | `failures`, of its own | wait for the next window |
//!
//! What is counted is the mailbox that was typed, [however it was spelled](crate::emails), whether there
//! is such an account or not, so that the answer tells nothing. Nobody is signed out by it, and strangers keep nobody from signing in: a
//! device that has signed in to the account before ([`devices`](crate::sign_in::devices)) is not counted with
//! them at all, a network where the account is signed in passes over what they did at it, and anybody
//! else waits for a minute at most.

#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use crate::{
    accounts::Email,
    clock::Timestamp,
    limits::{Counts, Key, OF_SITE, key, networks, stretch},
    sign_in::devices::DeviceId,
};

/// How often a sign-in may fail. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRules {
    /// From one network at one account; from one network at all accounts
    /// [`AttemptRules::OF_ADDRESS`] times as often, at one account from all networks
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
    /// The longest wait because of what strangers do at an account.
    pub const LONGEST_DELAY: Duration = Duration::from_mins(1);
}

/// The failures of late.
#[derive(Debug)]
pub(crate) struct SignInLimiter {
    rules: AttemptRules,
    counts: Arc<Counts>,
}

/// What one sign-in counts for.
#[derive(Debug)]
pub(crate) struct Attempt {
    now: Timestamp,
    /// How long the window still lasts.
    left: Duration,
    window: i64,
    /// What ends in a wait for the next window.
    walls: Vec<(Key, u32)>,
    /// What ends in a growing delay: the account, for strangers.
    account: Option<(Key, u32)>,
    /// What a success forgives.
    of_account: Vec<Key>,
}

/// Too many have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany {
    /// When to come again.
    pub(crate) retry_after: Duration,
    /// Whether it is only because of what happened at the account, wherever from.
    pub(crate) of_account: bool,
}

impl SignInLimiter {
    pub(crate) fn new(rules: AttemptRules, counts: Arc<Counts>) -> Self {
        Self { rules, counts }
    }

    /// A sign-in from that address as that account.
    pub(crate) fn start(&self, email: Option<&Email>, ip: &str, now: Timestamp) -> Attempt {
        let AttemptRules { failures, window } = self.rules;
        let (window, left) = stretch(now, window);
        let mut attempt = Attempt {
            now,
            left,
            window,
            walls: Vec::new(),
            account: None,
            of_account: Vec::new(),
        };
        if failures == 0 {
            return attempt;
        }
        let mailbox = email.map(Email::folded);
        let (network, site) = networks(ip);
        let places = [(Some(network), 1), (site, OF_SITE)];
        for (place, factor) in places {
            let Some(place) = place else { continue };
            let most = failures.saturating_mul(factor);
            let of_address = most.saturating_mul(AttemptRules::OF_ADDRESS);
            attempt
                .walls
                .push((key(window, &["address", &place]), of_address));
            if let Some(mailbox) = &mailbox {
                let both = key(window, &["both", &place, mailbox]);
                attempt.walls.push((both, most));
                attempt.of_account.push(both);
            }
        }
        if let Some(mailbox) = &mailbox {
            let account = key(window, &["account", mailbox]);
            let most = failures.saturating_mul(AttemptRules::AT_ACCOUNT);
            attempt.account = Some((account, most));
            attempt.of_account.push(account);
        }
        attempt
    }

    /// The same attempt, from a device that has signed in to the account before: what others do
    /// counts for nothing, and what it does counts for itself only.
    pub(crate) fn of_device(&self, attempt: Attempt, device: DeviceId) -> Attempt {
        let own = key(attempt.window, &["device", &device.to_string()]);
        let walls = (self.rules.failures > 0).then_some((own, self.rules.failures));
        let mut of_account = attempt.of_account;
        of_account.push(own);
        Attempt {
            walls: walls.into_iter().collect(),
            account: None,
            of_account,
            ..attempt
        }
    }

    /// `Err` with the time to wait if too many have failed by now.
    pub(crate) async fn check(&self, attempt: &Attempt) -> Result<(), TooMany> {
        let bounds: Vec<_> = attempt.walls.iter().chain(&attempt.account).collect();
        let keys: Vec<Key> = bounds.iter().map(|(key, _)| *key).collect();
        let counts = self.counts.read(&keys).await;
        let (walls, account) = counts.split_at(attempt.walls.len());
        if walls
            .iter()
            .zip(&bounds)
            .any(|(count, (_, most))| count >= most)
        {
            return Err(TooMany {
                retry_after: attempt.left,
                of_account: false,
            });
        }
        let Some(((account, most), count)) = attempt.account.zip(account.first()) else {
            return Ok(());
        };
        let Some(over) = count.checked_sub(most) else {
            return Ok(());
        };
        let (slot, left) = attempt.slot(account, over);
        if self.counts.read(&[slot]).await == [0] {
            return Ok(());
        }
        Err(TooMany {
            retry_after: left,
            of_account: true,
        })
    }

    /// It failed.
    pub(crate) async fn failed(&self, attempt: &Attempt) {
        let mut keys: Vec<Key> = attempt.walls.iter().map(|(key, _)| *key).collect();
        if let Some((account, most)) = attempt.account {
            let count = self.counts.read(&[account]).await;
            let over = count.first().and_then(|count| count.checked_sub(most));
            if let Some(over) = over {
                // This one, and the one that the next failure will be in.
                keys.push(attempt.slot(account, over).0);
                keys.push(attempt.slot(account, over + 1).0);
            }
            keys.push(account);
        }
        self.counts.add(&keys, attempt.left).await;
    }

    /// It was the password: what failed at this account before was its owner. What failed from this
    /// address may still have been somebody who also has an account.
    pub(crate) async fn succeeded(&self, attempt: &Attempt) {
        self.counts.forget(&attempt.of_account).await;
    }
}

impl Attempt {
    /// The same attempt, from a network where the account is signed in: what others did at the account
    /// counts for nothing.
    pub(crate) fn at_home(self) -> Self {
        Self {
            account: None,
            ..self
        }
    }

    /// The stretch of time in which one attempt may fail when so many more than allowed have, and how
    /// long it still lasts. It grows with each.
    fn slot(&self, account: Key, over: u32) -> (Key, Duration) {
        let longest = AttemptRules::LONGEST_DELAY;
        let seconds = 1_u64.checked_shl(over).unwrap_or(u64::MAX);
        let delay = Duration::from_secs(seconds).min(longest);
        let (number, left) = stretch(self.now, delay);
        let account = format!("{:032x}", u128::from_be_bytes(account));
        let length = delay.as_secs().to_string();
        (
            key(number, &["slot", &account, &length]),
            left.min(self.left),
        )
    }
}
