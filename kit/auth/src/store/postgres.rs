//! PostgreSQL: many nodes. What a person was told has happened is on the server's disk
//! (`synchronous_commit`, on by default).
//!
//! Whoever ends a session says so on a channel, in the same transaction: the word goes out when the
//! commit does. A connection that listens may die without a sign, so each [watch] also says something
//! to itself every second: hearing it proves that it would hear the others.

#[path = "sql/mod.rs"]
#[expect(
    clippy::duplicate_mod,
    reason = "written once, typed for each engine: see the parent"
)]
mod sql;

mod address;
mod pooler;
mod tables;
mod watch;

use std::{sync::Arc, time::Duration};

use sqlx::{
    PgConnection, PgPool, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use self::{
    pooler::Between,
    watch::{ChannelWatch, PollWatch},
};
use super::StoreOptions;
use crate::{
    accounts::{AccountId, HeldAccount},
    clock::Timestamp,
    hashing::PasswordHash,
    sessions::{Rotation, Session, SessionId},
    store::{
        columns::session_columns,
        error::{StoreError, with_timeout},
        watch::{ChangeSignal, Watch},
    },
};

/// The database, to the shared statements.
type Db = sqlx::Postgres;
/// The store, to the shared statements.
type EngineStore = Postgres;

/// The connections of requests.
const CONNECTIONS: u32 = 16;
/// Those by which a node follows what others change, however busy the requests are. One more listens.
const FEED_CONNECTIONS: u32 = 2;
/// How long a request may wait for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// A node that froze in the middle of a write does not keep its rows from the others for longer. Set
/// for the transaction and in one go with its beginning: poolers refuse it as an option of the
/// connection, and give the next transaction another one.
const BEGIN: &str = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'";
/// Where changes are announced.
const CHANNEL: &str = "monban";

/// The store on PostgreSQL.
#[derive(Clone, Debug)]
pub(super) struct Postgres {
    reader: PgPool,
    writer: PgPool,
    feed: PgPool,
    options: PgConnectOptions,
    between: Between,
    /// Wakes the nodes in place of `LISTEN`.
    signal: Option<Arc<dyn ChangeSignal>>,
}

impl Postgres {
    /// What a pooler may say at any moment of it is told as what to set there.
    pub(super) async fn open(url: &str, chosen: StoreOptions) -> Result<Self, StoreError> {
        let opened = Self::open_through(url, chosen).await;
        opened.map_err(pooler::explain)
    }

    async fn open_through(url: &str, chosen: StoreOptions) -> Result<Self, StoreError> {
        let StoreOptions {
            signal,
            allow_plaintext,
            tables_wait,
            ..
        } = chosen;
        let options = address::options(url, allow_plaintext)?;
        let pool = pool(CONNECTIONS).connect_with(options.clone()).await?;
        let between = pooler::find(&pool).await?;
        if between == Between::Pooler && signal.is_none() {
            tracing::info!(
                "a pooler in transaction mode stands before PostgreSQL and passes no LISTEN on: changes of other nodes are looked for every second. A Redis tells of them at once"
            );
        }
        migrate(&pool, tables_wait).await?;
        Ok(Self {
            reader: pool.clone(),
            writer: pool,
            feed: self::pool(FEED_CONNECTIONS).connect_lazy_with(options.clone()),
            options,
            between,
            signal,
        })
    }

    /// Commits, and wakes the other nodes.
    async fn commit_and_announce(&self, mut write: Transaction<'_, Db>) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT pg_notify($1, '')")
            .bind(CHANNEL)
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        if let Some(signal) = &self.signal {
            signal.announce().await;
        }
        Ok(())
    }

    /// Writes nothing: a database that only reads, such as a standby, refuses this although no row
    /// is meant.
    async fn try_write(&self) -> Result<(), StoreError> {
        with_timeout(async {
            let mut write = begin_write(&self.writer).await?;
            sqlx::query("DELETE FROM audit WHERE 1 = 0")
                .execute(&mut *write)
                .await?;
            write.rollback().await
        })
        .await
    }

    async fn start_watch(&self) -> Result<Box<dyn Watch>, StoreError> {
        if let Some(signal) = &self.signal {
            return Ok(signal.watch());
        }
        Ok(match self.between {
            Between::Nothing => Box::new(ChannelWatch::start(self.options.clone()).await?),
            Between::Pooler => Box::new(PollWatch::start()),
        })
    }
}

/// A connection is tried before each use: whether it lives, and whether its server takes writes.
/// One that was demoted keeps its connections, and a new one leads to the new primary.
fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, _| Box::pin(leads_to_primary(connection)))
}

async fn leads_to_primary(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let asked = sqlx::query_scalar("SELECT NOT pg_is_in_recovery()").fetch_one(connection);
    Ok(asked.await.unwrap_or(false))
}

/// Begins in a task of its own, which ends even if nobody waits for it any more. Whoever gave up
/// between `BEGIN` and its answer would leave a connection that is in a transaction, and sqlx would
/// not know: the next to write on it would be told that it is done, and it would never be committed.
async fn begin_write(writer: &PgPool) -> Result<Transaction<'static, Db>, sqlx::Error> {
    let writer = writer.clone();
    let begun = tokio::spawn(async move { writer.begin_with(BEGIN).await });
    begun.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

