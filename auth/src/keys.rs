//! Signing keys.
//!
//! A key has a `kid`, one algorithm, and a file `keys/<kid>.pem` (PKCS #8, mode 0600) in the data
//! directory. The newest one signs; every one verifies. Ids are `UUIDv7`, so the newest is the one
//! that sorts last.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use uuid::Uuid;

/// What a key signs with.
#[derive(Clone, Copy, Debug)]
enum SigningAlgorithm {
    EdDsa,
}

impl SigningAlgorithm {
    /// RFC 8037 §3.1. RFC 9864 renames it `Ed25519`, which many verifiers do not know yet: `PyJWT`
    /// 2.15 refuses the new name, so the old one stays, in this one place.
    const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
        }
    }

    const fn in_library(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

/// A key that signs and verifies by one algorithm.
pub struct SigningKey {
    kid: String,
    alg: SigningAlgorithm,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl SigningKey {
    /// A new Ed25519 key that lives in memory only.
    pub fn generate() -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
        Self::from_pair(Uuid::now_v7().to_string(), &pair)
    }

    /// Its name in a token's header (RFC 7515 §4.1.4).
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The `alg` of its tokens (RFC 7518 §3.1).
    pub(crate) const fn alg_name(&self) -> &'static str {
        self.alg.name()
    }

    /// Signs, and encodes the signature for a compact JWS.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, SigningError> {
        crypto::sign(message, &self.encoding, self.alg.in_library()).map_err(SigningError::Sign)
    }

    /// Whether the encoded signature is this key's over `message`.
    pub(crate) fn verify(&self, message: &[u8], signature: &str) -> bool {
        crypto::verify(signature, message, &self.decoding, self.alg.in_library()).unwrap_or(false)
    }

    fn from_pair(kid: String, pair: &Ed25519KeyPair) -> Result<Self, KeyError> {
        let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyError::Generate)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self {
            kid,
            alg: SigningAlgorithm::EdDsa,
            encoding: EncodingKey::from_ed_der(pkcs8.as_ref()),
            decoding: DecodingKey::from_ed_components(&public).map_err(|_| KeyError::Generate)?,
        })
    }
}

/// A key never prints its secret half.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SigningKey({} {}, [redacted])",
            self.alg_name(),
            self.kid
        )
    }
}

/// The keys of an installation, by `kid`. Never empty.
#[derive(Debug)]
pub struct KeyRing {
    signing: SigningKey,
    verifying: BTreeMap<String, SigningKey>,
}

impl KeyRing {
    /// A ring that signs with `signing` and still verifies with the others.
    pub fn new(signing: SigningKey, verifying: impl IntoIterator<Item = SigningKey>) -> Self {
        let verifying = verifying
            .into_iter()
            .map(|key| (key.kid.clone(), key))
            .collect();
        Self { signing, verifying }
    }

    /// Reads `directory`; makes it, and a first key, where there is none.
    pub fn load_or_create(directory: &Path) -> Result<Self, KeyError> {
        make_directory(directory)?;
        let mut keys = read_keys(directory)?;
        if keys.is_empty() {
            write_new_key(directory)?;
            keys = read_keys(directory)?;
        }
        let (_, signing) = keys.pop_last().ok_or(KeyError::Generate)?;
        Ok(Self {
            signing,
            verifying: keys,
        })
    }

    /// The key that signs.
    pub fn signing(&self) -> &SigningKey {
        &self.signing
    }

    /// The key of this name.
    pub fn find(&self, kid: &str) -> Option<&SigningKey> {
        if kid == self.signing.kid {
            Some(&self.signing)
        } else {
            self.verifying.get(kid)
        }
    }
}

/// Why keys cannot be had. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The directory or a file cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read the file.
    #[error("{path}: a signing key must be readable by its owner only; run chmod 600 on it", path = .0.display())]
    Exposed(PathBuf),
    /// The file holds no Ed25519 key in PKCS #8 PEM.
    #[error("{path}: not an Ed25519 private key in PKCS #8 PEM", path = .0.display())]
    Unreadable(PathBuf),
    /// The random source failed.
    #[error("a signing key could not be made")]
    Generate,
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
}

