//! A store on each engine, empty.

use std::{env, path::PathBuf, process::Command, sync::Arc};

use monban_auth::Store;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// An empty store, and how to open it again.
pub struct Stage {
    pub store: Store,
    pub url: String,
    _data: Option<Arc<TempDir>>,
}

impl Stage {
    /// The same database, as another process opens it.
    pub async fn another(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Where a database may be made that nobody has opened yet.
    pub async fn another_database(&self) -> String {
        if self.is_sqlite() {
            self.url.replace("monban.db", "another.db")
        } else {
            empty_postgres().await.url
        }
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// What a query counts.
    pub async fn count(&self, query: &'static str) -> i64 {
        if self.is_sqlite() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            let counted = sqlx::query_scalar(query).fetch_one(&mut connection).await;
            counted.unwrap()
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let counted = sqlx::query_scalar(query).fetch_one(&mut connection).await;
            counted.unwrap()
        }
    }

    /// Runs a statement beside the store, as an operator or a newer version does.
    pub async fn run(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        if self.is_sqlite() {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            connection.execute(statement).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            connection.execute(statement).await.unwrap();
        }
    }
}

/// A database with nothing in it.
pub struct Empty {
    pub url: String,
    data: Option<Arc<TempDir>>,
}

impl Empty {
    pub async fn open(self) -> Stage {
        Stage {
            store: Store::open(&self.url).await.unwrap(),
            url: self.url,
            _data: self.data,
        }
    }
}

pub async fn sqlite() -> Stage {
    empty_sqlite().open().await
}

pub async fn postgres() -> Stage {
    empty_postgres().await.open().await
}

pub fn empty_sqlite() -> Empty {
    let data = Arc::new(tempfile::tempdir().unwrap());
    Empty {
        url: format!("sqlite://{}/monban.db?mode=rwc", data.path().display()),
        data: Some(data),
    }
}

/// A database of one's own on the server that `scripts/postgres.sh` keeps for tests, or on the one
/// that `MONBAN_TEST_POSTGRES` names.
pub async fn empty_postgres() -> Empty {
    let server = server();
    let name = format!("t_{}", Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(&format!("{server}/postgres"))
        .await
        .unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.unwrap();
    Empty {
        url: format!("{server}/{name}"),
        data: None,
    }
}

/// The server's address without a database. Started if nobody has yet.
fn server() -> String {
    if let Ok(server) = env::var("MONBAN_TEST_POSTGRES") {
        return server;
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
    let output = Command::new(script).arg("start").output().unwrap();
    assert!(
        output.status.success(),
        "PostgreSQL did not start: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
