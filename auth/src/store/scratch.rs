//! A table for a moment, which holds nobody's data: to measure what a look-up costs.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::{account::AccountId, clock::Timestamp};

/// A table that nobody else sees. It is gone when it is closed, or dropped.
#[async_trait]
pub trait Scratch: Send {
    /// Where it is.
    fn place(&self) -> Place;

    /// Keeps rows by their keys, all or none.
    async fn keep(&mut self, rows: &[(String, Kept)]) -> Result<(), StoreError>;

    /// The row of that key.
    async fn find(&mut self, key: &str) -> Result<Option<Kept>, StoreError>;

    /// Removes it.
    async fn close(self: Box<Self>);
}

/// What can keep rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// SQLite, in the memory of this process.
    Sqlite,
    /// PostgreSQL, over one connection.
    Postgres,
    /// Redis.
    Redis,
}

/// What is known of whoever presents a secret.
#[derive(Clone, Debug, Serialize, Deserialize, sqlx::FromRow)]
pub struct Kept {
    /// The CSRF token of the session.
    pub csrf: String,
    /// Whose it is.
    pub account_id: AccountId,
    /// What the account may do.
    pub roles: String,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}
