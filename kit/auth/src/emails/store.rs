//! What the store promises about the [folded](crate::emails) form of addresses.
//!
//! An account has its folded form, or claims it, or neither:
//!
//! | `email_folded` | `email_claim` | |
//! |---|---|---|
//! | set | empty | signs in with any spelling of its mailbox |
//! | empty | set | another account has or claims the same: signs in with its very spelling, until an operator gives one of them another address |
//! | empty | empty | written by a version that knows no folded form, and not yet looked at |

use async_trait::async_trait;

use crate::{
    accounts::{Account, AccountId, Email},
    audit::Actor,
    clock::Timestamp,
    store::error::StoreError,
};

/// Folded addresses in the store.
#[async_trait]
pub trait EmailStore: Send + Sync {
    /// Accounts that neither have nor claim a folded form, the oldest first, at most `limit`.
    async fn unfolded_accounts(&self, limit: u32) -> Result<Vec<(AccountId, Email)>, StoreError>;

    /// Lets those accounts claim these folded forms, if they still neither have nor claim one.
    async fn claim_folded(&self, claims: &[(AccountId, String)]) -> Result<(), StoreError>;

    /// Gives accounts the form that they alone claim, at most `limit`. Answers how many.
    async fn settle_claims(&self, limit: u32) -> Result<u64, StoreError>;

    /// The accounts that claim what another has or claims, and those others, next to each other.
    async fn email_collisions(&self) -> Result<Vec<EmailCollision>, StoreError>;

    /// Gives the account another address, unless its mailbox is taken.
    async fn change_email(
        &self,
        id: AccountId,
        email: &Email,
        by: Actor,
        now: Timestamp,
    ) -> Result<EmailChange, StoreError>;
}

/// An account whose mailbox other accounts have, too.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EmailCollision {
    /// The account.
    #[sqlx(flatten)]
    pub account: Account,
    /// What the others share with it.
    pub folded: String,
    /// Whether it signs in with any spelling, as the one that has the folded form.
    pub has_it: bool,
}

/// What became of a new address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailChange {
    /// It is the account's.
    Changed,
    /// Another account has or claims its mailbox; nothing was written.
    Taken,
    /// There is no such account.
    Unknown,
}
