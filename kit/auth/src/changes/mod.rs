//! What a node has to hear of because it checks access tokens without the database.
//!
//! A change is a row of the table `changes`, written in the transaction that makes it
//! (`store/sql/write.rs`). Other nodes are woken and read the rows that are new to them
//! (`feed.rs`). A kind that a newer version writes means nothing to this one, and harms nothing.

pub(crate) mod feed;
pub(crate) mod store;

use uuid::Uuid;

pub use self::store::ChangeStore;
use crate::{
    accounts::AccountId,
    clock::Timestamp,
    sessions::{EndReason, SessionId},
    version::AccountVersion,
};

/// A change that every node has to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it was made, by the clock that all nodes share.
    pub at: Timestamp,
    /// What was changed.
    pub what: What,
}

impl Change {
    /// An account's roles or status changed.
    pub(crate) fn of_account(
        account: AccountId,
        version: AccountVersion,
        disabled: bool,
        at: Timestamp,
    ) -> Self {
        let what = What::AccountChanged {
            account,
            version,
            disabled,
        };
        Self { at, what }
    }
}

/// What a [`Change`] was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A session was ended.
    SessionEnded {
        /// The session.
        session: SessionId,
        /// Why it was ended.
        reason: EndReason,
    },
    /// An account's roles or status changed: its access tokens below the version are stale.
    AccountChanged {
        /// The account.
        account: AccountId,
        /// Its version since the change.
        version: AccountVersion,
        /// Whether the account is disabled since.
        disabled: bool,
    },
    /// A signing key was added, or signs from another time on, or was retired.
    KeysChanged,
    /// A kind that this version does not know.
    Other,
}

/// A [`Change`] as the table keeps it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct ChangeRow {
    pub(crate) at: Timestamp,
    pub(crate) kind: String,
    /// The session or account that was changed; nil where there is none.
    pub(crate) subject: Uuid,
    /// The reason, or the version.
    pub(crate) detail: Option<String>,
}

impl From<&Change> for ChangeRow {
    fn from(change: &Change) -> Self {
        let (kind, subject, detail) = match change.what {
            What::SessionEnded { session, reason } => {
                let reason = reason.code().to_owned();
                ("session_ended", session.into(), Some(reason))
            }
            What::AccountChanged {
                account,
                version,
                disabled,
            } => {
                let kind = if disabled {
                    "account_disabled"
                } else {
                    "account_changed"
                };
                (kind, account.into(), Some(version.to_string()))
            }
            What::KeysChanged => ("keys_changed", Uuid::nil(), None),
            What::Other => ("other", Uuid::nil(), None),
        };
        Self {
            at: change.at,
            kind: kind.to_owned(),
            subject,
            detail,
        }
    }
}

impl From<ChangeRow> for Change {
    fn from(row: ChangeRow) -> Self {
        let detail = row.detail.as_deref();
        let what = match row.kind.as_str() {
            "session_ended" => What::SessionEnded {
                session: row.subject.into(),
                reason: detail.map_or(EndReason::Unknown, EndReason::from_code),
            },
            kind @ ("account_changed" | "account_disabled") => {
                match detail.and_then(|version| version.parse().ok()) {
                    Some(version) => What::AccountChanged {
                        account: row.subject.into(),
                        version,
                        disabled: kind == "account_disabled",
                    },
                    None => What::Other,
                }
            }
            "keys_changed" => What::KeysChanged,
            _ => What::Other,
        };
        Self { at: row.at, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1_800_000_000_123);

    #[test]
    fn a_change_is_read_as_it_was_written() {
        let account = |disabled| What::AccountChanged {
            account: AccountId::generate(),
            version: AccountVersion::FIRST.next(),
            disabled,
        };
        let session = What::SessionEnded {
            session: SessionId::generate(),
            reason: EndReason::Reused,
        };
        for what in [session, account(false), account(true), What::KeysChanged] {
            let change = Change { at: AT, what };
            assert_eq!(Change::from(ChangeRow::from(&change)), change);
        }
    }

    #[test]
    fn what_a_newer_version_writes_is_another() {
        for (kind, detail) in [
            ("mail_bounced", None),
            ("account_changed", Some("newest")),
            ("account_disabled", None),
        ] {
            let row = ChangeRow {
                at: AT,
                kind: kind.to_owned(),
                subject: Uuid::nil(),
                detail: detail.map(str::to_owned),
            };
            assert_eq!(Change::from(row).what, What::Other, "{kind}");
        }
    }
}
