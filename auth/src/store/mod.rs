//! The store: SQL, and no decisions.
//!
//! Each method is one promise, atomic inside. What may happen is decided before it is called;
//! what did happen is its answer.
//!
//! SQLite, with one connection that writes and a few that read (WAL). `synchronous = FULL`: what a
//! person was told has happened survives a loss of power.

mod accounts;
mod sessions;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use uuid::Uuid;

pub use self::accounts::{Credentials, NewAccount};
pub(crate) use self::sessions::Rotation;
use crate::audit::AuditEntry;

const READERS: u32 = 4;
/// How long another process, such as a command-line call, may hold the write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The store on SQLite.
#[derive(Clone, Debug)]
pub struct Store {
    reader: SqlitePool,
    writer: SqlitePool,
}

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, is busy, or is gone.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Whether somebody else holds the database, and may let go of it soon.
    pub fn is_busy(&self) -> bool {
        /// `SQLITE_BUSY`, the low byte of its extended codes.
        const BUSY: u32 = 5;
        match self {
            Self::Database(sqlx::Error::PoolTimedOut) => true,
            Self::Database(sqlx::Error::Database(error)) => {
                let code = error.code().and_then(|code| code.parse::<u32>().ok());
                code.is_some_and(|code| code & 0xff == BUSY)
            }
            _ => false,
        }
    }
}

/// What became of a new account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It is there.
    Created,
    /// Another account has that address; nothing was written.
    EmailTaken,
}

impl Store {
    /// Opens the database, made where there is none, and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self { reader, writer })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    /// Writes what is open and lets go of the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Writes an audit entry that stands alone.
    pub async fn record(&self, entry: AuditEntry) -> Result<(), StoreError> {
        let mut write = self.begin_write().await?;
        insert_audit(&mut write, entry).await?;
        Ok(write.commit().await?)
    }

    /// Takes the write lock at once, so that a transaction never fails half-way for want of it.
    async fn begin_write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

async fn insert_audit(
    write: &mut Transaction<'_, Sqlite>,
    entry: AuditEntry,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit (id, at, event, account_id, session_id, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(Uuid::now_v7())
    .bind(entry.at)
    .bind(entry.event.code())
    .bind(entry.account_id)
    .bind(entry.session_id)
    .bind(entry.event.reason())
    .execute(&mut **write)
    .await?;
    Ok(())
}
