//! Signing keys, in SQL.

use async_trait::async_trait;
use sqlx::{Database, query::Query};

use super::{Db, Here, begin_write};
use crate::{
    clock::Timestamp,
    store::{Keys, SealedKey, StoreError, columns::key_columns, within},
};

#[async_trait]
impl Keys for Here {
    async fn list_keys(&self) -> Result<Vec<SealedKey>, StoreError> {
        within(
            sqlx::query_as(concat!(
                "SELECT ",
                key_columns!(),
                " FROM signing_keys ORDER BY signs_at, kid"
            ))
            .fetch_all(&self.feed),
        )
        .await
    }

    async fn add_key(&self, key: &SealedKey) -> Result<bool, StoreError> {
        let insert = sqlx::query(
            "INSERT INTO signing_keys (kid, alg, follows, sealed, published_at, signs_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (follows) DO NOTHING",
        )
        .bind(&key.kid)
        .bind(&key.alg)
        .bind(&key.follows)
        .bind(&key.sealed)
        .bind(key.published_at)
        .bind(key.signs_at);
        self.change_key(insert).await
    }

    async fn sign_earlier(&self, kid: &str, signs_at: Timestamp) -> Result<bool, StoreError> {
        let update =
            sqlx::query("UPDATE signing_keys SET signs_at = $2 WHERE kid = $1 AND signs_at > $2")
                .bind(kid)
                .bind(signs_at);
        self.change_key(update).await
    }

    async fn retire_key(&self, kid: &str, now: Timestamp) -> Result<bool, StoreError> {
        let update = sqlx::query(
            "UPDATE signing_keys SET retired_at = $2 WHERE kid = $1 AND retired_at IS NULL",
        )
        .bind(kid)
        .bind(now);
        self.change_key(update).await
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

impl Here {
    /// A change that every node has to hear of. Whether there was one.
    async fn change_key(
        &self,
        statement: Query<'_, Db, <Db as Database>::Arguments>,
    ) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let changed = statement.execute(&mut *write).await?.rows_affected();
            self.commit_and_tell(write).await?;
            Ok(changed == 1)
        })
        .await
    }
}