fn make_directory(directory: &Path) -> Result<(), KeyError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|source| KeyError::Io {
            path: directory.to_owned(),
            source,
        })
}

fn read_keys(directory: &Path) -> Result<BTreeMap<String, SigningKey>, KeyError> {
    let io_error = |source| KeyError::Io {
        path: directory.to_owned(),
        source,
    };
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(io_error)? {
        let path = entry.map_err(io_error)?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            let key = read_key(&path)?;
            keys.insert(key.kid.clone(), key);
        }
    }
    Ok(keys)
}

fn read_key(path: &Path) -> Result<SigningKey, KeyError> {
    let io_error = |source| KeyError::Io {
        path: path.to_owned(),
        source,
    };
    let mode = fs::metadata(path).map_err(io_error)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyError::Exposed(path.to_owned()));
    }
    let unreadable = || KeyError::Unreadable(path.to_owned());
    let text = fs::read_to_string(path).map_err(io_error)?;
    let der = pem::parse(text).map_err(|_| unreadable())?;
    let pair = Ed25519KeyPair::from_pkcs8(der.contents()).map_err(|_| unreadable())?;
    let kid = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .ok_or_else(unreadable)?;
    SigningKey::from_pair(kid.to_owned(), &pair)
}

/// Writes a key whole or not at all: to a file of another name first, renamed once it is on disk.
fn write_new_key(directory: &Path) -> Result<(), KeyError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
    let pkcs8 = pair.to_pkcs8v1().map_err(|_| KeyError::Generate)?;
    let text = pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8.as_ref().to_vec()));
    let path = directory.join(format!("{}.pem", Uuid::now_v7()));
    let unfinished = path.with_extension("unfinished");
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)
    };
    write().map_err(|source| KeyError::Io {
        path: path.clone(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_makes_a_key_and_the_second_finds_it() {
        let data = tempfile::tempdir().unwrap();
        let directory = data.path().join("keys");
        let first = KeyRing::load_or_create(&directory).unwrap();
        let second = KeyRing::load_or_create(&directory).unwrap();
        assert_eq!(first.signing().kid(), second.signing().kid());
        let signature = first.signing().sign(b"message").unwrap();
        assert!(second.signing().verify(b"message", &signature));
        assert!(!second.signing().verify(b"massage", &signature));
    }

    #[test]
    fn only_the_owner_may_read_a_key() {
        let data = tempfile::tempdir().unwrap();
        let ring = KeyRing::load_or_create(data.path()).unwrap();
        let path = data.path().join(format!("{}.pem", ring.signing().kid()));
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            KeyRing::load_or_create(data.path()),
            Err(KeyError::Exposed(_))
        ));
    }

    #[test]
    fn the_newest_key_signs_and_the_older_ones_still_verify() {
        let data = tempfile::tempdir().unwrap();
        let old = KeyRing::load_or_create(data.path()).unwrap();
        write_new_key(data.path()).unwrap();
        let both = KeyRing::load_or_create(data.path()).unwrap();
        assert_ne!(both.signing().kid(), old.signing().kid());
        let signature = old.signing().sign(b"message").unwrap();
        assert!(
            both.find(old.signing().kid())
                .unwrap()
                .verify(b"message", &signature)
        );
        assert!(both.find("nobody").is_none());
    }

    #[test]
    fn a_damaged_key_file_stops_the_start_and_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("0.pem");
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .unwrap();
        file.write_all(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
            .unwrap();
        assert!(matches!(
            KeyRing::load_or_create(data.path()),
            Err(KeyError::Unreadable(_))
        ));
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_does_not_print() {
        let key = SigningKey::generate().unwrap();
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey(EdDSA {}, [redacted])", key.kid())
        );
    }
}