/// Brings the schema up to date. One at a time: the others wait. The lock for that is the
/// transaction's, not the connection's, so that it ends with it, through a pooler as well.
async fn migrate(pool: &PgPool, tables_wait: Duration) -> Result<(), StoreError> {
    let migrations = sqlx::migrate!("migrations/postgres");
    let mut migrating = pool.begin_with(BEGIN).await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('monban migrate'))")
        .execute(&mut *migrating)
        .await?;
    let is_behind = is_behind(&mut migrating, &migrations).await?;
    if is_behind {
        tables::hold(&mut migrating, tables_wait).await?;
    }
    sql::schema::migrate(migrating, migrations).await?;
    // Of new columns the planner knows nothing, and would read whole tables until the server comes
    // to it by itself.
    if is_behind && let Err(error) = sqlx::raw_sql("ANALYZE accounts").execute(pool).await {
        tracing::warn!(%error, "the schema is up to date, and the planner does not know it yet: run ANALYZE accounts");
    }
    Ok(())
}

/// Whether there is a schema that lacks one of those migrations.
async fn is_behind(
    migrating: &mut Transaction<'_, Db>,
    migrations: &Migrator,
) -> Result<bool, sqlx::Error> {
    let is_new: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NULL")
        .fetch_one(&mut **migrating)
        .await?;
    if is_new {
        return Ok(false);
    }
    let done: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(&mut **migrating)
        .await?;
    Ok(migrations.iter().any(|one| !done.contains(&one.version)))
}

async fn find_sessions(reader: &PgPool, ids: &[SessionId]) -> Result<Vec<Session>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT ",
        session_columns!(),
        " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = ANY($1)",
    ))
    .bind(ids)
    .fetch_all(reader)
    .await
}

/// What is true of an account, and stays so until the transaction ends. References to it do not wait.
async fn hold_account(
    write: &mut PgConnection,
    id: AccountId,
) -> Result<Option<HeldAccount>, sqlx::Error> {
    sqlx::query_as(
        "SELECT version, credential_version, disabled_at, roles FROM accounts WHERE id = $1
         FOR NO KEY UPDATE",
    )
    .bind(id)
    .fetch_optional(&mut *write)
    .await
}

/// Locks sessions in the order of their ids, as everybody does who writes several.
async fn hold_sessions(write: &mut PgConnection, ids: &[SessionId]) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT 1 FROM sessions WHERE id = ANY($1) ORDER BY id FOR UPDATE")
        .bind(ids)
        .execute(&mut *write)
        .await?;
    Ok(())
}

/// Sessions of the account that are not ended, but never the one kept: locked, in the same order.
async fn hold_living(
    write: &mut PgConnection,
    account: AccountId,
    kept: SessionId,
    limit: u32,
) -> Result<Vec<SessionId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT id FROM sessions WHERE account_id = $1 AND id <> $2 AND ended_at IS NULL
         ORDER BY id LIMIT $3 FOR UPDATE",
    )
    .bind(account)
    .bind(kept)
    .bind(i64::from(limit))
    .fetch_all(&mut *write)
    .await
}

/// All in one statement. Their rows are locked in the order of their ids, as everybody does who
/// writes several, so that two nodes never wait for each other.
async fn rotate_sessions(
    writer: &PgPool,
    rotations: &[Rotation],
) -> Result<Vec<SessionId>, sqlx::Error> {
    fn column<T>(rotations: &[Rotation], of: impl Fn(&Rotation) -> T) -> Vec<T> {
        rotations.iter().map(of).collect()
    }
    sqlx::query_scalar(
        "WITH wanted AS (
             SELECT session, stands_at, becomes, at, idle_expires_at, ip
             FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[],
                                  $5::bigint[], $6::text[])
                 AS wanted (session, stands_at, becomes, at, idle_expires_at, ip)
         ), held AS (
             SELECT s.id FROM sessions s JOIN wanted w ON s.id = w.session
             ORDER BY s.id FOR UPDATE OF s
         )
         UPDATE sessions s
         SET generation = w.becomes, rotated_at = w.at, generation_seen_at = NULL,
             idle_expires_at = w.idle_expires_at, seen_at = w.at, ip = w.ip
         FROM wanted w
         WHERE s.id = w.session AND s.id IN (SELECT id FROM held)
           AND s.generation = w.stands_at AND s.ended_at IS NULL
         RETURNING s.id",
    )
    .bind(column(rotations, |rotation| rotation.session))
    .bind(column(rotations, |rotation| rotation.from))
    .bind(column(rotations, |rotation| rotation.to))
    .bind(column(rotations, |rotation| rotation.at))
    .bind(column(rotations, |rotation| rotation.idle_expires_at))
    .bind(column(rotations, |rotation| rotation.ip.clone()))
    .fetch_all(writer)
    .await
}

/// `$argon2id$v=19$` has 15 characters; the costs end at the next dollar.
async fn hash_costs(reader: &PgPool) -> Result<Vec<PasswordHash>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT DISTINCT
             substr(password_hash, 1, 14 + strpos(substr(password_hash, 16), '$'))
         FROM accounts LIMIT 1000",
    )
    .fetch_all(reader)
    .await
}

/// All in one statement.
async fn claim_folded(writer: &PgPool, claims: &[(AccountId, String)]) -> Result<(), sqlx::Error> {
    let (ids, folded): (Vec<AccountId>, Vec<String>) = claims.iter().cloned().unzip();
    sqlx::query(
        "UPDATE accounts a SET email_claim = claim.folded
         FROM unnest($1::uuid[], $2::text[]) AS claim (id, folded)
         WHERE a.id = claim.id AND a.email_folded IS NULL AND a.email_claim IS NULL",
    )
    .bind(ids)
    .bind(folded)
    .execute(writer)
    .await?;
    Ok(())
}

async fn server_time(reader: &PgPool) -> Result<Option<Timestamp>, sqlx::Error> {
    sqlx::query_scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        .fetch_one(reader)
        .await
        .map(Some)
}

/// Whether this node is the one that purges, until its transaction ends.
async fn may_purge(write: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtext('monban purge'))")
        .fetch_one(&mut *write)
        .await
}
