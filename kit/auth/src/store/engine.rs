//! What every engine promises.

use async_trait::async_trait;

use crate::{
    accounts::AccountStore,
    audit::AuditEntry,
    changes::ChangeStore,
    clock::Timestamp,
    emails::EmailStore,
    keys::KeyStore,
    roles::RoleStore,
    sessions::SessionStore,
    store::{error::StoreError, watch::Watch},
};

/// What every engine promises, besides what is in its other traits.
#[async_trait]
pub trait Engine:
    AccountStore + ChangeStore + EmailStore + KeyStore + RoleStore + SessionStore
{
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Whether the database takes what is written. Nothing stays of it.
    async fn check_writer(&self) -> Result<(), StoreError>;

    /// What time it is where the database runs; `None` if that is this machine.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Writes what is open and lets go of the database.
    async fn close(&self);

    /// Writes audit entries that stand alone, all or none.
    async fn record(&self, entries: &[AuditEntry]) -> Result<(), StoreError>;

    /// Starts to watch for what other processes change.
    async fn watch(&self) -> Result<Box<dyn Watch>, StoreError>;

    /// Deletes sessions that are over, and audit entries, from before `before`, and changes from
    /// before `changes_before`, at most `limit` of each. Answers how many rows went. On one node at a
    /// time: another that asks meanwhile is told 0.
    async fn purge(
        &self,
        before: Timestamp,
        changes_before: Timestamp,
        limit: u32,
    ) -> Result<u64, StoreError>;
}
