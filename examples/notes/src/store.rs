//! Notes in the database that also holds the accounts: a table of the app's own, which hangs on theirs.

use monban_axum::{AccountId, settings::Settings};
use sqlx::{SqlitePool, migrate::MigrateError, sqlite::SqliteConnectOptions};

use crate::notes::Note;

/// Where notes are kept.
#[derive(Clone, Debug)]
pub struct Store(SqlitePool);

impl Store {
    /// Opens the database of the accounts, and brings the app's own table up to date.
    pub async fn open(settings: &Settings) -> Result<Self, MigrateError> {
        let options: SqliteConnectOptions = settings.database.database_url.expose().parse()?;
        let pool = SqlitePool::connect_with(options).await?;
        let mut migrations = sqlx::migrate!();
        // The accounts keep track of theirs in the usual table.
        migrations.dangerous_set_table_name("notes_migrations");
        migrations.run(&pool).await?;
        Ok(Self(pool))
    }

    /// The notes of that account, the newest first.
    pub async fn list(&self, account: AccountId) -> sqlx::Result<Vec<Note>> {
        let query = "SELECT id, text FROM notes WHERE account_id = $1 ORDER BY id DESC LIMIT 100";
        sqlx::query_as(query).bind(account).fetch_all(&self.0).await
    }

    /// Keeps a note of that account.
    pub async fn add(&self, account: AccountId, text: &str) -> sqlx::Result<()> {
        let query = sqlx::query("INSERT INTO notes (account_id, text) VALUES ($1, $2)");
        query.bind(account).bind(text).execute(&self.0).await?;
        Ok(())
    }

    /// How many there are.
    pub async fn count(&self) -> sqlx::Result<i64> {
        let query = sqlx::query_scalar("SELECT count(*) FROM notes");
        query.fetch_one(&self.0).await
    }
}
