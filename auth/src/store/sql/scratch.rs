//! A table for a moment, in SQL.

use async_trait::async_trait;
use sqlx::{Connection, Database, QueryBuilder};

use super::{Db, PLACE};
use crate::store::{Kept, Place, Scratch, StoreError, within};

/// A temporary table. Both engines keep it for its connection alone, and drop it with that.
pub(in crate::store) struct Table(<Db as Database>::Connection);

impl Table {
    pub(in crate::store) async fn make(
        mut connection: <Db as Database>::Connection,
    ) -> Result<Self, StoreError> {
        within(
            sqlx::query(
                "CREATE TEMPORARY TABLE scratch (
                     id TEXT PRIMARY KEY,
                     csrf TEXT NOT NULL,
                     account_id UUID NOT NULL,
                     roles TEXT NOT NULL,
                     expires_at BIGINT NOT NULL)",
            )
            .execute(&mut connection),
        )
        .await?;
        Ok(Self(connection))
    }
}

#[async_trait]
impl Scratch for Table {
    fn place(&self) -> Place {
        PLACE
    }

    async fn keep(&mut self, rows: &[(String, Kept)]) -> Result<(), StoreError> {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO scratch (id, csrf, account_id, roles, expires_at) ",
        );
        insert.push_values(rows, |mut values, (id, row)| {
            values
                .push_bind(id)
                .push_bind(&row.csrf)
                .push_bind(row.account_id)
                .push_bind(&row.roles)
                .push_bind(row.expires_at);
        });
        within(insert.build().execute(&mut self.0)).await?;
        Ok(())
    }

    async fn find(&mut self, key: &str) -> Result<Option<Kept>, StoreError> {
        within(
            sqlx::query_as("SELECT csrf, account_id, roles, expires_at FROM scratch WHERE id = $1")
                .bind(key)
                .fetch_optional(&mut self.0),
        )
        .await
    }

    async fn close(self: Box<Self>) {
        // The table goes with the connection, however that ends.
        let _ = within(self.0.close()).await;
    }
}
