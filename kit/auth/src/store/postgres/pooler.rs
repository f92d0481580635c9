//! Whether a pooler stands between, such as PgBouncer, which lends a server's connection for a
//! session or for a transaction.
//!
//! For a transaction: what is said outside of one may meet another server each time. Prepared
//! statements pass if the pooler keeps them (PgBouncer since 1.21), `LISTEN` never does. Nothing
//! here is set for a session, and locks are those of a transaction.

use sqlx::{PgConnection, PgPool};

use crate::store::StoreError;

/// What stands between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing, or what lends a connection for a session.
    Nothing,
    /// What lends a connection for a transaction.
    Pooler,
}

/// Tries it out on two connections: while one is in a transaction, a pooler gives its server to
/// nobody, and the other has to change; or both have had the same one.
pub(super) async fn find(pool: &PgPool) -> Result<Between, StoreError> {
    /// A pooler that is busy may by chance give back the same server.
    const TRIES: usize = 3;
    let (mut one, mut other) = (pool.acquire().await?, pool.acquire().await?);
    let first = server(&mut one).await?;
    for _ in 0..TRIES {
        let mut held = sqlx::Connection::begin(&mut *other).await?;
        let there = server(&mut held).await?;
        // Where the pooler has one server only, that one is taken.
        let here = if there == first {
            first
        } else {
            server(&mut one).await?
        };
        held.rollback().await?;
        if there == first || here != first {
            return Ok(Between::Pooler);
        }
    }
    Ok(Between::Nothing)
}

/// The process that answers, asked by a prepared statement.
async fn server(connection: &mut PgConnection) -> Result<i32, StoreError> {
    let asked = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection);
    asked.await.map_err(|error| {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        match code.as_deref() {
            Some(UNKNOWN_STATEMENT | KNOWN_STATEMENT) => StoreError::Pooler,
            _ => error.into(),
        }
    })
}

/// Prepared on another server (`invalid_sql_statement_name`).
const UNKNOWN_STATEMENT: &str = "26000";
/// Another client has prepared one of that name on this server (`duplicate_prepared_statement`).
const KNOWN_STATEMENT: &str = "42P05";
