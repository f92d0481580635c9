//! SQLite, embedded: one connection that writes and a few that read (WAL). `synchronous = FULL`:
//! what a person was told has happened survives a loss of power. Its files are for their owner only.

#[path = "sql/mod.rs"]
mod sql;

pub(crate) mod files;

use std::{path::absolute, str::FromStr, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Connection, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::Instant;

use crate::{
    accounts::{AccountId, HeldAccount},
    clock::Timestamp,
    hashing::PasswordHash,
    sessions::{Rotation, Session, SessionId},
    store::{
        columns::session_columns,
        error::{StoreError, is_locked, with_timeout},
        watch::{Signal, Watch},
    },
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
    async fn commit_and_announce(&self, write: Transaction<'_, Db>) -> Result<(), sqlx::Error> {
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
    write: &mut SqliteConnection,
    id: AccountId,
) -> Result<Option<HeldAccount>, sqlx::Error> {
    sqlx::query_as(
        "SELECT version, credential_version, disabled_at, roles FROM accounts WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&mut *write)
    .await
}

/// Whoever holds the write lock holds them.
async fn hold_sessions(_: &mut SqliteConnection, _: &[SessionId]) -> Result<(), sqlx::Error> {
    Ok(())
}

/// Sessions of the account that are not ended, but never the one kept.
async fn hold_living(
    write: &mut SqliteConnection,
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
    .fetch_all(&mut *write)
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
async fn may_purge(_: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
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
