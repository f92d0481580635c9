//! The keys of an installation, and when which one is used.
//!
//! A key is *published* in the JWKS before it signs, for at least as long as a verifier may keep an
//! old copy of that document. Then it is the one that is *signing*, until the next one is. From then
//! on it is *verifying* only, until the last token that it signed must have expired: then it is
//! *gone*. An operator may also *retire* a key early: its access tokens are refused at once, here
//! and by every verifier that reads the JWKS, and its refresh tokens still bring fresh ones, so that
//! nobody is signed out by it.
//!
//! How long a token lives is a setting, and settings change, node by node. What counts for a key is
//! the longest life that any node was set to which may have signed by it: it is kept with the key.

use std::time::Duration;

use serde_json::{Value, json};

use super::{KeyError, MasterKeys, SigningKey};
use crate::{
    clock::Timestamp, keys::Algorithm, sessions::Lifetimes, store::SealedKey, token::TokenKind,
};

/// When keys change. From the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRules {
    /// What new keys sign with.
    pub algorithm: Algorithm,
    /// How long a key signs before the next one does.
    pub rotation: Duration,
    /// How long a verifier may keep its copy of the JWKS.
    pub jwks_max_age: Duration,
}

/// Where a key stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Known to verifiers; signs soon.
    Published,
    /// Signs.
    Signing,
    /// Verifies what it signed.
    Verifying,
    /// Refused for access tokens; its refresh tokens still renew.
    Retired,
    /// Nothing it signed is valid any more.
    Gone,
}

impl KeyState {
    /// The state in a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Signing => "signing",
            Self::Verifying => "verifying",
            Self::Retired => "retired",
            Self::Gone => "gone",
        }
    }
}

/// The keys of an installation.
#[derive(Debug, Default)]
pub struct KeyRing {
    /// In the order in which they sign.
    keys: Vec<RingKey>,
}

/// A key, and when it does what.
#[derive(Debug)]
pub struct RingKey {
    /// The key.
    pub key: SigningKey,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it starts to sign.
    pub signs_at: Timestamp,
    /// When the next one starts to sign.
    pub superseded_at: Option<Timestamp>,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
    /// The longest life of a refresh token that it may have signed.
    pub token_ttl: Duration,
}

impl RingKey {
    /// Where it stands at `now`.
    pub fn state(&self, now: Timestamp) -> KeyState {
        let is_past = |at: Timestamp| at + self.token_ttl + Lifetimes::MAX_ACCESS <= now;
        if self.signs_until().is_some_and(is_past) {
            KeyState::Gone
        } else if self.retired_at.is_some() {
            KeyState::Retired
        } else if self.signs_at > now {
            KeyState::Published
        } else if self.superseded_at.is_some_and(|at| at <= now) {
            KeyState::Verifying
        } else {
            KeyState::Signing
        }
    }

    /// When the next one signs in its place, or did, or when it was retired.
    fn signs_until(&self) -> Option<Timestamp> {
        match (self.superseded_at, self.retired_at) {
            (Some(superseded), Some(retired)) => Some(superseded.min(retired)),
            (superseded, retired) => superseded.or(retired),
        }
    }

    /// Whether a node that has not heard of everything yet may sign by it at `now`.
    fn may_sign(&self, now: Timestamp) -> bool {
        self.signs_until()
            .is_none_or(|until| now < until + Lifetimes::MAX_ACCESS)
    }
}

impl KeyRing {
    /// Of a key that a version made which did not say: no setting allows more.
    const TOKEN_TTL_UNKNOWN: Duration = Duration::from_hours(24 * 400);

    /// Opens what is in the store, the oldest first. A key whose algorithm is not known here was
    /// made by a newer version, and is left to it: this one goes on with those that it knows.
    pub fn open(sealed: &[SealedKey], master: &MasterKeys) -> Result<Self, KeyError> {
        let mut keys = Vec::with_capacity(sealed.len());
        let mut unknown = None;
        for (place, this) in sealed.iter().enumerate() {
            let key = match master.open(this) {
                Err(error @ KeyError::UnknownAlgorithm(_)) => {
                    tracing::warn!(%error, alg = this.alg, "left to newer versions");
                    unknown = Some(error);
                    continue;
                }
                opened => opened?,
            };
            // A retired key makes way at once, whenever its successor was due.
            let next = sealed[place + 1..]
                .iter()
                .find(|next| next.retired_at.is_none());
            keys.push(RingKey {
                key,
                published_at: this.published_at,
                signs_at: this.signs_at,
                superseded_at: next.map(|next| next.signs_at),
                retired_at: this.retired_at,
                token_ttl: this.token_ttl.map_or(Self::TOKEN_TTL_UNKNOWN, Into::into),
            });
        }
        if let (true, Some(error)) = (keys.is_empty(), unknown) {
            return Err(error);
        }
        Ok(Self { keys })
    }

