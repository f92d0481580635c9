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
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
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
        let mut tick = time::interval(RELOAD_EVERY);
        tick.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
        let mut failure = Failure::default();
        loop {
            let asked = tokio::select! {
                _ = tick.tick() => false,
                () = received(&mut hangup) => true,
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
