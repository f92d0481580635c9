//! An account: who somebody is.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{clock::Timestamp, emails::Email, roles::Roles};

/// Identifies an account. Opaque: a `UUIDv7`, the `sub` of its tokens.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct AccountId(Uuid);

impl AccountId {
    /// The id of no account: smaller than any other.
    pub const NONE: Self = Self(Uuid::nil());

    /// A new id.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl From<Uuid> for AccountId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<AccountId> for Uuid {
    fn from(id: AccountId) -> Self {
        id.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An account, without its password.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address that it signs in with.
    pub email: Email,
    /// What to call the person.
    pub name: Name,
    /// Its roles.
    pub roles: Roles,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was disabled.
    pub disabled_at: Option<Timestamp>,
}

/// What to call a person: trimmed, NFC, 1 to 100 characters, none of them a control character or a
/// direction override, which could make one name look like another (Unicode UTS #39).
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 100;

    /// Parses what a person typed.
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name: String = typed.trim().nfc().collect();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(NameError::TooLong);
        }
        if name.chars().any(is_forbidden) {
            return Err(NameError::Forbidden);
        }
        Ok(Self(name))
    }

    /// The name as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Personal data stays out of logs.
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name([redacted])")
    }
}

/// Why a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("a name is needed")]
    Empty,
    /// Over [`Name::MAX_CHARS`].
    #[error("a name has at most 100 characters")]
    TooLong,
    /// It holds a control character or a direction override.
    #[error("a name has no control characters")]
    Forbidden,
}

fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_to_a_hundred_characters_of_any_script() {
        assert_eq!(Name::parse(" 門番 太郎 ").unwrap().as_str(), "門番 太郎");
        assert!(Name::parse(&"番".repeat(100)).is_ok());
        assert_eq!(Name::parse(&"番".repeat(101)), Err(NameError::TooLong));
        assert_eq!(Name::parse(" \t "), Err(NameError::Empty));
        for typed in ["a\u{0}b", "a\nb", "a\u{1b}[31mb", "a\u{202e}b"] {
            assert_eq!(Name::parse(typed), Err(NameError::Forbidden), "{typed:?}");
        }
    }

    #[test]
    fn personal_data_does_not_print() {
        let email = Email::parse("ann@example.com").unwrap();
        let name = Name::parse("Ann").unwrap();
        assert!(!format!("{email:?}{name:?}").contains("nn"));
    }
}
