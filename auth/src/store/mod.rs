//! The store: SQL, and no decisions.
//!
//! Each method is one promise, atomic inside. What may happen is decided before it is called;
//! what did happen is its answer.
//!
//! Two engines keep the same promises: SQLite, embedded, for one node, and PostgreSQL for many.
//! The promises are the traits [`Accounts`], [`Sessions`], [`Keys`] and [`Engine`]. Their
//! statements stand in `sql/`, once: the files are compiled twice, as a part of `sqlite.rs` and as
//! a part of `postgres.rs`, and the compiler types them for each engine's own pool. What really
//! differs (opening, the lock of a write, how others hear of it) is in those two files. Portable
//! SQL costs little here: `$1`, `RETURNING`, `ON CONFLICT DO NOTHING` and the row count, UUIDs,
//! and integers for instants. sqlx's `Any` would lose the types, and code that is generic over
//! the database drowns in bounds.
//!
//! One suite, `tests/conformance`, holds both engines to the same behaviour.

mod accounts;
mod keys;
mod postgres;
mod scratch;
mod sessions;
mod sqlite;
mod watch;

use std::{fmt, future::Future, ops::Deref, sync::Arc, time::Duration};

use async_trait::async_trait;

pub use self::{
    accounts::{AccountChange, Accounts, Creation, Credentials, NewAccount},
    keys::{Keys, SealedKey},
    scratch::{Kept, Place, Scratch},
    sessions::{Ended, Rotation, Sessions},
    watch::{Wake, Watch},
};
use crate::{audit::AuditEntry, clock::Timestamp, redis::Redis};

/// A database that hangs is given up after this long, so that whoever waits hears of it.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The store, on whichever engine.
#[derive(Clone)]
pub struct Store(Arc<dyn Engine>);

/// What every engine promises, besides what is in its other traits.
#[async_trait]
pub trait Engine: Accounts + Sessions + Keys {
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// What time it is where the database runs; `None` if that is this machine.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Writes what is open and lets go of the database.
    async fn close(&self);

    /// Writes audit entries that stand alone, all or none.
    async fn record(&self, entries: &[AuditEntry]) -> Result<(), StoreError>;

    /// Starts to watch for what other processes change.
    async fn watch(&self) -> Result<Box<dyn Watch>, StoreError>;

    /// A table for a moment, on the same engine: in memory where that is this process's own.
    async fn scratch(&self) -> Result<Box<dyn Scratch>, StoreError>;

    /// Deletes sessions that are over, and audit entries, from before `before`, at most `limit` of
    /// each. Answers how many rows went. On one node at a time: another that asks meanwhile is
    /// told 0.
    async fn purge(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, is busy, or is gone.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database did not answer in time.
    #[error("database: no answer within {} s", TIMEOUT.as_secs())]
    Hung,
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The address names an engine that is none of ours.
    #[error("database: the address must start with sqlite: or postgres:")]
    UnknownEngine,
}

impl StoreError {
    /// Whether the database may well answer a little later: another process holds it, it hangs, it
    /// is starting or stopping, or the connection broke.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Hung => true,
            Self::Database(error) => match error {
                sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
                sqlx::Error::Database(error) => {
                    let code = error.code();
                    let code = code.as_deref().unwrap_or_default();
                    sqlite::is_busy(code) || postgres::is_busy(code)
                }
                _ => false,
            },
            Self::Migration(_) | Self::UnknownEngine => false,
        }
    }
}

impl Store {
    /// Opens the database, made where there is none, and brings its schema up to date. Of several
    /// processes that open it at once, one migrates and the others wait.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with_redis(url, None).await
    }

    /// The same, with a Redis that tells the nodes of changes. Only PostgreSQL has several.
    pub async fn open_with_redis(url: &str, redis: Option<Redis>) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Ok(Self(Arc::new(sqlite::Sqlite::open(url).await?)))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Self(Arc::new(postgres::Postgres::open(url, redis).await?)))
        } else {
            Err(StoreError::UnknownEngine)
        }
    }

    /// A table for a moment in the memory of this process.
    pub(crate) async fn scratch_in_memory() -> Result<Box<dyn Scratch>, StoreError> {
        sqlite::scratch().await
    }
}

impl Deref for Store {
    type Target = dyn Engine;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// Waits for the database, but not for ever.
async fn within<T>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(TIMEOUT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(StoreError::Hung),
    }
}
