//! Accounts in the store.

use super::{Creation, Store, StoreError, insert_audit};
use crate::{
    account::{Account, AccountId, Email, Name},
    audit::{AuditEntry, AuditEvent},
    clock::Timestamp,
    hashing::PasswordHash,
};

/// An account about to be made.
#[derive(Debug)]
pub struct NewAccount {
    /// Who and when.
    pub account: Account,
    /// The password, hashed.
    pub password_hash: PasswordHash,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    /// Whose.
    #[sqlx(rename = "id")]
    pub account_id: AccountId,
    /// The password, hashed.
    pub password_hash: PasswordHash,
    /// Set if the account may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// The account's roles, separated by spaces.
    pub roles: String,
}

impl Store {
    /// Makes an account, unless its address is taken.
    pub async fn create_account(&self, new: &NewAccount) -> Result<Creation, StoreError> {
        let Account {
            id,
            email,
            name,
            created_at,
        } = &new.account;
        let mut write = self.begin_write().await?;
        let inserted = sqlx::query(
            "INSERT INTO accounts (id, email, name, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (email) DO NOTHING",
        )
        .bind(id)
        .bind(email)
        .bind(name)
        .bind(&new.password_hash)
        .bind(created_at)
        .execute(&mut *write)
        .await?
        .rows_affected();
        if inserted == 0 {
            return Ok(Creation::EmailTaken);
        }
        let entry = AuditEntry {
            at: *created_at,
            event: AuditEvent::AccountCreated,
            account_id: Some(*id),
            session_id: None,
        };
        insert_audit(&mut write, entry).await?;
        write.commit().await?;
        Ok(Creation::Created)
    }

    /// What a sign-in with this address is checked against.
    pub async fn find_credentials(&self, email: &Email) -> Result<Option<Credentials>, StoreError> {
        let found = sqlx::query_as(
            "SELECT id, password_hash, disabled_at, roles FROM accounts WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(&self.reader)
        .await?;
        Ok(found)
    }

    /// The account of that id.
    pub async fn find_account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row: Option<(Email, Name, Timestamp)> =
            sqlx::query_as("SELECT email, name, created_at FROM accounts WHERE id = $1")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map(|(email, name, created_at)| Account {
            id,
            email,
            name,
            created_at,
        }))
    }

    /// Gives the account another name. False if there is no such account.
    pub async fn rename_account(&self, id: AccountId, name: &Name) -> Result<bool, StoreError> {
        let done = sqlx::query("UPDATE accounts SET name = $2 WHERE id = $1")
            .bind(id)
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores the same password hashed anew, unless it was changed meanwhile.
    pub async fn rehash_password(
        &self,
        id: AccountId,
        from: &PasswordHash,
        to: &PasswordHash,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2")
            .bind(id)
            .bind(from)
            .bind(to)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
