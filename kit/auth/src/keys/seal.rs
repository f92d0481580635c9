//! Master keys, and what rests under them: AES-256-GCM (NIST SP 800-38D), with the key's name and
//! algorithm as associated data, so that no sealed key can stand in for another.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    hmac, rand,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretSlice};
use tempfile::NamedTempFile;

use super::{Algorithm, KeyError, SigningKey};
use crate::store::SealedKey;

/// A master key has this many bytes.
const BYTES: usize = 32;
/// A nonce stands in front of what it sealed.
const NONCE_BYTES: usize = 12;

/// The master keys: the first one seals, every one opens. So that a master key can be changed, the
/// old one is given after the new one until every signing key is sealed anew.
pub struct MasterKeys(Vec<SecretSlice<u8>>);

impl MasterKeys {
    /// Reads master keys: 32 bytes each in base64 (RFC 4648 §4), one on a line, the current one
    /// first. Empty lines and lines that begin with `#` do not count.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let lines = text.lines().map(str::trim);
        let keys: Vec<SecretSlice<u8>> = lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| match STANDARD.decode(line) {
                Ok(key) if key.len() == BYTES => Ok(key.into()),
                _ => Err(MasterKeyError::Malformed),
            })
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(MasterKeyError::Missing);
        }
        Ok(Self(keys))
    }

    /// Reads them from a file that only its owner may read.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let io_error = |source| MasterKeyError::Io(path.to_owned(), source);
        let mode = fs::metadata(path).map_err(io_error)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(MasterKeyError::Exposed(path.to_owned()));
        }
        Self::parse(&fs::read_to_string(path).map_err(io_error)?)
    }

    /// Makes a file with a new master key, readable by its owner only, whole or not at all. If
    /// somebody else made one meanwhile, theirs stands.
    pub fn create(path: &Path) -> Result<(), MasterKeyError> {
        let mut key = [0; BYTES];
        rand::fill(&mut key).map_err(|_| MasterKeyError::Generate)?;
        let text = format!("{}\n", STANDARD.encode(key));
        let directory = path
            .parent()
            .filter(|parent| parent.iter().next().is_some());
        let directory = directory.unwrap_or(Path::new("."));
        let write = || -> io::Result<()> {
            // For its owner only from the first moment on: tempfile makes it so.
            let mut file = NamedTempFile::with_prefix_in(".unfinished-", directory)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(path) {
                Err(left) if left.error.kind() == io::ErrorKind::AlreadyExists => {}
                done => drop(done?),
            }
            // The name is on the disk, too, before anything is sealed under the key.
            File::open(directory)?.sync_all()
        };
        write().map_err(|source| MasterKeyError::Io(path.to_owned(), source))
    }

    /// The private half of that key, sealed under the current master key.
    pub fn seal(&self, key: &SigningKey) -> Result<Vec<u8>, KeyError> {
        self.seal_private(key.kid(), key.alg().name(), key.private())
    }

    /// The same key, sealed under the current master key: of whatever algorithm, known or not.
    pub fn reseal(&self, sealed: &SealedKey) -> Result<Vec<u8>, KeyError> {
        self.seal_private(&sealed.kid, &sealed.alg, &self.open_private(sealed)?)
    }

    /// The key that was sealed.
    pub fn open(&self, sealed: &SealedKey) -> Result<SigningKey, KeyError> {
        let alg = Algorithm::from_name(&sealed.alg)
            .ok_or_else(|| KeyError::UnknownAlgorithm(sealed.kid.clone()))?;
        SigningKey::from_private(sealed.kid.clone(), alg, self.open_private(sealed)?)
    }

    /// A key for messages of that purpose from each master key, the current one's first. Every node has
    /// the same.
    pub(crate) fn message_keys(&self, purpose: &str) -> Vec<hmac::Key> {
        let derive = |master: &SecretSlice<u8>| {
            let master = hmac::Key::new(hmac::HMAC_SHA256, master.expose_secret());
            let key = hmac::sign(&master, format!("monban {purpose}").as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())
        };
        self.0.iter().map(derive).collect()
    }

    /// Whether that key is sealed under the current master key.
    pub fn is_current(&self, sealed: &SealedKey) -> bool {
        let current = self.0.first();
        current.is_some_and(|master| open_with(master, sealed).is_some())
    }

    fn seal_private(
        &self,
        kid: &str,
        alg: &str,
        private: &SecretSlice<u8>,
    ) -> Result<Vec<u8>, KeyError> {
        let mut sealed = private.expose_secret().to_vec();
        let nonce = cipher(self.0.first().ok_or(KeyError::Generate)?)?
            .seal_in_place_append_tag(associated(kid, alg), &mut sealed)
            .map_err(|_| KeyError::Generate)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    fn open_private(&self, sealed: &SealedKey) -> Result<SecretSlice<u8>, KeyError> {
        let mut masters = self.0.iter();
        let opened = masters.find_map(|master| open_with(master, sealed));
        opened.ok_or_else(|| KeyError::Sealed(sealed.kid.clone()))
    }
}

