//! The store: SQL, and no decisions.
//!
//! Each method is one promise, atomic inside. What may happen is decided before it is called;
//! what did happen is its answer.
//!
//! Two engines keep the same promises: SQLite, embedded, for one node, and PostgreSQL for many.
//! The promises are the traits [`Accounts`], [`Sessions`], [`Keys`] and [`Engine`]. Their
//! statements stand in `sql/`, once: the files are compiled twice, as a part of `sqlite.rs` and as
//! a part of `postgres.rs`, and the compiler types them for each engine's own pool. What really
//! differs (opening, the lock of a write, many rows at once, how others hear of it) is in those
//! two files. Portable SQL costs little here: `$1`, `RETURNING`, `ON CONFLICT DO NOTHING` and the
//! row count, UUIDs, and integers for instants. sqlx's `Any` would lose the types, and code that
//! is generic over the database drowns in bounds.
//!
//! A refresh reads one row and moves it. Those of many clients at once go in one statement, and in
//! one write to the disk.
//!
//! One suite, `tests/conformance`, holds both engines to the same behaviour.

mod accounts;
mod coalescer;
mod columns;
mod emails;
mod keys;
mod postgres;
mod sessions;
mod sqlite;
mod watch;

use std::{
    borrow::Cow, collections::HashMap, fmt, future::Future, ops::Deref, path::PathBuf, sync::Arc,
    time::Duration,
};

use async_trait::async_trait;

use self::coalescer::Coalescer;
pub use self::{
    accounts::{AccountChange, Accounts, Creation, Credentials, NewAccount, StandingChange},
    emails::{EmailChange, EmailCollision, Emails},
    keys::{Keys, SealedKey},
    sessions::{Ended, NewSession, Rotation, Sessions, Start, Started},
    sqlite::DatabaseFileError,
    watch::{Signal, Watch},
};
use crate::{
    audit::AuditEntry,
    clock::Timestamp,
    redis::Redis,
    roles::Roles,
    session::{Session, SessionId},
    transport::PlaintextError,
    version::{AccountVersion, CredentialVersion},
};

/// A database that hangs is given up after this long, so that whoever waits hears of it.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The store, on whichever engine.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
    finds: Coalescer<SessionId, Option<Session>>,
    rotations: Coalescer<Rotation, bool>,
}

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Whether a database is made where there is none. Only SQLite makes one: on PostgreSQL, it is
    /// there already.
    pub create: bool,
    /// What tells the nodes of changes, in place of the database. Only PostgreSQL has many nodes.
    pub redis: Option<Redis>,
    /// Whether a server on another machine may be reached without TLS.
    pub allow_plaintext: bool,
    /// How long the start waits until nobody else uses the tables, where PostgreSQL has to change
    /// them. Running nodes use them for moments only, a backup for as long as it takes.
    pub tables_wait: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            create: true,
            redis: None,
            allow_plaintext: false,
            tables_wait: Duration::from_mins(10),
        }
    }
}

/// What every engine promises, besides what is in its other traits.
#[async_trait]
pub trait Engine: Accounts + Emails + Sessions + Keys {
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Whether the database takes what is written. Nothing stays of it.
    async fn check_writer(&self) -> Result<(), StoreError>;

    /// What time it is where the database runs; `None` if that is this machine.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Writes what is open and lets go of the database.
    async fn close(&self);

    /// Writes audit entries that stand alone, all or none.
    async fn record(&self, entries: &[AuditEntry]) -> Result<(), StoreError>;

    /// Starts to watch for what other processes change.
    async fn watch(&self) -> Result<Box<dyn Watch>, StoreError>;

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
                    .is_some_and(|code| sqlite::is_busy(&code) || postgres::is_busy(&code)),
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
fn code_of(error: &sqlx::Error) -> Option<Cow<'_, str>> {
    error.as_database_error()?.code()
}