    /// The keys by which a node with these lifetimes may sign, at `now` and later, tokens that live
    /// longer than is noted.
    pub fn to_be_lengthened(&self, lifetimes: &Lifetimes, now: Timestamp) -> Vec<&str> {
        let ttl = lifetimes.longest_refresh();
        let shorter = |key: &&RingKey| key.token_ttl < ttl && key.may_sign(now);
        let keys = self.keys.iter().filter(shorter);
        keys.map(|key| key.key.kid()).collect()
    }

    /// Every key, in the order in which they sign.
    pub fn keys(&self) -> &[RingKey] {
        &self.keys
    }

    /// The newest key: the next one follows it.
    pub fn newest(&self) -> Option<&RingKey> {
        self.keys.last()
    }

    /// The key that signs at `now`. Where the clock says that none does yet, the first one does.
    pub fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        let usable = || self.keys.iter().filter(|key| key.retired_at.is_none());
        let due = usable().rfind(|key| key.signs_at <= now);
        due.or_else(|| usable().next()).map(|key| &key.key)
    }

    /// The key of that name, if a token of that kind may still be signed by it. Its future does not
    /// matter: another node's clock may be ahead.
    pub fn find(&self, kid: &str, of: TokenKind, now: Timestamp) -> Option<&SigningKey> {
        let found = self.keys.iter().find(|key| key.key.kid() == kid)?;
        let good = match found.state(now) {
            KeyState::Gone => false,
            KeyState::Retired => of == TokenKind::Refresh,
            KeyState::Published | KeyState::Signing | KeyState::Verifying => true,
        };
        good.then_some(&found.key)
    }

    /// The JWKS (RFC 7517 §5): the public halves of the keys whose access tokens others may meet.
    pub fn jwks(&self, now: Timestamp) -> Value {
        let public: Vec<_> = self
            .keys
            .iter()
            .filter(|key| match key.state(now) {
                KeyState::Published | KeyState::Signing => true,
                KeyState::Verifying => key
                    .superseded_at
                    .is_some_and(|at| now < at + Lifetimes::MAX_ACCESS * 2),
                KeyState::Retired | KeyState::Gone => false,
            })
            .filter_map(|key| key.key.public())
            .collect();
        json!({ "keys": public })
    }

    /// The keys that say they are published at a time after `now`, and sign only after `due`: the clock
    /// was set back since they were made. Clocks of nodes that differ a little are no such case.
    pub fn published_later(&self, now: Timestamp, due: Timestamp) -> impl Iterator<Item = &str> {
        const LEEWAY: Duration = Duration::from_mins(1);
        let later = move |key: &&RingKey| key.published_at > now + LEEWAY && key.signs_at > due;
        self.keys.iter().filter(later).map(|key| key.key.kid())
    }

    /// Whether the next key is due at `now` for a node that started at `started`: the newest one has
    /// signed for long enough, or signs with another algorithm than this node was started with.
    ///
    /// A key that came after this node is let be: while the setting is changed node by node, both
    /// algorithms are some node's, and the node that started last is right.
    pub fn is_rotation_due(&self, rules: &KeyRules, started: Timestamp, now: Timestamp) -> bool {
        self.newest().is_none_or(|newest| {
            let other = newest.key.alg() != rules.algorithm;
            now.since(newest.signs_at) >= rules.rotation || other && newest.published_at < started
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);
    const MINUTE: Duration = Duration::from_mins(1);
    const DAY: Duration = Duration::from_hours(24);
    const LIFETIMES: Lifetimes = Lifetimes {
        access: MINUTE,
        idle_kept: Duration::from_hours(24 * 30),
        idle_browser: Duration::from_hours(12),
        absolute: Duration::from_hours(24 * 90),
    };

    fn sealed(
        master: &MasterKeys,
        signs_at: Timestamp,
        retired_at: Option<Timestamp>,
    ) -> SealedKey {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        SealedKey {
            kid: key.kid().to_owned(),
            alg: key.alg().name().to_owned(),
            follows: String::new(),
            sealed: master.seal(&key).unwrap(),
            published_at: signs_at - MINUTE,
            signs_at,
            retired_at,
            token_ttl: Some(LIFETIMES.longest_refresh().into()),
        }
    }

    /// A ring of a key that signs since START and one that follows a day later.
    fn two(retired_at: Option<Timestamp>) -> KeyRing {
        let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let keys = [
            sealed(&master, START, retired_at),
            sealed(&master, START + DAY, None),
        ];
        KeyRing::open(&keys, &master).unwrap()
    }

    fn states(ring: &KeyRing, now: Timestamp) -> [KeyState; 2] {
        [0, 1].map(|place| ring.keys()[place].state(now))
    }

    fn kid(ring: &KeyRing, place: usize) -> &str {
        ring.keys()[place].key.kid()
    }

    fn published(ring: &KeyRing, now: Timestamp) -> usize {
        ring.jwks(now)["keys"].as_array().unwrap().len()
    }

    #[test]
    fn a_key_is_published_signs_verifies_and_goes() {
        use KeyState::{Gone, Published, Signing, Verifying};
        let ring = two(None);
        let last = START + DAY + LIFETIMES.idle_kept + Lifetimes::MAX_ACCESS;
        for (now, expected) in [
            (START, [Signing, Published]),
            (START + DAY, [Verifying, Signing]),
            (last - MINUTE, [Verifying, Signing]),
            (last, [Gone, Signing]),
        ] {
            assert_eq!(states(&ring, now), expected);
        }
        assert_eq!(ring.signing(START).unwrap().kid(), kid(&ring, 0));
        assert_eq!(ring.signing(START + DAY).unwrap().kid(), kid(&ring, 1));
        assert!(ring.find(kid(&ring, 0), TokenKind::Refresh, last).is_none());
        assert!(ring.find("nobody", TokenKind::Refresh, START).is_none());
    }

    #[test]
    fn verifiers_know_a_key_before_it_signs_and_while_its_access_tokens_live() {
        let ring = two(None);
        assert_eq!(published(&ring, START), 2);
        assert_eq!(published(&ring, START + DAY + Lifetimes::MAX_ACCESS), 2);
        assert_eq!(published(&ring, START + DAY * 2), 1);
    }

    #[test]
    fn a_retired_key_proves_nothing_but_still_renews_and_the_next_one_signs_at_once() {
        let now = START + MINUTE;
        let ring = two(Some(now));
        assert_eq!(states(&ring, now), [KeyState::Retired, KeyState::Published]);
        assert_eq!(ring.signing(now).unwrap().kid(), kid(&ring, 1));
        assert!(ring.find(kid(&ring, 0), TokenKind::Access, now).is_none());
        assert!(ring.find(kid(&ring, 0), TokenKind::Refresh, now).is_some());
        assert_eq!(published(&ring, now), 1);
    }

    #[test]
    fn a_key_of_an_algorithm_that_only_a_newer_version_knows_stops_nobody() {
        let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let mut keys = [
            sealed(&master, START, None),
            sealed(&master, START + DAY, None),
        ];
        keys[1].alg = "ML-DSA-65".to_owned();
        let ring = KeyRing::open(&keys, &master).unwrap();
        let signing = ring.signing(START + DAY).unwrap();
        assert_eq!(signing.kid(), keys[0].kid);
        // Nothing could be signed at all: the start says so.
        let none = KeyRing::open(&keys[1..], &master);
        assert!(matches!(none, Err(KeyError::UnknownAlgorithm(kid)) if kid == keys[1].kid));
    }

    #[test]
    fn a_rotation_is_due_after_its_time_or_when_the_algorithm_is_another() {
        let ring = two(None);
        let rules = |algorithm| KeyRules {
            algorithm,
            rotation: DAY,
            jwks_max_age: MINUTE,
        };
        let due = |algorithm, started, now| ring.is_rotation_due(&rules(algorithm), started, now);
        assert!(!due(Algorithm::EdDsa, START, START + DAY));
        assert!(due(Algorithm::EdDsa, START, START + DAY * 2));
        assert!(due(Algorithm::Es256, START + DAY, START + DAY));
        // The key is younger than the node.
        let published = START + DAY - MINUTE;
        assert!(!due(Algorithm::Es256, published, START + DAY));
    }
}
