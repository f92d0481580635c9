//! What the store promises about changes.

use async_trait::async_trait;

use super::Change;
use crate::{clock::Timestamp, store::error::StoreError};

/// Changes in the store.
#[async_trait]
pub trait ChangeStore: Send + Sync {
    /// The changes that were made then or later, in the order of their times. They may be committed
    /// in another order.
    async fn changes_since(&self, since: Timestamp) -> Result<Vec<Change>, StoreError>;
}
