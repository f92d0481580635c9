//! The version before runs on beside this one, on the schema of this one.
//!
//! Here are the statements of a node of that version, letter by letter, and the migrations that it
//! knew. They change only when the floor is raised so far that such a node does not start any more:
//! then a later version takes its place.

use uuid::Uuid;

use crate::engine;

mod postgres;
mod sqlite;

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_on_while_this_one_migrates_on_sqlite() {
    sqlite::run_on(engine::empty_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_runs_on_while_this_one_migrates_on_postgres() {
    postgres::run_on(engine::empty_postgres().await).await;
}

/// Its migrations, and how the checksum of each begins, on SQLite and on PostgreSQL.
const MIGRATIONS: [(i64, [u8; 4], [u8; 4]); 3] = [
    (1, *b"\xcd\xaa\xcd\x56", *b"\x94\xc5\x5d\x90"),
    (2, *b"\x67\x1c\x47\x55", *b"\x10\xc5\x8d\x48"),
    (5, *b"\x25\x37\xcf\x5d", *b"\x11\x26\x0a\x1d"),
];

const CREATE_ACCOUNT: &str =
    "INSERT INTO accounts (id, email, name, password_hash, roles, created_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (email) DO NOTHING";

const FIND_CREDENTIALS: &str =
    "SELECT id, password_hash, disabled_at, roles FROM accounts WHERE email = $1";

const FIND_ACCOUNT: &str =
    "SELECT id, email, name, roles, created_at, disabled_at FROM accounts WHERE id = $1";

const CHANGE_ROLES: &str =
    "UPDATE accounts SET roles = $3, changed_at = $4 WHERE id = $1 AND roles = $2";

const SET_DISABLED: &str = "UPDATE accounts SET disabled_at = $2, changed_at = $3
     WHERE id = $1 AND (disabled_at IS NULL) = ($2 IS NOT NULL)";

const ACCOUNTS_CHANGED_SINCE: &str =
    "SELECT id, changed_at, disabled_at FROM accounts WHERE changed_at >= $1";

const START_SESSION: &str =
    "INSERT INTO sessions (id, account_id, generation, rotated_at, seen_at, persistence,
                           created_at, idle_expires_at, absolute_expires_at,
                           ip, user_agent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

const LIVE_SESSIONS: &str =
    "SELECT s.id, s.account_id, s.generation, s.rotated_at, s.generation_seen_at, s.seen_at,
         s.persistence, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.ended_at,
         s.end_reason, s.ip, s.user_agent, a.disabled_at AS account_disabled_at, a.roles
     FROM sessions s JOIN accounts a ON a.id = s.account_id
     WHERE s.account_id = $1 AND s.ended_at IS NULL
       AND s.idle_expires_at > $2 AND s.absolute_expires_at > $2
     ORDER BY s.created_at DESC, s.id DESC";

const END_SESSION: &str = "UPDATE sessions SET ended_at = $3, end_reason = $4
     WHERE id = $1 AND account_id = $2 AND ended_at IS NULL";

const ENDED_SINCE: &str = "SELECT id, end_reason, ended_at FROM sessions WHERE ended_at >= $1";

const WRITE_SIGHTING: &str = "UPDATE sessions
     SET generation_seen_at = CASE WHEN generation = $2
                                   THEN coalesce(generation_seen_at, $3)
                                   ELSE generation_seen_at END,
         seen_at = CASE WHEN seen_at < $4 THEN $4 ELSE seen_at END
     WHERE id = $1";

const RECORD: &str = "INSERT INTO audit (id, at, event, account_id, session_id, reason)
     VALUES ($1, $2, $3, $4, $5, $6)";

const LIST_KEYS: &str = "SELECT kid, alg, follows, sealed, published_at, signs_at, retired_at FROM signing_keys ORDER BY signs_at, kid";

const ADD_KEY: &str = "INSERT INTO signing_keys (kid, alg, follows, sealed, published_at, signs_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (follows) DO NOTHING";

const PURGE_SESSIONS: &str = "DELETE FROM sessions WHERE id IN (
         SELECT id FROM sessions
         WHERE ended_at < $1 OR absolute_expires_at < $1
         LIMIT $2)";

const PURGE_AUDIT: &str =
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 LIMIT $2)";

/// A session's row, as that version read it.
#[derive(Debug, sqlx::FromRow)]
#[expect(dead_code, reason = "they are read, as that version read them")]
struct Row {
    id: Uuid,
    account_id: Uuid,
    generation: i64,
    rotated_at: i64,
    generation_seen_at: Option<i64>,
    seen_at: i64,
    persistence: String,
    created_at: i64,
    idle_expires_at: i64,
    absolute_expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    ip: String,
    user_agent: String,
    account_disabled_at: Option<i64>,
    roles: String,
}

const NOW: i64 = 1_800_000_000_123;
const DAY: i64 = 86_400_000;
