//! Roles, in SQL.

use async_trait::async_trait;

use super::{EngineStore, write::Write};
use crate::{
    accounts::AccountId,
    audit::{Actor, AuditEntry, AuditEvent},
    changes::Change,
    clock::Timestamp,
    roles::{RoleStore, Roles},
    store::error::{StoreError, with_timeout},
    version::AccountVersion,
};

#[async_trait]
impl RoleStore for EngineStore {
    async fn change_roles(
        &self,
        id: AccountId,
        from: &Roles,
        to: &Roles,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<AccountVersion>, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            let held: Option<(AccountVersion, Option<Timestamp>)> = sqlx::query_as(
                "UPDATE accounts SET roles = $3, changed_at = $4, version = version + 1
                 WHERE id = $1 AND roles = $2
                 RETURNING version, disabled_at",
            )
            .bind(id)
            .bind(from)
            .bind(to)
            .bind(now)
            .fetch_optional(&mut *write)
            .await?;
            let Some((version, disabled_at)) = held else {
                return Ok(None);
            };
            let event = AuditEvent::RolesChanged { by };
            write.audit(AuditEntry::new(now, event, Some(id)));
            write.change(Change::of_account(id, version, disabled_at.is_some(), now));
            write.commit().await?;
            Ok(Some(version))
        })
        .await
    }
}
