//! A session: one row, from sign-in to sign-out.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{EndReason, Lifetimes, Persistence};
use crate::{
    accounts::AccountId, authentication::Authentication, clock::Timestamp, roles::Roles,
    sign_in::DeviceToken, token::RefreshToken, version::AccountVersion,
};

/// Identifies a session. Opaque: a `UUIDv7`, the `sid` of its tokens. Worth nothing by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct SessionId(Uuid);

impl SessionId {
    /// The id of no session.
    pub const NONE: Self = Self(Uuid::nil());

    /// A new id.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl From<Uuid> for SessionId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<SessionId> for Uuid {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// How often a session's tokens were renewed. Both its tokens carry it; the row says which one is
/// current.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Generation(i64);

impl Generation {
    /// What a session starts with.
    pub const FIRST: Self = Self(1);
    /// Older than any that was ever issued.
    pub const NONE: Self = Self(0);

    /// The one after this.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The number itself.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// Where a request came from, as far as the session list shows it.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The peer's address.
    pub ip: String,
    /// The `User-Agent` header, or what a Bearer client calls its device; at most [`Client::MAX_USER_AGENT`] bytes.
    pub user_agent: String,
    /// What a sign-in from this device left with it.
    pub device: Option<DeviceToken>,
    /// The refresh token that a browser holds. Whoever signs in there takes the place of its session.
    pub held: Option<RefreshToken>,
}

impl Client {
    /// The longest `User-Agent` kept, in bytes.
    pub const MAX_USER_AGENT: usize = 512;

    /// A client with its user agent cut to size.
    pub fn new(ip: String, user_agent: &str) -> Self {
        let end = user_agent.floor_char_boundary(Self::MAX_USER_AGENT);
        Self {
            ip,
            user_agent: user_agent[..end].to_owned(),
            device: None,
            held: None,
        }
    }

    /// The same, which presents a device token.
    #[must_use]
    pub fn with_device(self, device: Option<DeviceToken>) -> Self {
        Self { device, ..self }
    }
}

/// A session's row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account_id: AccountId,
    /// The generation that is current.
    pub generation: Generation,
    /// When the current generation was made.
    pub rotated_at: Timestamp,
    /// When a request first came with the current generation, as far as the row knows: proof that
    /// the reply with it arrived.
    pub generation_seen_at: Option<Timestamp>,
    /// When a request last came, as far as the row knows.
    pub seen_at: Timestamp,
    /// Whether it outlives the browser.
    pub persistence: Persistence,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it ends if nothing refreshes it.
    pub idle_expires_at: Timestamp,
    /// When it ends whatever happens.
    pub absolute_expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// Why it was ended.
    pub end_reason: Option<EndReason>,
    /// Where it was last refreshed from.
    pub ip: String,
    /// The browser that signed in, or what a Bearer client calls its device.
    pub user_agent: String,
    /// When and how the person last proved who they are.
    #[sqlx(flatten)]
    pub authentication: Authentication,
    /// When its account was disabled.
    pub account_disabled_at: Option<Timestamp>,
    /// The account's version.
    pub account_version: AccountVersion,
    /// The account's roles.
    pub roles: Roles,
}

impl Session {
    /// A new session of that account, with an id of its own, from `now` on.
    pub(crate) fn begin(
        account_id: AccountId,
        roles: Roles,
        persistence: Persistence,
        client: &Client,
        lifetimes: &Lifetimes,
        now: Timestamp,
    ) -> Self {
        Self {
            id: SessionId::generate(),
            account_id,
            generation: Generation::FIRST,
            rotated_at: now,
            generation_seen_at: None,
            seen_at: now,
            persistence,
            created_at: now,
            idle_expires_at: lifetimes.idle_expiry(persistence, now),
            absolute_expires_at: now + lifetimes.absolute,
            ended_at: None,
            end_reason: None,
            ip: client.ip.clone(),
            user_agent: client.user_agent.clone(),
            authentication: Authentication::by_password(now),
            account_disabled_at: None,
            account_version: AccountVersion::FIRST,
            roles,
        }
    }

    /// Why this session is no longer alive at `now`; `None` while it is.
    pub fn ended(&self, now: Timestamp) -> Option<EndReason> {
        if self.ended_at.is_some() {
            Some(self.end_reason.unwrap_or(EndReason::SignedOut))
        } else if self.account_disabled_at.is_some() {
            Some(EndReason::AccountDisabled)
        } else if now >= self.absolute_expires_at {
            Some(EndReason::Expired)
        } else if now >= self.idle_expires_at {
            Some(EndReason::Idle)
        } else {
            None
        }
    }

    /// When its refresh token expires.
    pub fn refresh_expires_at(&self) -> Timestamp {
        self.idle_expires_at.min(self.absolute_expires_at)
    }
}
