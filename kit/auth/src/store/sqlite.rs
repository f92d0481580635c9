//! SQLite, embedded: one connection that writes and a few that read (WAL). `synchronous = FULL`:
//! what a person was told has happened survives a loss of power. Its files are for their owner only.

#[path = "sql/mod.rs"]
mod sql;

mod files;

use std::{path::absolute, str::FromStr, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Connection, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::Instant;

pub use self::files::DatabaseFileError;
use super::{
    HeldAccount, Rotation, Signal, StoreError, Watch, code_of, columns::session_columns,
    with_timeout,
};
use crate::{
    account::AccountId,
    clock::Timestamp,
    hashing::PasswordHash,
    session::{Session, SessionId},
};

/// The database, to the shared statements.
type Db = sqlx::Sqlite;
/// The store, to the shared statements.
type EngineStore = Sqlite;

const READERS: u32 = 4;
/// How long another process, such as a command-line call, may hold the write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);
/// How long another process may take to bring the schema up to date.
const MIGRATION_TIMEOUT: Duration = Duration::from_mins(5);
/// How often the file is asked whether somebody else wrote to it. The question reads one number.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The store on SQLite.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    reader: SqlitePool,
    writer: SqlitePool,
    /// What follows changes of others reads from it.
    feed: SqlitePool,
    options: SqliteConnectOptions,
    in_memory: bool,
}

impl Sqlite {
    /// On a full disk SQLite rolls back by itself. sqlx then takes the writer to be in a transaction
    /// for ever, so another takes its place.
    pub(super) async fn open(url: &str, create: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if in_memory {
            return Self::open_by(options, true).await;
        }
        let file = options.get_filename();
        let path = absolute(file).unwrap_or_else(|_| file.to_owned());
        files::prepare(&path, create)?;
        // What SQLite says names no file.
        let opened = Self::open_by(options, false).await;
        opened.map_err(|error| match error {
            StoreError::Database(_) | StoreError::Migration(_) => StoreError::InFile {
                path,
                error: Box::new(error),
            },
            error => error,
        })
    }

    async fn open_by(options: SqliteConnectOptions, in_memory: bool) -> Result<Self, StoreError> {
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .test_before_acquire(false)
            .before_acquire(|writer, _| Box::pin(async { Ok(!writer.is_in_transaction()) }));
        // Of several that open it for the first time, one goes first, here and in the migrations.
        let writer = while_locked(|| writer.clone().connect_with(options.clone())).await?;
        let migrating = while_locked(|| begin_write(&writer)).await?;
        sql::schema::migrate(migrating, sqlx::migrate!("migrations/sqlite")).await?;
        let options = options.read_only(true);
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        Ok(Self {
            feed: reader.clone(),
            reader,
            writer,
            options,
            in_memory,
        })
    }

    /// Commits. Others see it in the file.
    async fn commit_and_tell(&self, write: Transaction<'_, Db>) -> Result<(), sqlx::Error> {
        write.commit().await
    }

    /// Writes into the file, and takes it back. On a full disk a small change would fail only when it
    /// is committed, as SQLite keeps it in memory until then: this one does not fit there. Nothing of
    /// it counts, and the next that is written takes its place.
    ///
    /// What is open can be written even when its mode says that it no longer may be. But the next
    /// start would fail, and so that is told as well.
    async fn try_write(&self) -> Result<(), StoreError> {
        /// What is kept in memory otherwise is SQLite's default. Whoever breaks off in between leaves
        /// a writer that is a little slower, until the next time.
        const TRY: &str = "PRAGMA cache_size = 1;
             INSERT INTO audit (id, at, event) VALUES (randomblob(16), 0, hex(zeroblob(32768)));
             PRAGMA cache_size = -2000";
        if !self.in_memory {
            files::look_at_mode(self.options.get_filename())?;
        }
        with_timeout(async {
            let mut write = begin_write(&self.writer).await?;
            sqlx::raw_sql(TRY).execute(&mut *write).await?;
            write.rollback().await
        })
        .await
    }

