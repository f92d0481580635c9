//! What the operator can read afterwards: one row for each event that changes who may do what.

use crate::{
    account::AccountId,
    clock::Timestamp,
    session::{EndReason, SessionId},
};

/// One entry. Holds ids only: no address, no name, no token.
#[derive(Clone, Copy, Debug)]
pub struct AuditEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: AuditEvent,
    /// Whose account it touched, where that is known.
    pub account_id: Option<AccountId>,
    /// Which session it touched, if one.
    pub session_id: Option<SessionId>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// An account was made.
    AccountCreated,
    /// A session was started.
    SignedIn,
    /// A password did not match, or there is no such account.
    SignInRefused,
    /// A session was ended, and why.
    SessionEnded(EndReason),
    /// The account's roles changed.
    RolesChanged,
    /// The account was disabled.
    AccountDisabled,
    /// The account was enabled again.
    AccountEnabled,
}

impl AuditEvent {
    /// The event's code in the audit.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SessionEnded(_) => "session_ended",
            Self::RolesChanged => "roles_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
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
