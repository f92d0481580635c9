//! Signing keys: what they are, how they rest, and when which one is used.
//!
//! A key has a `kid`, one algorithm, and a life: [published, signing, verifying, gone](ring). Keys
//! are in the store, where every node finds them, their private halves [sealed](seal) under a
//! master key that is not.

mod handle;
mod ring;
mod seal;
mod store;

use std::fmt;

use aws_lc_rs::{
    encoding::AsDer,
    rand,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use jsonwebtoken::{DecodingKey, EncodingKey, crypto, jwk::Jwk};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::{
    handle::{KeyChangeError, KeyView, Keys},
    ring::{KeyRing, KeyRules, KeyState, RingKey},
    seal::{MasterKeyError, MasterKeys},
    store::{KeyStore, SealedKey},
};

/// What a key signs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519: small, fast, and the same message has the same signature.
    #[default]
    EdDsa,
    /// ECDSA on P-256, for verifiers that do not know Ed25519.
    Es256,
    /// RSA with SHA-256, for verifiers that know nothing else. Large and slow to sign.
    Rs256,
    /// HMAC with SHA-256: whoever verifies can sign. Never in the JWKS.
    Hs256,
}

impl Algorithm {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::EdDsa, Self::Es256, Self::Rs256, Self::Hs256];

    /// The `alg` of its tokens (RFC 7518 §3.1, RFC 8037 §3.1). RFC 9864 renames `EdDSA` to
    /// `Ed25519`, which many verifiers do not know yet: `PyJWT` 2.15 refuses the new name, so the
    /// old one stays, in this one place.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }

    /// The algorithm of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }

    const fn in_library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
        }
    }
}

/// A key that signs and verifies by one algorithm.
pub struct SigningKey {
    kid: String,
    alg: Algorithm,
    private: SecretSlice<u8>,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Option<Value>,
}

impl SigningKey {
    /// A new key.
    pub fn generate(alg: Algorithm) -> Result<Self, KeyError> {
        let private = match alg {
            Algorithm::EdDsa => Ed25519KeyPair::generate()
                .and_then(|pair| pair.to_pkcs8v1())
                .map(|der| der.as_ref().to_vec()),
            Algorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .and_then(|pair| pair.to_pkcs8v1())
                .map(|der| der.as_ref().to_vec()),
            Algorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048)
                .and_then(|pair| pair.as_der())
                .map(|der| der.as_ref().to_vec()),
            // As long as what the hash puts out (RFC 7518 §3.2).
            Algorithm::Hs256 => {
                let mut secret = vec![0; 32];
                rand::fill(&mut secret).map(|()| secret)
            }
        };
        let private = private.map_err(|_| KeyError::Generate)?;
        Self::from_private(Uuid::now_v7().to_string(), alg, private.into())
    }

    /// The key of that private half: PKCS #8 (RFC 5958), or the secret itself for HS256.
    pub fn from_private(
        kid: String,
        alg: Algorithm,
        private: SecretSlice<u8>,
    ) -> Result<Self, KeyError> {
        let unreadable = || KeyError::Unreadable(kid.clone());
        let bytes = private.expose_secret();
        let encoding = match alg {
            Algorithm::EdDsa => EncodingKey::from_ed_der(bytes),
            Algorithm::Es256 => EncodingKey::from_ec_der(bytes),
            // The library takes RSA keys out of PKCS #8 only where they come as PEM.
            Algorithm::Rs256 => {
                let text = pem::encode(&pem::Pem::new("PRIVATE KEY", bytes));
                EncodingKey::from_rsa_pem(text.as_bytes()).map_err(|_| unreadable())?
            }
            Algorithm::Hs256 => EncodingKey::from_secret(bytes),
        };
        let (decoding, public) = if alg == Algorithm::Hs256 {
            (DecodingKey::from_secret(bytes), None)
        } else {
            let jwk =
                Jwk::from_encoding_key(&encoding, alg.in_library()).map_err(|_| unreadable())?;
            let decoding = DecodingKey::from_jwk(&jwk).map_err(|_| unreadable())?;
            (
                decoding,
                Some(public_jwk(&kid, alg, &jwk).ok_or_else(unreadable)?),
            )
        };
        Ok(Self {
            kid,
            alg,
            private,
            encoding,
            decoding,
            public,
        })
    }

    /// Its name in a token's header (RFC 7515 §4.1.4).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its one algorithm.
    pub const fn alg(&self) -> Algorithm {
        self.alg
    }

    /// Its public half as a JWK (RFC 7517 §4); `None` if it has none.
    pub const fn public(&self) -> Option<&Value> {
        self.public.as_ref()
    }

    /// Its private half, to be sealed and for nothing else.
    pub fn private(&self) -> &SecretSlice<u8> {
        &self.private
    }

    /// Signs, and encodes the signature for a compact JWS.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, SigningError> {
        crypto::sign(message, &self.encoding, self.alg.in_library()).map_err(SigningError::Sign)
    }

    /// Whether the encoded signature is this key's over `message`.
    pub(crate) fn verify(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.decoding, self.alg.in_library()).unwrap_or(false)
    }
}

