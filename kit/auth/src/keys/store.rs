//! What the store promises about signing keys.

use async_trait::async_trait;

use crate::{
    audit::Actor,
    clock::{Millis, Timestamp},
    store::error::StoreError,
};

/// Signing keys in the store, sealed.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Every key, the oldest first.
    async fn list_keys(&self) -> Result<Vec<SealedKey>, StoreError>;

    /// Adds a key after the one that it follows. False if that one has a successor already, so
    /// that of two nodes which rotate at once only one does.
    async fn add_key(&self, key: &SealedKey, by: Actor) -> Result<bool, StoreError>;

    /// Lets a key sign from `signs_at` on. False if it does already, or is not there.
    async fn sign_earlier(
        &self,
        kid: &str,
        signs_at: Timestamp,
        now: Timestamp,
        by: Actor,
    ) -> Result<bool, StoreError>;

    /// Retires a key. False if it was retired before, or is not there.
    async fn retire_key(&self, kid: &str, now: Timestamp, by: Actor) -> Result<bool, StoreError>;

    /// Replaces the seal of a key. The key itself stays the same.
    async fn reseal_key(
        &self,
        kid: &str,
        sealed: &[u8],
        now: Timestamp,
        by: Actor,
    ) -> Result<(), StoreError>;

    /// Notes that a node which may sign by that key was set to tokens of so long a life, unless a
    /// longer one is noted, or none because it is not known.
    async fn lengthen_tokens(
        &self,
        kid: &str,
        token_ttl: Millis,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Forgets a key, unless tokens with a longer life than that were noted meanwhile.
    async fn delete_key(
        &self,
        kid: &str,
        token_ttl: Millis,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}

/// A key as it rests: its private half sealed under a master key.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SealedKey {
    /// Its name (RFC 7515 §4.1.4).
    pub kid: String,
    /// Its one algorithm (RFC 7518 §3.1).
    pub alg: String,
    /// The key that it follows; empty for the first.
    pub follows: String,
    /// The private half, sealed.
    pub sealed: Vec<u8>,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it starts to sign.
    pub signs_at: Timestamp,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// The longest life of a refresh token that it may have signed; `None` if it is not known.
    pub token_ttl: Option<Millis>,
}

impl std::fmt::Debug for SealedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedKey({} {}, [sealed])", self.alg, self.kid)
    }
}
