//! A node of the version before, on SQLite.

#[path = "node.rs"]
mod node;

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{DAY, NOW, Row};

pub use self::node::run_on;

type Db = sqlx::Sqlite;

fn migrations() -> sqlx::migrate::Migrator {
    sqlx::migrate!("migrations/sqlite")
}

fn checksum((_, sqlite, _): (i64, [u8; 4], [u8; 4])) -> [u8; 4] {
    sqlite
}

const FIND: &str =
    "SELECT s.id, s.account_id, s.generation, s.rotated_at, s.generation_seen_at, s.seen_at,
         s.persistence, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.ended_at,
         s.end_reason, s.ip, s.user_agent, a.disabled_at AS account_disabled_at, a.roles
     FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1";

const ROTATE: &str = "UPDATE sessions
     SET generation = $3, rotated_at = $4, generation_seen_at = NULL,
         idle_expires_at = $5, seen_at = $4, ip = $6
     WHERE id = $1 AND generation = $2 AND ended_at IS NULL
     RETURNING id";

async fn find(connection: &mut SqliteConnection, id: Uuid) -> Option<Row> {
    let found = sqlx::query_as(FIND).bind(id);
    found.fetch_optional(connection).await.unwrap()
}

async fn rotate(connection: &mut SqliteConnection, id: Uuid, from: i64) -> bool {
    let rotated: Option<Uuid> = sqlx::query_scalar(ROTATE)
        .bind(id)
        .bind(from)
        .bind(from + 1)
        .bind(NOW)
        .bind(NOW + DAY)
        .bind("203.0.113.8")
        .fetch_optional(connection)
        .await
        .unwrap();
    rotated.is_some()
}
