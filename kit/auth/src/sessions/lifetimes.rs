//! How long tokens and sessions live.

use std::time::Duration;

use super::Persistence;
use crate::clock::Timestamp;

/// How long tokens and sessions live. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token's life.
    pub access: Duration,
    /// A kept session, or a Bearer one, ends after this long without a refresh.
    pub idle_kept: Duration,
    /// A browser session ends after this long without a refresh.
    pub idle_browser: Duration,
    /// Any session ends this long after sign-in.
    pub absolute: Duration,
}

impl Lifetimes {
    /// The longest that an access token may live: how long a node must remember ended sessions.
    pub const MAX_ACCESS: Duration = Duration::from_hours(1);

    /// The longest that a refresh token lives.
    pub fn longest_refresh(&self) -> Duration {
        self.idle_kept.max(self.idle_browser).min(self.absolute)
    }

    /// When a session refreshed at `now` would end by idleness.
    pub fn idle_expiry(&self, persistence: Persistence, now: Timestamp) -> Timestamp {
        now + self.idle(persistence)
    }

    /// When an access token issued at `now` expires by itself. It lives for half of the idle time at
    /// most: only a refresh puts the end by idleness off, and a refresh comes once the token is over,
    /// so that whoever goes on using the session never meets that end.
    pub fn access_expiry(&self, persistence: Persistence, now: Timestamp) -> Timestamp {
        const SHORTEST: Duration = Duration::from_secs(1);
        now + self.access.min((self.idle(persistence) / 2).max(SHORTEST))
    }

    const fn idle(&self, persistence: Persistence) -> Duration {
        match persistence {
            Persistence::Kept | Persistence::Bearer => self.idle_kept,
            Persistence::Browser | Persistence::Other => self.idle_browser,
        }
    }
}
