//! The statements that both engines run. Compiled once for each: `EngineStore` is the engine's store and
//! `Db` its database.

mod accounts;
mod emails;
mod keys;
pub(super) mod schema;
mod sessions;
mod start;

use async_trait::async_trait;
use sqlx::{QueryBuilder, Transaction};

use super::{
    Db, EngineStore, begin_write, claim_folded, find_sessions, hash_costs, hold_account,
    hold_living, hold_sessions, may_purge, rotate_sessions, server_time,
};
use crate::{
    audit::AuditEntry,
    clock::Timestamp,
    store::{Engine, StoreError, Watch, with_timeout},
};

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
            let mut write = begin_write(&self.writer).await?;
            insert_audit_of_many(&mut write, entries).await?;
            write.commit().await
        })
        .await
    }

    async fn watch(&self) -> Result<Box<dyn Watch>, StoreError> {
        self.start_watch().await
    }

    async fn purge(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        with_timeout(async {
            let mut write = begin_write(&self.writer).await?;
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
            write.commit().await?;
            Ok(sessions.rows_affected() + audit.rows_affected())
        })
        .await
    }
}

/// All in one statement: some hundred at most.
async fn insert_audit_of_many(
    write: &mut Transaction<'_, Db>,
    entries: &[AuditEntry],
) -> Result<(), sqlx::Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO audit (id, at, event, account_id, session_id, reason, actor, kid) ",
    );
    insert.push_values(entries, |mut row, entry| {
        row.push_bind(entry.id)
            .push_bind(entry.at)
            .push_bind(entry.event.code())
            .push_bind(entry.account_id)
            .push_bind(entry.session_id)
            .push_bind(entry.event.reason())
            .push_bind(entry.event.actor().map(|actor| actor.to_string()))
            .push_bind(entry.event.kid().map(|kid| kid.to_string()));
    });
    insert.push(" ON CONFLICT (id) DO NOTHING");
    // Each length is a statement of its own: not worth remembering.
    insert
        .build()
        .persistent(false)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn insert_audit(
    write: &mut Transaction<'_, Db>,
    entry: AuditEntry,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO audit (id, at, event, account_id, session_id, reason, actor, kid)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(entry.id)
    .bind(entry.at)
    .bind(entry.event.code())
    .bind(entry.account_id)
    .bind(entry.session_id)
    .bind(entry.event.reason())
    .bind(entry.event.actor().map(|actor| actor.to_string()))
    .bind(entry.event.kid().map(|kid| kid.to_string()))
    .execute(&mut **write)
    .await?;
    Ok(())
}
