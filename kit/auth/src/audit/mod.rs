//! What the operator can read afterwards: one row for each event that changes who may do what.

pub(crate) mod queue;

use std::fmt;

use uuid::Uuid;

use crate::{
    accounts::AccountId,
    clock::Timestamp,
    sessions::{EndReason, SessionId},
};

/// One entry. Holds ids only: no address, no name, no token.
#[derive(Clone, Copy, Debug)]
pub struct AuditEntry {
    /// Names the entry: it stands there once, even if it is written again because nobody heard
    /// that the first write was done.
    pub id: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: AuditEvent,
    /// Whose account it touched, where that is known.
    pub account_id: Option<AccountId>,
    /// Which session it touched, if one.
    pub session_id: Option<SessionId>,
}

impl AuditEntry {
    /// An entry of its own.
    pub fn new(at: Timestamp, event: AuditEvent, account_id: Option<AccountId>) -> Self {
        Self {
            id: Uuid::now_v7(),
            at,
            event,
            account_id,
            session_id: None,
        }
    }

    /// The same, about a session.
    #[must_use]
    pub fn about(self, session: SessionId) -> Self {
        Self {
            session_id: Some(session),
            ..self
        }
    }
}

/// Who did it, where it was not the account itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who may, signed in to that account.
    Account(AccountId),
    /// Whoever may run commands where the data is.
    Cli,
    /// Maintenance, when it was due.
    Server,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(id) => id.fmt(f),
            Self::Cli => f.write_str("cli"),
            Self::Server => f.write_str("server"),
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// An account was made.
    AccountCreated {
        /// Who made it; `None` if somebody signed up.
        by: Option<Actor>,
    },
    /// A session was started.
    SignedIn,
    /// A password did not match, or there is no such account.
    SignInRefused,
    /// A session was ended, and why.
    SessionEnded(EndReason),
    /// The account's roles changed.
    RolesChanged {
        /// Who changed them.
        by: Actor,
    },
    /// The account was disabled.
    AccountDisabled {
        /// Who did it.
        by: Actor,
    },
    /// The account was enabled again.
    AccountEnabled {
        /// Who did it.
        by: Actor,
    },
    /// The account got another address.
    EmailChanged {
        /// Who gave it.
        by: Actor,
    },
    /// A signing key was made to follow another, or told to sign at once.
    KeyRotated {
        /// The key's name; `None` if it is no UUID.
        kid: Option<Uuid>,
        /// Who did it.
        by: Actor,
    },
    /// A signing key was retired.
    KeyRetired {
        /// The key's name.
        kid: Option<Uuid>,
        /// Who did it.
        by: Actor,
    },
    /// A signing key was sealed under another master key.
    KeyResealed {
        /// The key's name.
        kid: Option<Uuid>,
        /// Who did it.
        by: Actor,
    },
}

impl AuditEvent {
    /// The event's code in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccountCreated { .. } => "account_created",
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SessionEnded(_) => "session_ended",
            Self::RolesChanged { .. } => "roles_changed",
            Self::AccountDisabled { .. } => "account_disabled",
            Self::AccountEnabled { .. } => "account_enabled",
            Self::EmailChanged { .. } => "email_changed",
            Self::KeyRotated { .. } => "key_rotated",
            Self::KeyRetired { .. } => "key_retired",
            Self::KeyResealed { .. } => "key_resealed",
        }
    }

    /// Who did it, where it was not the account itself.
    pub const fn actor(self) -> Option<Actor> {
        match self {
            Self::AccountCreated { by } => by,
            Self::RolesChanged { by }
            | Self::AccountDisabled { by }
            | Self::AccountEnabled { by }
            | Self::EmailChanged { by }
            | Self::KeyRotated { by, .. }
            | Self::KeyRetired { by, .. }
            | Self::KeyResealed { by, .. } => Some(by),
            _ => None,
        }
    }

    /// The signing key that it was done to.
    pub const fn kid(self) -> Option<Uuid> {
        match self {
            Self::KeyRotated { kid, .. }
            | Self::KeyRetired { kid, .. }
            | Self::KeyResealed { kid, .. } => kid,
            _ => None,
        }
    }

    /// The reason beside it, if it has one.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::SessionEnded(reason) => Some(reason.code()),
            _ => None,
        }
    }
}
