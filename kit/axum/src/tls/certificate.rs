//! A certificate and its key, from two PEM files to what a handshake uses.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// HTTP/1.1, the only version that is spoken here (RFC 7301 §6).
const HTTP_1_1: &[u8] = b"http/1.1";

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{setting}: {} cannot be read: {error}", .path.display())]
    Unreadable {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
    /// There is no certificate in the file.
    #[error("tls_cert: {} holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", .0.display())]
    NoCertificate(PathBuf),
    /// There is no private key in the file.
    #[error("tls_key: {} holds no private key in PEM (-----BEGIN PRIVATE KEY-----)", .0.display())]
    NoKey(PathBuf),
    /// The private key is under a passphrase.
    #[error("tls_key: {} is encrypted; take the passphrase off: openssl pkey -in key.pem -out plain.pem", .0.display())]
    EncryptedKey(PathBuf),
    /// Certificate and key are not of one pair.
    #[error("tls_key: {} is not the key of the certificate in {}; its own certificate comes first there, and the intermediate ones follow", .key.display(), .cert.display())]
    Mismatch {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The certificate or its key is of no use to TLS.
    #[error("tls_cert, tls_key: {} and {} cannot be used: {error}", .cert.display(), .key.display())]
    Unusable {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// The cause.
        error: rustls::Error,
    },
    /// A certificate cannot be made.
    #[error("tls_self_signed: no certificate can be made for {host}: {error}")]
    Make {
        /// The host of the base URL.
        host: String,
        /// The cause.
        error: rcgen::Error,
    },
    /// The certificate that was made cannot be kept.
    #[error("tls_self_signed: {}: {error}", .path.display())]
    Keep {
        /// The file.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
}

/// What two files hold, as it stands there.
#[derive(PartialEq, Eq)]
pub(super) struct PemPair {
    cert_path: PathBuf,
    key_path: PathBuf,
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl PemPair {
    pub(super) fn read(cert: &Path, key: &Path) -> Result<Self, TlsError> {
        Ok(Self {
            cert_path: cert.to_owned(),
            key_path: key.to_owned(),
            cert: read_file("tls_cert", cert)?,
            key: read_file("tls_key", key)?,
        })
    }

    /// The certificate, and those that vouch for it.
    pub(super) fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        CertificateDer::pem_slice_iter(&self.cert)
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(|| TlsError::NoCertificate(self.cert_path.clone()))
    }

    /// What a handshake uses. Refused here, when files do not fit, rather than at each handshake.
    pub(super) fn server_config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let (chain, key) = (self.chain()?, self.private_key()?);
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| self.unusable(error))?;
        config.alpn_protocols = vec![HTTP_1_1.to_vec()];
        Ok(Arc::new(config))
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| {
            let path = self.key_path.clone();
            if String::from_utf8_lossy(&self.key).contains("ENCRYPTED") {
                TlsError::EncryptedKey(path)
            } else {
                TlsError::NoKey(path)
            }
        })
    }

    fn unusable(&self, error: rustls::Error) -> TlsError {
        let (cert, key) = (self.cert_path.clone(), self.key_path.clone());
        match error {
            rustls::Error::InconsistentKeys(_) => TlsError::Mismatch { cert, key },
            error => TlsError::Unusable { cert, key, error },
        }
    }
}

/// Never the key.
impl std::fmt::Debug for PemPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PemPair")
            .field("cert_path", &self.cert_path)
            .field("key_path", &self.key_path)
            .finish_non_exhaustive()
    }
}

/// Named, because a process that has two of them must not guess.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn read_file(setting: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|error| TlsError::Unreadable {
        setting,
        path: path.to_owned(),
        error,
    })
}
