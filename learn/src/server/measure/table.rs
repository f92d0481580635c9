//! A temporary table in the memory of this process. Any visitor may start a measurement, so none uses a
//! database that other requests wait for.

use sqlx::{Connection, QueryBuilder, Sqlite, SqliteConnection};

use monban_auth::{AccountId, Timestamp};

/// An SQLite database in memory, with one table. It is gone when it is dropped.
pub(super) struct MemoryTable(SqliteConnection);

/// What is stored with the hash of a secret.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct StoredCredential {
    /// The CSRF token of the session.
    pub(super) csrf: String,
    /// The account that the secret gives access to.
    pub(super) account_id: AccountId,
    /// What the account may do.
    pub(super) roles: String,
    /// The expiry of the secret.
    pub(super) expires_at: Timestamp,
}

impl MemoryTable {
    /// Creates the database and its table.
    pub(super) async fn create() -> Result<Self, sqlx::Error> {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
        sqlx::query(
            "CREATE TABLE credentials (
                 id TEXT PRIMARY KEY,
                 csrf TEXT NOT NULL,
                 account_id UUID NOT NULL,
                 roles TEXT NOT NULL,
                 expires_at BIGINT NOT NULL)",
        )
        .execute(&mut connection)
        .await?;
        Ok(Self(connection))
    }

    /// Inserts rows by their keys.
    pub(super) async fn insert(
        &mut self,
        rows: &[(String, StoredCredential)],
    ) -> Result<(), sqlx::Error> {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO credentials (id, csrf, account_id, roles, expires_at) ",
        );
        insert.push_values(rows, |mut values, (id, row)| {
            values
                .push_bind(id)
                .push_bind(&row.csrf)
                .push_bind(row.account_id)
                .push_bind(&row.roles)
                .push_bind(row.expires_at);
        });
        insert.build().execute(&mut self.0).await?;
        Ok(())
    }

    /// The row of that key.
    pub(super) async fn find(
        &mut self,
        key: &str,
    ) -> Result<Option<StoredCredential>, sqlx::Error> {
        let found = sqlx::query_as(
            "SELECT csrf, account_id, roles, expires_at FROM credentials WHERE id = $1",
        )
        .bind(key)
        .fetch_optional(&mut self.0)
        .await?;
        Ok(found)
    }
}
