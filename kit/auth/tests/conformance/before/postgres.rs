//! A node of the version before, on PostgreSQL.

#[path = "node.rs"]
#[expect(clippy::duplicate_mod, reason = "written once, typed for each engine")]
mod node;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{DAY, NOW, Row};

pub use self::node::run_on;

type Db = sqlx::Postgres;

fn migrations() -> sqlx::migrate::Migrator {
    sqlx::migrate!("migrations/postgres")
}

fn checksum((_, _, postgres): (i64, [u8; 4], [u8; 4])) -> [u8; 4] {
    postgres
}

const FIND: &str =
    "SELECT s.id, s.account_id, s.generation, s.rotated_at, s.generation_seen_at, s.seen_at,
         s.persistence, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.ended_at,
         s.end_reason, s.ip, s.user_agent, a.disabled_at AS account_disabled_at, a.roles
     FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = ANY($1)";

const ROTATE: &str = "WITH wanted AS (
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
     RETURNING s.id";

async fn find(connection: &mut PgConnection, id: Uuid) -> Option<Row> {
    let found = sqlx::query_as(FIND).bind(vec![id]);
    found.fetch_optional(connection).await.unwrap()
}

async fn rotate(connection: &mut PgConnection, id: Uuid, from: i64) -> bool {
    let rotated: Option<Uuid> = sqlx::query_scalar(ROTATE)
        .bind(vec![id])
        .bind(vec![from])
        .bind(vec![from + 1])
        .bind(vec![NOW])
        .bind(vec![NOW + DAY])
        .bind(vec!["203.0.113.8".to_owned()])
        .fetch_optional(connection)
        .await
        .unwrap();
    rotated.is_some()
}
