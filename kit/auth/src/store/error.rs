//! Why the store did not answer, and whether it may a little later.

use std::{borrow::Cow, path::PathBuf, sync::Arc, time::Duration};

use crate::{store::sqlite::files::DatabaseFileError, transport::PlaintextError};

/// A database that hangs is given up after this long, so that whoever waits hears of it.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(4);

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
    /// A newer version has taken away what this one relies on.
    #[error(
        "database schema: a newer version has changed it so that this one cannot use it any more: it does not know migration {0}. Run a version that does"
    )]
    SchemaTooNew(i64),
    /// The server is on another machine, and nothing would protect what goes there.
    #[error("database: {0}")]
    Plaintext(#[from] PlaintextError),
    /// A pooler in transaction mode stands before the server, and keeps no prepared statements.
    #[error(
        "database: the address leads to a connection pooler in transaction mode that keeps no prepared statements. Set max_prepared_statements = 200 there (PgBouncer 1.21 or newer), or pool_mode = session, or give the address of PostgreSQL itself"
    )]
    Pooler,
    /// A pooler in statement mode stands before the server, and allows no transactions.
    #[error(
        "database: the address leads to a connection pooler in statement mode, which allows no transactions. Set pool_mode = session there, or pool_mode = transaction with max_prepared_statements = 200 (PgBouncer 1.21 or newer), or give the address of PostgreSQL itself"
    )]
    StatementPooler,
    /// Somebody uses the tables for so long that the schema cannot be changed.
    #[error(
        "database schema: it has to be brought up to date, and for {} s its tables were in use: {by}. Start again when they are free", .waited.as_secs()
    )]
    TablesHeld {
        /// How long it was tried.
        waited: Duration,
        /// Who holds them.
        by: String,
    },
    /// The file of the database cannot be one, or cannot be used.
    #[error("database: {0}")]
    File(#[from] DatabaseFileError),
    /// SQLite cannot open its file.
    #[error("{}: {error}", .path.display())]
    InFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: Box<Self>,
    },
    /// The address names an engine that is none of ours.
    #[error("database: the address must start with sqlite: or postgres:")]
    UnknownEngine,
    /// The work on it panicked. That is a fault of ours, and perhaps of somebody else's question.
    #[error("database: the work on the statement broke off")]
    BrokenOff,
    /// What others asked in the same statement failed, and this with it.
    #[error(transparent)]
    Shared(Arc<Self>),
}

impl StoreError {
    /// Whether the database may well answer a little later: another process holds it, it hangs, it
    /// is starting or stopping, its disk is full or takes no writes, or the connection broke.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Hung | Self::BrokenOff => true,
            Self::Database(error) => match error {
                // A connection that is cut while it is being made ends in the middle of a message, too.
                sqlx::Error::PoolTimedOut
                | sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_) => true,
                error => code_of(error)
                    .is_some_and(|code| sqlite_is_busy(&code) || postgres_is_busy(&code)),
            },
            Self::Migration(_)
            | Self::SchemaTooNew(_)
            | Self::Plaintext(_)
            | Self::Pooler
            | Self::StatementPooler
            | Self::TablesHeld { .. }
            | Self::UnknownEngine => false,
            // Until its mode is given back.
            Self::File(error) => matches!(error, DatabaseFileError::NotWritable(..)),
            Self::InFile { error, .. } => error.is_busy(),
            Self::Shared(error) => error.is_busy(),
        }
    }
}

/// By what code the database says what went wrong: an SQLSTATE, or one of SQLite's.
pub(crate) fn code_of(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

/// `SQLITE_BUSY`: somebody else holds the file.
const BUSY: u32 = 5;
/// `SQLITE_READONLY`: the file, or the disk, may not be written.
const READ_ONLY: u32 = 8;
/// `SQLITE_IOERR`: the system did not do it. So it is where a file system became read-only under the file.
const IO: u32 = 10;
/// `SQLITE_FULL`: the disk is.
const FULL: u32 = 13;

/// Whether an error code says that somebody else holds the file, or that it takes no writes until an
/// operator has made room, given its mode back, or looked after the disk.
fn sqlite_is_busy(code: &str) -> bool {
    primary(code).is_some_and(|code| [BUSY, READ_ONLY, IO, FULL].contains(&code))
}

/// Whether another process holds the file of SQLite.
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    code_of(error).and_then(|code| primary(&code)) == Some(BUSY)
}

/// Waits for the database, but not for ever.
pub(crate) async fn with_timeout<T>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(TIMEOUT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(StoreError::Hung),
    }
}

/// The primary code: the low byte of an extended one.
fn primary(code: &str) -> Option<u32> {
    // Longer ones are no codes of SQLite's.
    let code = (code.len() < 5).then(|| code.parse::<u32>().ok());
    code.flatten().map(|code| code & 0xff)
}

/// Whether an SQLSTATE says that the server may answer a little later: it is starting or stopping
/// (57P), the connection broke (08), it has no more connections, memory or disk (53), or two
/// transactions stood in each other's way (40); it was demoted and takes no writes (25006), the
/// transaction was idle for too long, as when this process was frozen (25P03), or somebody put an
/// end to the statement, by a time limit of the operator's, too (57014).
fn postgres_is_busy(code: &str) -> bool {
    let passes = ["57P", "08", "53", "40", "25006", "25P03", "57014"];
    code.len() == 5 && passes.iter().any(|class| code.starts_with(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        for (code, on_sqlite, on_postgres) in [
            ("5", true, false),
            ("517", true, false),
            ("13", true, false),
            ("8", true, false),
            ("1544", true, false),
            ("10", true, false),
            ("778", true, false),
            ("11", false, false),
            ("2067", false, false),
            ("57P01", false, true),
            ("57014", false, true),
            ("25006", false, true),
            ("25P03", false, true),
            ("25P02", false, false),
            ("53100", false, true),
            ("40P01", false, true),
            ("23505", false, false),
            // Its low byte is that of SQLITE_BUSY.
            ("22021", false, false),
        ] {
            assert_eq!(sqlite_is_busy(code), on_sqlite, "{code}");
            assert_eq!(postgres_is_busy(code), on_postgres, "{code}");
        }
    }
}
