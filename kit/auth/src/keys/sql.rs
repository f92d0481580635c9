//! Signing keys, in SQL.

use async_trait::async_trait;
use sqlx::{Database, query::Query};
use uuid::Uuid;

use super::{Db, EngineStore, write::Write};
use crate::{
    audit::{Actor, AuditEntry, AuditEvent},
    changes::{Change, What},
    clock::{Millis, Timestamp},
    keys::{KeyStore, SealedKey},
    store::{
        columns::key_columns,
        error::{StoreError, with_timeout},
    },
};

#[async_trait]
impl KeyStore for EngineStore {
    async fn list_keys(&self) -> Result<Vec<SealedKey>, StoreError> {
        with_timeout(
            sqlx::query_as(concat!(
                "SELECT ",
                key_columns!(),
                " FROM signing_keys ORDER BY signs_at, kid"
            ))
            .fetch_all(&self.feed),
        )
        .await
    }

    async fn add_key(&self, key: &SealedKey, by: Actor) -> Result<bool, StoreError> {
        let insert = sqlx::query(
            "INSERT INTO signing_keys (kid, alg, follows, sealed, published_at, signs_at, token_ttl)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (follows) DO NOTHING",
        )
        .bind(&key.kid)
        .bind(&key.alg)
        .bind(&key.follows)
        .bind(&key.sealed)
        .bind(key.published_at)
        .bind(key.signs_at)
        .bind(key.token_ttl);
        // The first key is no rotation.
        let kid = uuid_of(&key.kid);
        let event = (!key.follows.is_empty()).then_some(AuditEvent::KeyRotated { kid, by });
        self.change_key(insert, event, key.published_at).await
    }

    async fn sign_earlier(
        &self,
        kid: &str,
        signs_at: Timestamp,
        now: Timestamp,
        by: Actor,
    ) -> Result<bool, StoreError> {
        let update =
            sqlx::query("UPDATE signing_keys SET signs_at = $2 WHERE kid = $1 AND signs_at > $2")
                .bind(kid)
                .bind(signs_at);
        let kid = uuid_of(kid);
        self.change_key(update, Some(AuditEvent::KeyRotated { kid, by }), now)
            .await
    }

    async fn retire_key(&self, kid: &str, now: Timestamp, by: Actor) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE signing_keys SET retired_at = $2 WHERE kid = $1 AND retired_at IS NULL",
        )
        .bind(kid)
        .bind(now);
        let kid = uuid_of(kid);
        self.change_key(update, Some(AuditEvent::KeyRetired { kid, by }), now)
            .await
    }

    async fn reseal_key(
        &self,
        kid: &str,
        sealed: &[u8],
        now: Timestamp,
        by: Actor,
    ) -> Result<(), StoreError> {
        let update = sqlx::query("UPDATE signing_keys SET sealed = $2 WHERE kid = $1")
            .bind(kid)
            .bind(sealed);
        let kid = uuid_of(kid);
        self.change_key(update, Some(AuditEvent::KeyResealed { kid, by }), now)
            .await?;
        Ok(())
    }

    async fn lengthen_tokens(
        &self,
        kid: &str,
        token_ttl: Millis,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update =
            sqlx::query("UPDATE signing_keys SET token_ttl = $2 WHERE kid = $1 AND token_ttl < $2")
                .bind(kid)
                .bind(token_ttl);
        self.change_key(update, None, now).await?;
        Ok(())
    }

    async fn delete_key(
        &self,
        kid: &str,
        token_ttl: Millis,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let delete = sqlx::query(
            "DELETE FROM signing_keys
             WHERE kid = $1 AND (token_ttl IS NULL OR token_ttl <= $2)",
        )
        .bind(kid)
        .bind(token_ttl);
        self.change_key(delete, None, now).await?;
        Ok(())
    }
}

impl EngineStore {
    /// A change that every node has to hear of, and the audit of it. Whether there was one.
    async fn change_key(
        &self,
        statement: Query<'_, Db, <Db as Database>::Arguments>,
        event: Option<AuditEvent>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            let changed = statement.execute(&mut *write).await?.rows_affected() == 1;
            if !changed {
                return Ok(false);
            }
            if let Some(event) = event {
                write.audit(AuditEntry::new(now, event, None));
            }
            let what = What::KeysChanged;
            write.change(Change { at: now, what });
            write.commit().await?;
            Ok(true)
        })
        .await
    }
}

/// Every key that this software makes is named by a UUID.
fn uuid_of(kid: &str) -> Option<Uuid> {
    Uuid::try_parse(kid).ok()
}
