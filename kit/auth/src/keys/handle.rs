//! The life of the signing keys.

use std::time::Duration;

use serde_json::Value;

use super::{Algorithm, KeyError, KeyState, RingKey, SealedKey, SigningKey};
use crate::{audit::Actor, auth::Auth, clock::Timestamp, error::AuthError};

/// A signing key, as the operator sees it.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// Its name.
    pub kid: String,
    /// Its algorithm.
    pub alg: Algorithm,
    /// Where it stands in its life.
    pub state: KeyState,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it starts to sign, or did.
    pub signs_at: Timestamp,
    /// When the next one starts to sign, or did.
    pub superseded_at: Option<Timestamp>,
}

impl KeyView {
    fn of(key: &RingKey, now: Timestamp) -> Self {
        Self {
            kid: key.key.kid().to_owned(),
            alg: key.key.alg(),
            state: key.state(now),
            published_at: key.published_at,
            signs_at: key.signs_at,
            superseded_at: key.superseded_at,
        }
    }
}

/// Why a key stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum KeyChangeError {
    /// A new key is published already and waits to sign.
    #[error("the key {0} is published and waits to sign; --now lets it sign at once")]
    Waiting(String),
    /// Another process rotated at the same moment.
    #[error("another process has just rotated")]
    Raced,
    /// There is no such key.
    #[error("there is no key {0}")]
    Unknown(String),
    /// The key signs, or will.
    #[error("the key {0} signs, or will: rotate first (`keys rotate --now` at once)")]
    InUse(String),
    /// Our side failed.
    #[error(transparent)]
    Auth(#[from] AuthError),
}

/// The keys that tokens are signed with.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    auth: &'a Auth,
}

impl Auth {
    /// The signing keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { auth: self }
    }
}