impl Store {
    /// Opens the database, made where there is none and the options allow it, and brings its schema up to date. Of several
    /// processes that open it at once, one migrates and the others wait.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_with(url, StoreOptions::default()).await
    }

    /// The same, in another way than the usual one.
    pub async fn open_with(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            Ok(Self::on(Arc::new(
                sqlite::Sqlite::open(url, options.create).await?,
            )))
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let engine = postgres::Postgres::open(url, options).await?;
            Ok(Self::on(Arc::new(engine)))
        } else {
            Err(StoreError::UnknownEngine)
        }
    }

    fn on(engine: Arc<dyn Engine>) -> Self {
        let (finder, rotator) = (Arc::clone(&engine), Arc::clone(&engine));
        let finds = Coalescer::new(move |ids| find_all(Arc::clone(&finder), ids));
        let rotations =
            Coalescer::new(move |rotations| rotate_all(Arc::clone(&rotator), rotations));
        Self {
            engine,
            finds,
            rotations,
        }
    }

    /// The session of that id, dead or alive.
    pub async fn find_session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.finds.submit(id).await
    }

    /// Compare-and-swap: moves a living session from one generation to the next. False if it no
    /// longer stands there, or somebody else moves it at this very moment.
    pub async fn rotate(&self, rotation: Rotation) -> Result<bool, StoreError> {
        self.rotations.submit(rotation).await
    }
}

impl Deref for Store {
    type Target = dyn Engine;

    fn deref(&self) -> &Self::Target {
        &*self.engine
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

/// The sessions of those ids, each in its place.
async fn find_all(
    engine: Arc<dyn Engine>,
    ids: Vec<SessionId>,
) -> Result<Vec<Option<Session>>, StoreError> {
    let found = engine.find_sessions(&ids).await?;
    let found: HashMap<_, _> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// Who of them has rotated. Of several that move one session at once, one is tried: the others have
/// lost to it, or read the row again.
async fn rotate_all(
    engine: Arc<dyn Engine>,
    rotations: Vec<Rotation>,
) -> Result<Vec<bool>, StoreError> {
    let mut first = HashMap::new();
    for (place, rotation) in rotations.iter().enumerate() {
        first.entry(rotation.session).or_insert(place);
    }
    let tried: Vec<Rotation> = first
        .values()
        .map(|&place| rotations[place].clone())
        .collect();
    let mut won = vec![false; rotations.len()];
    for session in engine.rotate_sessions(&tried).await? {
        won[first[&session]] = true;
    }
    Ok(won)
}

/// What is true of an account while a transaction holds it.
#[derive(sqlx::FromRow)]
struct HeldAccount {
    version: AccountVersion,
    credential_version: CredentialVersion,
    disabled_at: Option<Timestamp>,
    roles: Roles,
}

/// Waits for the database, but not for ever.
async fn with_timeout<T>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send,
) -> Result<T, StoreError> {
    match tokio::time::timeout(TIMEOUT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(StoreError::Hung),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Account, AccountId, Email, Name},
        hashing::PasswordHash,
        session::{Client, Lifetimes, Persistence},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[tokio::test]
    async fn of_several_in_one_batch_that_rotate_one_session_the_first_wins() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/store.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        let account = Account {
            id: AccountId::generate(),
            email: Email::parse("ann@example.com").unwrap(),
            name: Name::parse("Ann").unwrap(),
            roles: Roles::default(),
            created_at: NOW,
            disabled_at: None,
        };
        let hour = Duration::from_hours(1);
        let lifetimes = Lifetimes {
            access: hour,
            idle_kept: hour,
            idle_browser: hour,
            absolute: hour,
        };
        let session = Session::begin(
            account.id,
            Roles::default(),
            Persistence::Kept,
            &Client::new(String::new(), ""),
            &lifetimes,
            NOW,
        );
        let password_hash = PasswordHash::from_phc("one");
        let new = NewAccount {
            account,
            password_hash,
        };
        store.create_account(&new, None).await.unwrap();
        let new = NewSession {
            session: session.clone(),
            checked: CredentialVersion::FIRST,
            replaces: None,
            at_most: 1,
        };
        store.start_session(&new).await.unwrap();
        let rotation = Rotation {
            session: session.id,
            from: session.generation,
            to: session.generation.next(),
            at: NOW,
            idle_expires_at: NOW + hour,
            ip: String::new(),
        };
        let won = rotate_all(Arc::clone(&store.engine), vec![rotation; 3]).await;
        assert_eq!(won.unwrap(), [true, false, false]);
    }
}
