//! A connection too many: told so, and closed.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    time::{Instant, timeout},
};

use super::Full;

/// How many are told at a time; the others are closed without a word.
const AT_ONCE: usize = 64;
/// How long one of them may take to hear it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);
/// Between two warnings.
const WARNING_INTERVAL: Duration = Duration::from_mins(1);

const ANSWER: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\n\
    content-type: application/json\r\ncontent-length: 15\r\n\r\n{\"code\":\"busy\"}";

/// Turns connections away.
#[derive(Debug)]
pub struct Shed {
    places: Semaphore,
    warning: Mutex<Warning>,
}

impl Default for Shed {
    fn default() -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            warning: Mutex::default(),
        }
    }
}

impl Shed {
    /// Answers 503 to whatever is asked, if that can be done soon.
    pub async fn turn_away(&self, stream: TcpStream, full: Full) {
        let unreported = self
            .warning
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .count(Instant::now());
        if let Some(connections) = unreported {
            tracing::warn!(limit = %full, connections, "too many connections: answered 503");
        }
        if let Ok(_place) = self.places.try_acquire() {
            // A client that is too slow is closed without it.
            let _too_slow = timeout(ANSWER_TIMEOUT, send_503(stream)).await;
        }
    }
}

/// A close while bytes are unread is a reset, which destroys the answer on its way: so
/// the request is read first, and what still comes after it.
async fn send_503(mut stream: TcpStream) {
    const TLS_HANDSHAKE: u8 = 0x16;
    let mut bytes = [0; 4096];
    match stream.read(&mut bytes).await {
        Ok(read) if read > 0 && bytes[0] != TLS_HANDSHAKE => {}
        _ => return,
    }
    if stream.write_all(ANSWER).await.is_ok() && stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut bytes).await, Ok(1..)) {}
    }
}

/// The rate of warnings: a flood of connections must not flood the log.
#[derive(Debug, Default)]
pub struct Warning {
    last: Option<Instant>,
    unreported: u64,
}

impl Warning {
    /// One more; how many there were since the last warning, if it is time for one.
    pub fn count(&mut self, now: Instant) -> Option<u64> {
        self.unreported += 1;
        if self.last.is_some_and(|last| now - last < WARNING_INTERVAL) {
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.unreported))
    }
}