impl Keys<'_> {
    /// The JWKS (RFC 7517 §5): what others need to verify access tokens.
    pub fn jwks(&self) -> Value {
        self.auth.tokens.keys().jwks(self.auth.now())
    }

    /// Every key, in the order in which they sign.
    pub fn list(&self) -> Vec<KeyView> {
        let (ring, now) = (self.auth.tokens.keys(), self.auth.now());
        let keys = ring.keys().iter();
        keys.map(|key| KeyView::of(key, now)).collect()
    }

    /// Makes the next key. It is published now and signs once every verifier must have read of it.
    /// `at_once`, it signs now, and so does one that waits already: some verifiers then have to
    /// fetch the JWKS again. Answers the key's name.
    pub async fn rotate(&self, at_once: bool, by: Actor) -> Result<String, KeyChangeError> {
        self.auth.load_keys().await?;
        let (ring, now) = (self.auth.tokens.keys(), self.auth.now());
        let newest = ring.newest();
        let waiting = newest.filter(|newest| newest.signs_at > now);
        let kid = match waiting.map(|waiting| waiting.key.kid().to_owned()) {
            Some(_) if at_once => {
                let waiting = ring.keys().iter().filter(|key| key.signs_at > now);
                let waiting = waiting.map(|key| key.key.kid());
                self.auth.sign_from(waiting, now, now, by).await?
            }
            Some(waiting) => return Err(KeyChangeError::Waiting(waiting)),
            None => {
                let follows = newest.map_or("", |newest| newest.key.kid());
                let wait = match newest {
                    Some(_) if !at_once => self.auth.publication(),
                    _ => Duration::ZERO,
                };
                self.auth.add_key(follows, now, now + wait, by).await?
            }
        };
        kid.ok_or(KeyChangeError::Raced)
    }

    /// Rotates if it is time to. Any number of nodes may ask: one does.
    pub async fn rotate_if_due(&self) -> Result<(), KeyChangeError> {
        self.auth.sign_by_keys_of_the_future().await?;
        if !self.auth.tokens.keys().is_rotation_due(
            &self.auth.rules.keys,
            self.auth.started_at,
            self.auth.now(),
        ) {
            return Ok(());
        }
        match self.rotate(false, Actor::Server).await {
            Ok(kid) => tracing::info!(kid, "a new signing key is published"),
            Err(KeyChangeError::Waiting(_) | KeyChangeError::Raced) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Takes a key that no longer signs out of use: its access tokens prove nothing any more, its
    /// refresh tokens still bring fresh ones. False if it was retired before.
    pub async fn retire(&self, kid: &str, by: Actor) -> Result<bool, KeyChangeError> {
        self.auth.load_keys().await?;
        let known = self.list();
        let key = known.iter().find(|key| key.kid == kid);
        match key.map(|key| key.state) {
            None => Err(KeyChangeError::Unknown(kid.to_owned())),
            Some(KeyState::Published | KeyState::Signing) => {
                Err(KeyChangeError::InUse(kid.to_owned()))
            }
            Some(KeyState::Verifying | KeyState::Retired | KeyState::Gone) => {
                let retired = self.auth.store.retire_key(kid, self.auth.now(), by).await;
                let retired = retired.map_err(AuthError::from)?;
                self.auth.load_keys().await?;
                Ok(retired)
            }
        }
    }

    /// Seals every key under the current master key. Answers how many were sealed under an old one.
    pub async fn reseal(&self, by: Actor) -> Result<usize, AuthError> {
        let mut count = 0;
        for sealed in self.auth.store.list_keys().await? {
            if !self.auth.master.is_current(&sealed) {
                let (anew, now) = (self.auth.master.reseal(&sealed)?, self.auth.now());
                self.auth
                    .store
                    .reseal_key(&sealed.kid, &anew, now, by)
                    .await?;
                count += 1;
            }
        }
        Ok(count)
    }
}

impl Auth {
    /// Forgets the keys whose last token has expired.
    pub(crate) async fn delete_gone_keys(&self) -> Result<(), AuthError> {
        let (ring, now) = (self.tokens.keys(), self.now());
        for key in ring.keys() {
            if key.state(now) == KeyState::Gone {
                let ttl = key.token_ttl.into();
                self.store.delete_key(key.key.kid(), ttl, now).await?;
            }
        }
        Ok(())
    }

    /// Makes the first key where there is none. Of nodes that start together, one makes it.
    pub(crate) async fn make_first_key(&self) -> Result<(), AuthError> {
        if self.tokens.keys().newest().is_none() {
            let now = self.now();
            self.add_key("", now, now, Actor::Server).await?;
        }
        Ok(())
    }

    /// How long a key is published before it signs: until a node hears of it, it hands out a JWKS
    /// without it, which verifiers keep for so long.
    fn publication(&self) -> Duration {
        self.rules.staleness + self.rules.keys.jwks_max_age
    }

    /// Keys that were made while the clock was ahead, by a month or a year, would wait that long to
    /// sign, and no other would be made meanwhile: the time for a rotation would never come. They sign
    /// as soon as one may that is published now.
    async fn sign_by_keys_of_the_future(&self) -> Result<(), AuthError> {
        let (ring, now) = (self.tokens.keys(), self.now());
        let due = now + self.publication();
        let early = ring.published_later(now, due);
        if let Some(kid) = self.sign_from(early, due, now, Actor::Server).await? {
            tracing::warn!(
                kid,
                "a signing key is dated in the future: the clock was set back"
            );
        }
        Ok(())
    }

    /// Lets keys that wait sign from then on. Answers the last that it did; `None` if there was none, or
    /// somebody else was faster.
    async fn sign_from<'k>(
        &self,
        waiting: impl Iterator<Item = &'k str> + Send,
        signs_at: Timestamp,
        now: Timestamp,
        by: Actor,
    ) -> Result<Option<String>, AuthError> {
        let mut last = None;
        for kid in waiting {
            if self.store.sign_earlier(kid, signs_at, now, by).await? {
                last = Some(kid.to_owned());
            }
        }
        if last.is_some() {
            self.load_keys().await?;
        }
        Ok(last)
    }

    /// Adds a key after the one it follows, and takes over what is there then. `None` if somebody
    /// else was faster.
    async fn add_key(
        &self,
        follows: &str,
        now: Timestamp,
        signs_at: Timestamp,
        by: Actor,
    ) -> Result<Option<String>, AuthError> {
        let alg = self.rules.keys.algorithm;
        let key = tokio::task::spawn_blocking(move || SigningKey::generate(alg))
            .await
            .map_err(|_| KeyError::Generate)??;
        let sealed = SealedKey {
            kid: key.kid().to_owned(),
            alg: alg.name().to_owned(),
            follows: follows.to_owned(),
            sealed: self.master.seal(&key)?,
            published_at: now,
            signs_at,
            retired_at: None,
            token_ttl: Some(self.rules.lifetimes.longest_refresh().into()),
        };
        let added = self.store.add_key(&sealed, by).await?;
        self.load_keys().await?;
        Ok(added.then_some(sealed.kid))
    }
}