    async fn start_watch(&self) -> Result<Box<dyn Watch>, StoreError> {
        let mut connection = SqliteConnection::connect_with(&self.options).await?;
        let version = data_version(&mut connection).await?;
        Ok(Box::new(FileWatch {
            connection,
            version,
        }))
    }
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
pub(super) fn is_busy(code: &str) -> bool {
    primary(code).is_some_and(|code| [BUSY, READ_ONLY, IO, FULL].contains(&code))
}

/// Whether somebody else holds the file.
fn is_locked(error: &sqlx::Error) -> bool {
    code_of(error).and_then(|code| primary(&code)) == Some(BUSY)
}

/// The primary code: the low byte of an extended one.
fn primary(code: &str) -> Option<u32> {
    // Longer ones are no codes of SQLite's.
    let code = (code.len() < 5).then(|| code.parse::<u32>().ok());
    code.flatten().map(|code| code & 0xff)
}

/// Tries again for as long as another process may take to bring the schema up to date.
async fn while_locked<T, F: Future<Output = Result<T, sqlx::Error>>>(
    work: impl Fn() -> F,
) -> Result<T, sqlx::Error> {
    let given_up = Instant::now() + MIGRATION_TIMEOUT;
    loop {
        match work().await {
            Err(error) if is_locked(&error) && Instant::now() < given_up => {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            done => return done,
        }
    }
}

/// Takes the write lock at once, so that a transaction never fails half-way for want of it.
async fn begin_write(writer: &SqlitePool) -> Result<Transaction<'static, Db>, sqlx::Error> {
    writer.begin_with("BEGIN IMMEDIATE").await
}

/// What is true of an account. Whoever holds the write lock holds it.
async fn hold_account(
    write: &mut Transaction<'_, Db>,
    id: AccountId,
) -> Result<Option<HeldAccount>, sqlx::Error> {
    sqlx::query_as(
        "SELECT version, credential_version, disabled_at, roles FROM accounts WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&mut **write)
    .await
}

/// Whoever holds the write lock holds them.
async fn hold_sessions(_: &mut Transaction<'_, Db>, _: &[SessionId]) -> Result<(), sqlx::Error> {
    Ok(())
}

/// Sessions of the account that are not ended, but never the one kept.
async fn hold_living(
    write: &mut Transaction<'_, Db>,
    account: AccountId,
    kept: SessionId,
    limit: u32,
) -> Result<Vec<SessionId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM sessions WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL LIMIT $3",
    )
    .bind(account)
    .bind(kept)
    .bind(i64::from(limit))
    .fetch_all(&mut **write)
    .await
}

/// One after the other: there is no way to the database that would be long.
async fn find_sessions(
    reader: &SqlitePool,
    ids: &[SessionId],
) -> Result<Vec<Session>, sqlx::Error> {
    let mut read = reader.acquire().await?;
    let mut found = Vec::new();
    for id in ids {
        found.extend(
            sqlx::query_as::<_, Session>(concat!(
                "SELECT ",
                session_columns!(),
                " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1",
            ))
            .bind(id)
            .fetch_optional(&mut *read)
            .await?,
        );
    }
    Ok(found)
}

/// One after the other, and one write to the disk.
async fn rotate_sessions(
    writer: &SqlitePool,
    rotations: &[Rotation],
) -> Result<Vec<SessionId>, sqlx::Error> {
    let mut write = begin_write(writer).await?;
    let mut rotated = Vec::new();
    for rotation in rotations {
        rotated.extend(
            sqlx::query_scalar::<_, SessionId>(
                "UPDATE sessions
                 SET generation = $3, rotated_at = $4, generation_seen_at = NULL,
                     idle_expires_at = $5, seen_at = $4, ip = $6
                 WHERE id = $1 AND generation = $2 AND ended_at IS NULL
                 RETURNING id",
            )
            .bind(rotation.session)
            .bind(rotation.from)
            .bind(rotation.to)
            .bind(rotation.at)
            .bind(rotation.idle_expires_at)
            .bind(&rotation.ip)
            .fetch_optional(&mut *write)
            .await?,
        );
    }
    write.commit().await?;
    Ok(rotated)
}

/// `$argon2id$v=19$` has 15 characters; the costs end at the next dollar.
async fn hash_costs(reader: &SqlitePool) -> Result<Vec<PasswordHash>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT DISTINCT
             substr(password_hash, 1, 14 + instr(substr(password_hash, 16), '$'))
         FROM accounts LIMIT 1000",
    )
    .fetch_all(reader)
    .await
}

/// One after the other, and one write to the disk.
async fn claim_folded(
    writer: &SqlitePool,
    claims: &[(AccountId, String)],
) -> Result<(), sqlx::Error> {
    let mut write = begin_write(writer).await?;
    for (id, folded) in claims {
        sqlx::query(
            "UPDATE accounts SET email_claim = $2
             WHERE id = $1 AND email_folded IS NULL AND email_claim IS NULL",
        )
        .bind(id)
        .bind(folded)
        .execute(&mut *write)
        .await?;
    }
    write.commit().await
}

/// The file is on this machine.
async fn server_time(_: &SqlitePool) -> Result<Option<Timestamp>, sqlx::Error> {
    Ok(None)
}

/// Whoever holds the write lock is the only one.
async fn may_purge(_: &mut Transaction<'_, Db>) -> Result<bool, sqlx::Error> {
    Ok(true)
}

/// Sees commits of other processes by the version of the file.
#[derive(Debug)]
struct FileWatch {
    connection: SqliteConnection,
    version: i64,
}

#[async_trait]
impl Watch for FileWatch {
    async fn next(&mut self) -> Result<Signal, StoreError> {
        tokio::time::sleep(LOOK_EVERY).await;
        let version = data_version(&mut self.connection).await?;
        let changed = std::mem::replace(&mut self.version, version) != version;
        Ok(if changed {
            Signal::Changed
        } else {
            Signal::Idle
        })
    }
}

/// Changes whenever another connection has committed.
async fn data_version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA data_version")
        .fetch_one(connection)
        .await
}

#[cfg(test)]
mod tests {
    use super::super::postgres;

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
            assert_eq!(super::is_busy(code), on_sqlite, "{code}");
            assert_eq!(postgres::is_busy(code), on_postgres, "{code}");
        }
    }
}