/// A master key never prints.
impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKeys({}, [redacted])", self.0.len())
    }
}

/// Why the master key cannot be had. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// Nothing was given.
    #[error("the master key is empty; make one with: openssl rand -base64 32")]
    Missing,
    /// It is not 32 bytes in base64.
    #[error(
        "the master key must be 32 bytes in base64, one key a line; make one with: openssl rand -base64 32"
    )]
    Malformed,
    /// The file cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    Io(PathBuf, io::Error),
    /// Others may read the file.
    #[error("{path}: a master key must be readable by its owner only; run chmod 600 on it", path = .0.display())]
    Exposed(PathBuf),
    /// The random source failed.
    #[error("a master key could not be made")]
    Generate,
}

fn open_with(master: &SecretSlice<u8>, sealed: &SealedKey) -> Option<SecretSlice<u8>> {
    let (nonce, rest) = sealed.sealed.split_at_checked(NONCE_BYTES)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut rest = rest.to_vec();
    let private = cipher(master)
        .ok()?
        .open_in_place(nonce, associated(&sealed.kid, &sealed.alg), &mut rest)
        .ok()?
        .to_vec();
    Some(private.into())
}

fn cipher(master: &SecretSlice<u8>) -> Result<RandomizedNonceKey, KeyError> {
    RandomizedNonceKey::new(&AES_256_GCM, master.expose_secret()).map_err(|_| KeyError::Generate)
}

fn associated(kid: &str, alg: &str) -> Aad<Vec<u8>> {
    Aad::from(format!("monban signing key {kid} {alg}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const OLD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    fn sealed(master: &MasterKeys) -> SealedKey {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        SealedKey {
            kid: key.kid().to_owned(),
            alg: key.alg().name().to_owned(),
            follows: String::new(),
            sealed: master.seal(&key).unwrap(),
            published_at: Timestamp::default(),
            signs_at: Timestamp::default(),
            retired_at: None,
            token_ttl: None,
        }
    }

    #[test]
    fn what_was_sealed_under_an_old_master_key_opens_while_that_is_given_too() {
        let old = MasterKeys::parse(OLD).unwrap();
        let key = sealed(&old);
        assert!(old.is_current(&key));
        let both = MasterKeys::parse(&format!("# new\n{NEW}\n\n{OLD}\n")).unwrap();
        assert_eq!(both.open(&key).unwrap().kid(), key.kid);
        assert!(!both.is_current(&key));
        let new = MasterKeys::parse(NEW).unwrap();
        assert!(matches!(new.open(&key), Err(KeyError::Sealed(_))));
    }

    #[test]
    fn a_sealed_key_that_was_touched_does_not_open() {
        let master = MasterKeys::parse(OLD).unwrap();
        let key = sealed(&master);
        let touched = |change: &dyn Fn(&mut SealedKey)| {
            let mut touched = key.clone();
            change(&mut touched);
            master.open(&touched).is_err()
        };
        assert!(touched(&|key| key.sealed[20] ^= 1));
        assert!(touched(&|key| key.sealed.truncate(5)));
        assert!(touched(&|key| key.kid.push('x')));
        assert!(touched(&|key| key.alg = "ES256".into()));
        assert!(touched(&|key| key.alg = "none".into()));
    }

    #[test]
    fn what_is_no_master_key_is_refused() {
        for text in ["", "\n# only words\n"] {
            assert!(matches!(
                MasterKeys::parse(text),
                Err(MasterKeyError::Missing)
            ));
        }
        for text in ["AAAA", "not base64", &OLD[1..]] {
            assert!(matches!(
                MasterKeys::parse(text),
                Err(MasterKeyError::Malformed)
            ));
        }
    }

    #[test]
    fn a_file_is_made_once_for_its_owner_only() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("master.key");
        MasterKeys::create(&path).unwrap();
        let first = fs::read_to_string(&path).unwrap();
        MasterKeys::create(&path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), first);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
        MasterKeys::read(&path).unwrap();

        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            MasterKeys::read(&path),
            Err(MasterKeyError::Exposed(_))
        ));
    }

    #[test]
    fn of_a_file_that_cannot_be_made_nothing_is_left() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("k".repeat(256));
        let failed = MasterKeys::create(&path);
        assert!(matches!(failed, Err(MasterKeyError::Io(..))), "{failed:?}");
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_master_key_does_not_print() {
        let printed = format!("{:?}", MasterKeys::parse(OLD).unwrap());
        assert_eq!(printed, "MasterKeys(1, [redacted])");
    }
}
