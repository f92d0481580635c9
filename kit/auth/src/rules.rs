//! What an operator may set.

use std::time::Duration;

use crate::{
    hashing::HashingCost,
    keys::{Algorithm, KeyRules},
    password::PasswordPolicy,
    sessions::{Channel, Lifetimes, rotation::Grace},
    sign_in::AttemptRules,
    sign_up::SignUpRules,
};

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
