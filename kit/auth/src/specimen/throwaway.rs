//! Keys for trying things out.

use secrecy::ExposeSecret;
use serde_json::Value;

use crate::keys::{Algorithm, KeyError, SigningError, SigningKey};

/// A key that its maker may look at. It signs and verifies by the code of the real ones.
#[derive(Debug)]
pub struct ThrowawayKey(SigningKey);

impl ThrowawayKey {
    /// A new one.
    pub fn generate(alg: Algorithm) -> Result<Self, KeyError> {
        SigningKey::generate(alg).map(Self)
    }

    /// The one of that private half: PKCS #8 (RFC 5958), or the secret itself for HS256.
    pub fn from_private(alg: Algorithm, private: Vec<u8>) -> Result<Self, KeyError> {
        SigningKey::from_private("throwaway".to_owned(), alg, private.into()).map(Self)
    }

    /// Its private half, in the same form.
    pub fn private(&self) -> &[u8] {
        self.0.private().expose_secret()
    }

    /// Its public half as a JWK; `None` for HS256, which has none.
    pub const fn public(&self) -> Option<&Value> {
        self.0.public()
    }

    /// The signature of `header.payload`, encoded.
    pub fn sign(&self, signed: &str) -> Result<String, SigningError> {
        self.0.sign(signed.as_bytes())
    }

    /// Whether that is its signature of `header.payload`.
    pub fn verify(&self, signed: &str, signature: &str) -> bool {
        self.0.verify(signed.as_bytes(), signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throwaway_key_comes_back_from_its_private_half() {
        for alg in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Hs256] {
            let key = ThrowawayKey::generate(alg).unwrap();
            let again = ThrowawayKey::from_private(alg, key.private().to_vec()).unwrap();
            let signature = key.sign("header.payload").unwrap();
            assert!(again.verify("header.payload", &signature), "{alg:?}");
            assert!(!again.verify("header.payload2", &signature), "{alg:?}");
            assert!(
                !ThrowawayKey::generate(alg)
                    .unwrap()
                    .verify("header.payload", &signature),
                "{alg:?}"
            );
        }
    }
}
