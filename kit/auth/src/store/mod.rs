//! The store: SQL, and no decisions.
//!
//! Each method is one promise, atomic inside. What may happen is decided before it is called;
//! what did happen is its answer.
//!
//! Two engines keep the same promises: SQLite, embedded, for one node, and PostgreSQL for many.
//! Each capability has its promises, a trait such as [`SessionStore`], and their statements, once, in
//! the file `sql` of its folder. Those files are compiled twice, as a part of `sqlite.rs` and as a part
//! of `postgres.rs`, and the compiler types them for each engine's own pool. A promise that changes
//! something is a unit of work (`sql/write.rs`), which takes its audit and its changes along. What really
//! differs (opening, the lock of a write, many rows at once, how others hear of it) is in those
//! two files. Portable SQL costs little here: `$1`, `RETURNING`, `ON CONFLICT DO NOTHING` and the
//! row count, UUIDs, and integers for instants. sqlx's `Any` would lose the types, and code that
//! is generic over the database drowns in bounds.
//!
//! A refresh reads one row and moves it. Those of many clients at once go in one statement, and in
//! one write to the disk.
//!
//! One suite, `tests/conformance`, holds both engines to the same behaviour.

mod coalescer;
pub(crate) mod columns;
pub(crate) mod engine;
pub(crate) mod error;
mod postgres;
mod sqlite;
pub(crate) mod watch;

use std::{collections::HashMap, fmt, ops::Deref, sync::Arc, time::Duration};

use self::coalescer::Coalescer;
pub use self::{
    engine::Engine,
    error::StoreError,
    sqlite::files::DatabaseFileError,
    watch::{ChangeSignal, Signal, Watch},
};
use crate::sessions::{Session, SessionId};
pub use crate::{
    accounts::{AccountStore, Creation, Credentials, NewAccount, StatusChange},
    audit::{AuditEntry, AuditEvent},
    changes::{Change, ChangeStore, What},
    clock::Millis,
    emails::{EmailChange, EmailCollision, EmailStore},
    hashing::PasswordHash,
    keys::{KeyStore, SealedKey},
    roles::RoleStore,
    sessions::{NewSession, Rotation, SessionStore, Start, Started, evidence::Use},
};

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
    pub signal: Option<Arc<dyn ChangeSignal>>,
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
            signal: None,
            allow_plaintext: false,
            tables_wait: Duration::from_mins(10),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::{Account, AccountId, Email, Name},
        clock::Timestamp,
        hashing::PasswordHash,
        roles::Roles,
        sessions::{Client, Lifetimes, Persistence},
        version::CredentialVersion,
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