/// A key never prints its secret half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SigningKey({} {}, [redacted])",
            self.alg.name(),
            self.kid
        )
    }
}

/// Why keys cannot be had. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The random source failed.
    #[error("a signing key could not be made")]
    Generate,
    /// What was sealed is no key of its algorithm.
    #[error("signing key {0}: not a private key of its algorithm")]
    Unreadable(String),
    /// The key names an algorithm that is not known, as a newer version may have made it.
    #[error("signing key {0}: unknown algorithm")]
    UnknownAlgorithm(String),
    /// None of the master keys opens it.
    #[error(
        "signing key {0}: none of the given master keys opens it. Tokens cannot be checked without it; give the master key that it was sealed under"
    )]
    Sealed(String),
}

/// Why a token could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The claims are no JSON.
    #[error("claims: {0}")]
    Claims(serde_json::Error),
    /// The key refused.
    #[error("signature: {0}")]
    Sign(jsonwebtoken::errors::Error),
    /// There is no key that may sign.
    #[error("no signing key")]
    NoKey,
    /// How the session's tokens travel is not known here.
    #[error("a newer version made the session: its tokens are not this one's to issue")]
    UnknownPersistence,
}

/// The members of RFC 7517 §4 and of the key's type (RFC 7518 §6, RFC 8037 §2), chosen by name, so
/// that no private one can slip in.
fn public_jwk(kid: &str, alg: Algorithm, jwk: &Jwk) -> Option<Value> {
    let all = serde_json::to_value(jwk).ok()?;
    let mut public = json!({ "kid": kid, "alg": alg.name(), "use": "sig" });
    for member in ["kty", "crv", "x", "y", "n", "e"] {
        if let Some(value) = all.get(member) {
            public[member] = value.clone();
        }
    }
    Some(public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_each_algorithm_signs_what_it_verifies() {
        for alg in Algorithm::ALL {
            let key = SigningKey::generate(alg).unwrap();
            let signature = key.sign(b"message").unwrap();
            let again =
                SigningKey::from_private(key.kid.clone(), alg, key.private.clone()).unwrap();
            assert!(again.verify(b"message", &signature), "{alg:?}");
            assert!(!again.verify(b"massage", &signature), "{alg:?}");
        }
    }

    #[test]
    fn the_public_half_has_no_private_member_and_a_secret_has_no_public_half() {
        for alg in Algorithm::ALL {
            let key = SigningKey::generate(alg).unwrap();
            assert_eq!(key.public().is_none(), alg == Algorithm::Hs256);
            for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(key.public().is_none_or(|jwk| jwk.get(private).is_none()));
            }
        }
    }

    #[test]
    fn a_key_of_one_algorithm_is_none_of_another() {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        for alg in [Algorithm::Es256, Algorithm::Rs256] {
            let mixed = SigningKey::from_private("k".into(), alg, key.private.clone());
            assert!(matches!(mixed, Err(KeyError::Unreadable(_))), "{alg:?}");
        }
    }

    #[test]
    fn a_key_does_not_print() {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let printed = format!("SigningKey(EdDSA {}, [redacted])", key.kid());
        assert_eq!(format!("{key:?}"), printed);
    }
}
