//! Hearing of what other processes change.

use async_trait::async_trait;

use super::error::StoreError;

/// Watches the database for changes that other processes make: nodes, and the command line.
#[async_trait]
pub trait Watch: Send {
    /// Waits for the next thing to know. An error means that the watch is blind: drop it and start
    /// another.
    async fn next(&mut self) -> Result<Signal, StoreError>;
}

/// What wakes other nodes in place of the database, such as Redis. A word that is lost costs a second:
/// the watch looks that often anyway.
#[async_trait]
pub trait ChangeSignal: std::fmt::Debug + Send + Sync {
    /// Tells the other nodes to look. Waits for nothing for long, and never fails.
    async fn announce(&self);

    /// Starts to watch.
    fn watch(&self) -> Box<dyn Watch>;
}

/// What a watch tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Something changed: look.
    Changed,
    /// Nothing changed, and that is certain: whatever changes is heard of.
    Idle,
    /// Nothing was heard, and that is not certain: look.
    PollDue,
}
