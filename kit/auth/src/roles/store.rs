//! What the store promises about roles.

use async_trait::async_trait;

use super::role::Roles;
use crate::{
    accounts::AccountId, audit::Actor, clock::Timestamp, store::error::StoreError,
    version::AccountVersion,
};

/// Roles in the store.
#[async_trait]
pub trait RoleStore: Send + Sync {
    /// Replaces the account's roles if they are still `from`. Its access tokens below the version that
    /// it answers are stale from then on. `None` if somebody else was faster.
    async fn change_roles(
        &self,
        id: AccountId,
        from: &Roles,
        to: &Roles,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<AccountVersion>, StoreError>;
}
