//! The statements that both engines run. Compiled once for each: `EngineStore` is the engine's store and
//! `Db` its database.

#[path = "../../accounts/sql.rs"]
mod accounts;
#[path = "../../changes/sql.rs"]
mod changes;
#[path = "../../emails/sql.rs"]
mod emails;
#[path = "../../keys/sql.rs"]
mod keys;
#[path = "../../roles/sql.rs"]
mod roles;
#[path = "../../sessions/sql/mod.rs"]
mod sessions;

pub(super) mod schema;
mod write;

use self::write::Write;
use super::{
    Db, EngineStore, begin_write, claim_folded, find_sessions, hash_costs, hold_account,
    hold_living, hold_sessions, may_purge, rotate_sessions, server_time,
};
use crate::{
    audit::AuditEntry,
    clock::Timestamp,
    store::{
        engine::Engine,
        error::{StoreError, with_timeout},
        watch::Watch,
    },
};
use async_trait::async_trait;

#[async_trait]
impl Engine for EngineStore {
    async fn ping(&self) -> Result<(), StoreError> {
        with_timeout(async {
            sqlx::query("SELECT 1").execute(&self.reader).await?;
            Ok(())
        })
        .await
    }

    async fn check_writer(&self) -> Result<(), StoreError> {
        self.try_write().await
    }

    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        with_timeout(server_time(&self.feed)).await
    }

    async fn close(&self) {
        self.feed.close().await;
        self.reader.close().await;
        self.writer.close().await;
    }

    async fn record(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            for entry in entries {
                write.audit(*entry);
            }
            write.commit().await
        })
        .await
    }

    async fn watch(&self) -> Result<Box<dyn Watch>, StoreError> {
        self.start_watch().await
    }

    async fn purge(
        &self,
        before: Timestamp,
        changes_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            if !may_purge(&mut write).await? {
                return Ok(0);
            }
            let sessions = sqlx::query(
                "DELETE FROM sessions WHERE id IN (
                     SELECT id FROM sessions
                     WHERE ended_at < $1 OR absolute_expires_at < $1
                     LIMIT $2)",
            )
            .bind(before)
            .bind(i64::from(limit))
            .execute(&mut *write)
            .await?;
            let audit = sqlx::query(
                "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 LIMIT $2)",
            )
            .bind(before)
            .bind(i64::from(limit))
            .execute(&mut *write)
            .await?;
            let changes = sqlx::query(
                "DELETE FROM changes WHERE (at, kind, subject) IN (
                     SELECT at, kind, subject FROM changes WHERE at < $1 LIMIT $2)",
            )
            .bind(changes_before)
            .bind(i64::from(limit))
            .execute(&mut *write)
            .await?;
            write.commit().await?;
            Ok(sessions.rows_affected() + audit.rows_affected() + changes.rows_affected())
        })
        .await
    }
}
