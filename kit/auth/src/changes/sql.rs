//! Changes, in SQL.

use async_trait::async_trait;

use super::EngineStore;
use crate::{
    changes::{Change, ChangeRow, ChangeStore},
    clock::Timestamp,
    store::error::{StoreError, with_timeout},
};

#[async_trait]
impl ChangeStore for EngineStore {
    async fn changes_since(&self, since: Timestamp) -> Result<Vec<Change>, StoreError> {
        let rows = sqlx::query_as::<_, ChangeRow>(
            "SELECT at, kind, subject, detail FROM changes WHERE at >= $1 ORDER BY at",
        )
        .bind(since)
        .fetch_all(&self.feed);
        let rows = with_timeout(rows).await?;
        Ok(rows.into_iter().map(Change::from).collect())
    }
}
