//! Accounts, in SQL.

use async_trait::async_trait;

use super::{Here, begin_write, hash_costs, insert_audit};
use crate::{
    account::{Account, AccountId, Email, Name},
    audit::{AuditEntry, AuditEvent},
    clock::Timestamp,
    hashing::PasswordHash,
    roles::Roles,
    store::{
        AccountChange, Accounts, Creation, Credentials, NewAccount, StoreError,
        columns::account_columns, within,
    },
};

#[async_trait]
impl Accounts for Here {
    async fn create_account(&self, new: &NewAccount) -> Result<Creation, StoreError> {
        let account = &new.account;
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let inserted = sqlx::query(
                "INSERT INTO accounts (id, email, name, password_hash, roles, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (email) DO NOTHING",
            )
            .bind(account.id)
            .bind(&account.email)
            .bind(&account.name)
            .bind(&new.password_hash)
            .bind(&account.roles)
            .bind(account.created_at)
            .execute(&mut *write)
            .await?
            .rows_affected();
            if inserted == 0 {
                return Ok(Creation::EmailTaken);
            }
            let entry = entry(account.created_at, AuditEvent::AccountCreated, account.id);
            insert_audit(&mut write, entry).await?;
            write.commit().await?;
            Ok(Creation::Created)
        })
        .await
    }

    async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>, StoreError> {
        within(
            sqlx::query_as(
                "SELECT id, password_hash, disabled_at, roles FROM accounts WHERE email = $1",
            )
            .bind(email)
            .fetch_optional(&self.reader),
        )
        .await
    }

    async fn find_account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        within(
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
        within(
            sqlx::query_as(concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts WHERE email = $1"
            ))
            .bind(email)
            .fetch_optional(&self.reader),
        )
        .await
    }

    async fn list_accounts(
        &self,
        after: Option<AccountId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        within(
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
        within(async {
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
        within(async {
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
        within(hash_costs(&self.reader)).await
    }

    async fn change_roles(
        &self,
        id: AccountId,
        from: &Roles,
        to: &Roles,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let done = sqlx::query(
                "UPDATE accounts SET roles = $3, changed_at = $4 WHERE id = $1 AND roles = $2",
            )
            .bind(id)
            .bind(from)
            .bind(to)
            .bind(now)
            .execute(&mut *write)
            .await?
            .rows_affected();
            if done == 1 {
                insert_audit(&mut write, entry(now, AuditEvent::RolesChanged, id)).await?;
                self.commit_and_tell(write).await?;
            }
            Ok(done == 1)
        })
        .await
    }

    async fn set_disabled(
        &self,
        id: AccountId,
        disabled: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        within(async {
            let mut write = begin_write(&self.writer).await?;
            let done = sqlx::query(
                "UPDATE accounts SET disabled_at = $2, changed_at = $3
                 WHERE id = $1 AND (disabled_at IS NULL) = ($2 IS NOT NULL)",
            )
            .bind(id)
            .bind(disabled.then_some(now))
            .bind(now)
            .execute(&mut *write)
            .await?
            .rows_affected();
            if done == 1 {
                let event = if disabled {
                    AuditEvent::AccountDisabled
                } else {
                    AuditEvent::AccountEnabled
                };
                insert_audit(&mut write, entry(now, event, id)).await?;
                self.commit_and_tell(write).await?;
            }
            Ok(done == 1)
        })
        .await
    }

    async fn accounts_changed_since(
        &self,
        since: Timestamp,
    ) -> Result<Vec<AccountChange>, StoreError> {
        within(
            sqlx::query_as(
                "SELECT id, changed_at, disabled_at FROM accounts WHERE changed_at >= $1",
            )
            .bind(since)
            .fetch_all(&self.reader),
        )
        .await
    }
}

fn entry(at: Timestamp, event: AuditEvent, account: AccountId) -> AuditEntry {
    AuditEntry {
        at,
        event,
        account_id: Some(account),
        session_id: None,
    }
}
