//! Access tokens whose signature was found good, so that it is verified once a token and not once a
//! request.
//!
//! What was found good is good for the keys of that moment only. A check may be under way while the
//! keys change, and would remember a token of a key that is no longer believed: so each entry is of
//! an epoch, which ends when the keys change.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use quick_cache::sync::Cache;

use super::AccessClaims;

/// Tokens that are remembered: about 1 KiB each.
const AT_MOST: usize = 10_000;

/// The tokens by their compact form.
#[derive(Debug)]
pub(super) struct VerifiedTokens {
    tokens: Cache<String, (Epoch, Arc<AccessClaims>)>,
    epoch: AtomicU64,
}

/// For as long as the keys stay the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self {
            tokens: Cache::new(AT_MOST),
            epoch: AtomicU64::new(0),
        }
    }
}

impl VerifiedTokens {
    /// The present epoch. To be asked for before the keys are.
    pub(super) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Acquire))
    }

    /// What a token says that was found good by the present keys.
    pub(super) fn get(&self, token: &str) -> Option<Arc<AccessClaims>> {
        let (epoch, claims) = self.tokens.get(token)?;
        (epoch == self.epoch()).then_some(claims)
    }

    /// Remembers a token that was found good by the keys of that epoch.
    pub(super) fn insert(&self, token: &str, epoch: Epoch, claims: Arc<AccessClaims>) {
        self.tokens.insert(token.to_owned(), (epoch, claims));
    }

    /// Forgets all, and what is still being found out. To be called once the keys have changed.
    pub(super) fn forget(&self) {
        self.epoch.fetch_add(1, Ordering::Release);
        self.tokens.clear();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        accounts::AccountId,
        sessions::{Generation, SessionId},
    };

    #[test]
    fn what_was_found_good_while_the_keys_changed_is_not_remembered() {
        let verified = VerifiedTokens::default();
        let before = verified.epoch();
        verified.insert("token", before, claims());
        assert_eq!(verified.get("token"), Some(claims()));

        verified.forget();
        verified.insert("token", before, claims());
        assert_eq!(verified.get("token"), None);
        verified.insert("token", verified.epoch(), claims());
        assert_eq!(verified.get("token"), Some(claims()));
    }

    fn claims() -> Arc<AccessClaims> {
        Arc::new(AccessClaims {
            iss: String::new(),
            aud: String::new(),
            sub: AccountId::NONE,
            sid: SessionId::NONE,
            generation: Generation::FIRST,
            iat: 0,
            exp: 0,
            jti: Uuid::nil(),
            roles: Vec::new(),
            auth_time: 0,
            amr: Vec::new(),
            version: None,
            app: serde_json::Map::new(),
        })
    }
}
