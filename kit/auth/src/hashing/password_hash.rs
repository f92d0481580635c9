//! A password as it is kept: its hash.

use std::fmt;

use argon2::{
    Argon2, PasswordHasher,
    password_hash::{self, phc},
};

/// A password hash in PHC form: it names its own algorithm, costs and salt.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a hash in PHC form. Nothing is checked here: what is no hash matches no password.
    pub fn from_phc(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// Hashes a password with a new salt.
    pub(super) fn of(argon2: &Argon2<'_>, password: &[u8]) -> Result<Self, password_hash::Error> {
        let hash: phc::PasswordHash = argon2.hash_password(password)?;
        Ok(Self(hash.to_string()))
    }

    /// The hash in PHC form.
    pub(crate) fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}
