//! A certificate for `https://localhost`, made on the first start and used again at the next ones.

use std::{
    fs::{DirBuilder, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    pki_types::{ServerName, UnixTime},
};

use super::certificate::{PemPair, TlsError, provider};

const DAY: Duration = Duration::from_hours(24);

/// How long a certificate is good: browsers take none that is good for longer than 398 days.
const LIFE: Duration = DAY.saturating_mul(397);

/// A certificate that is good for less is replaced.
const RENEW_BEFORE: Duration = DAY.saturating_mul(30);

/// The names of this machine, which a browser may be sent to as well.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Where the certificate is, and for which host.
#[derive(Debug)]
pub(super) struct SelfSigned {
    cert: PathBuf,
    key: PathBuf,
    directory: PathBuf,
    host: String,
}

impl SelfSigned {
    pub(super) fn new(directory: &Path, host: String) -> Self {
        Self {
            cert: directory.join("tls-cert.pem"),
            key: directory.join("tls-key.pem"),
            directory: directory.to_owned(),
            host,
        }
    }

    /// The file that a browser may be told to trust.
    pub(super) fn cert(&self) -> &Path {
        &self.cert
    }

    /// The certificate of before, while it is good for this host and for a while; else a new one.
    pub(super) fn read_or_make(&self) -> Result<PemPair, TlsError> {
        let now = SystemTime::now();
        if let Ok(pair) = PemPair::read(&self.cert, &self.key)
            && self.is_good(&pair, now + RENEW_BEFORE)
        {
            return Ok(pair);
        }
        self.make(now)?;
        PemPair::read(&self.cert, &self.key)
    }

    /// Whether a browser that trusts this certificate will still do so then.
    fn is_good(&self, pair: &PemPair, then: SystemTime) -> bool {
        let verify = || {
            pair.server_config().ok()?;
            let chain = pair.chain().ok()?;
            let cert = chain.first()?;
            let mut roots = RootCertStore::empty();
            roots.add(cert.clone()).ok()?;
            let host = ServerName::try_from(self.host.as_str()).ok()?;
            let then = then.duration_since(SystemTime::UNIX_EPOCH).ok()?;
            WebPkiServerVerifier::builder_with_provider(roots.into(), provider())
                .build()
                .ok()?
                .verify_server_cert(cert, &[], &host, &[], UnixTime::since_unix_epoch(then))
                .ok()
        };
        verify().is_some()
    }

    fn make(&self, now: SystemTime) -> Result<(), TlsError> {
        let (cert, key) = self.generate(now).map_err(|error| TlsError::Make {
            host: self.host.clone(),
            error,
        })?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)
            .map_err(|error| keep_error(&self.directory, error))?;
        // A crash in between leaves two files that do not fit, which the next start replaces.
        write(&self.key, &key, 0o600)?;
        write(&self.cert, &cert, 0o644)
    }

    fn generate(&self, now: SystemTime) -> Result<(String, String), rcgen::Error> {
        let mut names = vec![self.host.clone()];
        names.extend(
            LOOPBACK
                .map(str::to_owned)
                .into_iter()
                .filter(|name| *name != self.host),
        );
        let mut params = CertificateParams::new(names)?;
        let name = format!("Monban on {}", self.host);
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        // Clocks of one's own devices may be a little apart.
        params.not_before = (now - DAY).into();
        params.not_after = (now - DAY + LIFE).into();
        let key = KeyPair::generate()?;
        Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
    }
}

/// No reader ever sees half of it.
fn write(path: &Path, text: &str, mode: u32) -> Result<(), TlsError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".unfinished-")
            .permissions(Permissions::from_mode(mode))
            .tempfile_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error| keep_error(path, error))
}

fn keep_error(path: &Path, error: io::Error) -> TlsError {
    TlsError::Keep {
        path: path.to_owned(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn made(directory: &Path, host: &str) -> (SelfSigned, Vec<u8>) {
        let own = SelfSigned::new(directory, host.to_owned());
        own.read_or_make().unwrap();
        let cert = fs::read(own.cert()).unwrap();
        (own, cert)
    }

    #[test]
    fn a_certificate_is_used_again_and_its_key_is_for_its_owner_only() {
        let directory = tempfile::tempdir().unwrap();
        let (own, first) = made(directory.path(), "localhost");
        assert_eq!(made(directory.path(), "localhost").1, first);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&own.key), 0o600);
        assert_ne!(mode(&own.cert) & 0o004, 0, "a browser's owner may read it");
        // It was made for this machine by every name of it.
        assert_eq!(made(directory.path(), "127.0.0.1").1, first);
        assert_eq!(made(directory.path(), "::1").1, first);
    }

    #[test]
    fn a_certificate_that_ends_within_a_month_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let own = SelfSigned::new(directory.path(), "localhost".to_owned());
        for (age, is_kept) in [(367, false), (365, true)] {
            own.make(SystemTime::now() - DAY * age).unwrap();
            let before = fs::read(own.cert()).unwrap();
            own.read_or_make().unwrap();
            assert_eq!(
                fs::read(own.cert()).unwrap() == before,
                is_kept,
                "{age} days"
            );
        }
    }

    #[test]
    fn what_cannot_be_used_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let (own, first) = made(directory.path(), "localhost");
        // For another host.
        assert_ne!(made(directory.path(), "monban.test").1, first);
        // Of another key.
        let (cert, _) = own.generate(SystemTime::now()).unwrap();
        fs::write(&own.cert, cert).unwrap();
        own.read_or_make().unwrap().server_config().unwrap();
        // No certificate, and none at all.
        fs::write(&own.cert, "no certificate").unwrap();
        own.read_or_make().unwrap().server_config().unwrap();
        fs::remove_file(&own.key).unwrap();
        own.read_or_make().unwrap().server_config().unwrap();
    }
}
