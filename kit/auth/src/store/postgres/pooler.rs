//! Whether a pooler stands between, such as PgBouncer, which lends a server's connection for a
//! session or for a transaction.
//!
//! For a transaction: what is said outside of one may meet another server each time. Prepared
//! statements pass if the pooler keeps them (PgBouncer since 1.21), `LISTEN` never does. Nothing
//! here is set for a session, and locks are those of a transaction.
//!
//! For a statement, nothing can be done at all.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, migrate::MigrateError, postgres::PgListener};
use tokio::time::timeout;
use uuid::Uuid;

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
///
/// A pooler that serves many clients may by chance give each the same server again, one time in three
/// where it has few of them: so it is tried often, and then by a notification.
pub(super) async fn find(pool: &PgPool) -> Result<Between, StoreError> {
    let (mut one, mut other) = (pool.acquire().await?, pool.acquire().await?);
    // In statement mode a pooler refuses this, and would not be told from transaction mode later on.
    let begun = sqlx::Connection::begin(&mut *one).await?;
    begun.rollback().await?;
    let mut servers = Servers::of(server(&mut one).await?);
    for _ in 0..TRIES {
        let mut held = sqlx::Connection::begin(&mut *other).await?;
        let there = server(&mut held).await?;
        // Where the pooler has one server only, that one is taken.
        let here = if there == servers.one {
            there
        } else {
            server(&mut one).await?
        };
        held.rollback().await?;
        if servers.are_dealt_out(here, there) {
            return Ok(Between::Pooler);
        }
    }
    drop((one, other));
    // A pooler whose clients take their turns in step may give everybody the same server every time. So in
    // the end it is asked what matters, and what no chance decides.
    Ok(if hears(pool).await? {
        Between::Nothing
    } else {
        Between::Pooler
    })
}

/// How often it is tried.
const TRIES: usize = 20;
/// A notification arrives within milliseconds, or never.
const HEARD: Duration = Duration::from_secs(2);

/// Whether a notification reaches a connection that listens for it. A pooler that lends a server for a
/// transaction drops it: when it comes, the server is lent to nobody.
async fn hears(pool: &PgPool) -> Result<bool, StoreError> {
    let channel = format!("monban_{}", Uuid::new_v4().simple());
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(&channel).await?;
    sqlx::query("SELECT pg_notify($1, '')")
        .bind(&channel)
        .execute(pool)
        .await?;
    let heard = timeout(HEARD, listener.recv()).await;
    Ok(heard.is_ok_and(|heard| heard.is_ok()))
}

/// The servers that two connections had at first.
struct Servers {
    one: i32,
    other: Option<i32>,
}

impl Servers {
    fn of(one: i32) -> Self {
        Self { one, other: None }
    }

    /// Whether somebody deals them out: a connection that is one's own has one server for ever, and
    /// shares it with nobody.
    fn are_dealt_out(&mut self, one: i32, other: i32) -> bool {
        let other_at_first = *self.other.get_or_insert(other);
        one == other || one != self.one || other != other_at_first
    }
}

/// The process that answers, asked by a prepared statement. An answer that is none to this question
/// is another client's, who has prepared a statement of that name on this server.
async fn server(connection: &mut PgConnection) -> Result<i32, StoreError> {
    let asked = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection);
    asked.await.map_err(|error| match error {
        sqlx::Error::RowNotFound
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_) => StoreError::Pooler,
        error => error.into(),
    })
}

/// What a pooler says that nothing can be done with, told as what to set there. It may say it at any
/// moment: whether it has to depends on which server it happens to give.
pub(super) fn explain(error: StoreError) -> StoreError {
    let said = match &error {
        StoreError::Database(error)
        | StoreError::Migration(
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _),
        ) => error.as_database_error(),
        _ => None,
    };
    let Some(said) = said else {
        return error;
    };
    let code = said.code();
    if matches!(code.as_deref(), Some(UNKNOWN_STATEMENT | KNOWN_STATEMENT)) {
        StoreError::Pooler
    } else if said.message().contains(NO_TRANSACTIONS) {
        StoreError::StatementPooler
    } else {
        error
    }
}

/// Prepared on another server (`invalid_sql_statement_name`).
const UNKNOWN_STATEMENT: &str = "26000";
/// Another client has prepared one of that name on this server (`duplicate_prepared_statement`).
const KNOWN_STATEMENT: &str = "42P05";
/// What PgBouncer says to `BEGIN` in statement mode. Its code is that of any breach of the protocol.
const NO_TRANSACTIONS: &str = "transaction blocks not allowed";

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, error::Error, fmt};

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    #[test]
    fn however_a_pooler_deals_out_three_servers_it_is_told_from_none() {
        let mut seed: u32 = 1;
        // Any of them but the one that is held.
        let mut deal = |held: Option<i32>| {
            let mut server = held;
            while server == held {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                server = Some(i32::try_from((seed >> 16) % 3).unwrap());
            }
            server.unwrap()
        };
        for start in 0..100_000 {
            let mut servers = Servers::of(deal(None));
            let is_told = (0..TRIES).any(|_| {
                let there = deal(None);
                servers.are_dealt_out(deal(Some(there)), there)
            });
            assert!(is_told, "start {start}");
        }
        let mut own = Servers::of(1);
        assert!((0..TRIES).all(|_| !own.are_dealt_out(1, 2)));
    }

    #[test]
    fn what_a_pooler_says_at_whichever_moment_is_told_as_what_to_set() {
        let exists = "prepared statement \"sqlx_s_1\" already exists";
        let no_transactions = "transaction blocks not allowed in statement pooling mode";
        for (code, message, names) in [
            ("42P05", exists, "max_prepared_statements"),
            ("26000", "it does not exist", "max_prepared_statements"),
            ("08P01", no_transactions, "statement mode"),
            ("08P01", "something else", "something else"),
            ("57P03", "starting up", "starting up"),
        ] {
            let error = || sqlx::Error::Database(Box::new(Said(code, message)));
            for error in [
                StoreError::Database(error()),
                StoreError::Migration(MigrateError::Execute(error())),
                StoreError::Migration(MigrateError::ExecuteMigration(error(), 3)),
            ] {
                let told = explain(error).to_string();
                assert!(told.contains(names), "{code}: {told}");
            }
        }
    }

    #[derive(Debug)]
    struct Said(&'static str, &'static str);

    impl fmt::Display for Said {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.1)
        }
    }

    impl Error for Said {}

    impl DatabaseError for Said {
        fn message(&self) -> &str {
            self.1
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }
}
