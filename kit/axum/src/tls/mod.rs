//! TLS of the server's own: a handshake before the first request, with a certificate that is
//! replaced under way.
//!
//! - [`Tls`]: where the certificate comes from, and the one in use. [`Tls::follow`] takes a renewed
//!   one into use without a restart.
//! - [`Acceptor`]: what a new connection passes, with TLS and without.

mod acceptor;
mod certificate;
mod self_signed;

use std::{
    future::poll_fn,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    task::{Context, Poll},
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    signal::unix::{SignalKind, signal},
    time,
};

pub use acceptor::Acceptor;
pub use certificate::TlsError;

use self::{certificate::PemPair, self_signed::SelfSigned};
use crate::settings::Settings;

/// How often the certificate's files are read, to see whether they have changed.
const RELOAD_EVERY: Duration = Duration::from_secs(5);

/// The certificate, and what a handshake needs to know besides.
#[derive(Debug)]
pub struct Tls {
    source: Source,
    in_use: RwLock<InUse>,
    /// The longest time for a handshake.
    handshake_timeout: Duration,
    /// Where a plain request is sent.
    origin: String,
}

#[derive(Debug)]
enum Source {
    /// Files that the operator renews.
    Files { cert: PathBuf, key: PathBuf },
    /// Files that the server makes and renews.
    SelfSigned(SelfSigned),
}

#[derive(Debug)]
struct InUse {
    pem: PemPair,
    config: Arc<ServerConfig>,
}

impl Tls {
    /// The certificate that the settings name or ask for, if they do.
    pub fn open(settings: &Settings) -> Result<Option<Arc<Self>>, TlsError> {
        let source = match (settings.tls.tls_cert.get(), settings.tls.tls_key.get()) {
            (Some(cert), Some(key)) => Source::Files {
                cert: cert.to_owned(),
                key: key.to_owned(),
            },
            _ if settings.tls.tls_self_signed => {
                let host = settings.server.base_url.host();
                Source::SelfSigned(SelfSigned::new(&settings.server.data_dir, host))
            }
            _ => return Ok(None),
        };
        let pem = source.read()?;
        let config = pem.server_config()?;
        if let Source::SelfSigned(own) = &source {
            tracing::info!(
                certificate = %own.cert().display(),
                "this certificate was made here: a browser warns of it once, unless it is told to trust that file"
            );
        }
        Ok(Some(Arc::new(Self {
            source,
            in_use: RwLock::new(InUse { pem, config }),
            handshake_timeout: settings.connections.header_timeout,
            origin: settings.server.base_url.origin().to_owned(),
        })))
    }

    /// Takes a changed certificate into use: within seconds, or at once at SIGHUP. One that cannot be
    /// used is said once, and the one before it stays.
    pub async fn follow(&self) {
        // A closed terminal sends SIGHUP, too, and should end a server with a certificate of its own
        // making, as it does without TLS.
        let mut hangup = match self.source {
            Source::Files { .. } => signal(SignalKind::hangup()).ok(),
            Source::SelfSigned(_) => None,
        };
        self.reload_when(move |context| match &mut hangup {
            Some(signal) => signal.poll_recv(context).map(drop),
            None => Poll::Pending,
        })
        .await;
    }

    /// Takes a changed certificate into use: every few seconds, and whenever it is asked to.
    async fn reload_when(&self, mut poll_asked: impl FnMut(&mut Context<'_>) -> Poll<()>) {
        let mut tick = time::interval(RELOAD_EVERY);
        tick.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        let mut failure = Failure::default();
        loop {
            let asked = tokio::select! {
                _ = tick.tick() => false,
                () = poll_fn(&mut poll_asked) => true,
            };
            match self.reload() {
                Ok(changed) => {
                    failure = Failure::default();
                    if changed || asked {
                        tracing::info!(changed, "TLS certificate read");
                    }
                }
                Err(error) => failure.tell(&error.to_string(), asked),
            }
        }
    }

    /// Whether there was something new.
    fn reload(&self) -> Result<bool, TlsError> {
        let pem = self.source.read()?;
        if self.read(|in_use| in_use.pem == pem) {
            return Ok(false);
        }
        let config = pem.server_config()?;
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = InUse { pem, config };
        Ok(true)
    }

    fn config(&self) -> Arc<ServerConfig> {
        self.read(|in_use| Arc::clone(&in_use.config))
    }

    fn read<T>(&self, what: impl FnOnce(&InUse) -> T) -> T {
        what(&self.in_use.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Source {
    fn read(&self) -> Result<PemPair, TlsError> {
        match self {
            Self::Files { cert, key } => PemPair::read(cert, key),
            Self::SelfSigned(own) => own.read_or_make(),
        }
    }
}

/// What is wrong with the files, and how often it was seen. Two files are not replaced in one step,
/// so what is wrong is said only when it still is at the next look, and then once.
#[derive(Default)]
struct Failure {
    error: String,
    looks: u32,
}

impl Failure {
    fn tell(&mut self, error: &str, asked: bool) {
        if self.error != error {
            *self = Self {
                error: error.to_owned(),
                looks: 0,
            };
        }
        self.looks = self.looks.saturating_add(1);
        if asked || self.looks == 2 {
            tracing::warn!(
                error,
                "the TLS certificate cannot be replaced; the one before it stays in use"
            );
        }
    }
}

/// Waits for that signal; where it is not listened to, this is never ready.
pub(crate) async fn received(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use rcgen::{CertificateParams, KeyPair};
    use tokio::{sync::mpsc, task::yield_now};

    use super::*;
    use crate::settings::{Sources, load};

    /// A new certificate, in those files.
    fn renew(cert: &Path, key: &Path) {
        let pair = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        fs::write(cert, params.self_signed(&pair).unwrap().pem()).unwrap();
        fs::write(key, pair.serialize_pem()).unwrap();
    }

    fn open(cert: &Path, key: &Path) -> Arc<Tls> {
        let sources = Sources::default()
            .variable("MONBAN_BASE_URL", "https://localhost:3000")
            .variable("MONBAN_TLS_CERT", cert.to_str().unwrap())
            .variable("MONBAN_TLS_KEY", key.to_str().unwrap());
        let settings = load(&sources).unwrap().settings;
        Tls::open(&settings).unwrap().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_read_again_when_asked_and_not_only_when_it_is_time() {
        let folder = tempfile::tempdir().unwrap();
        let (cert, key) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        renew(&cert, &key);
        let tls = open(&cert, &key);
        let (ask, mut asked) = mpsc::unbounded_channel();
        let following = tokio::spawn({
            let tls = Arc::clone(&tls);
            async move {
                let poll = move |context: &mut Context<'_>| asked.poll_recv(context).map(drop);
                tls.reload_when(poll).await;
            }
        });
        // The first look is at once; the time stands still from then on.
        yield_now().await;
        let (start, first) = (time::Instant::now(), tls.config());
        renew(&cert, &key);
        yield_now().await;
        assert!(Arc::ptr_eq(&first, &tls.config()), "nobody has asked");
        ask.send(()).unwrap();
        yield_now().await;
        let second = tls.config();
        assert!(!Arc::ptr_eq(&first, &second));
        assert_eq!(time::Instant::now(), start);

        renew(&cert, &key);
        time::sleep(RELOAD_EVERY).await;
        yield_now().await;
        assert!(
            !Arc::ptr_eq(&second, &tls.config()),
            "in time, without being asked"
        );
        following.abort();
    }
}
