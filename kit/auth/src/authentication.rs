//! How somebody proved who they are, and when.

use crate::clock::Timestamp;

/// The last time that the person of a session proved who they are.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Authentication {
    /// The methods by which the person proved who they are (RFC 8176).
    #[sqlx(rename = "amr")]
    pub methods: Methods,
    /// The instant at which they did.
    #[sqlx(rename = "authenticated_at")]
    pub at: Timestamp,
}

impl Authentication {
    /// With a password.
    pub fn by_password(at: Timestamp) -> Self {
        Self {
            methods: Methods::password(),
            at,
        }
    }
}

/// Authentication methods by their names (RFC 8176), in the order in which they were used.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Methods(String);

impl Methods {
    /// `pwd`: a password and nothing else.
    pub fn password() -> Self {
        Self("pwd".to_owned())
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_ascii_whitespace()
    }
}
