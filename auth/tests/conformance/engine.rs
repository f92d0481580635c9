//! A store on each engine, empty.

use std::{env, path::PathBuf, process::Command, sync::Arc};

use monban_auth::Store;
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
}

pub async fn sqlite() -> Stage {
    let data = Arc::new(tempfile::tempdir().unwrap());
    let url = format!("sqlite://{}/monban.db", data.path().display());
    Stage {
        store: Store::open(&url).await.unwrap(),
        url,
        _data: Some(data),
    }
}

/// A database of one's own on the server that `scripts/postgres.sh` keeps for tests, or on the one
/// that `MONBAN_TEST_POSTGRES` names.
pub async fn postgres() -> Stage {
    let server = server();
    let name = format!("t_{}", Uuid::new_v4().simple());
    let admin = sqlx::PgPool::connect(&format!("{server}/postgres"))
        .await
        .unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.unwrap();
    let url = format!("{server}/{name}");
    Stage {
        store: Store::open(&url).await.unwrap(),
        url,
        _data: None,
    }
}

/// The server's address without a database. Started if nobody has yet.
fn server() -> String {
    if let Ok(server) = env::var("MONBAN_TEST_POSTGRES") {
        return server;
    }
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres.sh");
    let output = Command::new(script).arg("start").output().unwrap();
    assert!(
        output.status.success(),
        "PostgreSQL did not start: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
