//! Taking every table before the schema changes.
//!
//! Nodes of the version before run on meanwhile. A migration that took its tables one by one would
//! meet them half-way: it has accounts and wants sessions, they have sessions and want accounts, and
//! PostgreSQL ends one of the two. So all are taken in one go, before anything is changed.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Transaction};
use tokio::time::{Instant, sleep};

use super::Db;
use crate::store::error::{StoreError, code_of};

/// All of them, in the order in which they are taken. A session is found together with its account,
/// sessions first: whoever asks for that, as most do, waits for the first table and has nothing yet
/// that is wanted here.
const TABLES: [&str; 6] = [
    "sessions",
    "accounts",
    "signing_keys",
    "audit",
    "changes",
    "schema_floor",
];

/// The pause after a try. Less than a transaction may be idle for.
const PAUSE: Duration = Duration::from_secs(2);
/// How often the log says what is waited for.
const SAY_EVERY: Duration = Duration::from_secs(30);

/// Takes the tables that there are, for as long as the transaction lasts.
///
/// Everybody else waits behind whoever waits for a table in this way. So while somebody reads for
/// long, such as a backup, the wait is done in short tries: all of one together are shorter than a
/// node waits for an answer, and shorter than `deadlock_timeout` (1 s unless an operator has changed
/// it), so that it is never a node that has to give way.
///
/// Two locks come before, which let people be found:
///
/// - One that no node minds. It waits long enough for the server to break off an automatic vacuum,
///   which would not give way to the short tries.
/// - One that keeps whoever writes an account, and then its sessions, from beginning. Those that have
///   begun go on to their end; at the same time as all others they would stand in the way for ever.
pub(super) async fn hold(
    migrating: &mut Transaction<'_, Db>,
    wait: Duration,
) -> Result<(), StoreError> {
    let tables = tables(migrating).await?;
    let names = tables.join(", ");
    let lock = format!(
        "SET LOCAL lock_timeout = '3s';
         LOCK TABLE {names} IN SHARE UPDATE EXCLUSIVE MODE;
         SET LOCAL statement_timeout = '450ms';
         LOCK TABLE accounts IN EXCLUSIVE MODE;
         LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE;
         SET LOCAL statement_timeout TO DEFAULT;
         SET LOCAL lock_timeout TO DEFAULT"
    );
    let began = Instant::now();
    let mut say_at = began;
    loop {
        let mut attempt = migrating.begin().await?;
        let lock = sqlx::raw_sql(AssertSqlSafe(lock.clone()));
        match lock.execute(&mut *attempt).await {
            Ok(_) => return Ok(attempt.commit().await?),
            Err(error) if is_held(&error) => attempt.rollback().await?,
            Err(error) => return Err(error.into()),
        }
        let now = Instant::now();
        let is_over = now + PAUSE > began + wait;
        if is_over || now >= say_at {
            let by = holders(migrating, &tables).await?;
            if is_over {
                return Err(StoreError::TablesHeld { waited: wait, by });
            }
            tracing::info!(
                by,
                "the schema is brought up to date once nobody holds its tables"
            );
            say_at = now + SAY_EVERY;
        }
        sleep(PAUSE).await;
    }
}

/// Those that there are, in their order.
async fn tables(migrating: &mut Transaction<'_, Db>) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS t (name, place)
         WHERE to_regclass(name) IS NOT NULL ORDER BY place",
    )
    .bind(TABLES.as_slice())
    .fetch_all(&mut **migrating)
    .await
}

/// Whether somebody else holds one: it was not to be had in time, or waiting for it was in vain.
fn is_held(error: &sqlx::Error) -> bool {
    /// `lock_not_available`, `query_canceled`, `deadlock_detected`.
    const HELD: [&str; 3] = ["55P03", "57014", "40P01"];
    code_of(error).is_some_and(|code| HELD.contains(&&*code))
}

/// Who holds them, longest first.
async fn holders(
    migrating: &mut Transaction<'_, Db>,
    tables: &[String],
) -> Result<String, sqlx::Error> {
    // Within a transaction the server shows the activity of its first look.
    sqlx::query("SELECT pg_stat_clear_snapshot()")
        .execute(&mut **migrating)
        .await?;
    let holders: Vec<String> = sqlx::query_scalar(
        "SELECT CASE WHEN l.pid IS NULL THEN 'a prepared transaction'
                     ELSE format('process %s (%s, user %s, for %s s)', l.pid,
                         coalesce(nullif(a.application_name, ''), 'of no name'),
                         coalesce(a.usename, 'unknown'),
                         coalesce(extract(epoch FROM clock_timestamp() - a.xact_start)::bigint, 0))
                END || ' holds ' || string_agg(DISTINCT l.relation::regclass::text, ', ')
         FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
           AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND l.relation IN (SELECT to_regclass(name) FROM unnest($1::text[]) AS t (name))
         GROUP BY l.pid, a.application_name, a.usename, a.xact_start
         ORDER BY a.xact_start NULLS LAST LIMIT 3",
    )
    .bind(tables)
    .fetch_all(&mut **migrating)
    .await?;
    if holders.is_empty() {
        return Ok("at this moment, nobody does".to_owned());
    }
    Ok(holders.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_that_a_migration_makes_is_one_of_them() {
        let migrations = sqlx::migrate!("migrations/postgres");
        let mut made: Vec<String> = Vec::new();
        for migration in migrations.iter() {
            let text = migration.sql.as_str();
            let after = text.split("CREATE TABLE ").skip(1);
            made.extend(after.map(|rest| rest.split([' ', '(']).next().unwrap().to_owned()));
        }
        made.sort();
        let mut known = TABLES.map(str::to_owned);
        known.sort();
        assert_eq!(made, known);
    }
}
