//! Signing keys, in SQL.

use async_trait::async_trait;

use super::{Here, announce, begin_write};
use crate::{
    clock::Timestamp,
    store::{Keys, SealedKey, StoreError, within},
};

#[async_trait]
impl Keys for Here {
    async fn list_keys(&self) -> Result<Vec<SealedKey>, StoreError> {
        within(
            sqlx::query_as("SELECT * FROM signing_keys ORDER BY signs_at, kid")
                .fetch_all(&self.reader),
        )
        .await
    }

    async fn add_key(&self, key: &SealedKey) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let done = sqlx::query(
                "INSERT INTO signing_keys (kid, alg, follows, sealed, published_at, signs_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (follows) DO NOTHING",
            )
            .bind(&key.kid)
            .bind(&key.alg)
            .bind(&key.follows)
            .bind(&key.sealed)
            .bind(key.published_at)
            .bind(key.signs_at)
            .execute(&mut *write)
            .await?
            .rows_affected();
            announce(&mut write).await?;
            write.commit().await?;
            Ok(done == 1)
        })
        .await
    }

    async fn retire_key(&self, kid: &str, now: Timestamp) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let done = sqlx::query(
                "UPDATE signing_keys SET retired_at = $2 WHERE kid = $1 AND retired_at IS NULL",
            )
            .bind(kid)
            .bind(now)
            .execute(&mut *write)
            .await?
            .rows_affected();
            announce(&mut write).await?;
            write.commit().await?;
            Ok(done == 1)
        })
        .await
    }

    async fn reseal_key(&self, kid: &str, sealed: &[u8]) -> Result<(), StoreError> {
        within(async {
            sqlx::query("UPDATE signing_keys SET sealed = $2 WHERE kid = $1")
                .bind(kid)
                .bind(sealed)
                .execute(&self.writer)
                .await?;
            Ok(())
        })
        .await
    }

    async fn delete_key(&self, kid: &str) -> Result<(), StoreError> {
        within(async {
            sqlx::query("DELETE FROM signing_keys WHERE kid = $1")
                .bind(kid)
                .execute(&self.writer)
                .await?;
            Ok(())
        })
        .await
    }
}
