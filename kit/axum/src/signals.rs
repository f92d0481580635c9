//! The signals that stop a process.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::signal::unix::{self, SignalKind};

use crate::{settings::Settings, tls};

/// Whether this process serves: from then on it stops in its own way.
static IS_SERVING: AtomicBool = AtomicBool::new(false);

/// Ctrl-C, SIGTERM, and SIGHUP where it asks for nothing else: a terminal that is closed stops the server
/// as cleanly as Ctrl-C does. With a certificate from files it means that these are read again.
///
/// Each of these hears every signal from the moment it listens, whether it is waited for already or not.
pub struct StopSignals {
    interrupt: unix::Signal,
    terminate: unix::Signal,
    hang_up: Option<unix::Signal>,
}

impl StopSignals {
    /// Listens from now on.
    pub fn listen(settings: &Settings) -> io::Result<Self> {
        let hang_up = settings.tls.tls_cert.get().is_none();
        let hang_up = hang_up.then(|| unix::signal(SignalKind::hangup()));
        Ok(Self {
            interrupt: unix::signal(SignalKind::interrupt())?,
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: hang_up.transpose()?,
        })
    }

    /// Waits for the next of either.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = tls::received(&mut self.hang_up) => {}
        }
    }

    /// Waits for one that comes before the process serves.
    pub async fn next_before_serving(&mut self) {
        loop {
            self.next().await;
            if !IS_SERVING.load(Ordering::Relaxed) {
                break;
            }
        }
    }
}

/// From now on the process serves: its own signals end it.
pub fn begin_serving() {
    IS_SERVING.store(true, Ordering::Relaxed);
}
