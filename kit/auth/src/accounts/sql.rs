//! Accounts, in SQL.

use async_trait::async_trait;

use super::{EngineStore, hash_costs, sessions::start, write::Write};
use crate::{
    accounts::{
        Account, AccountId, AccountStore, Creation, Credentials, Email, Name, NewAccount,
        StatusChange,
    },
    audit::{Actor, AuditEntry, AuditEvent},
    changes::Change,
    clock::Timestamp,
    hashing::PasswordHash,
    sessions::{EndReason, NewSession},
    store::{
        columns::account_columns,
        error::{StoreError, with_timeout},
    },
};

#[async_trait]
impl AccountStore for EngineStore {
    async fn create_account(
        &self,
        new: &NewAccount,
        by: Option<Actor>,
    ) -> Result<Creation, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            let creation = insert_account(&mut write, new, by).await?;
            if creation == Creation::Created {
                write.commit().await?;
            }
            Ok(creation)
        })
        .await
    }

    async fn sign_up(
        &self,
        new: &NewAccount,
        session: &NewSession,
    ) -> Result<Creation, StoreError> {
        with_timeout(async {
            let mut write = Write::begin(self).await?;
            let creation = insert_account(&mut write, new, None).await?;
            if creation == Creation::Created {
                start::start(&mut write, session).await?;
                write.commit().await?;
            }
            Ok(creation)
        })
        .await
    }

    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>, StoreError> {
        let [as_typed, as_meant] = email.spellings();
        with_timeout(
            sqlx::query_as(
                "SELECT id, password_hash, disabled_at, roles, credential_version FROM accounts
                 WHERE email = $1 OR email = $2 OR email_folded = $3
                 ORDER BY CASE WHEN email = $1 THEN 0 WHEN email = $2 THEN 1 ELSE 2 END
                 LIMIT 1",
            )
            .bind(as_typed)
            .bind(as_meant)
            .bind(email.folded())
            .fetch_optional(&self.reader),
        )
        .await
    }

    async fn find_account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        with_timeout(
            sqlx::query_as(concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts WHERE id = $1"
            ))
            .bind(id)
            .fetch_optional(&self.reader),
        )
        .await
    }

    async fn find_account_by_email(&self, email: &Email) -> Result<Option<Account>, StoreError> {
        let [as_typed, as_meant] = email.spellings();
        with_timeout(
            sqlx::query_as(concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts
                 WHERE email = $1 OR email = $2 OR email_folded = $3
                 ORDER BY CASE WHEN email = $1 THEN 0 WHEN email = $2 THEN 1 ELSE 2 END
                 LIMIT 1"
            ))
            .bind(as_typed)
            .bind(as_meant)
            .bind(email.folded())
            .fetch_optional(&self.reader),
        )
        .await
    }

    async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        with_timeout(
            sqlx::query_as(concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts WHERE id > $1 ORDER BY id LIMIT $2"
            ))
            .bind(after.unwrap_or(AccountId::NONE))
            .bind(i64::from(limit))
            .fetch_all(&self.reader),
        )
        .await
    }

    async fn rename_account(&self, id: AccountId, name: &Name) -> Result<bool, StoreError> {
        with_timeout(async {
            let done = sqlx::query("UPDATE accounts SET name = $2 WHERE id = $1")
                .bind(id)
                .bind(name)
                .execute(&self.writer)
                .await?;
            Ok(done.rows_affected() == 1)
        })
        .await
    }

    async fn rehash_password(
        &self,
        id: AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> Result<(), StoreError> {
        with_timeout(async {
            sqlx::query(
                "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
            )
            .bind(id)
            .bind(from)
            .bind(to)
            .execute(&self.writer)
            .await?;
            Ok(())
        })
        .await
    }

    async fn hash_costs(&self) -> Result<Vec<PasswordHash>, StoreError> {
        with_timeout(hash_costs(&self.reader)).await
    }

    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        by: Actor,
        now: Timestamp,
    ) -> Result<Option<StatusChange>, StoreError> {
        // One transaction, in which each step has its time: there may be very many sessions.
        let mut write = with_timeout(Write::begin(self)).await?;
        let update = sqlx::query_scalar(
            "UPDATE accounts
             SET disabled_at = $2, changed_at = $3, version = version + 1,
                 credential_version = credential_version + 1
             WHERE id = $1 AND (disabled_at IS NULL) = ($2 IS NOT NULL)
             RETURNING version",
        )
        .bind(id)
        .bind(disabled.then_some(now))
        .bind(now);
        let Some(version) = with_timeout(update.fetch_optional(&mut *write)).await? else {
            return Ok(None);
        };
        let (event, ended) = if disabled {
            let reason = EndReason::AccountDisabled;
            let ended = start::end_all(&mut write, id, reason, now).await?;
            (AuditEvent::AccountDisabled { by }, ended)
        } else {
            (AuditEvent::AccountEnabled { by }, Vec::new())
        };
        write.audit(AuditEntry::new(now, event, Some(id)));
        write.change(Change::of_account(id, version, disabled, now));
        with_timeout(write.commit()).await?;
        Ok(Some(StatusChange { version, ended }))
    }
}

/// Makes an account and says so in the audit, unless its address is taken.
async fn insert_account(
    write: &mut Write<'_>,
    new: &NewAccount,
    by: Option<Actor>,
) -> Result<Creation, sqlx::Error> {
    let account = &new.account;
    let inserted = sqlx::query(
        "INSERT INTO accounts (id, email, name, password_hash, roles, created_at, email_folded)
         SELECT $1, $2, $3, $4, $5, $6, $7
         WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE email_claim = $7)
         ON CONFLICT DO NOTHING",
    )
    .bind(account.id)
    .bind(account.email.as_str())
    .bind(&account.name)
    .bind(&new.password_hash)
    .bind(&account.roles)
    .bind(account.created_at)
    .bind(account.email.folded())
    .execute(&mut **write)
    .await?
    .rows_affected();
    if inserted == 0 {
        return Ok(Creation::EmailTaken);
    }
    let event = AuditEvent::AccountCreated { by };
    let entry = AuditEntry::new(account.created_at, event, Some(account.id));
    write.audit(entry);
    Ok(Creation::Created)
}
