//! Why a session ended.

use crate::stored::stored_word;

/// Why a session ended. The code goes into the row, the audit and the page's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The person signed out.
    SignedOut,
    /// The person ended it from another of their sessions.
    Revoked,
    /// The person signed in again in the same browser.
    Replaced,
    /// A superseded refresh token was presented: somebody holds a copy (RFC 9700 §4.14.2).
    Reused,
    /// Nothing refreshed it for too long.
    Idle,
    /// Its absolute life is over.
    Expired,
    /// The account was disabled.
    AccountDisabled,
    /// The account was signed in at more places than it may be, and this one had been unused for the
    /// longest time.
    SessionLimit,
    /// There is no such session here, or it ended for a reason that only a newer version of this
    /// software knows.
    Unknown,
}

impl EndReason {
    const STORED: [Self; 8] = [
        Self::SignedOut,
        Self::Revoked,
        Self::Replaced,
        Self::Reused,
        Self::Idle,
        Self::Expired,
        Self::AccountDisabled,
        Self::SessionLimit,
    ];

    /// The code of this reason, as stored and as sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Revoked => "revoked",
            Self::Replaced => "replaced",
            Self::Reused => "reused",
            Self::Idle => "idle",
            Self::Expired => "expired",
            Self::AccountDisabled => "account_disabled",
            Self::SessionLimit => "session_limit",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn from_code(code: &str) -> Self {
        let mut known = Self::STORED.into_iter();
        known
            .find(|one| one.code() == code)
            .unwrap_or(Self::Unknown)
    }
}

stored_word!(EndReason);
