//! What the database itself says: it is asked behind the server's back, and has the last word.

use std::path::Path;

use sqlx::{PgPool, SqlitePool, sqlite::SqliteConnectOptions};
use uuid::Uuid;

/// Where the nodes keep their sessions.
pub enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    /// The file of the node with that data directory.
    pub async fn in_file(data: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(data.join("data/monban.db"));
        let pool = SqlitePool::connect_with(options).await.unwrap();
        // Every change of a generation that does not go from one to the next leaves a row.
        sqlx::raw_sql(
            "CREATE TABLE astray (session, was, became);
             CREATE TRIGGER watch_generations AFTER UPDATE OF generation ON sessions
             WHEN NEW.generation <> OLD.generation + 1
             BEGIN
               INSERT INTO astray VALUES (lower(hex(OLD.id)), OLD.generation, NEW.generation);
             END",
        )
        .execute(&pool)
        .await
        .unwrap();
        Self::Sqlite(pool)
    }

    /// The one at that address.
    pub async fn at(url: &str) -> Self {
        let pool = PgPool::connect(url).await.unwrap();
        sqlx::raw_sql(
            "CREATE TABLE astray (session text, was bigint, became bigint);
             CREATE FUNCTION note_astray() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
               INSERT INTO astray
               VALUES (replace(OLD.id::text, '-', ''), OLD.generation, NEW.generation);
               RETURN NULL;
             END $$;
             CREATE TRIGGER watch_generations AFTER UPDATE OF generation ON sessions
             FOR EACH ROW WHEN (NEW.generation <> OLD.generation + 1)
             EXECUTE FUNCTION note_astray()",
        )
        .execute(&pool)
        .await
        .unwrap();
        Self::Postgres(pool)
    }

    /// Changes of a generation that did not go from one to the next: session, from, to.
    pub async fn astray(&self) -> Vec<String> {
        self.texts("SELECT session || ' ' || was || ' ' || became FROM astray")
            .await
    }

    /// Why each session that is over has ended.
    pub async fn ends(&self) -> Vec<String> {
        self.texts("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")
            .await
    }

    /// The generation of the session, if the row says that it was seen in use.
    pub async fn find_seen(&self, session: Uuid) -> Option<i64> {
        let query = "SELECT generation FROM sessions
                     WHERE id = $1 AND generation_seen_at IS NOT NULL";
        let found = match self {
            Self::Sqlite(pool) => {
                let query = sqlx::query_scalar(query).bind(session);
                query.fetch_optional(pool).await
            }
            Self::Postgres(pool) => {
                let query = sqlx::query_scalar(query).bind(session);
                query.fetch_optional(pool).await
            }
        };
        found.unwrap()
    }

    async fn texts(&self, query: &'static str) -> Vec<String> {
        let found = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(query).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await,
        };
        found.unwrap()
    }
}
