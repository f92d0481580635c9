//! Bringing the schema up to date.

use sqlx::{Transaction, migrate::Migrator};

use super::Db;
use crate::store::error::StoreError;

/// Runs the migrations that are missing, all or none, in a transaction that holds the lock for it.
/// Those of a newer version do not matter, unless one of them has taken away what this version
/// needs: then the schema names the oldest migration that a version must know.
pub(in crate::store) async fn migrate(
    mut write: Transaction<'_, Db>,
    mut migrations: Migrator,
) -> Result<(), StoreError> {
    migrations.set_ignore_missing(true).set_locking(false);
    // `run` would do, but for a limit of today's compiler on the futures of generic connections.
    migrations.run_direct(None, &mut *write, false).await?;
    let floor: i64 = sqlx::query_scalar("SELECT max(migration) FROM schema_floor")
        .fetch_one(&mut *write)
        .await?;
    if !migrations.version_exists(floor) {
        return Err(StoreError::SchemaTooNew(floor));
    }
    Ok(write.commit().await?)
}
