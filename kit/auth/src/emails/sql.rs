//! Folded addresses, in SQL.

use async_trait::async_trait;

use super::{EngineStore, claim_folded, write::Write};
use crate::{
    accounts::{AccountId, Email},
    audit::{Actor, AuditEntry, AuditEvent},
    clock::Timestamp,
    emails::{EmailChange, EmailCollision, EmailStore},
    store::error::{StoreError, with_timeout},
};

#[async_trait]
impl EmailStore for EngineStore {
    async fn unfolded_accounts(&self, limit: u32) -> Result<Vec<(AccountId, Email)>, StoreError> {
        with_timeout(
            sqlx::query_as(
                "SELECT id, email FROM accounts
                 WHERE email_folded IS NULL AND email_claim IS NULL ORDER BY id LIMIT $1",
            )
            .bind(i64::from(limit))
            .fetch_all(&self.reader),
        )
        .await
    }

    async fn claim_folded(&self, claims: &[(AccountId, String)]) -> Result<(), StoreError> {
        with_timeout(claim_folded(&self.writer, claims)).await
    }

    async fn settle_claims(&self, limit: u32) -> Result<u64, StoreError> {
        with_timeout(async {
            let settled = sqlx::query(
                "UPDATE accounts SET email_folded = email_claim, email_claim = NULL
                 WHERE id IN (
                     SELECT a.id FROM accounts a
                     WHERE a.email_claim IS NOT NULL
                       AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.email_folded = a.email_claim)
                       AND NOT EXISTS (SELECT 1 FROM accounts o
                                       WHERE o.email_claim = a.email_claim AND o.id <> a.id)
                     LIMIT $1)
                   AND email_claim IS NOT NULL",
            )
            .bind(i64::from(limit))
            .execute(&self.writer)
            .await?;
            Ok(settled.rows_affected())
        })
        .await
    }

    async fn email_collisions(&self) -> Result<Vec<EmailCollision>, StoreError> {
        with_timeout(
            sqlx::query_as(
                "SELECT id, email, name, roles, created_at, disabled_at,
                        coalesce(email_folded, email_claim) AS folded,
                        email_folded IS NOT NULL AS has_it
                 FROM accounts
                 WHERE email_claim IS NOT NULL
                    OR email_folded IN (SELECT email_claim FROM accounts
                                        WHERE email_claim IS NOT NULL)
                 ORDER BY folded, id",
            )
            .fetch_all(&self.reader),
        )
        .await
    }

    async fn change_email(
        &self,
        id: AccountId,
        email: &Email,
        by: Actor,
        now: Timestamp,
    ) -> Result<EmailChange, StoreError> {
        let changed = with_timeout(async {
            let mut write = Write::begin(self).await?;
            let known: Option<i64> =
                sqlx::query_scalar("SELECT created_at FROM accounts WHERE id = $1")
                    .bind(id)
                    .fetch_optional(&mut *write)
                    .await?;
            if known.is_none() {
                return Ok(EmailChange::Unknown);
            }
            let changed = sqlx::query(
                "UPDATE accounts SET email = $2, email_folded = $3, email_claim = NULL
                 WHERE id = $1
                   AND NOT EXISTS (SELECT 1 FROM accounts
                                   WHERE id <> $1 AND (email = $2 OR email_folded = $3
                                                       OR email_claim = $3))",
            )
            .bind(id)
            .bind(email.as_str())
            .bind(email.folded())
            .execute(&mut *write)
            .await?
            .rows_affected();
            if changed == 0 {
                return Ok(EmailChange::Taken);
            }
            let event = AuditEvent::EmailChanged { by };
            write.audit(AuditEntry::new(now, event, Some(id)));
            write.commit().await?;
            Ok(EmailChange::Changed)
        })
        .await;
        match changed {
            // Somebody took it at this very moment.
            Err(StoreError::Database(sqlx::Error::Database(error)))
                if error.is_unique_violation() =>
            {
                Ok(EmailChange::Taken)
            }
            changed => changed,
        }
    }
}
